import type { Compared, Frame, Row, SeriesStep } from '../../contract/frame.ts';
import type { SeriesAnswer } from '../../contract/rest.ts';

/**
 * Frames for displays where a site withholds small figures: what is said about fewer than `least` alerts is said about
 * people whom somebody may know. Exactly:
 *
 * - A figure is over the alerts that it counts: `raised`, `workers` and `amountFen` over those raised; `effective`,
 *   `falseAlarm` and the rate over those audited, each verdict by itself; `closed` and the times over those closed; `open`,
 *   `overdue`, stages and tiers over those they count; recoveries over the enterprises paid, and where those are not
 *   counted (everywhere but in the totals) over nobody knows how many.
 * - One over 1 to `least` − 1 alerts, or over nobody knows how many, is given as 0; so is what is made of it.
 * - Where one row alone of a breakdown lost a figure, its total would give it away: the smallest other row loses it too.
 * - Single alerts are figures over one: `latest` is empty, and notices are not sent.
 *
 * What two windows, scopes or moments tell together is not withheld. Pure.
 */
export function withhold(frame: Frame, least: number): Frame {
  const small = (count: number) => count > 0 && count < least;
  const { totals, compare, byTown, byTier, byIndustry, byChannel, byStage, series, heat } = frame;
  const paid = totals.enterprisesPaid >= least;
  const kept: Frame['totals'] = {
    ...measures(totals, small, paid),
    open: hide(totals.open, small),
    enterprisesPaid: hide(totals.enterprisesPaid, small),
    ...rate(totals, small),
    ...(totals.overdue === undefined ? {} : { overdue: hide(totals.overdue, small) }),
    ...(totals.avgCloseHours === undefined || small(totals.closed) ? {} : { avgCloseHours: totals.avgCloseHours }),
  };
  return {
    ...frame,
    totals: kept,
    compare: Object.fromEntries(Object.entries(compare).map(([name, one]) => [name, compared(one, small)])),
    byTier: rows(byTier, small),
    byTown: rows(byTown, small, (before, after) => ({ ...after, tiers: counts(before.tiers, small) })),
    byIndustry: rows(byIndustry, small),
    byChannel: rows(byChannel, small),
    ...(byStage ? { byStage: counts(byStage, small) } : {}),
    series: Object.fromEntries(
      Object.entries(series).map(([start, step]) => [
        start,
        {
          tiers: counts(step.tiers, small),
          effective: hide(step.effective, small),
          falseAlarm: hide(step.falseAlarm, small),
          recoveredFen: 0,
        } satisfies SeriesStep,
      ]),
    ),
    heat: Object.fromEntries(Object.entries(heat).filter(([, count]) => !small(count))),
    latest: {},
    withheld: least,
  };
}

type Small = (count: number) => boolean;
const hide = (count: number, small: Small) => (small(count) ? 0 : count);
const counts = <T extends Record<string, number>>(by: T, small: Small): T =>
  Object.fromEntries(Object.entries(by).map(([key, count]) => [key, hide(count, small)])) as T;

function measures(row: Omit<Row, 'open'>, small: Small, recoveries: boolean): Omit<Row, 'open' | 'successRate'> {
  const raised = row.raised > 0 && !small(row.raised);
  const closed = row.closed > 0 && !small(row.closed);
  return {
    raised: raised ? row.raised : 0,
    workers: raised ? row.workers : 0,
    amountFen: raised ? row.amountFen : 0,
    effective: hide(row.effective, small),
    falseAlarm: hide(row.falseAlarm, small),
    recoveredFen: recoveries ? row.recoveredFen : 0,
    recoveredWorkers: recoveries ? row.recoveredWorkers : 0,
    closed: closed ? row.closed : 0,
    closeMs: closed ? row.closeMs : 0,
  };
}

/** The rate tells both verdicts apart, so neither may be small. */
function rate(
  { effective, falseAlarm, successRate }: Pick<Row, 'effective' | 'falseAlarm' | 'successRate'>,
  small: Small,
): { successRate?: number } {
  return successRate === undefined || small(effective) || small(falseAlarm) ? {} : { successRate };
}

function compared(one: Compared, small: Small): Compared {
  return {
    ...measures(one, small, false),
    ...rate(one, small),
    ...(one.avgCloseHours === undefined || small(one.closed) ? {} : { avgCloseHours: one.avgCloseHours }),
  };
}

/** Figures that are lost together, by the count that they are over. */
const GROUPS = [
  { base: 'raised', figures: ['raised', 'workers', 'amountFen'] },
  { base: 'effective', figures: ['effective'] },
  { base: 'falseAlarm', figures: ['falseAlarm'] },
  { base: 'closed', figures: ['closed', 'closeMs'] },
  { base: 'open', figures: ['open'] },
] as const;

function rows<R extends Row>(
  by: Record<string, R>,
  small: Small,
  more: (before: R, after: R) => R = (_before, after) => after,
): Record<string, R> {
  const kept = Object.fromEntries(
    Object.entries(by).map(([key, row]) => {
      return [
        key,
        more(row, { ...measures(row, small, false), open: hide(row.open, small), ...rate(row, small) } as R),
      ];
    }),
  );
  for (const { base, figures } of GROUPS) {
    const lost = Object.keys(by).filter((key) => small(by[key]![base]));
    if (lost.length !== 1) continue;
    const [next] = Object.keys(by)
      .filter((key) => by[key]![base] > 0 && key !== lost[0])
      .sort((a, b) => by[a]![base] - by[b]![base]);
    if (next === undefined) continue;
    const row = kept[next]!;
    for (const figure of figures) row[figure] = 0;
    if (base === 'effective' || base === 'falseAlarm') delete row.successRate;
    if (base === 'open' && 'tiers' in row)
      Object.assign(row, { tiers: counts((row as unknown as { tiers: Record<string, number> }).tiers, () => true) });
  }
  return kept;
}

/** A series for a display: steps over too few alerts are left out. @param over the same series of the measure that counts its alerts; undefined where none does */
export function withholdSeries(answer: SeriesAnswer, over: SeriesAnswer | undefined, least: number): SeriesAnswer {
  const steps: SeriesAnswer['steps'] = {};
  for (const [start, by] of Object.entries(answer.steps)) {
    const kept = Object.entries(by).filter(([code]) => (over?.steps[start]?.[code] ?? 0) >= least);
    if (kept.length) steps[start] = Object.fromEntries(kept);
  }
  return { ...answer, steps, withheld: least };
}
