import { describe, expect, it } from 'vitest';
import type { UnitFigures, UnitPerformance } from '../../../../contract/performance.ts';
import {
  csvRows,
  csvText,
  daysOf,
  percentOf,
  shareOf,
  shareText,
  sortUnits,
} from '../../../../web/desk/performance.ts';

const figures = (more: Partial<UnitFigures> = {}): UnitFigures => ({
  received: 0,
  accepted: 0,
  acceptedLate: 0,
  handled: 0,
  handledLate: 0,
  audited: 0,
  returned: 0,
  recoveredFen: 0,
  recoveredWorkers: 0,
  ...more,
});
const unit = (code: string, more: Partial<UnitFigures> = {}): UnitPerformance => ({
  unit: code,
  open: 0,
  overdue: 0,
  total: figures(more),
  months: [figures(more)],
});

describe('the table of how units have done', () => {
  it('says a share with what it is of, and nothing where there is nothing to compare', () => {
    const share = shareOf('handled', figures({ handled: 50, handledLate: 8 }))!;
    expect([shareText(share), percentOf(share)]).toEqual(['42 / 50', 84]);
    const none = shareOf('handled', figures())!;
    expect([shareText(none), percentOf(none)]).toEqual(['—', undefined]);
    expect(percentOf({ is: 1, of: 200 })).toBe(1);
  });

  it('says how long in the unit that fits', () => {
    const said = (ms: number) => Object.values(daysOf(ms)).join(' ');
    expect([10_000, 40 * 60_000, 3_600_000, 86_400_000, 200_000_000].map(said)).toEqual([
      'minutes <1',
      'minutes 40',
      'hours 1.0',
      'days 1.0',
      'days 2.3',
    ]);
  });

  it('sorts by any column, what has nothing last', () => {
    const units = [unit('a'), unit('b', { handled: 2, handledLate: 1 }), unit('c', { handled: 4 })];
    const order = (down: boolean) => sortUnits(units, { column: 'handled', down }).map((one) => one.unit);
    expect([order(true), order(false)]).toEqual([
      ['c', 'b', 'a'],
      ['b', 'c', 'a'],
    ]);
    expect(sortUnits(units, { column: undefined, down: true })).toEqual(units);
  });

  it('is written to a file that no spreadsheet takes for formulas', () => {
    const rows = csvRows([unit('a', { received: 3, recoveredFen: 12_345 })], ['2026-11'], {
      name: () => '=某队',
      heading: (key) => key,
      all: 'all',
    });
    expect(rows.map((row) => row.length)).toEqual([17, 17, 17]);
    const lines = csvText(rows).split('\r\n');
    expect(lines[0]!.startsWith('\uFEFFunit,month,received')).toBe(true);
    expect(lines[1]).toBe("'=某队,all,3,0,0,0,0,0,0,,,,,123.45,0,0,0");
    expect(lines[2]).toBe("'=某队,2026-11,3,0,0,0,0,0,0,,,,,123.45,0,,");
  });
});
