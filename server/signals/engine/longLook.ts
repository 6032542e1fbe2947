import { dayOf, toRfc3339 } from '../../../common/regionTime.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { assess, type Assessment } from '../assess/assess.ts';
import type { CompiledPack } from '../assess/compiledPack.ts';
import { KEPT_DAYS, retain } from '../assess/observation.ts';
import { graverEvent, raisedEvent } from './alertEvents.ts';
import { settledAt, type AlertMark } from './alertMarks.ts';
import type { Backlog } from './backlog.ts';
import type { Batch } from './batch.ts';
import { decide } from './decide.ts';
import { packInForce, type EngineParts } from './engineParts.ts';
import { findingOf, noteScore, sameResult } from './finding.ts';
import type { OpenSubject } from './openSubject.ts';
import { placeOf, type Place } from './place.ts';
import { NEVER, type KeptObservation, type Subject } from './subject.ts';

/** Looks at subjects in the long way, which is the law: what is known of them, what that comes to, and what is decided (signals §3, §4). */
export class LongLook {
  private readonly parts: EngineParts;
  private readonly backlog: Backlog;

  constructor(parts: EngineParts, backlog: Backlog) {
    this.parts = parts;
    this.backlog = backlog;
  }

  get mayDecide(): boolean {
    return this.parts.decides && this.parts.alerts.caughtUp;
  }

  /** Forgets what is kept no longer. @returns as whom it answers */
  renew(key: SubjectKey, batch: Batch): SubjectKey {
    const { names, standing } = this.parts;
    const own = batch.open(key);
    if (batch.renewed.has(own) || forgetOn(own) <= standing.day) {
      const kept = retain(
        own.observations,
        standing.day,
        (number) => this.parts.indicator(number).kind,
      ) as KeptObservation[];
      if (kept.length !== own.observations.length) batch.change(own);
      // Nobody watches what was never registered, and of which nothing is kept any more; it may have lost its name before.
      if (kept.length !== own.observations.length && !own.isRegistered) batch.show(own);
      own.observations = kept;
    }
    const answers = names.subjectOf(key);
    if (answers === key) {
      if (own.owner !== undefined) batch.showWhole(own);
      own.owner = undefined;
      return key;
    }
    // It answers as somebody else, who has all that it had.
    if (own.owner !== answers || own.found) batch.show(own);
    own.owner = answers;
    own.found = undefined;
    own.scores = [];
    batch.setDue(own, forgetOn(own));
    return answers;
  }

  /** Finds what all that is known of a subject comes to, and decides about it. */
  assess(key: SubjectKey, batch: Batch): void {
    const { names, standing, table } = this.parts;
    const pack = packInForce(this.parts);
    const subject = batch.open(key);
    const [, alias] = names.keysOf(key);
    const joined = alias !== undefined && (table.has(alias) || batch.hasOpened(alias)) ? batch.open(alias) : undefined;
    let due = forgetOn(subject);
    if (!pack) {
      if (subject.found) batch.show(subject);
      subject.found = undefined;
      return batch.setDue(subject, due);
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
    const found = findingOf(assessment, pack, subject.found, unplaced, batch.now);
    if (subject.found?.version !== found.version || !sameResult(subject.found, found)) {
      subject.found = found;
      noteScore(subject, found.score, standing.day);
      batch.show(subject);
    }
    if (decision.do === 'wait') due = Math.min(due, decision.day);
    if ((decision.do === 'raise' && place) || decision.do === 'escalate') {
      if (!this.mayDecide) {
        // While everything is built anew nothing is decided, now or later.
        if (this.parts.decides) this.backlog.decideLater(key);
      } else if (decision.do === 'raise') this.raise(subject, place!, assessment, pack, batch);
      // The mark is one of this subject's or of its name's.
      else
        this.escalate(
          decision.alert,
          subject.alerts.includes(decision.alert) ? subject : joined!,
          assessment,
          pack,
          batch,
        );
    }
    batch.setDue(subject, due);
  }

  private raise(subject: OpenSubject, place: Place, assessment: Assessment, pack: CompiledPack, batch: Batch): void {
    const { standing } = this.parts;
    const { now, outcome } = batch;
    const alertId = `SG-${toRfc3339(now).slice(0, 4)}-${++standing.number}`;
    outcome.emitted.push(raisedEvent(alertId, assessment, place, pack, now));
    subject.alerts.push({
      alertId,
      tier: assessment.tier!,
      gravest: assessment.tier!,
      stage: 'raised',
      workers: assessment.workers,
      amountFen: assessment.amountFen,
      raisedAt: now,
    });
    outcome.owners.set(alertId, subject.key);
    standing.raised++;
    batch.change(subject);
  }

  private escalate(
    alert: AlertMark,
    holder: OpenSubject,
    assessment: Assessment,
    pack: CompiledPack,
    batch: Batch,
  ): void {
    batch.outcome.emitted.push(graverEvent(alert, assessment, pack, batch.now));
    alert.tier = alert.gravest = assessment.tier!;
    alert.workers = Math.max(alert.workers, assessment.workers);
    alert.amountFen = Math.max(alert.amountFen, assessment.amountFen);
    this.parts.standing.escalated++;
    batch.change(holder);
  }
}

/** The day on which the oldest of a subject's observations is kept no longer. */
function forgetOn({ observations }: Subject): number {
  let oldest = Infinity;
  for (const { time } of observations) if (time < oldest) oldest = time;
  return oldest === Infinity ? NEVER : dayOf(oldest) + KEPT_DAYS + 1;
}
