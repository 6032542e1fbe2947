import type { Frame } from '../../../contract/frame.ts';
import type { RegionAnswer } from '../../../contract/rest.ts';
import { asOf, onAxis } from '../../charts/series.ts';
import { legibleStep } from '../../../common/charts/timeAxis.ts';
import type { TrendSteps } from '../../../common/charts/trendOption.ts';
import { tiersOf } from '../parts/tiersOf.ts';

export interface TrendView extends TrendSteps {
  /** `total`: in the window. */
  tiers: (TrendSteps['tiers'][number] & { total: number })[];
  /** Fen recovered in the window. */
  totalFen: number;
}

/**
 * Alerts raised by tier and wages recovered, by step of the window; weeks for a year of days. The totals are those of the window,
 * of which a rolling one may begin before its first whole step.
 * @param now the server's clock, epoch ms
 * @param live whether the frame is up to date
 */
export function toTrend(frame: Frame, pack: RegionAnswer | undefined, now: number, live: boolean): TrendView {
  const { axis, entries } = onAxis(frame, asOf(frame, now, live), legibleStep(frame.window, 'week'));
  const along = (measure: (step: (typeof entries)[number][number]) => number) =>
    entries.map((steps, index) =>
      index > axis.current ? undefined : steps.reduce((sum, step) => sum + measure(step), 0),
    );
  return {
    axis,
    tiers: tiersOf(frame, pack).map((tier) => ({
      tier,
      raised: along((step) => step.tiers[tier] ?? 0),
      total: frame.byTier[tier]?.raised ?? 0,
    })),
    recoveredFen: along((step) => step.recoveredFen),
    totalFen: frame.totals.recoveredFen,
  };
}
