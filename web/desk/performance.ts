import { OTHER_UNITS, type PerformanceFigure } from '../../contract/oversightNames.ts';
import type { Durations, UnitFigures, UnitPerformance } from '../../contract/performance.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../common/regionTime.ts';
import { ABSENT, count, decimal } from '../i18n/format.ts';

/** The table of how units have done (docs/casework.md §8). Pure. */

export const PERFORMANCE_COLUMNS = [
  'received',
  'accepted',
  'toAccept',
  'handled',
  'toHandle',
  'returned',
  'recovered',
  'open',
  'overdue',
] as const;
export type PerformanceColumn = (typeof PERFORMANCE_COLUMNS)[number];

/** What names a row: cases that no unit has are one, too. */
export const unitCode = ({ unit }: UnitPerformance): string => unit ?? OTHER_UNITS;

/** So many of so many, for a figure that says nothing alone. */
export interface Share {
  of: number;
  is: number;
}

/** How many were in time, of all that had a term; of returned, how many of the audits. */
export function shareOf(column: PerformanceColumn, figures: UnitFigures): Share | undefined {
  switch (column) {
    case 'accepted':
      return { of: figures.accepted, is: figures.accepted - figures.acceptedLate };
    case 'handled':
      return { of: figures.handled, is: figures.handled - figures.handledLate };
    case 'returned':
      return { of: figures.audited, is: figures.returned };
    default:
      return undefined;
  }
}

/** Whole per cent, rounded half up; undefined where there is nothing to compare. */
export function percentOf({ of, is }: Share): number | undefined {
  return of === 0 ? undefined : Math.floor((200 * is + of) / (2 * of));
}

/** Days with one decimal; under one, hours; under an hour, minutes. */
export function daysOf(ms: number): { unit: 'days' | 'hours' | 'minutes'; value: string } {
  if (ms < 0.95 * HOUR_MS) return { unit: 'minutes', value: ms < MINUTE_MS ? '<1' : decimal(ms / MINUTE_MS, 0) };
  if (ms < 0.95 * DAY_MS) return { unit: 'hours', value: decimal(ms / HOUR_MS, 1) };
  return { unit: 'days', value: decimal(ms / DAY_MS, 1) };
}

export const durationsOf = (column: PerformanceColumn, figures: UnitFigures): Durations | undefined =>
  column === 'toAccept' || column === 'toHandle' ? figures[column] : undefined;

/** By what a column is sorted; what has nothing comes last either way. */
export function valueOf(column: PerformanceColumn, { total, open, overdue }: UnitPerformance): number | undefined {
  if (column === 'open') return open;
  if (column === 'overdue') return overdue;
  if (column === 'received') return total.received;
  if (column === 'recovered') return total.recoveredFen;
  const share = shareOf(column, total);
  if (share) return share.of === 0 ? undefined : share.is / share.of;
  return durationsOf(column, total)?.medianMs;
}

/** By which column; undefined: as the pack lists the units. */
export interface PerformanceSort {
  column: PerformanceColumn | undefined;
  down: boolean;
}
export function sortUnits(units: readonly UnitPerformance[], { column, down }: PerformanceSort): UnitPerformance[] {
  const all = [...units];
  if (!column) return all;
  const key = (one: UnitPerformance) => valueOf(column, one);
  return all.sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === undefined || y === undefined) return (x === undefined ? 1 : 0) - (y === undefined ? 1 : 0);
    return down ? y - x : x - y;
  });
}

/** The cases behind a column: of what was in time, all that are compared; of days, what they are of. */
export const FIGURE_OF: Readonly<Record<PerformanceColumn, PerformanceFigure>> = {
  received: 'received',
  accepted: 'accepted',
  toAccept: 'accepted',
  handled: 'handled',
  toHandle: 'handled',
  returned: 'returned',
  recovered: 'recovered',
  open: 'open',
  overdue: 'overdue',
};

/** Headings and rows of the table as it is written to a file: a row for each unit and month, and one for all months. */
export function csvRows(
  units: readonly UnitPerformance[],
  months: readonly string[],
  { name, heading, all }: { name: (unit: string | undefined) => string; heading: (key: string) => string; all: string },
): string[][] {
  const keys = [
    'unit',
    'month',
    'received',
    'acceptedInTime',
    'acceptedAll',
    'handledInTime',
    'handledAll',
    'returned',
    'audited',
    'acceptMedian',
    'acceptMean',
    'handleMedian',
    'handleMean',
    'recoveredYuan',
    'recoveredWorkers',
    'open',
    'overdue',
  ];
  const days = (ms: number | undefined) => (ms === undefined ? '' : (ms / DAY_MS).toFixed(2));
  const row = (one: UnitPerformance, month: string, f: UnitFigures, now: boolean) => [
    name(one.unit),
    month,
    ...[f.received, f.accepted - f.acceptedLate, f.accepted, f.handled - f.handledLate, f.handled].map(String),
    ...[f.returned, f.audited].map(String),
    ...[f.toAccept?.medianMs, f.toAccept?.meanMs, f.toHandle?.medianMs, f.toHandle?.meanMs].map(days),
    (f.recoveredFen / 100).toFixed(2),
    String(f.recoveredWorkers),
    now ? String(one.open) : '',
    now ? String(one.overdue) : '',
  ];
  return [
    keys.map(heading),
    ...units.flatMap((one) => [
      row(one, all, one.total, true),
      ...one.months.map((figures, i) => row(one, months[i]!, figures, false)),
    ]),
  ];
}

/** RFC 4180, with a byte order mark: spreadsheets take CSV for UTF-8 only with it. */
export function csvText(rows: readonly (readonly string[])[]): string {
  const field = (text: string) => {
    // What begins like a formula must not become one in a spreadsheet.
    const safe = /^[\s]*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\uFEFF${rows.map((cells) => `${cells.map(field).join(',')}\r\n`).join('')}`;
}

/** A share in words: `42 / 50`. */
export const shareText = ({ of, is }: Share): string => (of === 0 ? ABSENT : `${count(is)} / ${count(of)}`);

/** The lengths of a unit's months as bars, 0…1 of the longest of all units, so that they can be compared. */
export function barsOf(unit: UnitPerformance, units: readonly UnitPerformance[]): number[] {
  const most = Math.max(1, ...units.flatMap(({ months }) => months.map(({ received }) => received)));
  return unit.months.map(({ received }) => received / most);
}
