import { hash } from 'node:crypto';
import { DESK_SOURCE } from '../../../contract/alertLimits.ts';
import type { Expect, GivenAction } from '../../../contract/casework.ts';
import type { CaseAction } from '../../../contract/codes.ts';
import type { Attachment } from '../../../contract/events.ts';
import type { TrailDetail, TrailKey } from '../../../contract/trailKeys.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { Staff } from '../../access/staff.ts';
import type { StoredEvent } from '../../alerts/state.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { Region } from '../../region/region.ts';
import type { AttachmentStore } from '../attachments/attachmentStore.ts';
import type { Intake, Submission } from '../../streams/intake/intake.ts';
import { alertDetail } from '../../views/alerts/alertDetail.ts';
import { withCase, type CasePort } from '../../views/alerts/casePort.ts';
import { isAlone } from '../casePort.ts';
import { caseStateOf, type CaseState } from '../rules/caseState.ts';
import { fieldRefusal, type FieldRules } from '../rules/fieldRefusal.ts';
import type { AskedAction } from '../rules/givenAction.ts';
import { isOwnWork, isTheirs, mayAct, roleRefusal, type Actor } from '../rules/mayAct.ts';
import { toEvent } from '../rules/toEvent.ts';
import type { Asker } from './asker.ts';
import type { DeskStore, Lock } from './deskStore.ts';
import { hasChanged, noAlert, notCounted, notDone, onItsWay, refused, type Outcome } from './outcome.ts';
import type { Prepared, Ready } from './prepared.ts';
import { prepareRaise } from './prepareRaise.ts';

/** Events of an alert in an answer about several. */
const FEW_EVENTS = 20;
const EVENTS = 200;

export interface DeskParts {
  intake: Pick<Intake, 'submit' | 'refusal'>;
  store: (region: string) => DeskStore;
  files: (region: string) => Pick<AttachmentStore, 'claim'>;
  staff: Staff;
  cases: CasePort;
  /** Epoch ms. */
  now: () => number;
  /** After so long an action that is not counted yet is answered all the same, ms. */
  patienceMs: number;
}

/** An action with the alert that it is about. */
export interface Task {
  asked: AskedAction;
  region: Region;
  /** Undefined for one that is to be raised. */
  alertId?: string;
  /** Id of the event that it becomes. */
  event: string;
}

/** An alert that is held for an event that is made elsewhere. */
export interface Held {
  region: Region;
  alertId: string;
  /** Id of the event. */
  event: string;
  /** The action whose checks it gets. */
  action: Exclude<CaseAction, 'raise'>;
  /** The alert as whoever acts has seen it. */
  expect: Expect;
}

/** Does what people ask to be done about alerts (docs/casework.md §2). */
export class Desk {
  private readonly parts: DeskParts;

  constructor(parts: DeskParts) {
    this.parts = parts;
  }

  /** @returns what became of each, in their order */
  async perform(tasks: readonly Task[], asker: Asker): Promise<Outcome[]> {
    const events = tasks.length > 1 ? FEW_EVENTS : EVENTS;
    const taken = new Set<string>();
    const settled = await Promise.allSettled(
      tasks.map((task) => {
        const about = task.alertId === undefined ? undefined : `${task.region.code} ${task.alertId}`;
        const twice = about !== undefined && taken.has(about);
        if (about !== undefined) taken.add(about);
        return this.prepare(task, asker, events, twice).catch((error: unknown): Prepared => {
          // What is wrong with one does not keep the others from being done.
          if (error instanceof HttpProblem) return { problem: error };
          throw error;
        });
      }),
    );
    const prepared = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const ready = prepared.filter((one): one is Ready => 'lock' in one);
    const failed = settled.find(({ status }) => status === 'rejected');
    if (failed) {
      // What others have locked would stay so until the lock ends by itself.
      await Promise.allSettled(ready.map(({ lock }) => lock.release()));
      throw (failed as PromiseRejectedResult).reason;
    }
    const outcomes = new Map<Prepared, Outcome>();
    try {
      for (const one of ready)
        await asker.trail(`case.${one.action}`, one.alertId, { region: one.region.code, ...one.detail });
    } catch (error) {
      await Promise.allSettled(ready.map(({ lock }) => lock.release()));
      throw error;
    }
    for (const [one, outcome] of await this.write(ready, asker, events)) outcomes.set(one, outcome);
    return prepared.map((one) => ('problem' in one ? notDone(one.problem) : outcomes.get(one)!));
  }

  /** What has become by now of an action that was done before, as somebody may see it today. */
  async recall(
    { region, alertId, event }: { region: Region; alertId: string; event?: string },
    asker: Asker,
    several: boolean,
  ): Promise<Outcome | undefined> {
    const seen = await this.look(region, alertId, asker);
    if (!seen) return notDone(noAlert(alertId));
    if (event === undefined) return undefined;
    if (!holds(seen.events, event)) return { status: 202, region: region.code, alertId, event };
    await asker.trail('alert.read', alertId, { again: true });
    return { status: 200, alert: this.shown(region, alertId, seen.events, asker, several ? FEW_EVENTS : EVENTS) };
  }

  /**
   * An alert as somebody may see it, with all of its events.
   * @throws HttpProblem 404 where there is none for them
   */
  async see(region: Region, alertId: string, asker: Asker): Promise<{ state: CaseState; events: StoredEvent[] }> {
    const seen = await this.look(region, alertId, asker);
    if (!seen) throw noAlert(alertId);
    return seen;
  }

  /**
   * Whether somebody may do something about an alert as it is now; nothing is locked by that.
   * @throws HttpProblem 404, 403 or 422 as the action itself
   */
  async mustBeAllowed(
    { region, alertId, action }: Pick<Held, 'region' | 'alertId' | 'action'>,
    asker: Asker,
  ): Promise<void> {
    const { state } = await this.see(region, alertId, asker);
    const alone = () => isAlone(this.parts.staff, asker.actor, state.alert.facts.town);
    const refusal = mayAct(state, action, asker.actor, region.pack, alone);
    if (refusal) throw refused(refusal);
  }

  /** What somebody is shown of an alert; undefined where there is none, or it is not for them. */
  private async look(
    region: Region,
    alertId: string,
    asker: Asker,
  ): Promise<{ state: CaseState; events: StoredEvent[] } | undefined> {
    const events = await region.events(alertId);
    const state = events && caseStateOf(alertId, events, region.rules());
    if (!events || !state || !asker.mayRead(state.alert.facts.town)) return undefined;
    return isTheirs(state.alert, asker.actor, region.pack) ? { state, events } : undefined;
  }

  private shown(region: Region, alertId: string, events: StoredEvent[], asker: Asker, limit: number) {
    const detail = alertDetail(region.code, region.rules(), alertId, events, this.parts.now(), { limit })!;
    return asker.signed(withCase(detail, this.parts.cases, { region, events, principal: asker.principal }));
  }

  private async prepare(task: Task, asker: Asker, limit: number, twice: boolean): Promise<Prepared> {
    const { region, alertId, asked, event } = task;
    const { given } = asked;
    if (given.action === 'raise') {
      const ofRole = roleRefusal(given.action, asker.actor);
      return ofRole
        ? { problem: refused(ofRole) }
        : prepareRaise(
            { given, duplicate: asked.duplicate },
            { ...this.parts, region, event, asker, rules: this.rules(region, asker.actor) },
          );
    }
    const about = { region, alertId: alertId!, event, action: given.action };
    return this.locked(about, asker, { limit, twice }, (lock) =>
      this.check(given, { ...task, alertId: alertId! }, asker, limit, lock),
    );
  }

  /**
   * Locks an alert for an event that is made elsewhere, such as a supervision that a leader issues: after the checks that an action of
   * the same kind gets, and while no other action is on its way.
   */
  hold(
    { region, alertId, event, action, expect }: Held,
    asker: Asker,
  ): Promise<{ state: CaseState; lock: Lock } | { problem: HttpProblem }> {
    const about = { region, alertId, event, action };
    return this.locked(about, asker, { limit: EVENTS, twice: false }, async (lock) => {
      const seen = await this.asExpected(about, expect, asker, EVENTS);
      return 'problem' in seen ? seen : { state: seen.state, lock };
    });
  }

  /** Does something with an alert that somebody may see, while no other action of it is on its way. The lock stays where there is no problem. */
  private async locked<T extends object>(
    { region, alertId, event, action }: Omit<Held, 'expect'>,
    asker: Asker,
    { limit, twice }: { limit: number; twice: boolean },
    work: (lock: Lock) => Promise<T | { problem: HttpProblem }>,
  ): Promise<T | { problem: HttpProblem }> {
    const ofRole = roleRefusal(action, asker.actor);
    const seen = await this.look(region, alertId, asker);
    if (!seen) return { problem: noAlert(alertId) };
    if (ofRole) return { problem: refused(ofRole) };
    const busy = async (events: StoredEvent[]) => {
      await asker.trail('alert.read', alertId);
      return { problem: onItsWay(this.shown(region, alertId, events, asker, limit)) };
    };
    if (twice) return busy(seen.events);
    const lock = await this.parts.store(region.code).lock(`alert:${alertId}`, event);
    if (!lock) return busy(seen.events);
    try {
      const done = await work(lock);
      if ('problem' in done) await lock.release();
      return done;
    } catch (error) {
      await lock.release().catch(() => undefined);
      throw error;
    }
  }

  private rules({ pack }: Region, actor: Actor): FieldRules {
    return { actor, pack, member: (id) => this.parts.staff.member(id), now: this.parts.now() };
  }

  /** An alert as it stands, if it is as expected and somebody may do something about it. */
  private async asExpected(
    { region, alertId, action }: Omit<Held, 'expect' | 'event'>,
    expected: Expect,
    asker: Asker,
    limit: number,
    seen?: { state: CaseState; events: StoredEvent[] },
  ): Promise<{ state: CaseState } | { problem: HttpProblem }> {
    seen ??= await this.look(region, alertId, asker);
    if (!seen) return { problem: noAlert(alertId) };
    const { state, events } = seen;
    if (expected.stage !== state.alert.stage || expected.events !== state.events) {
      await asker.trail('alert.read', alertId);
      return { problem: hasChanged(expected, this.shown(region, alertId, events, asker, limit)) };
    }
    const alone = () => isAlone(this.parts.staff, asker.actor, state.alert.facts.town);
    const refusal = mayAct(state, action, asker.actor, region.pack, alone);
    return refusal ? { problem: refused(refusal) } : { state };
  }

  /** Checks an action against its alert as it is, while no other is on its way. */
  private async check(
    given: Exclude<GivenAction, { action: 'raise' }>,
    { region, alertId, asked, event: id }: Task & { alertId: string },
    asker: Asker,
    limit: number,
    lock: Lock,
  ): Promise<Ready | { problem: HttpProblem }> {
    const { actor } = asker;
    const seen = await this.look(region, alertId, asker);
    if (!seen) return { problem: noAlert(alertId) };
    const { action } = given;
    // The same request was here before, and did not come to its answer.
    if (holds(seen.events, id)) return { region, alertId, action, detail: { event: id, again: true }, lock };
    const expected = await this.asExpected({ region, alertId, action }, asked.expect!, asker, limit, seen);
    if ('problem' in expected) return expected;
    const { state } = expected;
    const refusal = fieldRefusal(given, state.alert, this.rules(region, actor), state.turn);
    if (refusal) return { problem: refused(refusal) };
    const files = await this.filesOf(given, region.code, alertId);
    if ('problem' in files) return files;
    const carried = await this.numbered(given, region.code, id);
    const event = toEvent(carried, state.alert, {
      id,
      alertId,
      region: region.code,
      actor: asker.named,
      attachments: files.attachments,
      now: this.parts.now(),
    });
    const problem = this.parts.intake.refusal(event);
    if (problem !== undefined) return { problem: refused({ status: 422, rule: 'event', detail: problem }) };
    const alone = action === 'audit' && isOwnWork(state.handledBy, actor);
    const detail: TrailDetail = { event: id, ...trailedFields(carried), ...(alone ? { alone } : {}) };
    return { region, alertId, action, event: event as { id: string }, detail, lock };
  }

  /** A supervision gets the next number of the year, as one does that the clock has prepared, unless whoever writes it gives it another. */
  private async numbered<G extends GivenAction>(given: G, region: string, event: string): Promise<G> {
    if (given.action !== 'supervise' || given.fields.number !== undefined) return given;
    const year = toRfc3339(this.parts.now()).slice(0, 4);
    const number = await this.parts.store(region).letterNumber(year, event);
    return { ...given, fields: { ...given.fields, number } };
  }

  /** The files that an action names, as the alert has them: whatever lies in another case is unknown in this one. */
  private async filesOf(
    { fields }: GivenAction,
    region: string,
    alertId: string,
  ): Promise<{ attachments: Attachment[] } | { problem: HttpProblem }> {
    const named = 'attachments' in fields ? (fields.attachments ?? []) : [];
    if (named.length === 0) return { attachments: [] };
    const files = await this.parts.files(region).claim(alertId, named, this.parts.now());
    if (!('unknown' in files)) return { attachments: files };
    const detail = `no file ${files.unknown} was uploaded in this case, or it was removed as nothing named it for a day: upload it here`;
    return { problem: refused({ status: 422, rule: 'attachment', parameter: 'attachments', detail }) };
  }

  /** Writes all that may be done in one step, and waits until it has been counted, or patience ends. */
  private async write(ready: readonly Ready[], asker: Asker, limit: number): Promise<Map<Ready, Outcome>> {
    const outcomes = new Map<Ready, Outcome>();
    if (!ready.length) return outcomes;
    const written = ready.filter(({ event }) => event !== undefined);
    // A lock stays where it is not known whether the event was written: it ends by itself.
    const submission = await this.parts.intake.submit(written.map(({ event }) => event));
    for (const { index, problem } of submission.refused) {
      const one = written[index]!;
      await one.lock.release();
      outcomes.set(one, notDone(refused({ status: 422, rule: 'event', detail: problem })));
    }
    const rest = ready.filter((one) => !outcomes.has(one));
    await Promise.all(
      rest.map(async (one) => {
        const entry = submission.entries.find(({ region }) => region === one.region.code);
        if (one.event !== undefined && entry) await one.lock.written(entry.id);
      }),
    );
    const counted = await isSettled(submission, this.parts.patienceMs);
    await Promise.all(
      rest.map(async (one) => {
        outcomes.set(one, await this.answer(one, counted || one.event === undefined, asker, limit));
      }),
    );
    return outcomes;
  }

  private async answer(one: Ready, counted: boolean, asker: Asker, limit: number): Promise<Outcome> {
    const { region, alertId } = one;
    if (!counted) return { status: 202, region: region.code, alertId, event: one.event?.id ?? '' };
    const events = await region.events(alertId);
    await one.lock.release();
    // An id counts once for ever, also one whose alert is another or is gone.
    if (!events || (one.event && !holds(events, one.event.id))) return notDone(notCounted());
    await one.counted?.();
    return { status: 200, alert: this.shown(region, alertId, events, asker, limit) };
  }
}

async function isSettled(submission: Submission, patienceMs: number): Promise<boolean> {
  const patience = AbortSignal.timeout(patienceMs);
  try {
    await submission.settled(patience);
    return true;
  } catch (error) {
    if (patience.aborted) return false;
    throw error;
  }
}

/** Of what an action carries, the codes: texts are in the event, and the trail needs no second copy of them. */
const TRAILED_FIELDS = [
  'platform',
  'unit',
  'person',
  'outcome',
  'verdict',
  'amountFen',
  'workers',
  'dueAt',
  'level',
  'number',
  'tier',
  'town',
  'attachments',
] as const satisfies readonly TrailKey[];

function trailedFields({ fields: given }: GivenAction): TrailDetail {
  const fields = given as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    TRAILED_FIELDS.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
  );
}

const holds = (events: readonly StoredEvent[], id: string) =>
  events.some((one) => one.source === DESK_SOURCE && one.id === id);

/**
 * The id of the event that an action becomes: for the same request with the same key always the same, so that it counts once however
 * often it is sent. An id counts once for ever, so another request, or another alert, must have another one.
 * @param request who asks, their key, and the digest of the request
 */
export function eventIdOf(request: string, index: number, alertId = ''): string {
  return `act-${hash('sha256', `${request} ${index} ${alertId}`, 'base64url').slice(0, 27)}`;
}
