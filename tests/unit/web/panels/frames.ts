import type { Frame, Row, TownRow } from '../../../../contract/frame.ts';
import { fixture, type FixtureOptions } from '../../../support/webFixtures.ts';

/** A row in which nothing happened, but for `changed`. */
export const row = (changed: Partial<Row>): Row => ({
  raised: 0,
  workers: 0,
  amountFen: 0,
  effective: 0,
  falseAlarm: 0,
  recoveredFen: 0,
  recoveredWorkers: 0,
  closed: 0,
  closeMs: 0,
  open: 0,
  ...changed,
});
export const town = (tiers: TownRow['tiers'], changed: Partial<TownRow> = {}): TownRow => ({
  ...row({ open: Object.values(tiers).reduce((sum, n) => sum + n, 0) }),
  tiers,
  ...changed,
});

/** The same frame as it is of a moment in the past (contract §4). */
export function pastFrame(options: FixtureOptions = {}): Frame {
  const frame = structuredClone(fixture(options).frame);
  delete frame.byStage;
  delete frame.totals.overdue;
  delete frame.totals.dueToday;
  delete frame.agenda;
  delete frame.lastByChannel;
  for (const line of Object.values(frame.byTown)) {
    delete line.days;
    delete line.oldestOpenAt;
  }
  return frame;
}

/** The same frame as a display gets it where figures over fewer than five alerts are withheld. */
export function withheldFrame(options: FixtureOptions = {}): Frame {
  const frame = structuredClone(fixture(options).frame);
  frame.withheld = 5;
  frame.latest = {};
  frame.agenda = {};
  frame.agendaByUnit = { 某街道综合执法队: 9, 劳动保障监察大队: 12, 区住建局工资专班: 9 };
  delete frame.lastByChannel;
  for (const line of Object.values(frame.byTown)) {
    delete line.days;
    delete line.oldestOpenAt;
    if (line.open < 5)
      Object.assign(line, { open: 0, tiers: Object.fromEntries(Object.keys(line.tiers).map((t) => [t, 0])) });
  }
  return frame;
}
