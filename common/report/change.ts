import { countText, ratioText, signed } from './numbers.ts';

/** What a figure is against another one of the same kind. */
export type Change =
  /** Both are nothing: nothing is compared with nothing. */
  | { kind: 'nothing' }
  /** There was none before: no share of nothing. */
  | { kind: 'none-before' }
  | { kind: 'same' }
  /** Of a small base a share says little: how many more or fewer. */
  | { kind: 'small'; difference: number }
  /** In percent of what was before, two decimals: (now − then) ÷ then × 100. */
  | { kind: 'percent'; up: boolean; text: string };

/** Below this a base is small, as in the sentence of the day. */
export const SMALL_BASE = 10;

/** @param counted whether single things are counted (alerts, workers), of which a few are a small base; money is not */
export function changeOf(now: number, then: number, counted: boolean): Change {
  if (then === 0) return now === 0 ? { kind: 'nothing' } : { kind: 'none-before' };
  if (now === then) return { kind: 'same' };
  if (counted && then < SMALL_BASE) return { kind: 'small', difference: now - then };
  return { kind: 'percent', up: now > then, text: percentOf(now, then) };
}

/** `−30.63`, `+5.00`: as offices publish them, with the sign. */
function percentOf(now: number, then: number): string {
  const text = ratioText(100 * (now - then), then);
  // What is not the same is not shown as no change.
  if (!/[1-9]/.test(text)) return now > then ? '+0.01' : '−0.01';
  return signed(text);
}

/** As it stands in a table; undefined where there is nothing to compare. */
export function changeText(change: Change): string | undefined {
  switch (change.kind) {
    case 'same':
      return '0.00%';
    case 'small':
      return signed(countText(change.difference));
    case 'percent':
      return `${change.text}%`;
    default:
      return undefined;
  }
}

/** Two shares in percentage points, two decimals; undefined where either rests on too few. */
export type Points = { up: boolean; text: string } | { same: true } | undefined;
interface Rate {
  part: number;
  all: number;
}
export function pointsOf(now: Rate, then: Rate): Points {
  if (now.all < SMALL_BASE || then.all < SMALL_BASE) return undefined;
  const difference = now.part * then.all - then.part * now.all;
  if (difference === 0) return { same: true };
  const text = ratioText(100 * difference, now.all * then.all);
  if (!/[1-9]/.test(text)) return { up: difference > 0, text: difference > 0 ? '+0.01' : '−0.01' };
  return { up: difference > 0, text: signed(text) };
}
