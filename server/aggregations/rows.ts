import type { ExactSums } from '../../common/exactSums.ts';
import { MEASURES } from '../../contract/codes.ts';
import type { Compared, Measures, Row } from '../../contract/frame.ts';

const N = MEASURES.length;
const HOUR_MS = 3_600_000;

/** The nine measures of a row of a table, from its `row`-th nine: exact to 2⁵³, beyond it the nearest numbers (contract §4). */
export function measuresAt(rows: ExactSums, row: number): Measures {
  const at = row * N;
  return {
    raised: rows.value(at),
    workers: rows.value(at + 1),
    amountFen: rows.value(at + 2),
    effective: rows.value(at + 3),
    falseAlarm: rows.value(at + 4),
    recoveredFen: rows.value(at + 5),
    recoveredWorkers: rows.value(at + 6),
    closed: rows.value(at + 7),
    closeMs: rows.value(at + 8),
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

export function rowAt(rows: ExactSums, row: number, open: number): Row {
  const result: Row = measuresAt(rows, row) as Row;
  result.open = open;
  addRate(result);
  return result;
}

/** Whether a row has nothing in it. */
export function isEmptyAt(rows: ExactSums, row: number, open: number): boolean {
  if (open !== 0) return false;
  for (let at = row * N; at < row * N + N; at++) if (!rows.isZero(at)) return false;
  return true;
}

export function compared(totals: ExactSums): Compared {
  const result: Compared = measuresAt(totals, 0);
  addRate(result);
  addHours(result);
  return result;
}
