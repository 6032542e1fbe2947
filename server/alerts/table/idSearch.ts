import type { IdStore } from './idStore.ts';

/**
 * Finds the alert ids that contain a text, at any place and in any case.
 *
 * An id is a head and a number (see `IdStore`), so a matcher in the way of Knuth, Morris and Pratt reads each head
 * once, and then three digits of a number at a time by a table: about 5 ns an alert.
 *
 * @returns a test by slot, or undefined when no id can match.
 */
export function idMatcher(ids: IdStore, text: string): ((slot: number) => boolean) | undefined {
  const automaton = new Automaton(text);
  const { heads, widths } = ids;
  const endsInDigit = /\d$/.test(text);
  const starts = new Uint16Array(heads.length);
  let possible = false;
  for (let head = 0; head < heads.length; head++) {
    const state = automaton.run(0, heads[head]!.toLowerCase());
    starts[head] = state;
    possible ||= state === text.length;
  }
  const { head: headOf, tail: tailOf, hasRaw } = ids;
  if (!possible && !endsInDigit && !hasRaw) return undefined;
  const raw = (slot: number) => hasRaw && ids.isRaw(slot) && ids.id(slot).toLowerCase().includes(text);
  if (!endsInDigit) return (slot) => starts[headOf[slot]!] === text.length || raw(slot);

  const groups = automaton.threeDigits();
  const found = text.length;
  return (slot) => {
    const head = headOf[slot]!;
    let state = starts[head];
    if (state === undefined) return raw(slot);
    if (state === found) return true;
    const tail = tailOf[slot]!;
    const width = widths[head]!;
    const millions = Math.floor(tail / 1_000_000);
    const thousands = Math.floor(tail / 1000) - millions * 1000;
    const ones = tail % 1000;
    // The leading group may be short: its digits are read one by one.
    if (width > 6) {
      state = width === 9 ? groups[state * 1000 + millions]! : automaton.digits(state, millions, width - 6);
      state = groups[state * 1000 + thousands]!;
    } else if (width > 3) {
      state = width === 6 ? groups[state * 1000 + thousands]! : automaton.digits(state, thousands, width - 3);
    }
    return groups[state * 1000 + ones] === found;
  };
}

/** States 0…n: so many characters of the text have been matched; n stays. */
class Automaton {
  private readonly text: string;
  private readonly fallback: Uint16Array;
  /** By state and digit. */
  private readonly byDigit: Uint16Array;

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
    this.byDigit = new Uint16Array((n + 1) * 10);
    for (let state = 0; state <= n; state++) {
      for (let digit = 0; digit < 10; digit++) this.byDigit[state * 10 + digit] = this.next(state, String(digit));
    }
  }

  run(state: number, input: string): number {
    for (let i = 0; i < input.length; i++) state = this.next(state, input[i]!);
    return state;
  }

  /** Reads the lowest `count` digits of a number, highest first. */
  digits(state: number, value: number, count: number): number {
    for (let unit = 10 ** (count - 1); unit >= 1; unit = Math.floor(unit / 10)) {
      state = this.byDigit[state * 10 + (Math.floor(value / unit) % 10)]!;
    }
    return state;
  }

  /** By state and number of three digits: the state after them. */
  threeDigits(): Uint16Array {
    const { byDigit } = this;
    const states = this.text.length + 1;
    const table = new Uint16Array(states * 1000);
    for (let state = 0; state < states; state++) {
      for (let a = 0; a < 10; a++) {
        const afterA = byDigit[state * 10 + a]!;
        for (let b = 0; b < 10; b++) {
          const afterB = byDigit[afterA * 10 + b]!;
          const at = state * 1000 + a * 100 + b * 10;
          for (let c = 0; c < 10; c++) table[at + c] = byDigit[afterB * 10 + c]!;
        }
      }
    }
    return table;
  }

  private next(state: number, character: string): number {
    const { text, fallback } = this;
    if (state === text.length) return state;
    while (state > 0 && text[state] !== character) state = fallback[state]!;
    return text[state] === character ? state + 1 : 0;
  }
}
