import { NO_TERM } from '../../../../common/termBounds.ts';
import type { AlertState } from '../../../../server/alerts/state.ts';
import type { Frame } from '../../../../contract/frame.ts';
import { TERM_STAGES, type Tier, type WindowName } from '../../../../contract/codes.ts';
import { buildPastFrame } from '../../../../server/aggregations/pastFrame.ts';
import { PACK, TOWNS } from '../../aggregations/support/pack.ts';
import { World } from '../../aggregations/support/world.ts';

export const NOW = Date.parse('2026-11-21T10:24:07+08:00');
const HOUR = 3_600_000;
const UNITS = ['某街道综合执法队', '某劳动保障监察大队', '某镇综合信息指挥室'];

/** Numbers 0 ≤ x < 1 from a seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A region whose figures are as uneven as real ones: some cells large, many of one to four alerts, many empty. */
export function worldOf(seed: number, { older }: { older: boolean }): World {
  const random = randomFrom(seed);
  /** One of a list, the first much more often than the last. */
  const one = <T>(list: readonly T[], skew: number): T => list[Math.floor(list.length * random() ** skew)]!;
  const skew = 1 + 3 * random();
  const world = new World();
  const alerts = 10 + Math.floor(90 * random());
  const closes = random();
  const audits = random();
  for (let i = 0; i < alerts; i++) {
    const raisedAt = NOW - Math.floor((older && random() < 0.4 ? 400 * 24 : 20) * HOUR * random() ** 2);
    const later = () => raisedAt + Math.floor((NOW - raisedAt) * random());
    const stage =
      random() < closes ? 'closed' : one(['dispatched', 'raised', 'accepted', 'handled', 'audited'] as const, skew);
    const verdict = random() < audits ? (random() < 0.8 ? 'effective' : 'false-alarm') : undefined;
    const due = NOW + (random() < 0.7 ? -HOUR : i % 3 ? HOUR : 40 * HOUR);
    const state: AlertState = {
      alertId: `a${i}`,
      raisedAt,
      stage,
      ...(verdict ? { verdict, verdictAt: later() } : {}),
      ...(stage === 'closed' ? { closedAt: later() } : {}),
      recoveries: random() < 0.2 ? [{ at: later(), amountFen: 100 + i, workers: 1 }] : [],
      // A pack without terms by stage: none runs once an alert is handled.
      dueAt: (TERM_STAGES as readonly string[]).includes(stage) ? due : NO_TERM,
      ...(i % 4 ? { platform: 'other' as const, unit: UNITS[((i * 7) % 11) % UNITS.length]! } : {}),
      changedAt: raisedAt,
      conflicts: 0,
      stageAt: 0,
      stageEvent: '',
      stageSource: '',
      termFrom: 0,
      namedDueAt: NaN,
      facts: {
        tier: one(['yellow', 'red', 'orange'] as const, skew),
        town: one(TOWNS, skew),
        industry: one(['E', 'C', 'H', 'I'] as const, skew),
        channel: one(['petition', 'water', 'layoff'] as const, skew),
        enterprise: { name: `企业${i}` },
        workers: 3,
        amountFen: 10_000 + i,
        ...(random() < 0.95 ? { location: { lng: one([120.1, 120.2, 120.3, 120.4], skew), lat: 30.2 } } : {}),
      },
    };
    world.upsert(state, NOW);
  }
  return world;
}

/** So many open alerts by town and tier, all alike but for that. */
export function openWorld(cells: readonly (readonly [town: string, tier: Tier, open: number])[]): World {
  const world = new World();
  let id = 0;
  for (const [town, tier, open] of cells) {
    for (let i = 0; i < open; i++)
      world.upsert(
        {
          alertId: `a${id++}`,
          raisedAt: NOW - HOUR,
          stage: 'raised',
          recoveries: [],
          dueAt: NOW + HOUR,
          changedAt: NOW - HOUR,
          conflicts: 0,
          stageAt: 0,
          stageEvent: '',
          stageSource: '',
          termFrom: 0,
          namedDueAt: NaN,
          facts: { tier, town, industry: 'E', channel: 'water', enterprise: { name: '甲' }, workers: 1, amountFen: 1 },
        },
        NOW,
      );
  }
  return world;
}

export const frameAt = (world: World, scope: string, window: WindowName, at: number): Frame =>
  buildPastFrame({ pack: PACK, scope, window, at, seq: 1, cube: world.cube, latest: [] });
