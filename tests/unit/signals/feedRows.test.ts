import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeedRows } from '../../../server/signals/engine/feedRows.ts';
import { SubjectWrites } from '../../../server/signals/engine/subjectWrites.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('', '某甲', 'a"b\n', '🈂'.repeat(9)),
);

describe('rows of the feed, as bytes', () => {
  it('are what JSON makes of them', () => {
    const number = fc.oneof(fc.maxSafeNat(), fc.nat(2_000), fc.constantFrom(0, 9, 10, 99, 100, -1, 0.5, 1e21));
    const row = fc.tuple(text, number, fc.nat(1e12));
    fc.assert(
      fc.property(fc.array(row), (all) => {
        const rows = new FeedRows();
        rows.add('["of the batch before"]');
        rows.clear();
        for (const [name, value, thousandths] of all) {
          rows.next();
          rows.text(`[${JSON.stringify(name)},`);
          rows.number(value);
          rows.text(',');
          rows.thousandths(thousandths);
          rows.text(']');
        }
        expect(`[${rows.written.toString()}]`).toBe(JSON.stringify(all.map(([a, b, c]) => [a, b, c / 1000])));
        expect(rows.count).toBe(all.length);
      }),
    );
  });
});

describe('subjects as arguments of a script', () => {
  it('are written as Redis reads them', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, bytes)), (all) => {
        const writes = new SubjectWrites();
        writes.add('before', Buffer.from('x'), 0, 1);
        writes.clear();
        for (const [key, one] of all) writes.add(key, Buffer.concat([Buffer.from('..'), one]), 2, 2 + one.length);
        const { count, bytes: tail } = writes.tail;
        const bulk = (one: Uint8Array) => Buffer.concat([Buffer.from(`$${one.length}\r\n`), one, Buffer.from('\r\n')]);
        expect(count).toBe(2 * all.length);
        expect(tail.equals(Buffer.concat(all.flatMap(([key, one]) => [bulk(Buffer.from(key)), bulk(one)])))).toBe(true);
        expect([...writes.entries()].map(([key, one]) => [key, [...one]])).toEqual(
          all.map(([key, one]) => [Buffer.from(key).toString(), [...one]]),
        );
      }),
    );
  });
});
