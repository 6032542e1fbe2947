import fc from 'fast-check';
import type { AlertFacts, AlertState } from '../../../../server/alerts/state.ts';
import { NO_TERM } from '../../../../common/termBounds.ts';
import { TOWNS } from './pack.ts';

const MIN = 60_000,
  HOUR = 60 * MIN,
  DAY = 24 * HOUR;
const local = (text: string) => Date.parse(`${text}+08:00`);

/** Moments at which calendars do something: midnight, Monday, month and year ends, 29 February. */
export const EDGES = [
  '2024-02-29T00:00:00',
  '2024-03-01T00:00:00',
  '2025-02-28T00:00:00',
  '2025-03-01T00:00:00',
  '2024-12-31T00:00:00',
  '2025-01-01T00:00:00',
  '2026-01-01T00:00:00',
  '2025-03-31T00:00:00',
  '2025-05-01T00:00:00',
  '2026-11-16T00:00:00',
  '2026-11-21T18:24:07',
  '2023-07-03T00:00:00',
  '2024-08-31T23:59:00',
  '2025-12-29T08:00:00',
].map(local);

/** A moment near an edge. */
export const nowArb = fc
  .tuple(
    fc.constantFrom(...EDGES),
    fc.oneof(
      fc.constantFrom(-1, 0, 1, -MIN, MIN, HOUR - 1, HOUR, -DAY, DAY),
      fc.integer({ min: -2 * MIN, max: 2 * MIN }),
      fc.integer({ min: -40 * DAY, max: 40 * DAY }),
    ),
  )
  .map(([edge, shift]) => edge + shift);

/** How long ago: near the bounds of windows and retentions as often as anywhere. Up to 5 minutes in the future. */
export const agoArb = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -5 * MIN, max: 3 * HOUR }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 80 * DAY }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 1200 * DAY }) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          HOUR,
          2 * HOUR,
          DAY,
          2 * DAY,
          50 * HOUR,
          7 * DAY,
          14 * DAY,
          30 * DAY,
          60 * DAY,
          70 * DAY,
          364 * DAY,
          365 * DAY,
          366 * DAY,
          372 * DAY,
          395 * DAY,
          730 * DAY,
        ),
        fc.oneof(
          fc.integer({ min: -2 * MIN, max: 2 * MIN }),
          fc.integer({ min: -2 * HOUR, max: 2 * HOUR }),
          fc.integer({ min: -2 * DAY, max: 2 * DAY }),
        ),
      )
      .map(([length, shift]) => Math.max(-5 * MIN, length + shift)),
  },
);

const factsArb: fc.Arbitrary<AlertFacts> = fc
  .record(
    {
      tier: fc.constantFrom('red' as const, 'orange' as const, 'yellow' as const),
      town: fc.constantFrom(...TOWNS),
      industry: fc.constantFrom('E' as const, 'C' as const, 'H' as const),
      channel: fc.constantFrom('water' as const, 'petition' as const, 'layoff' as const),
      enterprise: fc.oneof(
        fc.record({ uscc: fc.constantFrom('91A', ' 91ａ', '91B', '91C'), name: fc.constantFrom('甲', '乙') }),
        fc.record({ name: fc.constantFrom('甲', '乙', '丙（一）', '丙 (一)') }),
      ),
      workers: fc.integer({ min: 0, max: 50 }),
      amountFen: fc.oneof(fc.integer({ min: 0, max: 10_000_000 }), fc.constant(1_000_000_000_000)),
      location: fc.option(
        fc.record({ lng: fc.constantFrom(120.1, 120.3, 120.301), lat: fc.constantFrom(30.2, 30.42) }),
        { nil: undefined, freq: 4 },
      ),
    },
    { requiredKeys: ['tier', 'town', 'industry', 'channel', 'enterprise', 'workers', 'amountFen'] },
  )
  .map((facts) => {
    const { location, ...rest } = facts;
    return location ? { ...rest, location } : rest;
  });

const STAGES = ['raised', 'dispatched', 'accepted', 'handled', 'audited', 'closed'] as const;

/** An alert as the fold might leave it at `now`; its times need not follow one another, as late clocks make them. */
export function stateArb(alertId: string, now: number): fc.Arbitrary<AlertState> {
  const time = agoArb.map((ago) => now - ago);
  return fc
    .record({
      facts: factsArb,
      outside: fc.boolean(),
      supervised: fc.constantFrom(false, false, true),
      raisedAt: time,
      stage: fc.constantFrom(...STAGES),
      verdict: fc.constantFrom(undefined, 'effective' as const, 'effective' as const, 'false-alarm' as const),
      verdictAt: time,
      closedAt: time,
      recoveries: fc.array(
        fc.record({
          at: time,
          amountFen: fc.integer({ min: 0, max: 5_000_000 }),
          workers: fc.integer({ min: 0, max: 9 }),
        }),
        { maxLength: 2 },
      ),
      termless: fc.constantFrom(false, false, true),
      due: fc.oneof(fc.integer({ min: -2 * HOUR, max: 2 * HOUR }), fc.integer({ min: -60 * DAY, max: 60 * DAY })),
    })
    .map(
      ({ facts, outside, raisedAt, stage, verdict, verdictAt, closedAt, recoveries, due, termless, supervised }) => ({
        alertId,
        facts,
        ...(outside && facts.location ? { positionOutside: true as const } : {}),
        raisedAt,
        stage,
        recoveries,
        ...(verdict ? { verdict, verdictAt } : {}),
        ...(stage === 'closed' ? { closedAt } : {}),
        ...(supervised && stage !== 'closed' ? { supervised: true as const } : {}),
        // Some packs have no term in stages of their own.
        dueAt: stage === 'closed' || termless ? NO_TERM : now + due,
        changedAt: Math.max(raisedAt, ...recoveries.map((r) => r.at)),
        conflicts: 0,
        stageAt: 0,
        stageEvent: '',
        stageSource: '',
        termFrom: 0,
        namedDueAt: NaN,
      }),
    );
}

/** How far the clock moves on between two things that happen. */
export const stepArb = fc.oneof(
  fc.integer({ min: 0, max: 2 * MIN }),
  fc.integer({ min: 0, max: 3 * HOUR }),
  fc.constantFrom(MIN, HOUR, DAY, 7 * DAY, 31 * DAY),
  fc.integer({ min: 0, max: 400 * DAY }),
);
