import fc from 'fast-check';
import { describe, it } from 'vitest';
import { NO_TERM } from '../../../common/termBounds.ts';
import type { WindowName } from '../../../contract/codes.ts';
import type { AlertState } from '../../../server/alerts/state.ts';
import { EDGES } from './support/arbitrary.ts';
import { liveFrame } from './support/oracle.ts';
import { PACK, TOWNS } from './support/pack.ts';
import { expectSame } from './support/same.ts';
import { frameParts, World } from './support/world.ts';

const MIN = 60_000,
  HOUR = 60 * MIN,
  DAY = 24 * HOUR;
const TIERS = ['red', 'orange', 'yellow'] as const;

/** One alert in every unit of time, closed and paid some units later: something enters and leaves at every bound. */
function everyUnit(now: number, unit: number, count: number): AlertState[] {
  return Array.from({ length: count }, (_, i) => {
    const raisedAt = now - i * unit - ((i * 7919) % unit);
    return {
      alertId: `a${i}`,
      raisedAt,
      stage: 'closed',
      closedAt: raisedAt + 3 * unit,
      verdict: i % 3 ? 'effective' : 'false-alarm',
      verdictAt: raisedAt + 2 * unit,
      recoveries: [{ at: raisedAt + unit, amountFen: i, workers: 1 }],
      dueAt: NO_TERM,
      changedAt: now,
      conflicts: 0,
      stageAt: 0,
      stageEvent: '',
      stageSource: '',
      termFrom: 0,
      namedDueAt: NaN,
      facts: {
        tier: TIERS[i % 3]!,
        town: TOWNS[i % 4]!,
        industry: 'E',
        channel: 'water',
        enterprise: { name: `${i % 9}` },
        workers: i,
        amountFen: i,
        location: { lng: 120 + i / 500, lat: 30.3 },
      },
    };
  });
}

describe('a window that somebody watches', () => {
  const cases: [unit: number, count: number, windows: WindowName[]][] = [
    [MIN, 135, ['1h', 'today']],
    [20 * MIN, 160, ['24h', 'today']],
    [3 * HOUR, 130, ['7d', 'week', 'month']],
    [12 * HOUR, 140, ['30d', 'month', 'week']],
    [5 * DAY, 160, ['365d', 'year', 'all']],
  ];
  it.each(cases)('slides with the clock alone, bound by bound (steps of about %d ms)', (unit, count, windows) => {
    const scenarioArb = fc.record({
      start: fc.constantFrom(...EDGES),
      before: fc.integer({ min: 0, max: 10 }),
      // Now and then a clock is set back a little.
      steps: fc.array(fc.integer({ min: -150, max: 1500 }), { minLength: 12, maxLength: 12 }),
      scope: fc.constantFrom(PACK.code, TOWNS[1]!),
    });
    fc.assert(
      fc.property(scenarioArb, ({ start, before, steps, scope }) => {
        let now = start - before * unit;
        const world = new World();
        const alerts = everyUnit(now, unit, count);
        for (const alert of alerts) world.upsert(alert, now);
        for (const thousandths of steps) {
          for (const window of windows) {
            expectSame(frameParts(world.frame(scope, window, now)), liveFrame(alerts, scope, window, now, 0));
          }
          now += Math.round((thousandths / 1000) * unit);
          world.cube.sweep(now);
        }
      }),
      { numRuns: 4 },
    );
  });
});
