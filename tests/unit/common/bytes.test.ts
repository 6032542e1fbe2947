import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, ownString } from '../../../common/bytes.ts';

/** Any UTF-16 at all, unpaired surrogates included. */
const anyString = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe010 })), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units));
const natural = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  fc.integer({ min: 0, max: 53 }).map((n) => 2 ** n),
  fc.integer({ min: 1, max: 53 }).map((n) => 2 ** n - 1),
);
type Item =
  | { of: 'number' | 'signed' | 'double' | 'fixed32'; value: number }
  | { of: 'text' | 'string'; value: string }
  | { of: 'strings'; value: string[] };
const item: fc.Arbitrary<Item> = fc.oneof(
  fc.record({ of: fc.constant('number' as const), value: natural }),
  fc.record({ of: fc.constant('signed' as const), value: fc.maxSafeInteger().map((n) => Math.trunc(n / 2) + 0) }),
  fc.record({ of: fc.constant('double' as const), value: fc.double() }),
  fc.record({ of: fc.constant('fixed32' as const), value: fc.integer({ min: 0, max: 0xffff_ffff }) }),
  fc.record({ of: fc.constant('text' as const), value: fc.string({ unit: 'grapheme' }) }),
  fc.record({ of: fc.constant('string' as const), value: anyString }),
  fc.record({ of: fc.constant('strings' as const), value: fc.array(anyString, { maxLength: 5 }) }),
);
const write = (writer: ByteWriter, { of, value }: Item) => (writer[of] as (value: unknown) => void)(value);

describe('bytes', () => {
  it('carry any exact integer, any number and any text', () => {
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const writer = new ByteWriter();
        for (const one of items) write(writer, one);
        const reader = new ByteReader(writer.take());
        for (const { of, value } of items) expect(reader[of]()).toStrictEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it('grow as needed, and begin anew after take', () => {
    const writer = new ByteWriter();
    const long = '欠薪'.repeat(100_000);
    writer.text(long);
    for (let i = 0; i < 100_000; i++) writer.number(Number.MAX_SAFE_INTEGER);
    const reader = new ByteReader(writer.take());
    expect(reader.text()).toBe(long);
    expect(Array.from({ length: 100_000 }, () => reader.number()).every((n) => n === Number.MAX_SAFE_INTEGER)).toBe(
      true,
    );
    writer.number(7);
    expect([...writer.take()]).toEqual([7]);
  });

  it('tell where a part ends that its reader passes over', () => {
    fc.assert(
      fc.property(fc.array(item), natural, (items, after) => {
        const writer = new ByteWriter();
        writer.sized(() => items.forEach((one) => write(writer, one)));
        writer.number(after);
        const reader = new ByteReader(writer.take());
        reader.at = reader.fixed32() + 4;
        expect(reader.number()).toBe(after);
      }),
    );
  });

  it('tell whether the next text is one that is known, and stay where they are if not', () => {
    const text = fc.oneof(fc.constantFrom('A', 'AB', 'BB', '330110001', '330110002', '欠薪'), fc.string());
    fc.assert(
      fc.property(text, text, natural, (stands, asked, after) => {
        const writer = new ByteWriter();
        writer.text(stands);
        writer.number(after);
        const reader = new ByteReader(writer.take());
        const is = stands.toWellFormed() === asked.toWellFormed();
        expect(reader.passText(Buffer.from(asked))).toBe(is);
        if (!is) expect(reader.text()).toBe(stands.toWellFormed());
        expect(reader.number()).toBe(after);
      }),
    );
    const writer = new ByteWriter();
    writer.text('cut off');
    const cut = new ByteReader(writer.take().subarray(0, 5));
    expect(cut.passText(Buffer.from('cut off'))).toBe(false);
    expect(() => cut.text()).toThrow(RangeError);
  });

  it('cut off anywhere are refused, never taken for something else', () => {
    fc.assert(
      fc.property(item, fc.nat(), (one, at) => {
        const writer = new ByteWriter();
        write(writer, one);
        const whole = writer.take();
        const cut = new ByteReader(whole.subarray(0, at % whole.length));
        expect(() => cut[one.of]()).toThrow(RangeError);
      }),
    );
    expect(() => new ByteReader(Buffer.alloc(20, 0xff)).number()).toThrow(RangeError);
  });

  it('give texts that can be kept without what they were cut from', () => {
    fc.assert(
      fc.property(anyString, (text) => {
        expect(ownString(text)).toBe(text);
      }),
    );
  });
});
