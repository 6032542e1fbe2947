import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idSearch } from '../../../server/lists/idSearch.ts';
import { IdStore, orderKeyOf } from '../../../server/lists/idStore.ts';

const piece = fc.constantFrom(
  'YH-',
  'yh',
  '2026',
  '00',
  '0',
  '12',
  '121',
  '-',
  'ß',
  'Ä',
  'ä',
  'é',
  '预警',
  'Σ',
  'a',
  'A',
  '9',
  '\ud83d\ude00',
  '\ud800',
  '',
);
const id = fc.oneof(
  fc.array(piece, { maxLength: 7 }).map((parts) => parts.join('')),
  fc.integer({ min: 0, max: 20_000 }).map((n) => `YH-${String(n).padStart(7, '0')}`),
  fc.integer({ min: 0, max: 2 ** 40 }).map(String),
);

function storeOf(ids: readonly string[]): IdStore {
  const store = new IdStore();
  ids.forEach((one, i) => {
    if (i % 16 === 0) store.grow(i + 16);
    expect(store.append(one)).toBe(i);
  });
  return store;
}

describe('alert ids', () => {
  it('come back letter by letter, are found, and keep their order apart from when they came', () => {
    fc.assert(
      fc.property(fc.uniqueArray(id, { maxLength: 60 }), id, (ids, other) => {
        const store = storeOf(ids);
        ids.forEach((one, slot) => {
          expect(store.id(slot)).toBe(one);
          expect(store.find(one)).toBe(slot);
          expect(store.orderKey(slot)).toBe(orderKeyOf(one));
        });
        expect(store.find(other)).toBe(ids.indexOf(other));
        const order = (of: IdStore) =>
          Array.from({ length: of.size }, (_, slot) => slot)
            .sort((a, b) => of.compare(a, b))
            .map((slot) => of.id(slot));
        expect(order(storeOf([...ids].reverse()))).toEqual(order(store));
      }),
    );
  });

  it('are kept whole once there are too many heads, and still found', () => {
    const ids = Array.from({ length: 9000 }, (_, n) => `head${n.toString(36)}-${n % 2 ? '' : 'x'}001`);
    const store = storeOf(ids);
    expect(store.hasRaw).toBe(true);
    ids.forEach((one, slot) => {
      expect(store.find(one)).toBe(slot);
      expect(store.id(slot)).toBe(one);
      expect(store.orderKey(slot)).toBe(1);
    });
    expect(store.find('headzzzz-001')).toBe(-1);
  });

  it('are found by any part, in any case', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(id, { minLength: 1, maxLength: 64 }),
        fc.nat(63),
        fc.nat(12),
        fc.integer({ min: 1, max: 6 }),
        fc.option(piece),
        fc.nat(64),
        (ids, which, from, length, extra, indexed) => {
          // Some of the ids are in the index, the others not yet.
          const store = storeOf(ids.slice(0, indexed));
          store.step();
          store.grow(80);
          for (const one of ids.slice(indexed)) store.append(one);
          const text = (ids[which % ids.length]!.slice(from, from + length) + (extra ?? '')).toLowerCase();
          fc.pre(text !== '');
          const search = idSearch(store, text);
          const found: string[] = [];
          for (let word = 0; word * 32 < ids.length; word++) {
            const slots = Math.min(32, ids.length - word * 32);
            const all = slots === 32 ? -1 : (1 << slots) - 1;
            const kept = search?.keep(word, all, 0) ?? 0;
            for (let bit = 0; bit < slots; bit++) if (kept & (1 << bit)) found.push(ids[word * 32 + bit]!);
          }
          expect(found).toEqual(ids.filter((one) => one.toLowerCase().includes(text)));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('are found by any part among many, whatever of the index is there', () => {
    const ids = Array.from({ length: 9000 }, (_, n) =>
      n % 3
        ? `YH-${String((n * 7919) % 100_000).padStart(7, '0')}`
        : `${((n * 2654435761) % 2 ** 32).toString(16)}-Ä${n.toString(16)}`,
    );
    const store = storeOf(ids);
    for (let steps = 0; ; steps++) {
      for (const text of ['1', 'a', '-', '7a', '12', '4-ä', '919', 'yh-00', 'ä1', 'h']) {
        const search = idSearch(store, text);
        let found = 0;
        for (let word = 0; word * 32 < ids.length; word++) {
          const all = ids.length - word * 32 >= 32 ? -1 : (1 << (ids.length - word * 32)) - 1;
          for (let kept = search?.keep(word, all, 0) ?? 0; kept !== 0; kept &= kept - 1) found++;
        }
        expect(found, `${text} after ${steps} steps`).toBe(
          ids.filter((one) => one.toLowerCase().includes(text)).length,
        );
      }
      let more = false;
      for (let i = 0; i < 6; i++) more = store.step();
      if (!more) break;
    }
  });
});
