import { dayOf } from '../../../common/regionTime.ts';
import { normalName } from '../../../common/identity.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { UsccKey } from '../assess/names.ts';
import { compareRank } from '../assess/observation.ts';
import { numberOf, renewMark, type HeardAlert } from './alertMarks.ts';
import { Backlog } from './backlog.ts';
import { Batch, newRoom, type Outcome, type Room, type Touched, type TouchedSubjects } from './batch.ts';
import type { BatchKnowledge, EngineEvent, ObservedEvent } from './engineEvents.ts';
import { packInForce, type EngineParts } from './engineParts.ts';
import { LongLook } from './longLook.ts';
import { QuickLook, type QuickContext } from './quickLook.ts';
import { rawOf } from './rawBlock.ts';
import type { EngineStanding } from './standing.ts';
import type { Subject } from './subject.ts';
import { withoutName } from './withoutName.ts';

/** Subjects looked at in one piece of own work, at most, and for how long, ms. */
const PIECE = 400;
const PIECE_MS = 8;

/**
 * What observations, registrations, alerts and days come to (signals §1, §3, §4), in memory. Apart from the clock that is handed
 * in, it depends on what it takes in alone.
 */
export class Engine {
  private readonly parts: EngineParts;
  private readonly backlog: Backlog;
  private readonly longLook: LongLook;
  private readonly quickLook: QuickLook;
  /** Of the batch at hand, and of the one before, which is being stored. */
  private room: Room = newRoom();
  private otherRoom: Room = newRoom();

  constructor(parts: EngineParts) {
    this.parts = parts;
    this.backlog = new Backlog(parts.table, parts.standing);
    this.longLook = new LongLook(parts, this.backlog);
    this.quickLook = new QuickLook(parts.table, parts.words);
  }

  get standing(): Readonly<EngineStanding> {
    return this.parts.standing;
  }

  /** Whether there is own work that need not wait for anything. */
  get hasWork(): boolean {
    return this.backlog.has(this.longLook.mayDecide);
  }

  /** Subjects that a new day, or a version that came into force, has left to be looked at. */
  get waiting(): number {
    return this.backlog.waiting;
  }

  /** A subject that was stored with a tier: what is to be decided about it may not have been. */
  resume(key: SubjectKey): void {
    this.backlog.decideLater(key);
  }

  /**
   * Takes in a batch.
   * @param now epoch ms
   * @returns what it comes to; its `writes` and `rows` are good until the batch after the next one is taken in
   * @throws AlertsGap when the feed of alerts has a gap
   */
  fold(events: readonly EngineEvent[], knowledge: BatchKnowledge, now: number): Outcome {
    const { standing, table } = this.parts;
    // A clock that goes back changes nothing.
    standing.day = Math.max(standing.day, dayOf(now));
    this.backlog.begin(standing.day);
    [this.room, this.otherRoom] = [this.otherRoom, this.room];
    const context = this.contextOf(events, now);
    const batch = new Batch(table, { events, knowledge, now, context, room: this.room });
    if (context) this.takeApart(batch);
    else events.forEach((event, i) => this.take(event, i, batch));
    this.look(batch.touched, batch);
    this.noteTaken(batch);
    return batch.end();
  }

  /** @returns undefined where names or rules change on the way, or there are no rules: then all goes in the order of events */
  private contextOf(events: readonly EngineEvent[], now: number): QuickContext | undefined {
    const pack = packInForce(this.parts);
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
  private takeApart(batch: Batch): void {
    const { table } = this.parts;
    const { events, knowledge, touched, outcome } = batch;
    const first = new Map<string, number>();
    /** Whose observations are taken in in the order of events, before anybody is looked at. */
    const inOrder = new Set<SubjectKey>();
    events.forEach((event, i) => {
      if (event.kind !== 'observed') return this.take(event, i, batch);
      const { key, digest } = event;
      let subject = touched.get(key);
      // Numbers are given in the order of events.
      const n = subject?.n ?? table.numberOf(key);
      if (knowledge.seen.has(digest)) {
        outcome.duplicates++;
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
      if (this.observe(event, i, batch)) touched.get(event.key)!.due = true;
    });
  }

  /** Notes what was new, in the order of events, in whatever order subjects were looked at. */
  private noteTaken({ events, outcome }: Batch): void {
    const { standing, sources, indicator } = this.parts;
    const { taken, raw, digests } = outcome;
    for (let i = 0; i < taken.length; i++) {
      const one = taken[i];
      if (!one) continue;
      raw.push(one);
      digests.push((events[i] as ObservedEvent).digest);
      standing.observed++;
      sources.note(indicator(one.indicator).channel, one.source, one.time, one.received, dayOf(one.received));
    }
    standing.duplicates += outcome.duplicates;
  }

  private take(event: EngineEvent, i: number, batch: Batch): void {
    const { alerts, standing } = this.parts;
    switch (event.kind) {
      case 'registered':
        return this.register(event, batch);
      case 'observed':
        if (this.observe(event, i, batch)) batch.touch(event.key);
        return;
      case 'fed':
        alerts.follow(event.id, event.previous);
        if (event.unreadable) alerts.missed();
        for (const alert of event.alerts) {
          alerts.noteHeard(alert.mark.alertId);
          this.hear(alert, batch);
        }
        return;
      case 'read':
        for (const alert of event.alerts) if (!alerts.wasHeard(alert.mark.alertId)) this.hear(alert, batch);
        return;
      case 'readAll':
        return alerts.readAll(event.target);
      case 'activated':
        standing.version = event.version;
        if (event.settle) standing.settledAt = Math.max(standing.settledAt, event.at);
        standing.sweep = 0;
        return;
      case 'work':
        return this.work(batch);
    }
  }

  private register({ key, registration }: Extract<EngineEvent, { kind: 'registered' }>, batch: Batch): void {
    const { names, standing, table } = this.parts;
    const subject = batch.open(key);
    const held = subject.registration;
    // A repeat is told by `(source, id)`, in what is kept: the one that holds (signals §1, §3).
    if (held && held.id === registration.id && held.source === registration.source) {
      batch.outcome.duplicates++;
      return;
    }
    standing.registered++;
    if (held && compareRank(registration, held) <= 0) return;
    subject.registration = registration;
    batch.showWhole(subject);
    batch.touch(key);
    if (!key.startsWith('U:')) return;
    const name = normalName(registration.name);
    const changes = names.set(key as UsccKey, registration.active && name !== '' ? `N:${name}` : undefined);
    // A name of which nothing is kept takes nothing with it; looking at one that is kept looks at whoever has it now.
    for (const { name: changed, before } of changes) {
      if (!table.has(changed)) continue;
      batch.touch(changed);
      if (before !== undefined) batch.touch(before);
    }
  }

  /** @returns whether it was new */
  private observe({ key, observation, received, digest }: ObservedEvent, i: number, batch: Batch): boolean {
    const { outcome } = batch;
    const subject = batch.open(key);
    const { source, id } = observation;
    // Digests last 35 days; what is kept lasts longer (signals §3).
    const again =
      batch.knowledge.seen.has(digest) ||
      batch.digests.has(digest) ||
      subject.observations.some((one) => one.id === id && one.source === source);
    if (again) {
      outcome.duplicates++;
      return false;
    }
    // It is watched from now on, or called otherwise.
    if (!subject.isRegistered && (subject.observations.length === 0 || observation.more)) batch.show(subject);
    const kept =
      observation.more?.name === undefined ? observation : withoutName(observation, subject.registration?.name);
    subject.observations.push(kept);
    batch.renewed.add(subject);
    batch.change(subject);
    batch.digests.add(digest);
    outcome.taken[i] = rawOf(kept, subject.n, received);
    return true;
  }

  private hear({ key, mark }: HeardAlert, batch: Batch): void {
    const { alertId } = mark;
    const { standing } = this.parts;
    standing.number = Math.max(standing.number, numberOf(alertId));
    const before = batch.outcome.owners.get(alertId) ?? batch.knowledge.owners.get(alertId);
    let known: Subject['alerts'][number] | undefined;
    if (before !== undefined) {
      const old = batch.open(before);
      known = old.alerts.find((one) => one.alertId === alertId);
      old.alerts = old.alerts.filter((one) => one !== known);
      batch.change(old);
      batch.touch(before);
    }
    const subject = batch.open(key);
    subject.alerts.push(renewMark(known, mark));
    batch.change(subject);
    batch.touch(key);
    if (before !== key) batch.outcome.owners.set(alertId, key);
  }

  /** A piece of what a new day or a new version has left to do, as much as holds nothing up. */
  private work(batch: Batch): void {
    const { backlog } = this;
    const until = performance.now() + PIECE_MS;
    const piece: TouchedSubjects = new Map();
    for (let n = 0; n < PIECE && this.hasWork; n++) {
      const key = backlog.next();
      if (key !== undefined) batch.touch(key, piece);
      if (piece.size < 20) continue;
      this.look(piece, batch);
      piece.clear();
      if (performance.now() > until) break;
    }
    backlog.endPiece();
    for (const key of piece.keys()) batch.touch(key);
  }

  /** Looks at subjects again, each once: those whose facts have changed, and as whom they answer. */
  private look(touched: TouchedSubjects, batch: Batch): void {
    const { longLook, quickLook } = this;
    /** By key: the subject itself where it may be looked at in the short way. Whoever is looked at once more comes where it came first. */
    const subjects = new Map<SubjectKey, Touched | undefined>();
    for (const subject of touched.values()) {
      if (this.isPlain(subject, batch)) subjects.set(subject.key, subject);
      else if (this.observeAll(subject, batch)) subjects.set(longLook.renew(subject.key, batch), undefined);
    }
    for (const [key, subject] of subjects) {
      if (subject) {
        if (quickLook.look(key, subject.n, subject.observed, batch.context!, batch.outcome)) continue;
        // It is to be decided about, or one of few.
        if (!this.observeAll(subject, batch)) continue;
        longLook.renew(key, batch);
      }
      longLook.assess(key, batch);
    }
  }

  /** Whether all that is known of it is under its own key, and nothing of this batch but observations has changed it. */
  private isPlain({ key, n, observed, due }: Touched, batch: Batch): boolean {
    const { names, table } = this.parts;
    if (!batch.context || key.startsWith('N:') || batch.hasOpened(key)) return false;
    return (due || observed !== undefined) && !(due && observed) && !(table.hasNames && names.hasNamesake(n));
  }

  /** Takes in what was left of a subject's observations for the short way. @returns whether it is to be looked at */
  private observeAll(subject: Touched, batch: Batch): boolean {
    const { observed = [] } = subject;
    subject.observed = undefined;
    for (const i of observed) if (this.observe(batch.events[i] as ObservedEvent, i, batch)) subject.due = true;
    return subject.due;
  }
}
