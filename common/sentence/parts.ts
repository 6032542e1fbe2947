/** How a part of a sentence is meant to be seen. */
export type Emphasis = 'overdue' | 'red' | 'better' | 'worse';

/** A piece of a sentence, to be set in a type of its own; all texts together are the sentence. */
export interface SentencePart {
  text: string;
  /** It is a number that stands in the frame. */
  figure?: true;
  emphasis?: Emphasis;
}

export const text = (words: string, emphasis?: Emphasis): SentencePart =>
  emphasis ? { text: words, emphasis } : { text: words };

export const figure = (number: string, emphasis?: Emphasis): SentencePart =>
  emphasis ? { text: number, figure: true, emphasis } : { text: number, figure: true };

/** 1234 → `1,234` */
export const count = (number: number, emphasis?: Emphasis): SentencePart =>
  figure(String(number).replace(/\B(?=(\d{3})+$)/g, ','), emphasis);

/** One decimal, without `.0`: 81.07 → `81.1`, 80 → `80`. */
export const decimal = (number: number): string => number.toFixed(1).replace(/\.0$/, '');

/** A rate (0…1) in percent; only what is all or none is 100 % or 0 %. */
export function percent(rate: number): string {
  const shown = decimal(100 * rate);
  return shown === '100' && rate < 1 ? '99.9' : shown === '0' && rate > 0 ? '0.1' : shown;
}

/** Whole days and hours, hours, or minutes; undefined below one minute. */
export function durationOf(ms: number): { days: number; hours: number; minutes: number } | undefined {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return undefined;
  const hours = Math.floor(minutes / 60);
  if (hours < 1) return { days: 0, hours: 0, minutes };
  return { days: Math.floor(hours / 24), hours: hours % 24, minutes: 0 };
}

export function joined(clauses: readonly (readonly SentencePart[])[], between: string): SentencePart[] {
  return clauses.flatMap((clause, i) => (i === 0 ? clause : [text(between), ...clause]));
}
