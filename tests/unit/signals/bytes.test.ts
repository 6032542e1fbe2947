import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyTable } from '../../../server/signals/assess/keyTable.ts';
import { NO_UNTIL } from '../../../server/signals/assess/observation.ts';
import { ByteStore } from '../../../server/signals/engine/byteStore.ts';
import { ByteReader, ByteWriter } from '../../../server/signals/engine/bytes.ts';
import { NEVER, type Subject } from '../../../server/signals/engine/subject.ts';
import { decodeHead, decodeSubject, encodeSubject, openSubject } from '../../../server/signals/engine/subjectCodec.ts';
import { UnknownWord, Words } from '../../../server/signals/engine/words.ts';

/** What is kept as bytes comes back as it was. */

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const uint = fc.oneof(fc.nat(300), fc.maxSafeNat());
const whole = fc.oneof(
  fc.nat(1e15).map(String),
  fc.constantFrom('0', '007', '1e3', '-1', '', '999999999999999999'),
  text,
);
const time = fc.oneof(
  fc.integer({ min: -1e13, max: 1e13 }),
  fc.integer({ min: 0, max: 4e9 }).map((s) => s * 1000),
);
const thousandths = fc.nat(1e12);
/** JSON knows no other zero. */
const positiveZero = (value: number) => value + 0;
const decimal = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(positiveZero),
  fc.nat(2_000).map((n) => n / 10),
);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const subject: fc.Arbitrary<Subject> = fc.record({
  key: fc.constant('U:91330110MA0000001X' as const),
  n: fc.nat(1e6),
  registration: optional(
    fc.record({
      time,
      source: text,
      id: whole,
      name: text,
      uscc: optional(text),
      project: optional(fc.record({ id: text, name: text })),
      town: text,
      industry: fc.constantFrom('C' as const, 'E' as const),
      active: fc.boolean(),
      headcount: optional(fc.nat(1e6)),
      location: optional(fc.record({ lng: decimal, lat: decimal })),
      more: optional(fc.record({ address: text, capitalFen: fc.maxSafeNat() })),
    }),
  ),
  observations: fc.array(
    fc.record({
      indicator: fc.nat(300),
      ref: whole,
      time,
      source: text,
      id: whole,
      value: thousandths,
      amountFen: uint,
      workers: uint,
      until: fc.oneof(fc.constant(NO_UNTIL), fc.integer({ min: -10_000, max: 40_000 }), fc.constant(2_932_896)),
      more: optional(fc.record({ text, town: text })),
    }),
    { maxLength: 5 },
  ),
  alerts: fc.array(
    fc.record({
      alertId: text,
      tier: fc.constant('red' as const),
      gravest: fc.constant('red' as const),
      stage: fc.constant('raised' as const),
      workers: fc.nat(),
      amountFen: fc.nat(),
      raisedAt: time,
      closedAt: optional(fc.integer({ min: 1 })),
      falseAt: optional(fc.integer({ min: 1 })),
    }),
    { maxLength: 2 },
  ),
  owner: optional(fc.constant('U:91330110MA0000002X' as const)),
  found: optional(
    fc.record({
      version: text,
      score: fc.nat(3_000).map((n) => n / 10),
      tier: optional(fc.constant('orange' as const)),
      rule: optional(text),
      watch: fc.boolean(),
      workers: fc.constant(3),
      amountFen: uint,
      months: thousandths.map((n) => n / 1000),
      channels: fc.array(
        fc.tuple(
          fc.constant('water' as const),
          fc.nat(90_000).map((n) => n / 1000),
        ),
        { maxLength: 3 },
      ),
      indicators: fc.array(
        fc.tuple(
          text,
          fc.nat(90_000).map((n) => n / 1000),
        ),
        { minLength: 1, maxLength: 3 },
      ),
      changedAt: time,
      unplaced: fc.boolean(),
    }),
  ),
  scores: fc.array(fc.tuple(fc.nat(40_000), fc.nat(3_000)), { maxLength: 4 }),
  due: fc.oneof(fc.constant(NEVER), fc.nat(40_000)),
});

describe('bytes', () => {
  it('give a subject back as it was', () => {
    fc.assert(
      fc.property(subject, (one) => {
        const words = new Words();
        expect(decodeSubject(one.key, encodeSubject(one, words), words)).toEqual(one);
      }),
    );
  });

  it('give the head of a subject, and open one whose registration is read later', () => {
    fc.assert(
      fc.property(subject, (one) => {
        const words = new Words();
        const bytes = encodeSubject(one, words);
        const { key, n, due, owner, found, registration } = one;
        expect(decodeHead(key, bytes, words)).toEqual({
          ...{ key, n, due, owner, found, registration },
          observed: one.observations.length > 0,
        });
        const opened = openSubject(key, n, bytes, words);
        expect([opened.isRegistered, opened.headcount]).toEqual([registration !== undefined, registration?.headcount]);
        expect(encodeSubject(opened, words).equals(bytes)).toBe(true);
        expect(opened.registration).toEqual(registration);
        expect(opened.headcount).toBe(registration?.headcount);
        expect(encodeSubject(opened, words).equals(bytes)).toBe(true);
        opened.registration = undefined;
        expect(decodeSubject(key, encodeSubject(opened, words), words)).toEqual({ ...one, registration: undefined });
      }),
    );
  });

  it('give a subject without anything that counts back, too', () => {
    const words = new Words();
    const found = {
      ...{
        version: '1',
        score: 0,
        tier: undefined,
        rule: undefined,
        watch: false,
        workers: 0,
        amountFen: 0,
        months: 0,
      },
      ...{ channels: [], indicators: [], changedAt: 5, unplaced: false },
    };
    const one: Subject = { key: 'N:a', n: 7, observations: [], alerts: [], found, scores: [], due: NEVER };
    expect(decodeSubject('N:a', encodeSubject(one, words), words)).toEqual(one);
    expect(encodeSubject(one, words).length).toBeLessThan(14);
  });

  it('ask for words that are not known yet', () => {
    const words = new Words();
    const [one] = fc.sample(
      subject.filter(({ registration }) => registration !== undefined),
      1,
    );
    const bytes = encodeSubject(one!, words);
    expect(() => decodeSubject(one!.key, bytes, new Words())).toThrow(UnknownWord);
  });

  it('give any number back', () => {
    fc.assert(
      fc.property(uint, time, decimal, thousandths, whole, (...all) => {
        const writer = new ByteWriter();
        writer.uint(all[0]);
        writer.time(all[1]);
        writer.decimal(all[2]);
        writer.thousandths(all[3]);
        writer.id(all[4]);
        const reader = new ByteReader(writer.take());
        expect([reader.uint(), reader.time(), reader.decimal(), reader.thousandths(), reader.id()]).toEqual([
          all[0],
          all[1],
          all[2],
          all[3],
          all[4],
        ]);
      }),
    );
  });
});

describe('a store of bytes', () => {
  it('has of each number what was put last, whatever became free in between', () => {
    const step = fc.record({
      n: fc.oneof(fc.nat(20), fc.nat(5_000)),
      length: fc.oneof(fc.nat(60), fc.nat(3_000), fc.constantFrom(32_768, 32_769, 262_144, 300_000)),
      remove: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = new ByteStore();
        const expected = new Map<number, Buffer>();
        steps.forEach(({ n, length, remove }, i) => {
          const bytes = Buffer.alloc(length, i + 1);
          if (remove) {
            store.delete(n);
            expected.delete(n);
          } else {
            store.put(n, bytes);
            expected.set(n, bytes);
          }
          for (const [at, held] of expected)
            if (!store.get(at)?.equals(held)) throw new Error(`${at} is not as it was put`);
        });
        for (let n = 0; n < 25; n++) if (!expected.has(n)) expect(store.get(n)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
});

describe('a store of bytes that is searched', () => {
  it('finds exactly those that have it, whatever was put, put again or deleted before', () => {
    const piece = fc.constantFrom('某', '甲', '号', 'AB', 'A', '\0', '\x03', '杭州建工');
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const step = fc.record({ n: fc.nat(300), text, remove: fc.nat(9).map((one) => one === 0) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), text.filter(Boolean), (steps, needle) => {
        const store = new ByteStore();
        const held = new Map<number, string>();
        for (const { n, text: one, remove } of steps) {
          if (remove) store.delete(n);
          else store.put(n, Buffer.from(one));
          if (remove) held.delete(n);
          else held.set(n, one);
        }
        const found: number[] = [];
        store.search(Buffer.from(needle), (n) => found.push(n));
        const expected = [...held].filter(([, one]) => one.includes(needle)).map(([n]) => n);
        expect(found.sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });

  it('has nothing in none', () => {
    const store = new ByteStore();
    store.put(1, Buffer.from('某甲'));
    store.search(Buffer.from(''), () => expect.unreachable());
    const table = new KeyTable();
    table.intern('N:某甲');
    expect(table.search(Buffer.from(''), 2)).toEqual(new Set());
  });

  it('takes little more than its bytes, however often they are put again with another length', () => {
    const store = new ByteStore();
    const bytesOf = (n: number, round: number) => Buffer.alloc(1_000 + ((n * 7 + round * 311) % 1_200), round);
    for (let round = 0; round < 8; round++) for (let n = 0; n < 10_000; n++) store.put(n, bytesOf(n, round));
    // 1,600 bytes each on average.
    expect(store.size / 10_000).toBeLessThan(2_000);
    for (let n = 0; n < 10_000; n++)
      if (!store.get(n)!.equals(bytesOf(n, 7))) throw new Error(`${n} is not as it was put`);
  });
});

describe('a table of keys', () => {
  it('has the order of `<`, and finds keys by a part of them', () => {
    const unit = fc.constantFrom('a', 'B', '9', '\u00e9', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{20bb7}', '某');
    const text = fc.array(unit, { maxLength: 5 }).map((units) => `N:${units.join('')}`);
    fc.assert(
      fc.property(fc.uniqueArray(text, { minLength: 1, maxLength: 30 }), unit, (texts, part) => {
        const table = new KeyTable();
        for (const one of texts) table.intern(one);
        const sorted = texts.map((_, n) => n).sort((a, b) => table.compare(a, b));
        expect(sorted.map((n) => texts[n])).toEqual([...texts].sort((a, b) => (a < b ? -1 : 1)));
        for (const [n, one] of texts.entries())
          expect(Math.sign(table.compareTo(n, Buffer.from(texts[0]!)))).toBe(
            one === texts[0] ? 0 : one < texts[0]! ? -1 : 1,
          );
        expect([...table.search(Buffer.from(part), 2)].sort((a, b) => a - b)).toEqual(
          [...texts.keys()].filter((n) => texts[n]!.includes(part, 2)),
        );
      }),
    );
  });

  it('finds each of many keys by its number, and its number by the key', () => {
    const table = new KeyTable();
    const keys = Array.from({ length: 20_000 }, (_, n) => (n % 3 ? `U:${n * 7_919}` : `N:某${n}号公司`));
    // As they are read from Redis: in any order, each at its own number.
    keys.forEach((key, n) => (n % 2 ? undefined : table.place(key, n)));
    keys.forEach((key, n) => (n % 2 ? table.place(key, n) : undefined));
    expect(table.size).toBe(keys.length);
    keys.forEach((key, n) => {
      if (table.find(key) !== n || table.text(n) !== key) throw new Error(`${key} is not at ${n}`);
    });
    expect([table.find('U:none'), table.text(keys.length), table.intern('U:none')]).toEqual([
      -1,
      undefined,
      keys.length,
    ]);
    expect(table.intern(keys[5]!)).toBe(5);
    table.place(keys[5]!, 5);
    expect(() => table.place(keys[5]!, 6)).toThrow(RangeError);
    expect(() => table.place('U:other', 6)).toThrow(RangeError);
  });
});
