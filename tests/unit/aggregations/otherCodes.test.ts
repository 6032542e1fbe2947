import { describe, expect, it } from 'vitest';
import type { Tier } from '../../../contract/codes.ts';
import { UnknownScopeError } from '../../../server/aggregations/cube.ts';
import type { AlertState } from '../../../server/alerts/state.ts';
import { PACK, TOWNS } from './support/pack.ts';
import { World } from './support/world.ts';

const NOW = Date.parse('2026-11-21T18:24:07+08:00');
const alert = (alertId: string, tier: Tier, town: string): AlertState => ({
  alertId,
  raisedAt: NOW,
  stage: 'raised',
  recoveries: [],
  dueAt: NOW + 1,
  changedAt: NOW,
  conflicts: 0,
  stageAt: 0,
  stageEvent: '',
  stageSource: '',
  termFrom: 0,
  namedDueAt: NaN,
  facts: { tier, town, industry: 'E', channel: 'water', enterprise: { name: '甲' }, workers: 1, amountFen: 1 },
});

describe('codes that have left the region pack', () => {
  it('are shown while something is in them, so that rows add up to the total', () => {
    const world = new World();
    expect(Object.keys(world.frame(PACK.code, '7d', NOW).byTown)).toStrictEqual(TOWNS);
    world.upsert(alert('a', 'blue', '330110999'), NOW);
    const frame = world.frame(PACK.code, '7d', NOW);
    expect(frame.totals.raised).toBe(1);
    expect(frame.byTown['330110999']).toMatchObject({
      raised: 1,
      open: 1,
      tiers: { red: 0, orange: 0, yellow: 0, blue: 1 },
    });
    expect(frame.byTier.blue).toMatchObject({ raised: 1, open: 1 });
    expect(Object.values(frame.series)[0]!.tiers).toStrictEqual({ red: 0, orange: 0, yellow: 0, blue: 1 });
    world.upsert(alert('a', 'red', TOWNS[0]!), NOW);
    const amended = world.frame(PACK.code, '7d', NOW);
    expect(Object.keys(amended.byTown)).toStrictEqual(TOWNS);
    expect(Object.keys(amended.byTier)).toStrictEqual(['red', 'orange', 'yellow']);
  });

  it('are not any scope one likes', () => {
    const world = new World();
    for (const scope of ['330111', '330110999', '', 'constructor', '33011000']) {
      expect(() => world.frame(scope, '7d', NOW)).toThrow(UnknownScopeError);
    }
  });
});
