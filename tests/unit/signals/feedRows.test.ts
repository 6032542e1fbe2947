import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../server/signals/engine/bytes.ts';
import { FeedRows, UNCHANGED } from '../../../server/signals/engine/feedRows.ts';
import { writeFinding } from '../../../server/signals/engine/findingCodec.ts';
import type { Finding } from '../../../server/signals/engine/subject.ts';
import { encodeSubjectChange } from '../../../server/signals/engine/subjectChange.ts';
import { SubjectWrites } from '../../../server/signals/engine/subjectWrites.ts';
import { Words } from '../../../server/signals/engine/words.ts';
import { SubjectBook } from '../../../server/signals/subjects/subjectBook.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('', '某甲', 'a"b\n', '🈂'.repeat(9)),
);

const METERS = { observed: 3, registered: 2, duplicates: 1, raised: 0, escalated: 0, version: 'v', day: 20_000 };
const FOUND: Finding = {
  version: 'test.1',
  score: 12.5,
  tier: 'red',
  rule: 'many',
  watch: true,
  workers: 7,
  amountFen: 120_000,
  months: 2,
  channels: [['water', 12.5]],
  indicators: [['water.overdue', 12.5]],
  changedAt: Date.UTC(2026, 5, 1),
  unplaced: false,
};

describe('rows of the feed, as bytes', () => {
  it('of what was found now are those of a subject whose registration others know, or that has none', () => {
    const words = new Words();
    const finding = new ByteWriter();
    writeFinding(finding, FOUND, words);
    for (const registered of [true, false])
      for (const shown of [true, false]) {
        const [quick, whole] = [new FeedRows(), new FeedRows()];
        for (const rows of [quick, whole]) {
          rows.add({ key: 'U:before', n: 1, shown: true }, words);
          rows.clear();
        }
        quick.addFound('U:A', 5, shown, registered, finding.buffer, finding.length);
        const registration = registered ? UNCHANGED : undefined;
        whole.add({ key: 'U:A', n: 5, shown, registration, found: FOUND }, words);
        expect(quick.written.equals(whole.written)).toBe(true);
        expect([quick.count, whole.count]).toEqual([1, 1]);
      }
  });

  it('are refused where they cannot be read to their end, and where an earlier program has written them', () => {
    const words = new Words();
    const rows = new FeedRows();
    rows.add({ key: 'U:A', n: 0, shown: true, found: FOUND }, words);
    const entry = encodeSubjectChange(rows, { meters: METERS, sources: [] }, words.takeNew());
    const read = (payload: string) => () => new SubjectBook().applyEntry(payload);
    expect(read(entry)).not.toThrow();
    const bytes = Buffer.from(entry.slice(1), 'base64');
    const again = (changed: Uint8Array) => `:${Buffer.from(changed).toString('base64')}`;
    expect(entry).toBe(again(bytes));
    for (const cut of [1, 5, 20]) expect(read(again(bytes.subarray(0, -cut)))).toThrow(/not its 1 rows|no word/);
    expect(read(again(Buffer.concat([bytes, Buffer.from([0])])))).toThrow('not its 1 rows');
    const older = deflateRawSync(JSON.stringify([[['U:A', 0, 1, 0, 0]], METERS, [], []])).toString('base64');
    for (const payload of [JSON.stringify([[], METERS, [], []]), older, ''])
      expect(read(payload)).toThrow('cannot be read');
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
