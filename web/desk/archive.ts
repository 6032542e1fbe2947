import { STAGES, type Stage } from '../../contract/codes.ts';
import type { Attachment } from '../../contract/events.ts';
import type { AlertDetail, RecordedEvent } from '../../contract/rest.ts';
import { instant } from '../http/instant.ts';

/** A case as one page for the file (docs/casework.md §9). Pure. */

/** Whether a stage came by the term that held: how the step is called, when it was due and done. */
export interface KeptTerm {
  step: Stage | 'returned';
  dueAt: number;
  at: number;
  lateMs: number;
}

/** One thing that has happened, in order. Every event of the alert is one. */
export interface ArchiveRow {
  event: RecordedEvent;
  at: number;
  /** It changed nothing: the alert did not stand dispatched to whoever sent it. */
  isVoid: boolean;
  /** Of a stage that a term ran to. */
  term?: KeptTerm;
}

const STAGE_OF = new Map<string, Stage>(STAGES.map((stage) => [`wage.alert.${stage}`, stage]));
const dataOf = ({ data }: RecordedEvent) => data as Readonly<Record<string, unknown>>;

/** Puts pages of an alert's events together: `later` came first, `earlier` lies before it. */
export function joinPages(earlier: AlertDetail, later: AlertDetail): AlertDetail {
  const whole: AlertDetail = {
    ...later,
    events: [...earlier.events, ...later.events],
    people: { ...earlier.people, ...later.people },
  };
  delete whole.cursor;
  delete whole.eventsBefore;
  if (earlier.cursor !== undefined) whole.cursor = earlier.cursor;
  if (earlier.eventsBefore !== undefined) whole.eventsBefore = earlier.eventsBefore;
  return whole;
}

/** All that has happened. @param events all of the alert, in order */
export function archiveRows(events: readonly RecordedEvent[]): ArchiveRow[] {
  let due: number | undefined;
  let raised = false;
  return events.map((event) => {
    const at = instant(event.time);
    const row: ArchiveRow = { event, at, isVoid: event.effect === false };
    if (row.isVoid) return row;
    const stage = STAGE_OF.get(event.type);
    const moved = event.dueAt === undefined ? undefined : instant(event.dueAt);
    // Only the first raised begins it; one that came again is a conflict.
    const ends = stage !== undefined && stage !== 'raised' && raised;
    if (ends && due !== undefined) {
      const step = stage === 'audited' && dataOf(event).verdict === 'returned' ? 'returned' : stage;
      row.term = { step, dueAt: due, at, lateMs: Math.max(0, at - due) };
    }
    raised ||= stage === 'raised';
    if (moved !== undefined) due = moved;
    else if (stage === 'closed') due = undefined;
    return row;
  });
}

/** Wages that were paid, in order. */
export function recoveriesOf(rows: readonly ArchiveRow[]): { at: number; amountFen: number; workers: number }[] {
  return rows.flatMap(({ event, at, isVoid }) => {
    if (isVoid || event.type !== 'wage.wages.recovered') return [];
    const { amountFen, workers } = dataOf(event);
    return [{ at, amountFen: Number(amountFen), workers: Number(workers) }];
  });
}

/** The files of a case, each once, with when it was first given. */
export function attachmentsOf(rows: readonly ArchiveRow[]): (Attachment & { at: number })[] {
  const found = new Map<string, Attachment & { at: number }>();
  for (const { event, at } of rows)
    for (const one of (dataOf(event).attachments ?? []) as Attachment[])
      if (!found.has(`${one.digest} ${one.name}`)) found.set(`${one.digest} ${one.name}`, { ...one, at });
  return [...found.values()];
}
