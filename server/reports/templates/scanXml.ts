/**
 * What a part of a document says, and where it stands in its XML. Enough of XML for what Word and WPS write (no entities of its own are
 * let in, `checkTemplate`); nothing is built of it, so that what is not understood stays as it was.
 */

export interface XmlElement {
  name: string;
  /** Where its opening tag begins: no two have the same. */
  at: number;
}
/** A text (`w:t`). Offsets in the XML. */
export interface Piece {
  text: string;
  /** Its opening tag. */
  tag: { from: number; to: number };
  /** What stands between the tags. */
  from: number;
  to: number;
  /** What lies between the paragraph and the run that it is in: a link, a field, a change that is tracked. */
  within: string[];
}
export interface ScannedParagraph {
  /** From 1, in the order in which they begin. The older copy that Word writes of a text box has none of its own. */
  number: number;
  /** Whether it is of such a copy (`mc:Fallback`). */
  copy: boolean;
  /** What it lies in, outermost first. */
  path: readonly XmlElement[];
  /** Its opening tag; an empty element has no more. */
  tag: { from: number; to: number };
  pieces: Piece[];
}
export interface ScannedPart {
  paragraphs: ScannedParagraph[];
  /** Where elements stand that were asked for: the paragraph that they are in, or the next one. */
  found: { name: string; paragraph: number }[];
}

/** An XML part that cannot be read. */
export class XmlFault extends Error {}

interface Token {
  name: string;
  from: number;
  to: number;
  kind: 'open' | 'close' | 'empty';
}
const MARKUP =
  /<(?:!--[\s\S]*?--|\?[\s\S]*?\?|!\[CDATA\[[\s\S]*?\]\]|(\/?)([\w:.-]+)(?:[^"'<>]|"[^"]*"|'[^']*')*?(\/?))>/g;

/** All tags of an XML text, in order. */
export function* tokensOf(xml: string): Generator<Token> {
  for (const { 0: tag, 1: closing, 2: name, 3: empty, index } of xml.matchAll(MARKUP))
    if (name !== undefined)
      yield { name, from: index, to: index + tag.length, kind: closing ? 'close' : empty ? 'empty' : 'open' };
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const decode = (text: string) =>
  text
    .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex: string, digits: string) =>
      String.fromCodePoint(Math.min(parseInt(digits, hex ? 16 : 10), 0x10ffff)),
    )
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name]!);
export const encode = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * The paragraphs of a part with their texts.
 * @param prefix of the elements: `w` of documents, `a` of drawings
 * @param wanted names of elements to be told of
 * @throws XmlFault where a tag closes what was not opened
 */
export function scanXml(xml: string, prefix: 'w' | 'a' = 'w', wanted: ReadonlySet<string> = new Set()): ScannedPart {
  const names = { paragraph: `${prefix}:p`, run: `${prefix}:r`, text: `${prefix}:t` };
  const paragraphs: ScannedParagraph[] = [];
  const found: ScannedPart['found'] = [];
  const stack: (XmlElement & { to: number; paragraph?: ScannedParagraph })[] = [];
  let number = 0;
  let copies = 0;

  const begin = ({ from, to }: Token): ScannedParagraph => {
    const paragraph: ScannedParagraph = {
      number: copies > 0 ? number : ++number,
      copy: copies > 0,
      path: stack.map(({ name, at }) => ({ name, at })),
      tag: { from, to },
      pieces: [],
    };
    paragraphs.push(paragraph);
    return paragraph;
  };
  const end = (text: Token): void => {
    const opened = stack.at(-1);
    if (opened?.name !== text.name)
      throw new XmlFault(`</${text.name}> closes ${opened ? `<${opened.name}>` : 'nothing'} (character ${text.from})`);
    stack.pop();
    if (text.name === 'mc:Fallback') copies--;
    if (text.name !== names.text) return;
    const of = stack.findLastIndex(({ paragraph }) => paragraph !== undefined);
    stack[of]?.paragraph!.pieces.push({
      text: decode(xml.slice(opened.to, text.from)),
      tag: { from: opened.at, to: opened.to },
      from: opened.to,
      to: text.from,
      within: stack.slice(of + 1).flatMap(({ name }) => (name === names.run ? [] : [name])),
    });
  };

  for (const token of tokensOf(xml)) {
    const { name, from, to, kind } = token;
    if (kind === 'close') {
      end(token);
      continue;
    }
    if (wanted.has(name))
      found.push({ name, paragraph: stack.some(({ paragraph }) => paragraph) ? number : number + 1 });
    if (name === names.paragraph) {
      const paragraph = begin(token);
      if (kind === 'open') stack.push({ name, at: from, to, paragraph });
    } else if (kind === 'open') {
      if (name === 'mc:Fallback') copies++;
      stack.push({ name, at: from, to });
    }
  }
  if (stack.length > 0) throw new XmlFault(`<${stack.at(-1)!.name}> is not closed`);
  return { paragraphs, found };
}

export const textOf = ({ pieces }: Pick<ScannedParagraph, 'pieces'>): string => pieces.map(({ text }) => text).join('');
