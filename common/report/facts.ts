import type { ComparedSpan, ReportSituation, SpanFigures } from '../../contract/reportSituation.ts';
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

export type FigureOf = (figures: SpanFigures) => number;

const figuresOf = (span: ComparedSpan | undefined): SpanFigures | undefined =>
  span && 'figures' in span ? span.figures : undefined;

/** @param counted whether it counts single things (change.ts) */
export function comparedOf(situation: ReportSituation, of: FigureOf, counted = true): Compared {
  const now = of(situation.figures);
  const against = (span: ComparedSpan | undefined): Against | undefined => {
    const figures = figuresOf(span);
    return figures && { then: of(figures), change: changeOf(now, of(figures), counted) };
  };
  return { now, previous: against(situation.previous), lastYear: against(situation.lastYear) };
}

/** The share of what was audited that was effective. */
export interface RateFact {
  now: { part: number; all: number };
  previous: { then: { part: number; all: number }; points: Points } | undefined;
  lastYear: { then: { part: number; all: number }; points: Points } | undefined;
}
export function rateOf(situation: ReportSituation): RateFact {
  const of = ({ totals }: SpanFigures) => ({ part: totals.effective, all: totals.effective + totals.falseAlarm });
  const now = of(situation.figures);
  const against = (span: ComparedSpan | undefined) => {
    const figures = figuresOf(span);
    return figures && { then: of(figures), points: pointsOf(now, of(figures)) };
  };
  return { now, previous: against(situation.previous), lastYear: against(situation.lastYear) };
}

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
