import { IdGrams, type Needle } from './idGrams.ts';
import { RAW, type IdStore } from './idStore.ts';

/**
 * Finds the alert ids that contain a text (in lower case, not empty), at any place and in any case; undefined when none
 * can.
 *
 * The index of pairs (`IdGrams`) leaves few ids to look at. An id is a head and a number (see `IdStore`), so a matcher
 * in the way of Knuth, Morris and Pratt reads each head once, and then three digits of a number at a time by a table.
 */
export function idSearch(ids: IdStore, text: string): IdSearch | undefined {
  const search = new IdSearch(ids, text);
  return search.possible ? search : undefined;
}

export class IdSearch {
  readonly possible: boolean;
  private readonly ids: IdStore;
  private readonly text: string;
  private readonly automaton: Automaton;
  /** By head: the state after it. */
  private readonly starts: Uint16Array;
  /** See `Automaton.threeDigits`; undefined when no number can complete the text. */
  private readonly table: Uint16Array | undefined;
  private readonly needle: Needle;
  /** So many words have their candidates in the index. */
  private readonly indexed: number;
  /** The text in Latin-1 unless it goes beyond. */
  private readonly bytes: Uint8Array | undefined;
  // The number looked at last without its three last digits, and the state after those before.
  private lastHead = -1;
  private lastThousands = -1;
  private lastState = 0;

  constructor(ids: IdStore, text: string) {
    this.ids = ids;
    this.text = text;
    this.automaton = new Automaton(text);
    this.starts = Uint16Array.from(ids.heads, (head) => this.automaton.run(0, head.toLowerCase()));
    this.needle = IdGrams.needleOf(text);
    this.indexed = ids.grams.words;
    const latin1 = Buffer.from(text, 'latin1');
    if (latin1.toString('latin1') === text) this.bytes = Uint8Array.from(latin1);
    const byNumber = /\d$/.test(text);
    if (byNumber) this.table = this.automaton.threeDigits();
    this.possible = byNumber || (this.bytes ? ids.hasRaw : ids.hasWide) || this.starts.includes(text.length);
  }

  /** Of the slots of word `index` that are in `word` but not in `kept`, adds those that match to `kept`. */
  keep(index: number, word: number, kept: number): number {
    const { starts, table, ids } = this;
    const { head: heads, tail: tails } = ids;
    const found = this.text.length;
    let rest = word & ~kept;
    if (index < this.indexed && rest !== 0) {
      rest &= ids.grams.candidates(index, this.needle);
      if (this.needle.exact) return kept | rest;
    }
    while (rest !== 0) {
      const bit = rest & -rest;
      rest ^= bit;
      const slot = (index << 5) + 31 - Math.clz32(bit);
      const head = heads[slot]!;
      if (head === RAW) {
        if (ids.rawContains(slot, this.text, this.bytes)) kept |= bit;
        continue;
      }
      const start = starts[head]!;
      if (start === found) kept |= bit;
      else if (table) {
        const tail = tails[slot]!;
        const thousands = Math.floor(tail / 1000);
        if (thousands !== this.lastThousands || head !== this.lastHead) {
          this.lastThousands = thousands;
          this.lastHead = head;
          this.lastState = this.automaton.digits(start, thousands, ids.widths[head]! - 3);
        }
        if (table[this.lastState * 1000 + (tail - thousands * 1000)] === found) kept |= bit;
      }
    }
    return kept;
  }
}

const UNITS = [1, 10, 100, 1000, 10_000, 100_000] as const;
const ASCII = 128;
const ZERO = 48;

/** States 0…n: so many characters of the text have been matched; n stays. */
class Automaton {
  private readonly text: string;
  private readonly fallback: Uint16Array;
  /** By state and ASCII character: the next state. */
  private readonly table: Uint16Array;

  constructor(text: string) {
    this.text = text;
    const n = text.length;
    const fallback = new Uint16Array(n + 1);
    for (let i = 1, state = 0; i < n; i++) {
      while (state > 0 && text[i] !== text[state]) state = fallback[state]!;
      if (text[i] === text[state]) state++;
      fallback[i + 1] = state;
    }
    this.fallback = fallback;
    // Each state differs from the one it falls back to in one character.
    const table = new Uint16Array((n + 1) * ASCII);
    for (let state = 0; state <= n; state++) {
      if (state > 0) table.copyWithin(state * ASCII, fallback[state]! * ASCII, (fallback[state]! + 1) * ASCII);
      if (state === n) table.fill(n, n * ASCII);
      else if (text.charCodeAt(state) < ASCII) table[state * ASCII + text.charCodeAt(state)] = state + 1;
    }
    this.table = table;
  }

  run(state: number, input: string): number {
    for (let i = 0; i < input.length; i++) {
      const code = input.charCodeAt(i);
      state = code < ASCII ? this.table[state * ASCII + code]! : this.next(state, input[i]!);
    }
    return state;
  }

  /** Reads the lowest `count` digits of a number, highest first. */
  digits(state: number, value: number, count: number): number {
    for (let place = count - 1; place >= 0; place--) {
      const digit = Math.floor(value / UNITS[place]!) % 10;
      state = this.table[state * ASCII + ZERO + digit]!;
    }
    return state;
  }

  /** By state and number of three digits: the state after them. */
  threeDigits(): Uint16Array {
    const { table } = this;
    const states = this.text.length + 1;
    const groups = new Uint16Array(states * 1000);
    for (let state = 0; state < states; state++) {
      for (let a = 0; a < 10; a++) {
        const afterA = table[state * ASCII + ZERO + a]!;
        for (let b = 0; b < 10; b++) {
          const afterB = table[afterA * ASCII + ZERO + b]!;
          const at = state * 1000 + a * 100 + b * 10;
          for (let c = 0; c < 10; c++) groups[at + c] = table[afterB * ASCII + ZERO + c]!;
        }
      }
    }
    return groups;
  }

  private next(state: number, character: string): number {
    const { text, fallback } = this;
    if (state === text.length) return state;
    while (state > 0 && text[state] !== character) state = fallback[state]!;
    return text[state] === character ? state + 1 : 0;
  }
}
