import { figure, text, type Emphasis, type SentencePart } from '../sentence/parts.ts';

type Piece = string | SentencePart | readonly SentencePart[];

/** A sentence put together: `say\`共${fig('3')}起\``. What is given as a text is words, never a figure. */
export function say(words: TemplateStringsArray, ...pieces: readonly Piece[]): SentencePart[] {
  const parts: SentencePart[] = [];
  words.forEach((word, i) => {
    if (word) parts.push(text(word));
    const piece = pieces[i];
    if (piece === undefined || piece === '') return;
    if (typeof piece === 'string') parts.push(text(piece));
    else if ('text' in piece) parts.push(piece);
    else parts.push(...piece);
  });
  return parts;
}

/** A figure that stands in a table beside the sentence. */
export const fig = (shown: string, emphasis?: Emphasis): SentencePart => figure(shown, emphasis);
