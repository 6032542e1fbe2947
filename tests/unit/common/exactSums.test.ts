import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactSums, exactTotal, SPAN } from '../../../common/exactSums.ts';
import { ByteReader, ByteWriter } from '../../../common/bytes.ts';
import { SparseSum } from '../../../server/aggregations/sparseSum.ts';

/** Integers of all sizes that a double holds exactly, more often than not near a bound of the lanes. */
const integer = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.maxSafeInteger(),
  fc.integer({ min: -2, max: 2 }).map((n) => SPAN + n),
  fc.integer({ min: -2, max: 2 }).map((n) => n - SPAN),
  fc.constantFrom(1e12, -1e12, 2 ** 53, -(2 ** 53), 2 ** 60, -(2 ** 60)),
);
const adds = fc.array(fc.tuple(fc.nat(3), integer), { maxLength: 60, size: 'max' });

describe('exact sums', () => {
  it('are those of BigInt, and come back to zero in any order', () => {
    fc.assert(
      fc.property(adds, fc.infiniteStream(fc.nat()), (list, order) => {
        const sums = new ExactSums(4);
        const sparse = new SparseSum();
        const expected = [0n, 0n, 0n, 0n];
        for (const [at, value] of list) {
          sums.add(at, value);
          sparse.add(at * 7919, value);
          expected[at]! += BigInt(value);
          expect(sums.value(at)).toBe(Number(expected[at]));
          expect(sparse.get(at * 7919)).toBe(Number(expected[at]));
          expect(sums.isZero(at)).toBe(expected[at] === 0n);
        }
        expect([...sparse.sortedKeys()]).toEqual(
          [0, 1, 2, 3].filter((at) => expected[at] !== 0n).map((at) => at * 7919),
        );

        // Split in two, and put together again.
        const copy = sums.copy();
        copy.addAll(sums, 1);
        expect(Array.from(copy.low, (_, at) => copy.value(at))).toEqual(expected.map((sum) => Number(2n * sum)));
        copy.addAll(sums, -1);
        copy.addAll(sums, -1);
        expect(Array.from(copy.low)).toEqual([0, 0, 0, 0]);

        const rest = [...list];
        while (rest.length) {
          const [[at, value]] = rest.splice(order.next().value! % rest.length, 1) as [[number, number]];
          sums.add(at, -value);
          sparse.add(at * 7919, -value);
        }
        for (let at = 0; at < 4; at++) {
          expect(sums.value(at)).toBe(0);
          expect(sums.isZero(at)).toBe(true);
        }
        expect(sparse.count()).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  it('keep their lanes when they grow, and within what the bytes of a checkpoint carry', () => {
    const sums = new ExactSums(1);
    for (let i = 0; i < 5; i++) sums.add(0, SPAN);
    sums.add(0, 1);
    sums.grow(3);
    sums.add(2, 7);
    expect([sums.value(0), sums.value(1), sums.value(2), sums.value(9)]).toEqual([5 * SPAN, 0, 7, 0]);
    sums.add(0, -4 * SPAN);
    expect(sums.value(0)).toBe(SPAN + 1);
    const writer = new ByteWriter();
    writer.number(sums.low[0]!);
    writer.number(sums.high![0]!);
    const reader = new ByteReader(writer.take());
    expect([reader.number(), reader.number()]).toEqual([1, 1]);
  });

  it('of a list are the nearest number', () => {
    const list = Array.from({ length: 9_500 }, () => 1e12).concat(Array.from({ length: 1_001 }, () => 1));
    expect(exactTotal(list, (n) => n)).toBe(Number(9_500n * 10n ** 12n + 1_001n));
    expect(exactTotal([2, 3], (n) => n)).toBe(5);
  });
});
