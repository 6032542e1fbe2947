import type { ComparedWith, FiguresOf, SpanFigures } from '../../contract/reportSituation.ts';
import { changeOf, pointsOf, type Change, type Points } from './change.ts';

/** What the sentences and tables of a report are about, without words. Pure. */

/** A figure against one of a comparison. */
export interface Against {
  then: number;
  change: Change;
}

/** A figure with its two comparisons; one that is undefined is not known. */
export interface Compared {
  now: number;
  previous: Against | undefined;
  lastYear: Against | undefined;
}

export type FigureOf<F = SpanFigures> = (figures: F) => number;

const figuresOf = <F>(span: ComparedWith<F> | undefined): F | undefined =>
  span && 'figures' in span ? span.figures : undefined;

/** @param counted whether it counts single things (change.ts) */
export function comparedOf<F>(frozen: FiguresOf<F>, of: FigureOf<F>, counted = true): Compared {
  const now = of(frozen.figures);
  const against = (span: ComparedWith<F> | undefined): Against | undefined => {
    const figures = figuresOf(span);
    return figures && { then: of(figures), change: changeOf(now, of(figures), counted) };
  };
  return { now, previous: against(frozen.previous), lastYear: against(frozen.lastYear) };
}

/** A share of something: `part` of `all`. */
export interface Rate {
  part: number;
  all: number;
}
/** A share with its two comparisons. */
export interface RateFact {
  now: Rate;
  previous: { then: Rate; points: Points } | undefined;
  lastYear: { then: Rate; points: Points } | undefined;
}
export function rateOf<F>(frozen: FiguresOf<F>, of: (figures: F) => Rate): RateFact {
  const now = of(frozen.figures);
  const against = (span: ComparedWith<F> | undefined) => {
    const figures = figuresOf(span);
    return figures && { then: of(figures), points: pointsOf(now, of(figures)) };
  };
  return { now, previous: against(frozen.previous), lastYear: against(frozen.lastYear) };
}
/** The share of what was audited that was effective. */
export const effectiveOf = ({ totals }: SpanFigures): Rate => ({
  part: totals.effective,
  all: totals.effective + totals.falseAlarm,
});

/** How something is spread over several places: none of it, all in one, most in one, one or two ahead of all, or so many. */
export type Spread<K> =
  | { kind: 'none' }
  | { kind: 'all'; key: K; count: number }
  | { kind: 'most'; key: K; count: number }
  | { kind: 'lead'; keys: K[]; count: number }
  | { kind: 'even'; places: number };

/** @param counts the counts of all places, in any order */
export function spreadOf<K>(counts: readonly (readonly [key: K, count: number])[]): Spread<K> {
  const some = counts.filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
  const [first] = some;
  if (!first) return { kind: 'none' };
  const all = some.reduce((sum, [, count]) => sum + count, 0);
  if (first[1] === all) return { kind: 'all', key: first[0], count: all };
  if (2 * first[1] > all) return { kind: 'most', key: first[0], count: first[1] };
  const lead = some.filter(([, count]) => count === first[1]);
  return first[1] > 1 && lead.length <= 2
    ? { kind: 'lead', keys: lead.map(([key]) => key), count: first[1] }
    : { kind: 'even', places: some.length };
}

export const placesWithAlerts: FigureOf = ({ byTown }) =>
  Object.values(byTown).filter(({ raised }) => raised > 0).length;
