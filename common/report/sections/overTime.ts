import type { FrozenHead, ReportStep } from '../../../contract/reportSituation.ts';
import { spanAxis, type TimeAxis } from '../../charts/timeAxis.ts';
import { parseRfc3339 } from '../../regionTime.ts';

/** The steps of a span with what happened in each; frozen data may leave out those in which nothing did. */
export function overTime<T>(
  { from, to }: Pick<FrozenHead, 'from' | 'to'>,
  step: ReportStep,
  series: Record<string, T>,
): { axis: TimeAxis; along: (of: (one: T) => number) => number[] } {
  const axis = spanAxis(parseRfc3339(from)!, parseRfc3339(to)!, step);
  const byStart = new Map(Object.entries(series).map(([at, one]) => [parseRfc3339(at), one]));
  return {
    axis,
    along: (of) =>
      axis.starts.map((start) => {
        const one = byStart.get(start);
        return one ? of(one) : 0;
      }),
  };
}
