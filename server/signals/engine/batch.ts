import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { Emitted } from './alertEvents.ts';
import type { BatchKnowledge, EngineEvent } from './engineEvents.ts';
import { FeedRows } from './feedRows.ts';
import type { OpenSubject } from './openSubject.ts';
import type { QuickContext, QuickOutcome } from './quickLook.ts';
import type { RawObservation } from './rawBlock.ts';
import type { Subject } from './subject.ts';
import type { SubjectTable } from './subjectTable.ts';
import { SubjectWrites } from './subjectWrites.ts';

/** What a batch comes to. */
export interface Outcome extends QuickOutcome {
  /** Subjects that have changed, but those that are among the `writes` already. */
  subjects: Subject[];
  /** Those among them of which others see the change. */
  shown: Set<Subject>;
  /** Those among them of whose registration others may not know. */
  whole: Set<Subject>;
  /** Events about alerts. */
  emitted: Emitted[];
  /** Observations that were new, as they came. */
  raw: RawObservation[];
  digests: string[];
  /** Whose alerts are now: by alert id. */
  owners: Map<string, SubjectKey>;
}

/** Room for what a batch writes; it is used again. */
export type Room = Pick<QuickOutcome, 'writes' | 'rows'>;

export function newRoom(): Room {
  return { writes: new SubjectWrites(), rows: new FeedRows() };
}

/** A subject that a batch has to do with. */
export interface Touched {
  key: SubjectKey;
  /** The number of its key. */
  n: number;
  /** Events by which something is observed of it, while it may be looked at in the short way (quickLook.ts). */
  observed: number[] | undefined;
  /** It is to be looked at, whatever is new of what was observed. */
  due: boolean;
}
export type TouchedSubjects = Map<SubjectKey, Touched>;

/** A batch while it is taken in: the subjects that it has opened, and what has become of them. */
export class Batch {
  readonly events: readonly EngineEvent[];
  readonly knowledge: BatchKnowledge;
  /** Epoch ms. */
  readonly now: number;
  /** What holds for all of it; undefined while nobody may be looked at in the short way. */
  readonly context: QuickContext | undefined;
  readonly outcome: Outcome;
  readonly touched: TouchedSubjects = new Map();
  /** Of observations that were taken in in the order of events. */
  readonly digests = new Set<string>();
  /** Subjects of which something new was observed. */
  readonly renewed = new Set<Subject>();
  private readonly table: SubjectTable;
  private readonly opened = new Map<SubjectKey, OpenSubject>();
  private readonly changed = new Set<Subject>();

  constructor(table: SubjectTable, parts: Pick<Batch, 'events' | 'knowledge' | 'now' | 'context'> & { room: Room }) {
    this.table = table;
    this.events = parts.events;
    this.knowledge = parts.knowledge;
    this.now = parts.now;
    this.context = parts.context;
    const { writes, rows } = parts.room;
    writes.clear();
    rows.clear();
    this.outcome = {
      writes,
      rows,
      taken: [],
      subjects: [],
      shown: new Set(),
      whole: new Set(),
      emitted: [],
      raw: [],
      digests: [],
      owners: new Map(),
      duplicates: 0,
    };
  }

  open(key: SubjectKey): OpenSubject {
    let subject = this.opened.get(key);
    if (!subject) this.opened.set(key, (subject = this.table.open(key)));
    return subject;
  }

  hasOpened(key: SubjectKey): boolean {
    return this.opened.has(key);
  }

  /** A subject is to be looked at. @param among those of a part of the batch */
  touch(key: SubjectKey, among: TouchedSubjects = this.touched): void {
    const subject = among.get(key);
    if (subject) subject.due = true;
    else among.set(key, { key, n: this.table.numberOf(key), observed: undefined, due: true });
  }

  change(subject: Subject): void {
    this.changed.add(subject);
  }

  /** What others see of it has changed. */
  show(subject: Subject): void {
    this.changed.add(subject);
    this.outcome.shown.add(subject);
  }

  /** Others may not know of its registration. */
  showWhole(subject: Subject): void {
    this.show(subject);
    this.outcome.whole.add(subject);
  }

  setDue(subject: Subject, due: number): void {
    if (subject.due === due) return;
    subject.due = due;
    this.changed.add(subject);
  }

  /** @returns what it has come to */
  end(): Outcome {
    this.outcome.subjects = [...this.changed];
    return this.outcome;
  }
}
