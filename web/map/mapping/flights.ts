import type { Platform } from '../../../contract/codes.ts';
import type { AlertBrief, Frame } from '../../../contract/frame.ts';
import type { RegionAnswer } from '../../../contract/rest.ts';

/** Which alerts have just been handed to a platform: each is a line that flies once. Pure. */

export interface Dispatch {
  alertId: string;
  alert: AlertBrief;
  platform: Platform;
}

/** At most so many lines at once; a burst is not made clearer by more. */
export const MAX_FLIGHTS = 8;

export type StageMemory = ReadonlyMap<string, AlertBrief['stage']>;

/** What to remember of a frame's alerts, to see the next change. */
export function stagesOf(briefs: Iterable<AlertBrief>): StageMemory {
  return new Map(Array.from(briefs, (b) => [b.alertId, b.stage]));
}

/** The platform that alerts of a tier are handed to, by the region's rules. */
export function platformOf(pack: RegionAnswer | undefined, tier: AlertBrief['tier']): Platform {
  return pack?.tiers.find((rule) => rule.tier === tier)?.platform ?? 'other';
}

/** The platforms of a region, in the order in which its tiers name them. */
export function platforms(pack: RegionAnswer | undefined): Platform[] {
  return [...new Set((pack?.tiers ?? []).map((rule) => rule.platform))];
}

/**
 * Alerts that were `raised` before and are `dispatched` now. Nothing on the first frame, nor for alerts not seen
 * before: a reload must not replay the day. An alert put back from `audited` (returned) is no new dispatch either.
 */
export function newDispatches(
  before: StageMemory | undefined,
  now: Iterable<AlertBrief>,
  pack: RegionAnswer | undefined,
): Dispatch[] {
  if (!before) return [];
  const found: Dispatch[] = [];
  for (const alert of now) {
    if (alert.stage === 'dispatched' && before.get(alert.alertId) === 'raised') {
      found.push({ alertId: alert.alertId, alert, platform: platformOf(pack, alert.tier) });
    }
  }
  return found.slice(-MAX_FLIGHTS);
}

/** A frame's alerts as a list; those fetched apart add to them and win where they are newer. */
export function knownAlerts(frame: Frame | undefined, alerts: readonly AlertBrief[] | undefined): AlertBrief[] {
  const byId = new Map((alerts ?? []).map((a) => [a.alertId, a]));
  for (const brief of Object.values(frame?.latest ?? {})) {
    const other = byId.get(brief.alertId);
    if (!other || other.changedAt <= brief.changedAt) byId.set(brief.alertId, brief);
  }
  return [...byId.values()];
}
