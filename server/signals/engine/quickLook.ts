import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { CompiledPack } from '../assess/compiledPack.ts';
import { KEPT_DAYS } from '../assess/observation.ts';
import { QuickAssessment } from '../assess/quickAssess.ts';
import { settledAt, unpackMark, type AlertMark, type PackedMark } from './alertMarks.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { decide } from './decide.ts';
import type { EngineEvent, ObservedEvent } from './engineEvents.ts';
import type { FeedRows } from './feedRows.ts';
import { FactColumns, MOST_FACTS } from './factColumns.ts';
import { FindingBytes } from './findingBytes.ts';
import { rawOf, type RawObservation } from './rawBlock.ts';
import { readHeadcount, readName } from './registrationCodec.ts';
import { ScoreColumns } from './scoreColumns.ts';
import { NEVER, type KeptObservation } from './subject.ts';
import { ALERTS, DUE, FOUND, OWNED, REGISTERED, writeObservation } from './subjectCodec.ts';
import type { SubjectTable } from './subjectTable.ts';
import type { SubjectWrites } from './subjectWrites.ts';
import { withoutName } from './withoutName.ts';
import type { Words } from './words.ts';

/** What looks at subjects come to. */
export interface QuickOutcome {
  writes: SubjectWrites;
  rows: FeedRows;
  /** By event of the batch: what was new of it. */
  taken: (RawObservation | undefined)[];
  duplicates: number;
}

/** What holds for all subjects of a batch. Times in epoch ms, days `dayOf`. */
export interface QuickContext {
  events: readonly EngineEvent[];
  pack: CompiledPack;
  day: number;
  now: number;
  /** Observations until then have been dealt with, of whomever. */
  settledAt: number;
  /** By the number of an indicator. */
  isState: (indicator: number) => boolean;
}

/** More than the bytes of nearly all subjects with so few observations. */
const ROOM = 1 << 15;
const NO_MARKS: readonly AlertMark[] = [];

/**
 * Looks at most subjects as what they are, bytes: takes in what was observed, finds what that comes to, and writes them again, one after
 * the other, in places that are there. What longLook.ts does is the law, and a test holds this one to it. What
 * is rare is left to that way: whoever answers as somebody else or has a name's facts, those who are called by what was observed, those with many observations, and those about
 * whom something is to be decided.
 */
export class QuickLook {
  private readonly table: SubjectTable;
  private readonly words: Words;
  /** The subject as it was stored, and behind it what was observed now. */
  private bytes = Buffer.allocUnsafeSlow(2 * ROOM);
  private readonly reader = new ByteReader(this.bytes);
  private readonly facts: FactColumns;
  private readonly assessment = new QuickAssessment();
  private readonly found: FindingBytes;
  private readonly scores = new ScoreColumns();
  private readonly writer = new ByteWriter();
  /** Observations that are new, and which events of the batch they are. */
  private readonly fresh: KeptObservation[] = [];
  private readonly freshOf: number[] = [];

  // The subject at hand; places are those in `bytes`.
  private marks = NO_MARKS;
  private alertsFrom = 0;
  private alertsTo = 0;
  private registered = false;
  private registration = 0;
  /** Up to where it was stored, and where what was observed now ends. */
  private stored = 0;
  private end = 0;

  constructor(table: SubjectTable, words: Words) {
    this.table = table;
    this.words = words;
    this.facts = new FactColumns(this.reader, words);
    this.found = new FindingBytes(words);
  }

  /**
   * @param n the number of its key
   * @param observed events of the batch by which something is observed of it that is not known as a repeat, in order; undefined: it is looked at without any
   * @returns false where it is to be looked at in the long way: then nothing has been done
   */
  look(
    key: SubjectKey,
    n: number,
    observed: readonly number[] | undefined,
    context: QuickContext,
    outcome: QuickOutcome,
  ): boolean {
    if (!this.open(n, observed?.length ?? 0)) return false;
    const unknown = !this.registered && this.facts.count === 0;
    if (observed) {
      if (!this.observe(observed, context) || this.isCalled) return false;
      // What is only repeated changes nothing.
      if (this.fresh.length > 0 && !this.assess(key, n, unknown, context, outcome)) return false;
      outcome.duplicates += observed.length - this.fresh.length;
      this.fresh.forEach((one, i) => {
        const at = this.freshOf[i]!;
        outcome.taken[at] = rawOf(one, n, (context.events[at] as ObservedEvent).received);
      });
      return true;
    }
    return !this.isCalled && this.assess(key, n, false, context, outcome);
  }

  /** Whether those who observed it may have named it: what is called by a register has its name from there alone. */
  private get isCalled(): boolean {
    return !this.registered && this.facts.saysMore;
  }

  /** Reads a subject. @param more so many observations may come to it @returns false where it is none of those for this way */
  private open(n: number, more: number): boolean {
    const { facts, reader, found } = this;
    const length = this.table.copyTo(n, this.bytes, ROOM);
    if (length < 0) return false;
    this.stored = this.end = length;
    this.marks = NO_MARKS;
    this.fresh.length = this.freshOf.length = 0;
    this.alertsFrom = this.alertsTo = this.registration = facts.count = 0;
    facts.saysMore = false;
    this.registered = false;
    this.scores.clear();
    found.clear();
    if (length === 0) return more <= MOST_FACTS;
    reader.reset(this.bytes, 0);
    reader.uint();
    const has = reader.uint();
    if (has & OWNED) return false;
    if (has & DUE) reader.uint();
    if (has & FOUND) found.skip(reader);
    this.scores.read(reader);
    if (has & ALERTS) {
      this.alertsFrom = reader.at;
      this.marks = (JSON.parse(reader.text()) as PackedMark[]).map(unpackMark);
      this.alertsTo = reader.at;
    }
    const count = reader.uint();
    if (count + more > MOST_FACTS) return false;
    for (let i = 0; i < count; i++) facts.read(this.bytes);
    this.registered = (has & REGISTERED) !== 0;
    this.registration = reader.at;
    return true;
  }

  /** Puts what is new behind what was stored. @returns false where there is no room for it */
  private observe(observed: readonly number[], { events }: QuickContext): boolean {
    const { facts, writer, reader, fresh } = this;
    for (const at of observed) {
      const { observation } = events[at] as ObservedEvent;
      const one = observation.more?.name === undefined ? observation : withoutName(observation, this.name());
      writer.clear();
      writeObservation(writer, one, this.words);
      const { buffer, length } = writer;
      if (this.end + length > this.bytes.length) return false;
      for (let i = 0; i < length; i++) this.bytes[this.end + i] = buffer[i]!;
      reader.reset(this.bytes, this.end);
      facts.read(this.bytes);
      // Digests last 35 days; what is kept lasts longer (signals §3).
      if (facts.lastIsRepeat) {
        facts.count--;
        continue;
      }
      this.end += length;
      fresh.push(one);
      this.freshOf.push(at);
    }
    return true;
  }

  /** Of its registration. */
  private name(): string | undefined {
    if (!this.registered) return undefined;
    this.reader.reset(this.bytes, this.registration);
    return readName(this.reader);
  }

  private headcount(): number | undefined {
    if (!this.registered) return undefined;
    this.reader.reset(this.bytes, this.registration);
    return readHeadcount(this.reader);
  }

  /** @param unknown nothing was known of it before @returns false where something is to be decided */
  private assess(
    key: SubjectKey,
    n: number,
    unknown: boolean,
    { pack, day, now, settledAt: allSettledAt, isState }: QuickContext,
    { writes, rows }: QuickOutcome,
  ): boolean {
    const { facts, marks, assessment, found } = this;
    const lapses = this.forgetOn(facts.count) <= day;
    facts.retain(day, isState);
    assessment.of(facts, this.headcount(), Math.max(allSettledAt, settledAt(marks)), pack, day);
    const forgetOn = facts.kept === facts.count ? this.forgetOn(facts.count) : this.forgetOnOfKept();
    let due = Math.min(forgetOn, assessment.changesOn);
    if (assessment.rule) {
      const decision = decide(assessment.rule, marks, pack.quietDays, day);
      if (decision.do === 'raise' || decision.do === 'escalate') return false;
      if (decision.do === 'wait') due = Math.min(due, decision.day);
    }
    const differs = found.find(assessment, pack, this.bytes, now);
    if (differs) this.scores.note(assessment.score / 100, day);
    // Nobody watches what was never registered, and of which nothing is kept any more.
    const gone = (lapses || this.fresh.length > 0) && facts.kept === 0 && !this.registered;
    if (differs || unknown || gone) {
      const { buffer, length } = found.bytes;
      rows.addFound(key, n, this.registered || facts.kept > 0, this.registered, buffer, length);
    }
    this.write(key, n, due, writes);
    return true;
  }

  /** The day on which the oldest of the first so many observations is kept no longer. */
  private forgetOn(count: number): number {
    const { day } = this.facts;
    let oldest = NEVER;
    for (let i = 0; i < count; i++) oldest = Math.min(oldest, day[i]!);
    return oldest === NEVER ? NEVER : oldest + KEPT_DAYS + 1;
  }

  private forgetOnOfKept(): number {
    const { day, order, kept } = this.facts;
    let oldest = NEVER;
    for (let i = 0; i < kept; i++) oldest = Math.min(oldest, day[order[i]!]!);
    return oldest === NEVER ? NEVER : oldest + KEPT_DAYS + 1;
  }

  /** Writes it as subjectCodec.ts does, if it is not what was stored. */
  private write(key: SubjectKey, n: number, due: number, writes: SubjectWrites): void {
    const { writer, facts, bytes } = this;
    writer.clear();
    writer.uint(n);
    const alerts = this.alertsTo > this.alertsFrom;
    writer.uint((this.registered ? REGISTERED : 0) | FOUND | (alerts ? ALERTS : 0) | (due === NEVER ? 0 : DUE));
    if (due !== NEVER) writer.uint(due);
    writer.range(this.found.bytes.buffer, 0, this.found.bytes.length);
    this.scores.write(writer);
    writer.range(bytes, this.alertsFrom, this.alertsTo);
    writer.uint(facts.kept);
    for (let i = 0; i < facts.kept; i++) {
      const one = facts.order[i]!;
      writer.range(bytes, facts.from[one]!, facts.to[one]!);
    }
    if (this.registered) writer.range(bytes, this.registration, this.stored);
    const { buffer, length } = writer;
    if (length === this.stored) {
      let at = 0;
      while (at < length && buffer[at] === bytes[at]) at++;
      if (at === length) return;
    }
    this.table.putBytes(n, buffer, length, due);
    writes.add(key, buffer, 0, length);
  }
}
