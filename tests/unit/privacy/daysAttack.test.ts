import { expect, it } from 'vitest';
import { WINDOWS } from '../../../contract/codes.ts';
import type { AlertState } from '../../../server/alerts/state.ts';
import { withhold } from '../../../server/privacy/withhold.ts';
import { PACK, TOWNS } from '../aggregations/support/pack.ts';
import { World } from '../aggregations/support/world.ts';
import { daysFoundOut } from './support/daysAttacker.ts';
import { NOW, randomFrom } from './support/frames.ts';

const LEAST = 3;
const HOUR = 3_600_000;
const SEEDS = Number(process.env.DAYS_SEEDS ?? 6);

/** A region whose alerts come in batches: most of them large, so that the days of its towns may often be shown. */
function batches(seed: number): World {
  const random = randomFrom(seed);
  const world = new World();
  let id = 0;
  const older = random() < 0.4;
  const smalls = random() < 0.5 ? 0.08 : 0;
  for (let batch = 0; batch < 3 + 7 * random(); batch++) {
    const days = [0, 1, 1, 2, 6, 7, 13, 29][Math.floor(8 * random())]! + (older && random() < 0.3 ? 15 : 0);
    const raisedAt = NOW - days * 24 * HOUR - Math.floor(10 * random()) * HOUR;
    const many = random() < smalls ? 1 + Math.floor(2 * random()) : 3 + Math.floor(4 * random());
    const town = TOWNS[Math.floor(2 * random())]!;
    const tier = random() < 0.7 ? 'red' : 'orange';
    const closed = random() < 0.2;
    for (let i = 0; i < many; i++) {
      const state: AlertState = {
        alertId: `a${id++}`,
        raisedAt,
        stage: closed ? 'closed' : 'raised',
        ...(closed ? { closedAt: NOW } : {}),
        recoveries: [],
        dueAt: NOW + HOUR,
        changedAt: raisedAt,
        conflicts: 0,
        stageAt: 0,
        stageEvent: '',
        stageSource: '',
        termFrom: 0,
        namedDueAt: NaN,
        facts: { tier, town, industry: 'E', channel: 'water', enterprise: { name: '甲' }, workers: 1, amountFen: 1 },
      };
      world.upsert(state, NOW);
    }
  }
  return world;
}

it('the days of towns tell no small figure, by any linear combination with windows, steps, towns and the period before', () => {
  let shown = 0;
  let told = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const world = batches(seed);
    for (const window of WINDOWS.filter((_, i) => (i + seed) % 3 === 0)) {
      const frame = world.frame(PACK.code, window, NOW);
      const alerts = [...world.alerts.values()];
      const kept = withhold(frame, LEAST);
      const found = daysFoundOut(alerts, frame, kept, LEAST);
      if (found.length) expect({ seed, window, found }).toEqual({ found: [] });
      const days = Object.values(kept.byTown).some((row) => row.days);
      if (days) shown++;
      else {
        // Had they been shown after all:
        for (const [town, row] of Object.entries(kept.byTown)) row.days = frame.byTown[town]!.days!;
        told += Number(daysFoundOut(alerts, frame, kept, LEAST).length > 0);
      }
    }
  }
  // The search has something to find, and something to find it from.
  expect(shown).toBeGreaterThan(2);
  expect(told).toBeGreaterThan(2);
});
