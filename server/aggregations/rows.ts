import { MEASURES } from '../../contract/codes.ts';
import type { Compared, Measures, Row } from '../../contract/frame.ts';

const N = MEASURES.length;
const HOUR_MS = 3_600_000;

/** The nine measures of a row of a table, from its `row`-th nine. */
export function measuresAt(rows: ArrayLike<number>, row: number): Measures {
  const at = row * N;
  return {
    raised: rows[at] ?? 0,
    workers: rows[at + 1] ?? 0,
    amountFen: rows[at + 2] ?? 0,
    effective: rows[at + 3] ?? 0,
    falseAlarm: rows[at + 4] ?? 0,
    recoveredFen: rows[at + 5] ?? 0,
    recoveredWorkers: rows[at + 6] ?? 0,
    closed: rows[at + 7] ?? 0,
    closeMs: rows[at + 8] ?? 0,
  };
}

/** Contract §2: absent when nothing was audited. */
function addRate(row: Measures & { successRate?: number }): void {
  const audited = row.effective + row.falseAlarm;
  if (audited !== 0) row.successRate = row.effective / audited;
}

/** Contract §2: absent when nothing was closed. */
export function addHours(row: Measures & { avgCloseHours?: number }): void {
  if (row.closed !== 0) row.avgCloseHours = row.closeMs / row.closed / HOUR_MS;
}

export function rowAt(rows: ArrayLike<number>, row: number, open: number): Row {
  const result: Row = measuresAt(rows, row) as Row;
  result.open = open;
  addRate(result);
  return result;
}

/** Whether a row has nothing in it. */
export function isEmptyAt(rows: ArrayLike<number>, row: number, open: number): boolean {
  if (open !== 0) return false;
  for (let at = row * N; at < row * N + N; at++) if ((rows[at] ?? 0) !== 0) return false;
  return true;
}

export function compared(totals: ArrayLike<number>): Compared {
  const result: Compared = measuresAt(totals, 0);
  addRate(result);
  addHours(result);
  return result;
}
