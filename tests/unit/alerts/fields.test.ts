import { describe, expect, expectTypeOf, it } from 'vitest';
import fc from 'fast-check';
import type { Box } from '../../../common/box.ts';
import type { EventData } from '../../../contract/events.ts';
import { AmendedData, RaisedData } from '../../../contract/events.ts';
import { AlertBriefSchema, type AlertBrief } from '../../../contract/frame.ts';
import { decodeChange, encodeChange } from '../../../server/aggregations/change.ts';
import {
  ALERT_FIELDS,
  EXPORT_COLUMNS,
  EXTRA_FACTS,
  type AlertField,
  type ExtraField,
  type FieldsLike,
  type OwnField,
} from '../../../server/alerts/fields.ts';
import { foldAlert, type FoldedFacts } from '../../../server/alerts/fold.ts';
import { toBrief, toRow, type AlertRow, type RegionRow, type RowFields } from '../../../server/alerts/row.ts';
import type { AlertFacts, StoredEvent } from '../../../server/alerts/state.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import { EXTRA_COLUMNS } from '../../../server/lists/extraColumns.ts';
import type { StoredFields } from '../../../server/lists/slotFields.ts';
import { createMask } from '../../../server/privacy/mask.ts';
import { columnsOf } from '../../../server/views/export/exportColumns.ts';
import { arbitraryRow, PACK, T0, TOWNS } from '../lists/support.ts';

/** The same for all, so that a tier moves nothing but itself. */
const RULES = { terms: { red: 86_400_000, orange: 86_400_000 }, box: [119, 29, 121, 31] as Box };
const fields = Object.entries(ALERT_FIELDS) as [string, AlertField][];
const facts = fields.filter(([, { fact }]) => fact).map(([name]) => name);

describe('the description of an alert', () => {
  it('has the fields that contract and program have, and no other', () => {
    type Fact = FieldsLike<{ fact: 'required' | 'optional' }>;
    expectTypeOf<keyof AlertFacts>().toEqualTypeOf<Fact>();
    expectTypeOf<
      Exclude<keyof EventData['wage.alert.amended'], 'alertId' | 'region' | 'reason'>
    >().toEqualTypeOf<Fact>();
    expectTypeOf<keyof AlertRow>().toEqualTypeOf<OwnField | ExtraField>();
    // Besides: the region, which is not the alert's own, and what is made of the moment and of the uscc.
    expectTypeOf<Exclude<keyof AlertBrief, 'region' | 'overdue' | 'usccFault'>>().toEqualTypeOf<
      FieldsLike<{ brief: 'same' | 'time' }>
    >();
    // The loops that name fields by hand.
    expectTypeOf<RowFields>().toEqualTypeOf<OwnField>();
    expectTypeOf<StoredFields>().toEqualTypeOf<OwnField>();
    expectTypeOf<FoldedFacts>().toEqualTypeOf<Extract<Fact, OwnField>>();

    const amendable = Object.keys(AmendedData.properties).filter(
      (name) => !['alertId', 'region', 'reason'].includes(name),
    );
    expect(amendable.sort()).toEqual([...facts].sort());
    for (const [name, { fact }] of fields)
      if (fact) expect(RaisedData.required.includes(name as never), name).toBe(fact === 'required');
    const briefed = fields.filter(([, { brief }]) => brief).map(([name]) => name);
    expect(Object.keys(AlertBriefSchema.properties).sort()).toEqual(
      [...briefed, 'region', 'overdue', 'usccFault'].sort(),
    );
  });

  it('says of all that a brief tells what a display gets', () => {
    for (const [name, { brief, mask }] of fields)
      expect([name, mask !== undefined]).toEqual([name, brief !== undefined]);
  });

  it('gives columns of two languages, none twice', () => {
    for (const lang of ['zh', 'en'] as const)
      expect(new Set(EXPORT_COLUMNS.map((column) => column[lang])).size).toBe(EXPORT_COLUMNS.length);
    expect(EXPORT_COLUMNS.every(({ width, zh, en }) => width > 0 && /\p{Script=Han}/u.test(zh) && en !== '')).toBe(
      true,
    );
  });
});

describe('a fact', () => {
  /** Two values of each, all of them different in every export column that shows them. */
  const values: { [F in FieldsLike<{ fact: 'required' | 'optional' }>]: [AlertFacts[F], AlertFacts[F]] } = {
    tier: ['red', 'orange'],
    town: [TOWNS[0]!, TOWNS[1]!],
    industry: ['E', 'C'],
    channel: ['water', 'petition'],
    enterprise: [{ name: '甲' }, { name: '乙', uscc: '91330100799655058B' }],
    project: [
      { id: 'p1', name: '一期' },
      { id: 'p2', name: '二期' },
    ],
    workers: [3, 4],
    amountFen: [100, 250],
    arrearsDays: [10, 20],
    rule: [
      { pack: '330110', version: '1', id: 'Y1' },
      { pack: '330110', version: '2', id: 'R1' },
    ],
    location: [
      { lng: 120.05, lat: 30.37 },
      { lng: 120.06, lat: 30.38 },
    ],
  };
  const raised = Object.fromEntries(Object.entries(values).map(([name, [first]]) => [name, first]));
  const event = (type: string, n: number, data: object) =>
    ({ type, time: T0 + n, source: 's', id: String(n), data }) as StoredEvent;

  it.each(Object.keys(values))('%s is amended from the event to the file', (name) => {
    const [, next] = values[name as keyof typeof values];
    const state = foldAlert(
      'A',
      [event('wage.alert.raised', 0, raised), event('wage.alert.amended', 1, { [name]: next })],
      RULES,
    )!;
    expect(state.facts).toEqual({ ...raised, [name]: next });
    const fresh = toRow(state);
    const { rows } = decodeChange(encodeChange({ rows: [fresh], increments: { cells: [], heat: [], paid: [] } }));
    expect(rows).toEqual([fresh]);
    const table = new AlertTable(PACK);
    table.upsert(toRow(foldAlert('A', [event('wage.alert.raised', 0, raised)], RULES)!));
    table.upsert(rows[0]!);
    const copy = new AlertTable(PACK);
    copy.loadChunk(0, table.encodeChunk(0));
    const row = copy.get('A')!;
    expect(row).toEqual({ ...fresh, region: PACK.code });
    const field = ALERT_FIELDS[name as keyof typeof values] as AlertField;
    if (field.row) expect((row as unknown as Record<string, unknown>)[name]).toEqual(next);
    if (field.brief) expect((toBrief(row, T0) as unknown as Record<string, unknown>)[name]).toEqual(next);
    const before = { ...toRow(foldAlert('A', [event('wage.alert.raised', 0, raised)], RULES)!), region: PACK.code };
    columnsOf(PACK, 'en', T0).forEach(({ value, heading }, i) => {
      const changed = JSON.stringify(value(row)) !== JSON.stringify(value(before));
      const own = EXPORT_COLUMNS[i]!.field === name;
      // The last change is another besides.
      if (EXPORT_COLUMNS[i]!.field !== 'changedAt') expect([heading, changed]).toEqual([heading, own]);
    });
    const shown = createMask({ names: 'industry', least: 0 }).brief(toBrief(row, T0), 'masked') as object;
    expect(name in shown).toBe(field.mask === 'shown' || field.mask === 'part');
  });

  it('that needs no code of its own is copied like the others', () => {
    expect(EXTRA_FACTS).toContain('arrearsDays');
  });
});

describe('fields without code of their own', () => {
  const COLUMNS = [
    ...EXTRA_COLUMNS,
    { name: 'imagined', row: 'text' },
    { name: 'imaginedRank', row: 'number' },
  ] as const;
  type Extended = RegionRow & { imagined?: string; imaginedRank?: number };
  const extended: fc.Arbitrary<Extended> = fc
    .tuple(
      arbitraryRow,
      fc.option(fc.constantFrom('张队', '李队', '', '\ud800'), { nil: undefined }),
      fc.option(fc.double({ noNaN: true }), { nil: undefined }),
    )
    .map(([row, imagined, imaginedRank]) => ({
      ...row,
      ...(imagined === undefined ? {} : { imagined }),
      ...(imaginedRank === undefined ? {} : { imaginedRank }),
    }));

  it('come back from table and chunk as they went in, whatever they were before', () => {
    fc.assert(
      fc.property(fc.array(extended, { maxLength: 80 }), (rows) => {
        const table = new AlertTable(PACK, COLUMNS);
        const naive = new Map<string, Extended>();
        for (const row of rows) {
          expect(table.upsert(row)).toEqual(naive.get(row.alertId));
          naive.set(row.alertId, row);
        }
        for (const row of naive.values()) expect(table.get(row.alertId)).toEqual(row);
        if (naive.size === 0) return;
        table.markClean(0);
        const chunk = table.encodeChunk(0);
        const copy = new AlertTable(PACK, [...COLUMNS].reverse());
        copy.loadChunk(0, chunk);
        // Whoever does not know them passes over them.
        const older = new AlertTable(PACK);
        older.loadChunk(0, chunk);
        for (const row of naive.values()) {
          expect(copy.get(row.alertId)).toEqual(row);
          const { imagined, imaginedRank, ...known } = row;
          expect([older.get(row.alertId), imagined, imaginedRank]).toEqual([known, imagined, imaginedRank]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('make a chunk dirty when they change', () => {
    const [row] = fc.sample(arbitraryRow, { numRuns: 1, seed: 1 });
    const table = new AlertTable(PACK, COLUMNS);
    table.upsert(row!);
    const clean = () => {
      table.encodeChunk(0);
      table.markClean(0);
      expect(table.dirtyChunks()).toEqual([]);
    };
    for (const change of [{ imagined: '张队' }, { imagined: '李队', imaginedRank: 2 }, { imaginedRank: 2 }, {}]) {
      clean();
      table.upsert({ ...row!, ...change });
      expect(table.dirtyChunks(), JSON.stringify(change)).toEqual([0]);
    }
  });
});
