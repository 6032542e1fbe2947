import { alertKey } from '../../../common/alertRef.ts';
import type { AlertBrief, Frame } from '../../../contract/frame.ts';
import type { Tier } from '../../../contract/codes.ts';

/** Which single place is in the worst state, and what is to be said about it. Pure. */

export interface AreaState {
  code: string;
  /** Open alerts by tier. */
  tiers: Partial<Record<Tier, number>>;
  overdue: number;
  /** When its oldest open alert was raised, epoch ms. */
  oldestMs?: number;
  /** Who must act first there: the unit of its open alert with the earliest term. */
  unit?: string;
}

/** Open red and orange alerts: what makes a place rise. */
export const grave = (tiers: Partial<Record<Tier, number>>): number => (tiers.red ?? 0) + (tiers.orange ?? 0);

const order = (a: AreaState, b: AreaState): number =>
  (b.tiers.red ?? 0) - (a.tiers.red ?? 0) ||
  (b.tiers.orange ?? 0) - (a.tiers.orange ?? 0) ||
  b.overdue - a.overdue ||
  (a.oldestMs ?? Infinity) - (b.oldestMs ?? Infinity) ||
  (a.code < b.code ? -1 : 1);

/**
 * The worst of them: by red, then orange, then overdue alerts, then the longest wait; ties by code. None where nothing
 * grave is open and nothing is overdue.
 */
export function worstArea(areas: Iterable<AreaState>): AreaState | undefined {
  let worst: AreaState | undefined;
  for (const area of areas) {
    if (grave(area.tiers) + area.overdue === 0) continue;
    if (!worst || order(area, worst) < 0) worst = area;
  }
  return worst;
}

/** The area of a map that an alert belongs to: its town or, on the map of a city or province, its region or city. */
export function areaOf(
  codes: ReadonlySet<string>,
  { town, region }: Pick<AlertBrief, 'town' | 'region'>,
): string | undefined {
  if (codes.has(town)) return town;
  if (codes.has(region)) return region;
  const city = `${region.slice(0, 4)}00`;
  return codes.has(city) ? city : undefined;
}

interface Known {
  overdue: number;
  oldestMs: number;
  unit?: string;
  dueMs: number;
}

/**
 * The states of the areas of a frame.
 * @param alerts open alerts, as many as are known: the overdue ones are counted among them and those of the agenda, which
 *   has what is late first
 */
export function areaStates(frame: Frame | undefined, alerts: readonly AlertBrief[]): AreaState[] {
  if (!frame) return [];
  const codes = new Set(Object.keys(frame.byTown));
  const briefs = new Map([...alerts, ...Object.values(frame.agenda ?? {})].map((brief) => [alertKey(brief), brief]));
  const known = new Map<string, Known>();
  for (const alert of briefs.values()) {
    if (alert.stage === 'closed') continue;
    const code = areaOf(codes, alert);
    if (code === undefined) continue;
    const entry = known.get(code) ?? { overdue: 0, oldestMs: Infinity, dueMs: Infinity };
    if (alert.overdue) entry.overdue++;
    entry.oldestMs = Math.min(entry.oldestMs, Date.parse(alert.raisedAt));
    const dueMs = alert.dueAt === undefined ? Infinity : Date.parse(alert.dueAt);
    if (alert.unit !== undefined && dueMs < entry.dueMs) {
      entry.dueMs = dueMs;
      entry.unit = alert.unit;
    }
    known.set(code, entry);
  }
  return Object.entries(frame.byTown).map(([code, row]) => {
    const entry = known.get(code);
    // The frame knows the oldest of all; the alerts at hand may be but the newest.
    const oldestMs = row.oldestOpenAt === undefined ? entry?.oldestMs : Date.parse(row.oldestOpenAt);
    return {
      code,
      tiers: row.tiers,
      overdue: entry?.overdue ?? 0,
      ...(oldestMs !== undefined && row.open > 0 ? { oldestMs } : {}),
      ...(entry?.unit === undefined ? {} : { unit: entry.unit }),
    };
  });
}
