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
import type { BatchKnowledge, EngineEvent } from './engineEvents.ts';
import { findingOf, noteScore, sameResult } from './finding.ts';
import { placeOf } from './place.ts';
import type { RawObservation } from './rawBlock.ts';
import { sourceName, type SourceBook } from './sourceBook.ts';
import type { OpenSubject } from './openSubject.ts';
import { NEVER, type KeptObservation, type Subject } from './subject.ts';
import type { Meters } from './subjectChange.ts';
import type { SubjectTable } from './subjectTable.ts';

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
export interface Outcome {
  /** Subjects that have changed. */
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
  duplicates: number;
}

export interface EngineParts {
  table: SubjectTable;
  names: NameIndex;
  sources: SourceBook;
  standing: EngineStanding;
  alerts: AlertFeed;
  /** Never while everything is built anew from an export. */
  decides: boolean;
  /** By number. */
  indicator: (number: number) => KnownIndicator;
  packOf: (version: string) => CompiledPack | undefined;
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
  private outcome: Outcome = newOutcome();

  constructor(parts: EngineParts) {
    this.parts = parts;
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
   * @throws AlertsGap when the feed of alerts has a gap
   */
  fold(events: readonly EngineEvent[], knowledge: BatchKnowledge, now: number): Outcome {
    this.opened = new Map();
    this.changed = new Set();
    this.renewed = new Set();
    this.digests = new Set();
    this.outcome = newOutcome();
    this.advance(now);
    const touched = new Set<SubjectKey>();
    for (const event of events) this.take(event, knowledge, touched, now);
    this.look(touched, now);
    this.outcome.subjects = [...this.changed];
    this.outcome.digests = [...this.digests];
    return this.outcome;
  }

  /** A new day has begun: those whose result it may change are due. A clock that goes back changes nothing. */
  private advance(now: number): void {
    const { standing, table } = this.parts;
    standing.day = Math.max(standing.day, dayOf(now));
    const due = table.takeDue(standing.day);
    if (due.length) this.stale = this.stale.length ? this.stale.concat(due) : due;
  }

  private take(event: EngineEvent, knowledge: BatchKnowledge, touched: Set<SubjectKey>, now: number): void {
    switch (event.kind) {
      case 'registered':
        return this.register(event, touched);
      case 'observed':
        return this.observe(event, knowledge, touched);
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

  private open(key: SubjectKey): OpenSubject {
    let subject = this.opened.get(key);
    if (!subject) this.opened.set(key, (subject = this.parts.table.open(key)));
    return subject;
  }

  private register(
    { key, registration }: Extract<EngineEvent, { kind: 'registered' }>,
    touched: Set<SubjectKey>,
  ): void {
    const { names, standing } = this.parts;
    const subject = this.open(key);
    const held = subject.registration;
    // A repeat is told by `(source, id)`, in what is kept: the one that holds (signals §1, §3).
    if (held && held.id === registration.id && held.source === registration.source) {
      this.outcome.duplicates++;
      standing.duplicates++;
      return;
    }
    standing.registered++;
    if (held && compareRank(registration, held) <= 0) return;
    subject.registration = registration;
    this.changed.add(subject);
    this.outcome.shown.add(subject);
    this.outcome.whole.add(subject);
    touched.add(key);
    if (!key.startsWith('U:')) return;
    const name = normalName(registration.name);
    const changes = names.set(key as UsccKey, registration.active && name !== '' ? `N:${name}` : undefined);
    // A name of which nothing is kept takes nothing with it; looking at one that is kept looks at whoever has it now.
    for (const { name: changed, before } of changes) {
      if (!this.parts.table.has(changed)) continue;
      touched.add(changed);
      if (before !== undefined) touched.add(before);
    }
  }

  private observe(
    { key, observation, received, digest }: Extract<EngineEvent, { kind: 'observed' }>,
    { seen }: BatchKnowledge,
    touched: Set<SubjectKey>,
  ): void {
    const { standing, sources, indicator } = this.parts;
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
      standing.duplicates++;
      return;
    }
    if (!subject.isRegistered && subject.observations.length === 0) outcome.shown.add(subject);
    const kept = withoutKnown(observation, subject);
    subject.observations.push(kept);
    this.renewed.add(subject);
    this.changed.add(subject);
    touched.add(key);
    this.digests.add(digest);
    outcome.raw.push({ ...kept, subject: subject.n, received });
    standing.observed++;
    sources.note(
      sourceName(indicator(observation.indicator).channel, observation.source),
      observation.time,
      received,
      dayOf(received),
    );
  }

  private hear({ key, mark }: HeardAlert, { owners }: BatchKnowledge, touched: Set<SubjectKey>): void {
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
      touched.add(before);
    }
    const subject = this.open(key);
    subject.alerts.push(renewMark(known, mark));
    this.changed.add(subject);
    touched.add(key);
    if (before !== key) this.outcome.owners.set(alertId, key);
  }

  /** A piece of what a new day or a new version has left to do, as much as holds nothing up. */
  private work(touched: Set<SubjectKey>, now: number): void {
    const { standing, table } = this.parts;
    const until = performance.now() + PIECE_MS;
    const piece = new Set<SubjectKey>();
    const done = () => {
      this.look(piece, now);
      piece.clear();
    };
    for (let n = 0; n < PIECE && this.hasWork; n++) {
      const key = this.nextInLine();
      if (key !== undefined) piece.add(key);
      if (piece.size >= 20) {
        done();
        if (performance.now() > until) break;
      }
    }
    if (standing.sweep >= table.size) standing.sweep = NEVER;
    for (const key of piece) touched.add(key);
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
  private look(touched: ReadonlySet<SubjectKey>, now: number): void {
    const { names, standing } = this.parts;
    const subjects = new Set<SubjectKey>();
    const { indicator } = this.parts;
    for (const key of touched) {
      const own = this.open(key);
      if (this.renewed.has(own) || forgetOn(own) <= standing.day) {
        const kept = retain(own.observations, standing.day, (number) => indicator(number).kind) as KeptObservation[];
        if (kept.length !== own.observations.length) this.changed.add(own);
        // Nobody watches what was never registered, and of which nothing is kept any more.
        if (kept.length === 0 && !own.isRegistered) this.show(own);
        own.observations = kept;
      }
      const answers = names.subjectOf(key);
      subjects.add(answers);
      if (answers === key) {
        if (own.owner !== undefined) {
          this.show(own);
          this.outcome.whole.add(own);
        }
        own.owner = undefined;
        continue;
      }
      // It answers as somebody else, who has all that it had.
      if (own.owner !== answers || own.found) this.show(own);
      own.owner = answers;
      own.found = undefined;
      own.scores = [];
      this.setDue(own, forgetOn(own));
    }
    for (const key of subjects) this.assess(key, now);
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
    const place = assessment.tier === undefined ? undefined : placeOf(key, subject.registration, observations);
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

function newOutcome(): Outcome {
  return {
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

/** Without what the subject says already. */
function withoutKnown(observation: KeptObservation, subject: Subject): KeptObservation {
  const { more } = observation;
  if (!more || more.name === undefined || more.name !== subject.registration?.name) return observation;
  const rest = { ...more };
  delete rest.name;
  return { ...observation, more: Object.values(rest).some((value) => value !== undefined) ? rest : undefined };
}
