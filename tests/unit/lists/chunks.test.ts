import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertRow, RegionRow } from '../../../server/alerts/row.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import { CHANNELS, INDUSTRIES, STAGES, TIERS } from '../../../contract/codes.ts';
import { arbitraryRow, PACK, T0, TOWNS } from './support.ts';

const CHUNK = 4096;

function rowsOf(table: AlertTable): AlertRow[] {
  const rows: AlertRow[] = [];
  table.forEach((row) => rows.push(row));
  return rows;
}

function plain(n: number): RegionRow {
  return {
    region: PACK.code,
    alertId: n % 11 === 0 ? `raw ${n.toString(36)}x` : `YH-${String(n).padStart(6, '0')}`,
    tier: TIERS[n % 4]!,
    town: TOWNS[n % 3]!,
    industry: INDUSTRIES[n % 20]!,
    channel: CHANNELS[n % 16]!,
    stage: STAGES[n % 5]!,
    enterprise: { name: `企业${n % 97}` },
    workers: n % 50,
    amountFen: n * 1000,
    raisedAt: T0 + n * 60_000,
    dueAt: T0 + n * 90_000,
    recoveredFen: 0,
    changedAt: T0 + n * 61_000,
  };
}

describe('chunks', () => {
  it('bring back to whom alerts were dispatched, as lists are selected by it', () => {
    const table = new AlertTable(PACK);
    const units = ['brigade', '某劳动保障监察大队', '某街道综合执法队', '某队', undefined];
    for (let n = 0; n < CHUNK + 50; n++) {
      const unit = units[n % 5];
      table.upsert({ ...plain(n), ...(unit === undefined ? {} : { unit }) });
    }
    const loaded = new AlertTable(PACK);
    for (const n of [0, 1]) loaded.loadChunk(n, table.encodeChunk(n));
    // What changes after that is followed, into a unit, to another, and out of it.
    for (const one of [table, loaded]) {
      one.upsert({ ...plain(4), unit: 'brigade' });
      one.upsert({ ...plain(0), unit: '某街道综合执法队' });
      one.upsert(plain(1));
    }
    for (const [unit, total] of [
      ['brigade', 830 + 829 + 1 - 2],
      ['street', 829 + 1],
      ['nobody', 0],
    ] as const) {
      for (const one of [table, loaded]) {
        const page = one.query({ scope: PACK.code, unit, limit: 200 }, T0);
        expect(page.total, unit).toBe(total);
        expect(page.rows).toEqual(table.query({ scope: PACK.code, unit, limit: 200 }, T0).rows);
      }
    }
  });

  it('bring any rows back, also those of odd ids, names, times and sums', () => {
    // Any UTF-16 at all, unpaired surrogates included: JSON allows it.
    const text = fc
      .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe010 })), {
        minLength: 1,
        maxLength: 12,
      })
      .map((units) => String.fromCharCode(...units));
    const odd = fc.record({
      alertId: fc.oneof(text, fc.stringMatching(/^[a-c]{0,2}\d{0,12}$/)),
      name: text,
      uscc: fc.option(fc.string({ maxLength: 3 }), { nil: undefined }),
      dueAt: fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }),
      amountFen: fc.integer({ min: 0, max: 1_000_000_000_000 }),
      recoveredFen: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(arbitraryRow, fc.option(odd)), { maxLength: 60 }), (pairs) => {
        const table = new AlertTable(PACK);
        for (const [row, change] of pairs) {
          if (!change) table.upsert(row);
          else {
            const { name, uscc, ...rest } = change;
            const enterprise = uscc === undefined ? { name } : { name, uscc };
            const next = { ...row, ...rest, enterprise };
            table.upsert(next);
            expect(table.get(next.alertId)).toEqual(next);
          }
        }
        const copy = new AlertTable(PACK);
        if (table.size > 0) copy.loadChunk(0, table.encodeChunk(0));
        expect(rowsOf(copy)).toEqual(rowsOf(table));
        expect(copy.latest(PACK.code)).toEqual(table.latest(PACK.code));
        expect(copy.query({ scope: PACK.code, sort: 'workers' }, T0)).toEqual(
          table.query({ scope: PACK.code, sort: 'workers' }, T0),
        );
        for (const row of rowsOf(table)) expect(copy.upsert(row)).toEqual(row);
        expect(copy.dirtyChunks()).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('are dirty exactly while something in them has not been put away', () => {
    const table = new AlertTable(PACK);
    for (let n = 0; n < CHUNK + 10; n++) table.upsert(plain(n));
    expect(table.dirtyChunks()).toEqual([0, 1]);
    const chunks = [table.encodeChunk(0), table.encodeChunk(1)];
    table.markClean(0);
    table.upsert({ ...plain(CHUNK + 3), workers: 999 });
    table.markClean(1);
    expect(table.dirtyChunks()).toEqual([1]);
    expect(table.upsert(plain(7))).toEqual(plain(7));
    expect(table.dirtyChunks()).toEqual([1]);
    chunks[1] = table.encodeChunk(1);
    table.markClean(1);
    expect(table.dirtyChunks()).toEqual([]);

    const copy = new AlertTable(PACK);
    copy.reserve(CHUNK * 2);
    chunks.forEach((bytes, n) => copy.loadChunk(n, bytes));
    expect(copy.size).toBe(table.size);
    expect(copy.dirtyChunks()).toEqual([]);
    expect(rowsOf(copy)).toEqual(rowsOf(table));
    copy.upsert(plain(CHUNK + 10));
    expect(copy.dirtyChunks()).toEqual([1]);
  });

  it('are refused when broken, out of turn, or of another table', () => {
    const table = new AlertTable(PACK);
    for (let n = 0; n < 100; n++) table.upsert(plain(n));
    const bytes = table.encodeChunk(0);
    expect(() => new AlertTable(PACK).loadChunk(1, bytes)).toThrow(RangeError);
    expect(() => new AlertTable(PACK).loadChunk(0, bytes.subarray(0, bytes.length - 1))).toThrow(RangeError);
    expect(() => new AlertTable(PACK).loadChunk(0, Buffer.alloc(0))).toThrow(RangeError);
    const broken = Buffer.from(bytes);
    broken[broken.length >> 1]! ^= 1;
    expect(() => new AlertTable(PACK).loadChunk(0, broken)).toThrow(RangeError);
    // Whole, but of the version before: positions and employers in it are not as they are now.
    const older = Buffer.from(bytes);
    older[4] = 1;
    older.writeUInt32LE(crc32(older.subarray(4)), 0);
    expect(() => new AlertTable(PACK).loadChunk(0, older)).toThrow(/of another version/);

    const full = new AlertTable(PACK);
    for (let n = 0; n < CHUNK; n++) full.upsert(plain(n));
    const copy = new AlertTable(PACK);
    copy.loadChunk(0, full.encodeChunk(0));
    expect(() => copy.loadChunk(1, bytes)).toThrow(RangeError);
  });
});
