import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyMergePatch,
  diffMergePatch,
  notedText,
  notePatch,
  type Json,
  type JsonObject,
} from '../../../common/mergePatch.ts';
import { quotedUtf8, utf8 } from '../../../common/utf8.ts';

const keyArb = fc.constantFrom('a', 'b', '330110001', '__proto__', 'constructor', 'toString', '');
/** JSON as frames hold it: objects at any depth, no null. */
const { object: objectArb } = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
    fc.boolean(),
    fc.constantFrom('', 'x'),
    fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(keyArb, tie('value')), { maxLength: 5 })
    .map(
      (entries) =>
        JSON.parse(
          `{${[...new Map(entries)].map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join()}}`,
        ) as JsonObject,
    ),
}));
/** Over the wire and back, keys in order. */
const wire = (value: unknown) =>
  JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );

describe('merge patches', () => {
  it('turn any object into any other, over the wire', () => {
    fc.assert(
      fc.property(objectArb, objectArb, (before, after) => {
        const patch = diffMergePatch(before, after);
        if (patch === undefined) {
          expect(wire(before)).toBe(wire(after));
          return;
        }
        expect(wire(before)).not.toBe(wire(after));
        const sent = JSON.parse(JSON.stringify(patch)) as Json;
        expect(wire(applyMergePatch(before, sent))).toBe(wire(after));
      }),
      { numRuns: 2000 },
    );
  });

  it('follow the examples of RFC 7396, appendix A', () => {
    const examples: [Json, Json, Json][] = [
      [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
      [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
      [{ a: 'b' }, { a: null }, {}],
      [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
      [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
      [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
      [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
      [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
      [
        ['a', 'b'],
        ['c', 'd'],
        ['c', 'd'],
      ],
      [{ a: 'b' }, ['c'], ['c']],
      [{ a: 'foo' }, null, null],
      [{ a: 'foo' }, 'bar', 'bar'],
      [{ e: null }, { a: 1 }, { e: null, a: 1 }],
      [[1, 2], { a: 'b', c: null }, { a: 'b' }],
      [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    ];
    for (const [target, patch, result] of examples) expect(applyMergePatch(target, patch)).toStrictEqual(result);
  });

  it('hold only what changed', () => {
    const before = { a: { x: 1, y: 2 }, b: [1], c: 3 };
    expect(diffMergePatch(before, { a: { x: 1, y: 5 }, b: [1], d: 4 })).toStrictEqual({ a: { y: 5 }, c: null, d: 4 });
    expect(diffMergePatch(before, structuredClone(before))).toBeUndefined();
  });

  it('are taken as noted by who made the record, and found by comparing where another record came before', () => {
    const records = [{ a: 1 }, { a: 2 }, { a: 3, b: 1 }];
    const noted = { a: 2 };
    notePatch(records[0]!, records[1]!, noted);
    expect(diffMergePatch({ x: records[0] }, { x: records[1] })!.x).toBe(noted);
    expect(diffMergePatch({ a: 1 }, records[1]!)).not.toBe(noted);
    expect(diffMergePatch({ a: 7, c: 1 }, records[1]!)).toStrictEqual({ a: 2, c: null });
    // A record does not keep all before it.
    notePatch(records[1]!, records[2]!, { a: 3, b: 1 });
    expect(diffMergePatch(records[0]!, records[1]!)).not.toBe(noted);
    expect(diffMergePatch(records[0]!, records[1]!)).toStrictEqual(noted);
  });

  it('are made when they are asked for, and have a text where one was noted', () => {
    const [before, after] = [{ a: 1 }, { a: 2 }];
    let made = 0;
    const patch = () => ({ a: 2 + 0 * made++ });
    notePatch(before, after, patch, () => '{"a":2}');
    expect(notedText(before, after)).toBe('{"a":2}');
    expect(notedText({ a: 1 }, after)).toBeUndefined();
    expect(made).toBe(0);
    expect(diffMergePatch(before, after)).toStrictEqual({ a: 2 });
    expect(made).toBe(1);
    notePatch(before, after, { a: 2 });
    expect(notedText(before, after)).toBeUndefined();
  });

  it('share what they do not reach, and leave the target alone', () => {
    const before = { a: { x: 1 }, b: { y: 2 } };
    const after = applyMergePatch(before, { a: { x: 3 } });
    expect(after.b).toBe(before.b);
    expect(before).toStrictEqual({ a: { x: 1 }, b: { y: 2 } });
  });

  it('take an alert called __proto__ for an alert', () => {
    const after = JSON.parse('{"latest":{"__proto__":{"workers":1}}}') as JsonObject;
    const patch = diffMergePatch({ latest: {} }, after)!;
    expect(JSON.stringify(patch)).toBe('{"latest":{"__proto__":{"workers":1}}}');
    expect(JSON.stringify(applyMergePatch({ latest: {} }, JSON.parse(JSON.stringify(patch)) as Json))).toBe(
      JSON.stringify(after),
    );
    expect(({} as { workers?: number }).workers).toBeUndefined();
    expect(JSON.stringify(diffMergePatch(after, { latest: {} }))).toBe('{"latest":{"__proto__":null}}');
  });
});

describe('texts as bytes', () => {
  it('are those of UTF-8, and quoted as JSON has them', () => {
    const examples = ['', 'BN000000001', '某建筑公司', 'a"b\\c', '\n\u0000\u007f', '\ud83d\ude00', 'é', '\ud800'];
    const textArb = fc.oneof(
      fc.constantFrom(...examples),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(textArb, (text) => {
        expect(Buffer.from(utf8(text), 'latin1').equals(Buffer.from(text))).toBe(true);
        expect(Buffer.from(quotedUtf8(text), 'latin1').toString()).toBe(JSON.stringify(text));
      }),
      { numRuns: 500, examples: examples.map((text) => [text]) },
    );
  });
});
