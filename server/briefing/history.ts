import { setImmediate as breathe } from 'node:timers/promises';
import type { HistoryDay } from '../../contract/briefings.ts';
import { HISTORY_DAYS } from '../../contract/briefingLimits.ts';
import type { Totals } from '../../contract/frame.ts';
import { DAY_MS, floorTo, isoDate, MINUTE_MS } from '../../common/regionTime.ts';
import type { RegionView } from '../region/region.ts';

const SUMS = ['raised', 'effective', 'falseAlarm', 'recoveredFen', 'closed', 'closeMs'] as const;

/**
 * The figures of the whole days before the one in which `at` lies, oldest first, in today's facts: differences of what there was since
 * the beginning at the end of each day.
 */
export async function historyOf(view: RegionView, scope: string, at: number, now: number): Promise<HistoryDay[]> {
  const midnight = floorTo(at, DAY_MS);
  // The last minute of a day: a figure at midnight has the first minute of the next.
  const from = midnight - HISTORY_DAYS * DAY_MS - MINUTE_MS;
  const days: HistoryDay[] = [];
  let before: Totals | undefined;
  for (const frame of view.replay(scope, 'all', { from, stepMs: DAY_MS, steps: HISTORY_DAYS }, now)) {
    if (!frame) {
      await breathe();
      continue;
    }
    // The frame is written on with the next step.
    const totals = { ...frame.totals };
    if (before) {
      const sums = Object.fromEntries(SUMS.map((name) => [name, totals[name] - before![name]]));
      days.push({
        day: isoDate(from + (days.length + 1) * DAY_MS),
        open: totals.open,
        ...(sums as Record<(typeof SUMS)[number], number>),
      });
    }
    before = totals;
  }
  return days;
}
