import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../contract/frame.ts';
import { WINDOWS, type Tier } from '../../../contract/codes.ts';
import { hiddenRows, smallerThan } from '../../../server/privacy/hiddenRows.ts';
import { withhold, withholdSeries } from '../../../server/privacy/withhold.ts';
import { SCOPES } from '../aggregations/support/pack.ts';
import { foundOut } from './support/attacker.ts';
import { frameAt, NOW, openWorld, randomFrom, worldOf } from './support/frames.ts';

const LEAST = 5;
/** So many generated regions are searched. */
const SEEDS = 60;
const count = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 500 }));
const row = fc
  .record({
    raised: count,
    workers: count,
    amountFen: count,
    effective: count,
    falseAlarm: count,
    recoveredFen: count,
    recoveredWorkers: count,
    closed: count,
    closeMs: count,
    open: count,
  })
  .map((one) => ({
    ...one,
    ...(one.effective + one.falseAlarm > 0 ? { successRate: one.effective / (one.effective + one.falseAlarm) } : {}),
  }));
const by = (keys: string[]) =>
  fc
    .uniqueArray(fc.constantFrom(...keys))
    .chain((some) =>
      fc.tuple(...some.map(() => row)).map((rows) => Object.fromEntries(rows.map((one, i) => [some[i]!, one]))),
    );
const tiers = fc.record({ red: count, orange: count, yellow: count });
const frames: fc.Arbitrary<Frame> = fc
  .record({
    totals: fc
      .tuple(row, count, count)
      .map(([one, overdue, enterprisesPaid]) => ({ ...one, overdue, enterprisesPaid, avgCloseHours: 3 })),
    byTier: by(['red', 'orange', 'yellow']),
    byIndustry: by(['A', 'E', 'H', 'I']),
    byChannel: by(['petition', 'water', 'tax']),
    byTown: fc
      .tuple(by(['330110001', '330110002', '330110010']), tiers)
      .map(([rows, open]) =>
        Object.fromEntries(Object.entries(rows).map(([key, one]) => [key, { ...one, tiers: open }])),
      ),
    byStage: fc.record({ raised: count, closed: count }),
    heat: fc.dictionary(fc.constantFrom('88a', '88b', '88c'), fc.integer({ min: 1, max: 20 })),
    series: fc.dictionary(
      fc.constantFrom('2026-11-20T00:00:00+08:00', '2026-11-21T00:00:00+08:00'),
      fc.record({ tiers, effective: count, falseAlarm: count, recoveredFen: count }),
    ),
    previous: row,
  })
  .map(
    ({ previous, ...rest }) =>
      ({
        scope: '330110',
        window: '30d',
        at: 'x',
        seq: 1,
        compare: { previous },
        latest: { A: {} },
        ...rest,
      }) as unknown as Frame,
  )
  // A window that holds everything loses more, because there is more to tell it by: below.
  .filter(({ totals: { raised, closed, open } }) => raised - closed !== open);

const COUNTS = ['raised', 'effective', 'falseAlarm', 'closed', 'open'] as const;
const BREAKDOWNS = ['byTier', 'byTown', 'byIndustry', 'byChannel'] as const;

describe('withholding small figures', () => {
  it('gives no rate where either verdict is lost, and a rate where both are shown', () => {
    const shown = {
      raised: 100,
      workers: 0,
      amountFen: 0,
      recoveredFen: 0,
      recoveredWorkers: 0,
      closed: 30,
      closeMs: 9,
    };
    const frameOf = (effective: number, falseAlarm: number) => {
      const row = { ...shown, open: 60, effective, falseAlarm, successRate: effective / (effective + falseAlarm) };
      const totals = { ...row, enterprisesPaid: 0 };
      const tables = { byTier: { red: row }, byTown: {}, byIndustry: { E: row }, byChannel: {}, heat: {}, series: {} };
      return {
        scope: '330110',
        window: '30d',
        at: 'x',
        seq: 1,
        compare: { previous: row },
        totals,
        ...tables,
      } as unknown as Frame;
    };
    for (const [effective, falseAlarm, rated] of [
      [20, LEAST - 1, false],
      [LEAST - 1, 20, false],
      [1, 1, false],
      [20, LEAST, true],
    ] as const) {
      const { totals, byTier, byIndustry, compare } = withhold(frameOf(effective, falseAlarm), LEAST);
      for (const one of [totals, byTier.red, byIndustry.E, compare.previous])
        expect('successRate' in one!, `${effective} and ${falseAlarm}`).toBe(rated);
    }
  });

  it('gives no count from 1 to one less than the least, anywhere, and nothing made of one', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const kept = withhold(frame, LEAST);
        const rows = [...BREAKDOWNS.flatMap((name) => Object.values(kept[name])), kept.totals, kept.compare.previous!];
        for (const one of rows) {
          for (const name of COUNTS)
            if (name in one)
              expect(
                (one as Record<string, number>)[name] === 0 || (one as Record<string, number>)[name]! >= LEAST,
              ).toBe(true);
          if (one.raised === 0) expect([one.workers, one.amountFen]).toEqual([0, 0]);
          if (one.closed === 0) expect(one.closeMs).toBe(0);
        }
        const plain = [
          ...Object.values(kept.heat),
          ...Object.values(kept.byStage!),
          ...Object.values(kept.series).flatMap((step) => [
            ...Object.values(step.tiers),
            step.effective,
            step.falseAlarm,
          ]),
          ...Object.values(kept.byTown).flatMap((one) => Object.values(one.tiers)),
        ];
        for (const one of plain) expect(one === 0 || one >= LEAST).toBe(true);
        expect(kept.latest).toEqual({});
        expect(kept.withheld).toBe(LEAST);
      }),
      { numRuns: 200 },
    );
  });

  it('never leaves one row alone without a figure that its total would give away', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const kept = withhold(frame, LEAST);
        for (const name of BREAKDOWNS) {
          for (const figure of COUNTS) {
            const keys = Object.keys(frame[name]).filter((key) => frame[name][key]![figure] > 0);
            const gone = keys.filter((key) => (kept[name][key]?.[figure] ?? 0) === 0);
            if (gone.length === 1) expect(keys).toHaveLength(1);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('changes nothing that is large, and not what it was given', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const before = structuredClone(frame);
        const kept = withhold(frame, LEAST);
        expect(frame).toEqual(before);
        for (const name of COUNTS.slice(0, 4))
          if (frame.totals[name] >= LEAST) expect(kept.totals[name]).toBe(frame.totals[name]);
        expect(Object.keys(kept.byTown)).toEqual(Object.keys(frame.byTown));
      }),
      { numRuns: 100 },
    );
  });

  it('gives no series whose span and step are free: two of them differ by a single alert', () => {
    const answer = { measure: 'amountFen' as const, step: 'day', from: 'a', to: 'b', steps: { d1: { all: 100 } } };
    expect(withholdSeries(answer, 5)).toEqual({ ...answer, steps: {}, withheld: 5 });
  });
});

describe('who adds up and takes away what is shown', () => {
  it('finds no small figure out, by any linear combination, in any window, scope or moment', () => {
    let small = 0;
    let shown = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const world = worldOf(seed, { older: seed % 3 === 0 });
      for (const window of seed % 2 ? (['all', '24h'] as const) : WINDOWS) {
        for (const scope of SCOPES.slice(0, 2)) {
          const frames = [world.frame(scope, window, NOW), frameAt(world, scope, window, NOW - 7_200_000)];
          for (const frame of seed % 5 ? frames.slice(0, 1) : frames) {
            const kept = withhold(frame, LEAST);
            const found = foundOut(frame, kept, LEAST);
            if (found.length) expect({ seed, window, scope, at: frame.at, found }).toEqual({ found: [] });
            small += Object.values(frame.byTown).filter(({ open }) => open > 0 && open < LEAST).length;
            shown += Object.values(kept.byTown).filter(({ open }) => open > 0).length;
          }
        }
      }
    }
    // The search has something to find, and something to find it from.
    expect(small).toBeGreaterThan(50);
    expect(shown).toBeGreaterThan(50);
  });

  it('would find them by hand: 23 = 10 + 10 + (3), were only the small ones lost', () => {
    const world = worldOf(3, { older: false });
    const frame = world.frame('330110', '24h', NOW);
    const naive = structuredClone(frame);
    for (const one of Object.values(naive.byTier)) if (one.open < LEAST) one.open = 0;
    for (const one of Object.values(naive.byTown)) if (one.open < LEAST) one.open = 0;
    expect(foundOut(frame, naive, LEAST).length).toBeGreaterThan(0);
  });
});

describe('which rows are lost', () => {
  const small = smallerThan(5);
  const hide = (...counts: number[][]) =>
    [
      ...hiddenRows(
        counts.map((row, i) => [String(i), row] as const),
        small,
      ),
    ]
      .map(Number)
      .sort();

  it.each([
    ['none, where all are large or empty', [[10], [0], [5]], []],
    ['the last large one beside a small one', [[10], [10], [3]], [1, 2]],
    ['the last in order, not the smallest', [[6], [3], [90]], [1, 2]],
    ['all, where all are small', [[3], [4], [1]], [0, 1, 2]],
    ['one alone, whose total is as small', [[3], [0]], [0]],
    [
      'a large one in each column that lost a small one',
      [
        [3, 0],
        [9, 0],
        [0, 2],
        [0, 9],
        [9, 9],
      ],
      [0, 2, 4],
    ],
    [
      'a large one that is not large in another column',
      [
        [3, 9],
        [9, 2],
        [9, 9],
        [0, 7],
      ],
      [0, 1, 2, 3],
    ],
  ])('%s', (_, rows, expected) => {
    expect(hide(...rows)).toEqual(expected);
  });

  it('stay the same whatever becomes of a row that is shown, and no further small row gives one free', () => {
    for (let seed = 1; seed < 400; seed++) {
      const random = randomFrom(seed);
      const rows = Array.from(
        { length: 2 + Math.floor(7 * random()) },
        (_, i) => [String(i), [Math.floor(20 * random() ** 2), Math.floor(20 * random() ** 2)]] as const,
      );
      const before = hiddenRows(rows, small);
      const change = (which: (key: string) => boolean, into: () => number) =>
        hiddenRows(
          rows.map(([key, counts]) => [key, which(key) ? counts.map((n) => (n === 0 ? 0 : into())) : counts] as const),
          small,
        );
      for (const [key] of rows) {
        if (!before.has(key))
          expect(
            change(
              (other) => other === key,
              () => 5 + Math.floor(90 * random()),
            ),
          ).toEqual(before);
        const more = change(
          (other) => other === key,
          () => 1 + Math.floor(4 * random()),
        );
        for (const lost of before) if (lost !== key) expect(more.has(lost)).toBe(true);
      }
    }
  });
});

describe('small figures by hand', () => {
  const frameOf = (change: (frame: Frame) => void): Frame => {
    const world = worldOf(1, { older: false });
    const frame = structuredClone(world.frame('330110', '24h', NOW));
    change(frame);
    return frame;
  };
  const openOf = (tiers: Record<string, number>) => (frame: Frame) => {
    frame.totals.open = Object.values(tiers).reduce((a, b) => a + b, 0);
    frame.totals.raised = 1_000;
    for (const [tier, open] of Object.entries(tiers)) frame.byTier[tier]!.open = open;
  };

  it('open 23 = 10 + 10 + (3): no two of the tiers are shown', () => {
    const kept = withhold(frameOf(openOf({ red: 10, orange: 10, yellow: 3 })), 5);
    expect(kept.totals.open).toBe(23);
    expect(Object.values(kept.byTier).map(({ open }) => open)).toEqual([10, 0, 0]);
  });

  it.each<[string, [town: string, tier: Tier, open: number][]]>([
    [
      'a tier that is lost in all is not told by the towns that have it',
      [
        ['330110001', 'red', 10],
        ['330110001', 'orange', 3],
        ['330110002', 'red', 10],
        ['330110002', 'yellow', 10],
      ],
    ],
    [
      'a town that is lost is not told by its tiers',
      [
        ['330110001', 'red', 3],
        ['330110002', 'red', 10],
        ['330110110', 'orange', 10],
      ],
    ],
  ])('%s', (_, open) => {
    const frame = openWorld(open).frame('330110', '24h', NOW);
    expect(foundOut(frame, withhold(frame, 5), 5)).toEqual([]);
    expect(foundOut(frame, frame, 5)).not.toEqual([]);
  });

  it('stages: a small one is lost with the last large one; overdue where its rest is small', () => {
    const stages = { raised: 2, dispatched: 20, accepted: 30, handled: 0, audited: 8, closed: 3 };
    const change = (overdue: number) => (frame: Frame) => {
      openOf({ red: 60, orange: 0, yellow: 0 })(frame);
      frame.byStage = { ...stages };
      frame.totals.overdue = overdue;
    };
    const kept = withhold(frameOf(change(40)), 5);
    expect(kept.byStage).toEqual({ raised: 0, dispatched: 20, accepted: 30, handled: 0, audited: 0, closed: 0 });
    expect(kept.totals.overdue).toBe(40);
    expect(withhold(frameOf(change(50)), 5).totals.overdue).toBe(0);
    expect(withhold(frameOf(change(58)), 5).totals.overdue).toBe(0);
    expect(withhold(frameOf(change(2)), 5).totals.overdue).toBe(0);
  });

  it('adds no overdue where a frame has none: those of the past', () => {
    const frame = frameOf(openOf({ red: 60, orange: 0, yellow: 0 }));
    delete frame.totals.overdue;
    expect(withhold(frame, 5).totals).not.toHaveProperty('overdue');
  });

  it('leaves out rows, steps and cells of which nothing is left', () => {
    const world = worldOf(5, { older: false });
    const frame = world.frame('330110', '24h', NOW);
    const kept = withhold(frame, 1_000);
    expect([kept.byIndustry, kept.byChannel, kept.series, kept.heat]).toEqual([{}, {}, {}, {}]);
    expect(Object.keys(kept.byTown)).toEqual(Object.keys(frame.byTown));
    expect(kept.totals).toMatchObject({ raised: 0, workers: 0, amountFen: 0, open: 0, overdue: 0, recoveredFen: 0 });
  });

  it('in a window that holds everything, raised is lost where open is: they differ by what is closed', () => {
    for (let seed = 1; seed < 60; seed++) {
      const world = worldOf(seed, { older: true });
      const kept = withhold(world.frame('330110', 'all', NOW), 5);
      for (const [key, { open }] of Object.entries(world.frame('330110', 'all', NOW).byTown)) {
        if (open > 0 && open < 5) expect(kept.byTown[key]).toMatchObject({ open: 0, raised: 0, amountFen: 0 });
      }
    }
  });
});
