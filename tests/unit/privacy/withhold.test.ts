import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame, TownRow } from '../../../contract/frame.ts';
import { withhold, withholdSeries } from '../../../server/privacy/withhold.ts';

const LEAST = 5;
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
        Object.fromEntries(Object.entries(rows).map(([key, one]) => [key, { ...one, tiers: open } as TownRow])),
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
  );

const COUNTS = ['raised', 'effective', 'falseAlarm', 'closed', 'open'] as const;
const BREAKDOWNS = ['byTier', 'byTown', 'byIndustry', 'byChannel'] as const;

describe('withholding small figures', () => {
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
        for (const one of plain) expect(one === 0 || one! >= LEAST).toBe(true);
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
            const gone = keys.filter((key) => kept[name][key]![figure] === 0);
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

  it('leaves out steps of a series over too few alerts', () => {
    const series = (steps: Record<string, Record<string, number>>) => ({
      measure: 'amountFen' as const,
      step: 'day',
      from: 'a',
      to: 'b',
      steps,
    });
    const over = series({ d1: { all: 4 }, d2: { all: 5 } });
    expect(withholdSeries(series({ d1: { all: 100 }, d2: { all: 900 } }), over, 5)).toMatchObject({
      steps: { d2: { all: 900 } },
      withheld: 5,
    });
    expect(withholdSeries(series({ d1: { all: 100 } }), undefined, 5).steps).toEqual({});
  });
});
