import type { Random } from './random.ts';

/** Words that stand in for a phrase's slots. */
export interface PhraseWords {
  town: string;
  district: string;
  workers: number;
}

type Part = string | ((random: Random, words: PhraseWords) => string);

/**
 * A phrase with slots: `{town}`, `{district}`, `{workers}`, `{2-5}` a whole number, `{1.2-9.8}` one with a decimal.
 */
export class Phrase {
  readonly #parts: Part[];

  /** @throws Error on a slot it does not know */
  constructor(template: string) {
    this.#parts = template
      .split(/(\{[^}]*\})/)
      .filter(Boolean)
      .map((part) => (part.startsWith('{') ? slot(part.slice(1, -1)) : part));
  }

  say(random: Random, words: PhraseWords): string {
    let text = '';
    for (const part of this.#parts) text += typeof part === 'string' ? part : part(random, words);
    return text;
  }
}

function slot(name: string): Part {
  if (name === 'town' || name === 'district' || name === 'workers') return (_, words) => String(words[name]);
  const range = /^([\d.]+)-([\d.]+)$/.exec(name);
  if (!range) throw new Error(`a phrase has the unknown slot {${name}}`);
  const low = Number(range[1]);
  const high = Number(range[2]);
  return name.includes('.')
    ? (random) => random.between(low, high).toFixed(1)
    : (random) => String(random.int(low, high));
}

export function phrases(templates: readonly string[]): Phrase[] {
  return templates.map((template) => new Phrase(template));
}
