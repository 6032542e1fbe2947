import { alertKey } from '../../../common/alertRef.ts';
import type { Platform } from '../../../contract/codes.ts';
import type { AlertBrief, Frame } from '../../../contract/frame.ts';
import type { RegionAnswer } from '../../../contract/rest.ts';

/** Which alerts have just been handed to a platform: each is a line that flies once. Pure. */

export interface Dispatch {
  /** `alertKey` */
  key: string;
  alert: AlertBrief;
  platform: Platform;
}

/** At most so many lines at once; a burst is not made clearer by more. */
export const MAX_FLIGHTS = 8;

export type StageMemory = ReadonlyMap<string, AlertBrief['stage']>;

/** What to remember of a frame's alerts, to see the next change. */
export function stagesOf(briefs: Iterable<AlertBrief>): StageMemory {
  return new Map(Array.from(briefs, (b) => [alertKey(b), b.stage]));
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
    const key = alertKey(alert);
    if (alert.stage === 'dispatched' && before.get(key) === 'raised') {
      found.push({ key, alert, platform: platformOf(pack, alert.tier) });
    }
  }
  return found.slice(-MAX_FLIGHTS);
}

/** A frame's alerts as a list; those fetched apart add to them and win where they are newer. */
export function knownAlerts(frame: Frame | undefined, alerts: readonly AlertBrief[] | undefined): AlertBrief[] {
  const byKey = new Map((alerts ?? []).map((a) => [alertKey(a), a]));
  for (const brief of Object.values(frame?.latest ?? {})) {
    const key = alertKey(brief);
    const other = byKey.get(key);
    if (!other || other.changedAt <= brief.changedAt) byKey.set(key, brief);
  }
  return [...byKey.values()];
}
