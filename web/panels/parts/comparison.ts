/** A figure against that of an earlier period, in words that cannot mislead. Pure. */

/** A base of fewer than this is small: a share of it says nothing. */
export const SMALL_BASE = 10;
/** Above so many times the earlier figure, a multiple is said and no share. */
export const MOST_TIMES = 10;

export type Direction = 'up' | 'down';

export type Comparison =
  /** Nothing compared with nothing, or a figure that is not there. */
  | { kind: 'none' }
  /** Something now, nothing before. */
  | { kind: 'new' }
  | { kind: 'same' }
  /** The earlier figure rests on few. */
  | { kind: 'small'; direction?: Direction }
  /** `size`: share of the earlier figure, 0…9. */
  | { kind: 'share'; direction: Direction; size: number }
  | { kind: 'times'; times: number }
  /** `size`: percentage points. */
  | { kind: 'points'; direction: Direction; size: number };

/** What is less than half of the last digit shown is no change. */
const LEAST_SHARE = 0.0005;
const LEAST_POINTS = 0.05;

/**
 * A count or sum against the earlier one.
 * @param base how many the earlier figure rests on, where that is not the figure itself (money rests on people)
 */
export function compareAmounts(
  current: number | undefined,
  earlier: number | undefined,
  base: number | undefined = earlier,
): Comparison {
  if (current === undefined || earlier === undefined || (current === 0 && earlier === 0)) return { kind: 'none' };
  if (earlier <= 0) return { kind: 'new' };
  const direction = current > earlier ? 'up' : 'down';
  if ((base ?? 0) < SMALL_BASE) return current === earlier ? { kind: 'small' } : { kind: 'small', direction };
  if (current > earlier * MOST_TIMES) return { kind: 'times', times: current / earlier };
  const size = Math.abs(current - earlier) / earlier;
  return size < LEAST_SHARE ? { kind: 'same' } : { kind: 'share', direction, size };
}

/** A rate of 0…1 and how many it rests on. */
export interface Rate {
  rate: number | undefined;
  of: number;
}

/** A rate against the earlier one, in percentage points: a percentage of a percentage misleads. */
export function compareRates(current: Rate, earlier: Rate): Comparison {
  if (current.rate === undefined || earlier.rate === undefined) return { kind: 'none' };
  const points = (current.rate - earlier.rate) * 100;
  const direction = points > 0 ? 'up' : 'down';
  if (Math.min(current.of, earlier.of) < SMALL_BASE)
    return Math.abs(points) < LEAST_POINTS ? { kind: 'small' } : { kind: 'small', direction };
  return Math.abs(points) < LEAST_POINTS ? { kind: 'same' } : { kind: 'points', direction, size: Math.abs(points) };
}

/** Whether a comparison tells of more. */
export function isMore(comparison: Comparison): boolean {
  return comparison.kind === 'times' || ('direction' in comparison && comparison.direction === 'up');
}
