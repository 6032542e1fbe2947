import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { h3Number, h3Text, Names } from '../../../server/aggregations/dictionary.ts';
import { parseFeedId } from '../../../server/aggregations/feedId.ts';
import { heatCell } from '../../../server/aggregations/heatCell.ts';
import { latLngToCell } from 'h3-js';
import { SparseSum } from '../../../server/aggregations/sparseSum.ts';

describe('sparse sums', () => {
  it('are a map of numbers in which zero is absent', () => {
    const keyArb = fc.oneof(
      fc.nat(40),
      fc.nat(2 ** 31 - 2),
      fc.nat(60).map((n) => n * 1024),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(keyArb, fc.integer({ min: -2, max: 2 })), { maxLength: 300, size: 'max' }),
        (adds) => {
          const sums = new SparseSum();
          const plain = new Map<number, number>();
          for (const [key, delta] of adds) {
            plain.set(key, (plain.get(key) ?? 0) + delta);
            expect(sums.add(key, delta)).toBe(plain.get(key));
          }
          const live = [...plain].filter(([, sum]) => sum !== 0);
          expect([...sums.sortedKeys()]).toEqual(live.map(([key]) => key).sort((a, b) => a - b));
          for (const [key, sum] of plain) expect(sums.get(key)).toBe(sum);
          expect(sums.get(77)).toBe(plain.get(77) ?? 0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('give back the room of what has returned to zero', () => {
    const sums = new SparseSum();
    for (let i = 0; i < 100_000; i++) {
      sums.add(i, 1);
      sums.add(i, -1);
    }
    expect(sums.keys.length).toBeLessThan(80);
    expect(sums.values).toHaveLength(sums.keys.length);
  });
});

describe('names and ids', () => {
  it('knows a cell by its 31 bits, anywhere on earth', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -90, max: 90, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        (lat, lng) => {
          const cell = latLngToCell(lat, lng, 8);
          expect(heatCell({ lng, lat })).toBe(cell);
          expect(heatCell({ lng, lat })).toBe(cell);
          expect(h3Text(h3Number(cell))).toBe(cell);
        },
      ),
      { numRuns: 500 },
    );
    for (const bad of ['', '8a2a1072b59ffff', '8830e1d8abfffff0', '8830e1d8aafffff', '8830E1D8ABFFFFF']) {
      expect(() => h3Number(bad)).toThrow(RangeError);
    }
  });

  it('refuse what is not in the vocabulary', () => {
    expect(() => new Names(['red'], 1).number('constructor')).toThrow('unknown code: constructor');
    expect(new Names(['red'], 1).find('constructor')).toBeUndefined();
  });

  it('read feed ids', () => {
    expect(parseFeedId('1763720647000-12')).toEqual({ ms: 1763720647000, n: 12 });
    for (const bad of ['', '-', '1', 'a-1', '1-b', '-1-1', '1.5-0', '1-2-3'])
      expect(() => parseFeedId(bad)).toThrow(RangeError);
  });
});
