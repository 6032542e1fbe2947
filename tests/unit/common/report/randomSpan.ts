import { DAY_MS, floorTo, HOUR_MS, toRfc3339 } from '../../../../common/regionTime.ts';
import { periodOf, previousOf, yearBefore, type ReportSpan, type Span } from '../../../../common/report/spans.ts';
import { REPORT_KINDS } from '../../../../contract/reportLimits.ts';
import type { ComparedWith, FrozenHead, ReportStep } from '../../../../contract/reportSituation.ts';

/** As long as reports may be of: leap days, ends of years, first weeks. */
const [FIRST, LAST] = [Date.UTC(2023, 11, 20), Date.UTC(2027, 2, 1)];

/** How many days earlier some begin, as nothing was reported on holidays. */
const EARLIER: Partial<Record<string, number>> = { daily: 2, weekly: 7 };

/**
 * A kind with a span that such a report may have: a period that is over, or part of one, to the hour; of daily ones also several days, of weekly ones two weeks.
 * @param figures of what it is compared with, or why there are none
 */
export function randomSpan<F>(
  random: () => number,
  figures: () => { figures: F } | { missing: 'beginning' | 'hours' },
): Pick<FrozenHead, 'kind' | 'from' | 'to' | 'whole' | 'frozenAt'> & {
  step: ReportStep;
  previous?: ComparedWith<F>;
  lastYear: ComparedWith<F>;
} {
  const kind = REPORT_KINDS[Math.floor(random() * REPORT_KINDS.length)]!;
  const at = FIRST + Math.floor(random() * (LAST - FIRST));
  const span = kind === 'special' ? anySpan(random, at) : partOf(random, periodOf(kind, at), EARLIER[kind] ?? 0);
  const told = (one: Span) => ({ from: toRfc3339(one.from), to: toRfc3339(one.to) });
  const previous = previousOf(kind, span);
  const days = (span.to - span.from) / DAY_MS;
  return {
    kind,
    ...told(span),
    whole: span.whole,
    step: days <= 1 ? 'hour' : days <= 92 ? 'day' : 'month',
    frozenAt: toRfc3339(span.to + 510 * 60_000),
    ...(previous ? { previous: { ...told(previous), ...figures() } } : {}),
    lastYear: { ...told(yearBefore(kind, span)), ...figures() },
  };
}

function anySpan(random: () => number, at: number): ReportSpan {
  const [unit, most] = random() < 0.5 ? [DAY_MS, 400] : [HOUR_MS, 200];
  const from = floorTo(at, unit);
  return { from, to: from + (1 + Math.floor(random() * most)) * unit, whole: true };
}

function partOf(random: () => number, { from, to }: Span, earlier: number): ReportSpan {
  if (random() < 0.6) return { from: random() < 0.3 ? from - earlier * DAY_MS : from, to, whole: true };
  const hours = (to - from) / HOUR_MS;
  const end = from + (1 + Math.floor(random() * (hours - 1))) * HOUR_MS;
  // Beyond its first day a period is told by whole days.
  return { from, to: end - from > DAY_MS ? floorTo(end, DAY_MS) : end, whole: false };
}
