import { alertKey } from '../../../common/alertRef.ts';
import { TIERS, type Tier } from '../../../contract/codes.ts';
import type { AlertBrief, Frame } from '../../../contract/frame.ts';
import { toPlane } from '../geometry.ts';

/** Alerts → points. Pure. */

export interface AlertPoint {
  /** `alertKey` */
  key: string;
  tier: Tier;
  town: string;
  x: number;
  y: number;
  /** RFC 3339; newer points lie above older ones of their tier. */
  raisedAt: string;
}

/** More than this on one map says nothing more, and would not be smooth. */
export const MAX_POINTS = 5000;

const gravity: Record<Tier, number> = { red: 3, orange: 2, yellow: 1, blue: 0 };

/**
 * Open alerts with a position, gravest and newest last (so that they are drawn on top and picked first).
 * @param alerts all open alerts, if somebody fetched them; else the frame's latest are shown
 */
export function alertPoints(frame: Frame | undefined, alerts: readonly AlertBrief[] | undefined): AlertPoint[] {
  const briefs = alerts ?? Object.values(frame?.latest ?? {});
  const points: AlertPoint[] = [];
  for (const brief of briefs) {
    const { tier, town, stage, location, raisedAt } = brief;
    if (stage === 'closed' || !location) continue;
    const [x, y] = toPlane(location.lng, location.lat);
    points.push({ key: alertKey(brief), tier, town, x, y, raisedAt });
  }
  points.sort(
    (a, b) => gravity[a.tier] - gravity[b.tier] || (a.raisedAt < b.raisedAt ? -1 : a.raisedAt > b.raisedAt ? 1 : 0),
  );
  return points.length > MAX_POINTS ? points.slice(points.length - MAX_POINTS) : points;
}

/** Half the size of a single mark in rem: the graver, the larger. */
export const MARK_HALF: Record<Tier, number> = { red: 0.95, orange: 0.75, yellow: 0.5, blue: 0.45 };

/** Whether two lists would draw the same picture. */
export function samePoints(a: readonly AlertPoint[], b: readonly AlertPoint[]): boolean {
  return (
    a.length === b.length &&
    a.every((p, i) => {
      const q = b[i]!;
      return p.key === q.key && p.tier === q.tier && p.x === q.x && p.y === q.y;
    })
  );
}

/** The tiers of a region in order of gravity, as its pack has them. */
export function orderedTiers(tiers: readonly { tier: Tier }[]): Tier[] {
  return TIERS.filter((tier) => tiers.some((rule) => rule.tier === tier));
}
