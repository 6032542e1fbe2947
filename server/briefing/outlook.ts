import type { Tier } from '../../contract/codes.ts';
import type { OutlookDay } from '../../contract/briefings.ts';
import { OUTLOOK_DAYS } from '../../contract/briefingLimits.ts';
import { DAY_MS, floorTo, isoDate } from '../../common/regionTime.ts';
import type { AlertLists } from '../lists/alertLists.ts';

/**
 * What becomes due in the next seven days, today from `now` on: by day and tier. A term that ends at 24:00 ends on that day, as
 * the frame's `dueToday` counts it (contract §4).
 */
export function outlookOf(lists: AlertLists, scope: string, tiers: readonly Tier[], now: number): OutlookDay[] {
  const today = floorTo(now, DAY_MS);
  // What ends by an instant is what ends before the next millisecond.
  const endedBy = (tier: Tier, at: number) => lists.query({ scope, tier: [tier], dueBy: at + 1, limit: 1 }, now).total;
  const before = new Map(tiers.map((tier) => [tier, endedBy(tier, now)]));
  return Array.from({ length: OUTLOOK_DAYS }, (_, i) => {
    const counts: OutlookDay['tiers'] = {};
    for (const tier of tiers) {
      const ended = endedBy(tier, today + (i + 1) * DAY_MS);
      counts[tier] = ended - before.get(tier)!;
      before.set(tier, ended);
    }
    return { day: isoDate(today + i * DAY_MS), tiers: counts };
  });
}
