import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Boundaries } from '../../../contract/boundaries.ts';
import type { Stage, Tier, Verdict } from '../../../contract/codes.ts';
import type { Enterprise, Project, WageEvent } from '../../../contract/events.ts';
import type { LngLat } from '../../../contract/frame.ts';
import type { RegionPack } from '../../../contract/region.ts';

const geo = join(import.meta.dirname, '../../../assets/geo/330110');
export const pack = JSON.parse(readFileSync(join(geo, 'region.json'), 'utf8')) as RegionPack;

/** An alert as contract §2 has it; written anew here, so that the product's fold is not its own judge. */
export interface Folded {
  alertId: string;
  tier: Tier;
  town: string;
  industry: string;
  channel: string;
  enterprise: Enterprise;
  project?: Project;
  workers: number;
  amountFen: number;
  location?: LngLat;
  score: number;
  raisedAt: number;
  stage: Stage;
  verdict?: Verdict;
  verdictAt?: number;
  closedAt?: number;
  dueAt: number;
  recoveries: { at: number; workers: number; amountFen: number }[];
  events: WageEvent[];
}

const RANK: Record<string, number> = {
  'wage.alert.raised': 0,
  'wage.alert.amended': 0,
  'wage.wages.recovered': 0,
  'wage.alert.dispatched': 1,
  'wage.alert.accepted': 2,
  'wage.alert.handled': 3,
  'wage.alert.audited': 4,
  'wage.alert.closed': 5,
};

export function fold(events: Iterable<WageEvent>, region: RegionPack = pack): Map<string, Folded> {
  const byAlert = new Map<string, Map<string, WageEvent>>();
  for (const event of events) {
    let own = byAlert.get(event.data.alertId);
    if (!own) byAlert.set(event.data.alertId, (own = new Map<string, WageEvent>()));
    const key = `${event.source}\n${event.id}`;
    if (!own.has(key)) own.set(key, event);
  }
  const result = new Map<string, Folded>();
  for (const [alertId, own] of byAlert) {
    const sorted = [...own.values()]
      .map((event) => ({ event, at: Date.parse(event.time) }))
      .sort((a, b) => a.at - b.at || RANK[a.event.type]! - RANK[b.event.type]! || (a.event.id < b.event.id ? -1 : 1));
    const raised = sorted.find(({ event }) => event.type === 'wage.alert.raised');
    if (!raised) continue;
    const state = {
      ...raised.event.data,
      alertId,
      raisedAt: raised.at,
      stage: 'raised',
      recoveries: [],
      events: sorted.map(({ event }) => event),
    } as unknown as Folded;
    let due: number | undefined;
    for (const { event, at } of sorted) {
      switch (event.type) {
        case 'wage.alert.raised':
          break;
        case 'wage.alert.amended': {
          for (const [field, value] of Object.entries(event.data)) {
            if (field !== 'reason' && field !== 'alertId' && field !== 'region')
              Object.assign(state, { [field]: value });
          }
          break;
        }
        case 'wage.wages.recovered':
          state.recoveries.push({ at, workers: event.data.workers, amountFen: event.data.amountFen });
          break;
        case 'wage.alert.audited':
          if (event.data.verdict === 'returned') state.stage = 'dispatched';
          else Object.assign(state, { stage: 'audited', verdict: event.data.verdict, verdictAt: at });
          break;
        default:
          state.stage = event.type.slice('wage.alert.'.length) as Stage;
          if (event.type === 'wage.alert.dispatched' && event.data.dueAt) due = Date.parse(event.data.dueAt);
          if (event.type === 'wage.alert.closed') state.closedAt = at;
      }
    }
    state.dueAt = due ?? state.raisedAt + region.tiers.find(({ tier }) => tier === state.tier)!.termHours * 3_600_000;
    result.set(alertId, state);
  }
  return result;
}

export function isOverdue(alert: Folded, now: number): boolean {
  return ['raised', 'dispatched', 'accepted'].includes(alert.stage) && now > alert.dueAt;
}

export function totals(alerts: Iterable<Folded>) {
  const sum = { raised: 0, effective: 0, falseAlarm: 0, recoveredFen: 0, recoveredWorkers: 0, enterprisesPaid: 0 };
  const paid = new Set<string>();
  for (const alert of alerts) {
    sum.raised++;
    if (alert.verdict === 'effective') sum.effective++;
    if (alert.verdict === 'false-alarm') sum.falseAlarm++;
    for (const { amountFen, workers } of alert.recoveries) {
      sum.recoveredFen += amountFen;
      sum.recoveredWorkers += workers;
      paid.add(alert.enterprise.uscc ?? alert.enterprise.name);
    }
  }
  sum.enterprisesPaid = paid.size;
  return sum;
}

/** Items that are not as they should be: one assertion for thousands of them. */
export function wrong<T>(items: Iterable<T>, isRight: (item: T) => boolean): T[] {
  return [...items].filter((item) => !isRight(item)).slice(0, 3);
}

export function count<T>(items: Iterable<T>, key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

/** A region of many towns with long names, as a layout must bear. */
export function manyTowns(n = 60): RegionPack {
  return {
    ...pack,
    code: '990199',
    towns: Array.from({ length: n }, (_, i) => ({
      code: `990199${String(i + 1).padStart(3, '0')}`,
      name: { 'zh-CN': `第${i + 1}${i % 3 ? '街道' : '镇'}`, en: `Town ${i + 1}` },
      seat: [119.5 + (i % 10) * 0.08, 30 + Math.floor(i / 10) * 0.07] as [number, number],
      areaKm2: 12 + ((i * 37) % 60),
    })),
  };
}

/** A square of 4 km around each seat, with a notch, so that a point can be near the seat and outside. */
export function squares(region: RegionPack = pack): Boundaries {
  return {
    type: 'FeatureCollection',
    features: region.towns.map(({ code, name, seat: [x, y] }) => {
      const d = 0.018;
      const ring: [number, number][] = [
        [x - d, y - d],
        [x + d, y - d],
        [x + d, y + d],
        [x, y + d / 4],
        [x - d, y + d],
        [x - d, y - d],
      ];
      return {
        type: 'Feature',
        id: code,
        properties: { code, name: name['zh-CN'], label: [x, y] },
        geometry: { type: 'Polygon', coordinates: [ring] },
      };
    }),
  };
}
