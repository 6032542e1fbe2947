import { dayOf, toRfc3339 } from '../../../common/regionTime.ts';
import { normalName } from '../../../common/identity.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { assess } from '../assess/assess.ts';
import type { CompiledPack } from '../assess/compiledPack.ts';
import type { NameIndex, UsccKey } from '../assess/names.ts';
import { compareRank, KEPT_DAYS, retain } from '../assess/observation.ts';
import type { KnownIndicator } from '../packs/ruleStore.ts';
import { raisedEvent, graverEvent, type Emitted } from './alertEvents.ts';
import type { AlertFeed } from './alertFeed.ts';
import { numberOf, renewMark, settledAt, type HeardAlert } from './alertMarks.ts';
import { decide } from './decide.ts';
import type { BatchKnowledge, EngineEvent, ObservedEvent } from './engineEvents.ts';
import { FeedRows } from './feedRows.ts';
import { findingOf, noteScore, sameResult } from './finding.ts';
import { placeOf } from './place.ts';
import { QuickLook, type QuickContext, type QuickOutcome } from './quickLook.ts';
import { rawOf, type RawObservation } from './rawBlock.ts';
import type { SourceBook } from './sourceBook.ts';
import type { OpenSubject } from './openSubject.ts';
import { NEVER, type KeptObservation, type Subject } from './subject.ts';
import type { Meters } from './subjectChange.ts';
import type { SubjectTable } from './subjectTable.ts';
import { SubjectWrites } from './subjectWrites.ts';
import { withoutName } from './withoutName.ts';
import type { Words } from './words.ts';

/** Where the engine stands, as it is stored beside its offsets. */
export interface EngineStanding extends Meters {
  /** Number of the alert raised last. */
  number: number;
  /** Observations until then have been dealt with, of whomever; -Infinity where nothing was. */
  settledAt: number;
  /** The subject with which going over all of them goes on; NEVER where there is none to do. */
  sweep: number;
}

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

/** A subject that a batch has to do with. */
interface Touched {
  key: SubjectKey;
  /** The number of its key. */
  n: number;
  /** Events by which something is observed of it, while it may be looked at in the short way (quickLook.ts). */
  observed: number[] | undefined;
  /** It is to be looked at, whatever is new of what was observed. */
  due: boolean;
}
type TouchedSubjects = Map<SubjectKey, Touched>;
type QuickMade = Pick<QuickOutcome, 'writes' | 'rows'>;

export interface EngineParts {
  table: SubjectTable;
  words: Words;
  names: NameIndex;
  sources: SourceBook;
  standing: EngineStanding;
  alerts: AlertFeed;
  /** Never while everything is built anew from an export. */
  decides: boolean;
  /** By number. */
  indicator: (number: number) => KnownIndicator;
  packOf: (version: string) => CompiledPack | undefined;
  /** False: everybody is looked at in the long way, which is the law (quickLook.ts). */
  quick?: boolean;
}

/** Subjects looked at in one piece of own work, at most, and for how long, ms. */
const PIECE = 400;
const PIECE_MS = 8;

/**
 * What observations, registrations, alerts and days come to (signals §1, §3, §4), in memory. Apart from the clock that is handed
 * in, it depends on what it takes in alone.
 */
export class Engine {
  private readonly parts: EngineParts;
  /** Subjects to be looked at again because of the day. */
  private stale: number[] = [];
  /** Subjects with a tier about which nothing could be decided yet. */
  private readonly undecided = new Set<SubjectKey>();
  /** The subjects of the batch at hand. */
  private opened = new Map<SubjectKey, OpenSubject>();
  private changed = new Set<Subject>();
  /** Those of which something new was observed. */
  private renewed = new Set<Subject>();
  private digests = new Set<string>();
  private outcome: Outcome;
  private readonly quick: QuickLook;
  /** Of the batch at hand, and of the one before, which is being stored. */
  private made: QuickMade = { writes: new SubjectWrites(), rows: new FeedRows() };
  private other: QuickMade = { writes: new SubjectWrites(), rows: new FeedRows() };
  /** What holds for all of the batch at hand; undefined while nobody may be looked at in the short way. */
  private context: QuickContext | undefined;
  private events: readonly EngineEvent[] = [];
  private knowledge: BatchKnowledge = NOTHING_KNOWN;

  constructor(parts: EngineParts) {
    this.parts = parts;
    this.quick = new QuickLook(parts.table, parts.words);
    this.outcome = newOutcome(this.made);
  }

  get standing(): Readonly<EngineStanding> {
    return this.parts.standing;
  }

  /** Whether there is own work that need not wait for anything. */
  get hasWork(): boolean {
    const { standing, table } = this.parts;
    return this.stale.length > 0 || standing.sweep < table.size || (this.undecided.size > 0 && this.mayDecide);
  }

  /** Subjects that a new day, or a version that came into force, has left to be looked at. */
  get waiting(): number {
    const { standing, table } = this.parts;
    return this.stale.length + Math.max(0, table.size - standing.sweep);
  }

  private get pack(): CompiledPack | undefined {
    const { standing, packOf } = this.parts;
    return standing.version === '' ? undefined : packOf(standing.version);
  }

  private get mayDecide(): boolean {
    return this.parts.decides && this.parts.alerts.caughtUp;
  }

  /** A subject that was stored with a tier: what is to be decided about it may not have been. */
  resume(key: SubjectKey): void {
    this.undecided.add(key);
  }

  /**
   * Takes in a batch.
   * @param now epoch ms
   * @returns what it comes to; its `writes` and `rows` are good until the batch after the next one is taken in
   * @throws AlertsGap when the feed of alerts has a gap
   */
  fold(events: readonly EngineEvent[], knowledge: BatchKnowledge, now: number): Outcome {
    this.opened = new Map();
    this.changed = new Set();
    this.renewed = new Set();
    this.digests = new Set();
    [this.made, this.other] = [this.other, this.made];
    this.made.writes.clear();
    this.made.rows.clear();
    this.outcome = newOutcome(this.made);
    this.events = events;
    this.advance(now);
    const touched: TouchedSubjects = new Map();
    this.knowledge = knowledge;
    this.context = this.contextOf(events, now);
    if (this.context) this.takeApart(events, knowledge, touched, now);
    else events.forEach((event, i) => this.take(event, i, knowledge, touched, now));
    this.look(touched, now);
    this.noteTaken(events);
    this.outcome.subjects = [...this.changed];
    // What a batch has made need not live until the next one.
    this.events = [];
    this.knowledge = NOTHING_KNOWN;
    this.opened = new Map();
    this.context = undefined;
    return this.outcome;
  }

  /** @returns undefined where names or rules change on the way, or there are no rules: then all goes in the order of events */
  private contextOf(events: readonly EngineEvent[], now: number): QuickContext | undefined {
    const { pack } = this;
    const { standing, quick = true } = this.parts;
    if (!quick || !pack) return undefined;
    if (events.some(({ kind }) => kind === 'registered' || kind === 'activated')) return undefined;
    const isState = (number: number) => this.parts.indicator(number).kind === 'state';
    return { events, pack, day: standing.day, now, settledAt: standing.settledAt, isState };
  }

  /**
   * Takes in a batch in which neither names nor rules change: what is observed of one subject has nothing to do with any other. So each is
   * read, looked at and written before the next one, but those for which that does not hold: names, and repeats within the batch.
   */
  private takeApart(
    events: readonly EngineEvent[],
    knowledge: BatchKnowledge,
    touched: TouchedSubjects,
    now: number,
  ): void {
    const { table } = this.parts;
    const first = new Map<string, number>();
    /** Whose observations are taken in in the order of events, before anybody is looked at. */
    const inOrder = new Set<SubjectKey>();
    events.forEach((event, i) => {
      if (event.kind !== 'observed') return this.take(event, i, knowledge, touched, now);
      const { key, digest } = event;
      let subject = touched.get(key);
      // Numbers are given in the order of events.
      const n = subject?.n ?? table.numberOf(key);
      if (knowledge.seen.has(digest)) {
        this.outcome.duplicates++;
        return;
      }
      if (!subject) touched.set(key, (subject = { key, n, observed: undefined, due: false }));
      const before = first.get(digest);
      if (before === undefined) first.set(digest, i);
      else {
        inOrder.add(key);
        inOrder.add((events[before] as ObservedEvent).key);
      }
      if (key.startsWith('N:')) inOrder.add(key);
      (subject.observed ??= []).push(i);
    });
    if (inOrder.size === 0) return;
    for (const key of inOrder) touched.get(key)!.observed = undefined;
    events.forEach((event, i) => {
      if (event.kind !== 'observed' || !inOrder.has(event.key) || knowledge.seen.has(event.digest)) return;
      if (this.observe(event, i, knowledge)) touched.get(event.key)!.due = true;
    });
  }

  /** Notes what was new, in the order of events, in whatever order subjects were looked at. */
  private noteTaken(events: readonly EngineEvent[]): void {
    const { standing, sources, indicator } = this.parts;
    const { taken, raw, digests } = this.outcome;
    for (let i = 0; i < taken.length; i++) {
      const one = taken[i];
      if (!one) continue;
      raw.push(one);
      digests.push((events[i] as ObservedEvent).digest);
      standing.observed++;
      sources.note(indicator(one.indicator).channel, one.source, one.time, one.received, dayOf(one.received));
    }
    standing.duplicates += this.outcome.duplicates;
  }

  /** A new day has begun: those whose result it may change are due. A clock that goes back changes nothing. */
  private advance(now: number): void {
    const { standing, table } = this.parts;
    standing.day = Math.max(standing.day, dayOf(now));
    const due = table.takeDue(standing.day);
    if (due.length) this.stale = this.stale.length ? this.stale.concat(due) : due;
  }

  private take(event: EngineEvent, i: number, knowledge: BatchKnowledge, touched: TouchedSubjects, now: number): void {
    switch (event.kind) {
      case 'registered':
        return this.register(event, touched);
      case 'observed':
        if (this.observe(event, i, knowledge)) this.touch(touched, event.key);
        return;
      case 'fed': {
        const { alerts } = this.parts;
        alerts.follow(event.id, event.previous);
        if (event.unreadable) alerts.missed();
        for (const alert of event.alerts) {
          alerts.noteHeard(alert.mark.alertId);
          this.hear(alert, knowledge, touched);
        }
        return;
      }
      case 'read':
        for (const alert of event.alerts)
          if (!this.parts.alerts.wasHeard(alert.mark.alertId)) this.hear(alert, knowledge, touched);
        return;
      case 'readAll':
        return this.parts.alerts.readAll(event.target);
      case 'activated': {
        const { standing } = this.parts;
        standing.version = event.version;
        if (event.settle) standing.settledAt = Math.max(standing.settledAt, event.at);
        standing.sweep = 0;
        return;
      }
      case 'work':
        return this.work(touched, now);
    }
  }

  /** A subject is to be looked at. */
  private touch(touched: TouchedSubjects, key: SubjectKey): void {
    const subject = touched.get(key);
    if (subject) subject.due = true;
    else touched.set(key, { key, n: this.parts.table.numberOf(key), observed: undefined, due: true });
  }

  private open(key: SubjectKey): OpenSubject {
    let subject = this.opened.get(key);
    if (!subject) this.opened.set(key, (subject = this.parts.table.open(key)));
    return subject;
  }

  private register(
    { key, registration }: Extract<EngineEvent, { kind: 'registered' }>,
    touched: TouchedSubjects,
  ): void {
    const { names, standing } = this.parts;
    const subject = this.open(key);
    const held = subject.registration;
    // A repeat is told by `(source, id)`, in what is kept: the one that holds (signals §1, §3).
    if (held && held.id === registration.id && held.source === registration.source) {
      this.outcome.duplicates++;
      return;
    }
    standing.registered++;
    if (held && compareRank(registration, held) <= 0) return;
    subject.registration = registration;
    this.changed.add(subject);
    this.outcome.shown.add(subject);
    this.outcome.whole.add(subject);
    this.touch(touched, key);
    if (!key.startsWith('U:')) return;
    const name = normalName(registration.name);
    const changes = names.set(key as UsccKey, registration.active && name !== '' ? `N:${name}` : undefined);
    // A name of which nothing is kept takes nothing with it; looking at one that is kept looks at whoever has it now.
    for (const { name: changed, before } of changes) {
      if (!this.parts.table.has(changed)) continue;
      this.touch(touched, changed);
      if (before !== undefined) this.touch(touched, before);
    }
  }

  /** @returns whether it was new */
  private observe({ key, observation, received, digest }: ObservedEvent, i: number, { seen }: BatchKnowledge): boolean {
    const { outcome } = this;
    const subject = this.open(key);
    const { source, id } = observation;
    // Digests last 35 days; what is kept lasts longer (signals §3).
    const again =
      seen.has(digest) ||
      this.digests.has(digest) ||
      subject.observations.some((one) => one.id === id && one.source === source);
    if (again) {
      outcome.duplicates++;
      return false;
    }
    if (!subject.isRegistered && subject.observations.length === 0) outcome.shown.add(subject);
    const kept =
      observation.more?.name === undefined ? observation : withoutName(observation, subject.registration?.name);
    subject.observations.push(kept);
    this.renewed.add(subject);
    this.changed.add(subject);
    this.digests.add(digest);
    outcome.taken[i] = rawOf(kept, subject.n, received);
    return true;
  }

  private hear({ key, mark }: HeardAlert, { owners }: BatchKnowledge, touched: TouchedSubjects): void {
    const { alertId } = mark;
    const { standing } = this.parts;
    standing.number = Math.max(standing.number, numberOf(alertId));
    const before = this.outcome.owners.get(alertId) ?? owners.get(alertId);
    let known: Subject['alerts'][number] | undefined;
    if (before !== undefined) {
      const old = this.open(before);
      known = old.alerts.find((one) => one.alertId === alertId);
      old.alerts = old.alerts.filter((one) => one !== known);
      this.changed.add(old);
      this.touch(touched, before);
    }
    const subject = this.open(key);
    subject.alerts.push(renewMark(known, mark));
    this.changed.add(subject);
    this.touch(touched, key);
    if (before !== key) this.outcome.owners.set(alertId, key);
  }

  /** A piece of what a new day or a new version has left to do, as much as holds nothing up. */
  private work(touched: TouchedSubjects, now: number): void {
    const { standing, table } = this.parts;
    const until = performance.now() + PIECE_MS;
    const piece: TouchedSubjects = new Map();
    const done = () => {
      this.look(piece, now);
      piece.clear();
    };
    for (let n = 0; n < PIECE && this.hasWork; n++) {
      const key = this.nextInLine();
      if (key !== undefined) this.touch(piece, key);
      if (piece.size >= 20) {
        done();
        if (performance.now() > until) break;
      }
    }
    if (standing.sweep >= table.size) standing.sweep = NEVER;
    for (const key of piece.keys()) this.touch(touched, key);
  }

  private nextInLine(): SubjectKey | undefined {
    const { standing, table } = this.parts;
    if (this.stale.length) return table.keyOf(this.stale.pop()!);
    if (standing.sweep < table.size) return table.keyOf(standing.sweep++);
    const [key] = this.undecided;
    this.undecided.delete(key!);
    return key;
  }

  /** Looks at subjects again, each once: those whose facts have changed, and as whom they answer. */
  private look(touched: TouchedSubjects, now: number): void {
    /** By key: the subject itself where it may be looked at in the short way. Whoever is looked at once more comes where it came first. */
    const subjects = new Map<SubjectKey, Touched | undefined>();
    for (const subject of touched.values()) {
      if (this.isPlain(subject)) subjects.set(subject.key, subject);
      else if (this.observeAll(subject)) subjects.set(this.renew(subject.key), undefined);
    }
    for (const [key, subject] of subjects) {
      if (subject) {
        if (this.quick.look(key, subject.n, subject.observed, this.context!, this.outcome)) continue;
        // It is to be decided about, or one of few.
        if (!this.observeAll(subject)) continue;
        this.renew(key);
      }
      this.assess(key, now);
    }
  }

  /** Whether all that is known of it is under its own key, and nothing of this batch but observations has changed it. */
  private isPlain({ key, n, observed, due }: Touched): boolean {
    const { names, table } = this.parts;
    if (!this.context || key.startsWith('N:') || this.opened.has(key)) return false;
    return (due || observed !== undefined) && !(due && observed) && !(table.hasNames && names.hasNamesake(n));
  }

  /** Takes in what was left of a subject's observations for the short way. @returns whether it is to be looked at */
  private observeAll(subject: Touched): boolean {
    const { observed = [] } = subject;
    subject.observed = undefined;
    for (const i of observed) if (this.observe(this.events[i] as ObservedEvent, i, this.knowledge)) subject.due = true;
    return subject.due;
  }

  /** Forgets what is kept no longer. @returns as whom it answers */
  private renew(key: SubjectKey): SubjectKey {
    const { names, standing } = this.parts;
    const own = this.open(key);
    if (this.renewed.has(own) || forgetOn(own) <= standing.day) {
      const kept = retain(
        own.observations,
        standing.day,
        (number) => this.parts.indicator(number).kind,
      ) as KeptObservation[];
      if (kept.length !== own.observations.length) this.changed.add(own);
      // Nobody watches what was never registered, and of which nothing is kept any more.
      if (kept.length === 0 && !own.isRegistered) this.show(own);
      own.observations = kept;
    }
    const answers = names.subjectOf(key);
    if (answers === key) {
      if (own.owner !== undefined) {
        this.show(own);
        this.outcome.whole.add(own);
      }
      own.owner = undefined;
      return key;
    }
    // It answers as somebody else, who has all that it had.
    if (own.owner !== answers || own.found) this.show(own);
    own.owner = answers;
    own.found = undefined;
    own.scores = [];
    this.setDue(own, forgetOn(own));
    return answers;
  }

  private assess(key: SubjectKey, now: number): void {
    const { names, standing, table } = this.parts;
    const { pack } = this;
    const subject = this.open(key);
    const [, alias] = names.keysOf(key);
    const joined = alias !== undefined && (table.has(alias) || this.opened.has(alias)) ? this.open(alias) : undefined;
    let due = forgetOn(subject);
    if (!pack) {
      if (subject.found) this.show(subject);
      subject.found = undefined;
      return this.setDue(subject, due);
    }
    const observations = joined ? [...subject.observations, ...joined.observations] : subject.observations;
    const marks = joined ? [...subject.alerts, ...joined.alerts] : subject.alerts;
    const assessment = assess(
      observations,
      subject,
      Math.max(standing.settledAt, settledAt(marks)),
      pack,
      standing.day,
    );
    due = Math.min(due, assessment.changesOn ?? NEVER);
    const decision = decide(assessment, marks, pack.quietDays, standing.day);
    const place = decision.do === 'raise' ? placeOf(key, subject.registration, observations) : undefined;
    const unplaced = decision.do === 'raise' && !place;
    const found = findingOf(assessment, pack, subject.found, unplaced, now);
    if (subject.found?.version !== found.version || !sameResult(subject.found, found)) {
      subject.found = found;
      noteScore(subject, found.score, standing.day);
      this.show(subject);
    }
    if (decision.do === 'wait') due = Math.min(due, decision.day);
    if ((decision.do === 'raise' && place) || decision.do === 'escalate') {
      if (!this.mayDecide) {
        // While everything is built anew nothing is decided, now or later.
        if (this.parts.decides) this.undecided.add(key);
      } else if (decision.do === 'raise') {
        const alertId = `SG-${toRfc3339(now).slice(0, 4)}-${++standing.number}`;
        this.emit(raisedEvent(alertId, assessment, place!, pack, now));
        subject.alerts.push({
          alertId,
          tier: assessment.tier!,
          gravest: assessment.tier!,
          stage: 'raised',
          workers: assessment.workers,
          amountFen: assessment.amountFen,
          raisedAt: now,
        });
        this.outcome.owners.set(alertId, key);
        standing.raised++;
        this.changed.add(subject);
      } else {
        const { alert } = decision;
        this.emit(graverEvent(alert, assessment, pack, now));
        // The mark is one of this subject's or of its name's.
        const holder = subject.alerts.includes(alert) ? subject : joined!;
        alert.tier = alert.gravest = assessment.tier!;
        alert.workers = Math.max(alert.workers, assessment.workers);
        alert.amountFen = Math.max(alert.amountFen, assessment.amountFen);
        standing.escalated++;
        this.changed.add(holder);
      }
    }
    this.setDue(subject, due);
  }

  /** What others see of it has changed. */
  private show(subject: Subject): void {
    this.changed.add(subject);
    this.outcome.shown.add(subject);
  }

  private emit(event: Emitted): void {
    this.outcome.emitted.push(event);
  }

  private setDue(subject: Subject, due: number): void {
    if (subject.due === due) return;
    subject.due = due;
    this.changed.add(subject);
  }
}

const NOTHING_KNOWN: BatchKnowledge = { seen: new Set(), owners: new Map() };

function newOutcome({ writes, rows }: QuickMade): Outcome {
  return {
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

/** The day on which the oldest of a subject's observations is kept no longer. */
function forgetOn({ observations }: Subject): number {
  let oldest = Infinity;
  for (const { time } of observations) if (time < oldest) oldest = time;
  return oldest === Infinity ? NEVER : dayOf(oldest) + KEPT_DAYS + 1;
}
