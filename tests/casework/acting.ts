import { hash, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { ActionOutcomes } from '../../contract/casework.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import type { StoredEvent } from '../../server/alerts/state.ts';
import { pdf } from '../support/files.ts';
import { until } from '../support/server.ts';
import { broken, dataOf, forbidden, raiseBroken, sees, typeOf, type Fields, type Standing } from './law.ts';
import { keyOf, ModelAlert } from './modelAlert.ts';
import { personOf, type Who } from './people.ts';
import { storedOf, type Answer, type Part, type World } from './world.ts';

/** Doing something as somebody, and holding what came of it against the law. */

const DESK = 'urn:wagewatch:desk';
/** Far more than processes need to learn that the clock was set, and to answer. */
const ABOUT_MS = 60_000;

export interface Deed {
  who: Who;
  verb: string;
  fields: Fields;
  /** What the alert is expected to be: as it is, another stage, or another number of events. */
  expects: 'right' | 'stage' | 'events';
}
interface Foreseen {
  status: number;
  rule?: string;
}

/** Why it must be refused, by each rule that it breaks; none where it must be done. */
function foreseen(world: World, alert: ModelAlert, { who, verb, fields, expects }: Deed): Foreseen[] {
  const person = personOf(who);
  if (person.role === 'display') return [{ status: 403 }];
  const { standing } = alert;
  if (!sees(person, standing.state)) return [{ status: 404 }];
  const rules = broken(verb, world.idOf[who], person, standing, fields, world.now(), world.people);
  return expects === 'right' ? rules : [...rules, { status: 409 }];
}

function bodyOf(alert: ModelAlert, { verb, fields, expects }: Deed): object {
  const { stage } = alert.state;
  const events = alert.events.length;
  return {
    action: verb,
    expect: {
      stage: expects === 'stage' ? (stage === 'audited' ? 'closed' : 'audited') : stage,
      events: expects === 'events' ? (events === 1 ? 2 : events - 1) : events,
    },
    ...fields,
  };
}
const isOneOf = (refusals: readonly Foreseen[], { status, body }: Pick<Answer, 'status' | 'body'>) =>
  refusals.some((one) => one.status === status && one.rule === body.rule);

/** Does it alone. */
export async function act(world: World, alert: ModelAlert, deed: Deed): Promise<void> {
  await world.settle(alert);
  const refusals = foreseen(world, alert, deed);
  const asked = ask(world, alert, deed);
  const answer = await world.call(deed.who, `/api/v1/alerts/${alert.id}/actions`, asked.body);
  await judged(world, alert, deed, refusals, asked, answer);
}

interface Asked {
  body: object;
  standing: Standing;
  /** Events that were known. */
  known: number;
  at: number;
}
function ask(world: World, alert: ModelAlert, deed: Deed): Asked {
  return { body: bodyOf(alert, deed), standing: alert.standing, known: alert.events.length, at: world.now() };
}

async function judged(
  world: World,
  alert: ModelAlert,
  deed: Deed,
  refusals: readonly Foreseen[],
  asked: Asked,
  answer: Pick<Answer, 'status' | 'body'>,
): Promise<void> {
  const { status, body } = answer;
  if (status === 409 && !refusals.some((one) => one.status === 409)) {
    // Only the clock may have been faster.
    await world.settle(alert);
    expect({ deed, answer: body.detail, more: alert.events.length > asked.known }).toMatchObject({ more: true });
    return;
  }
  if (refusals.length > 0) {
    expect({ deed, status, rule: body.rule, as: isOneOf(refusals, answer), refusals }).toMatchObject({ as: true });
    if (status === 409) expect(body.alert?.alertId).toBe(alert.id);
    await world.settle(alert);
    return;
  }
  const told =
    JSON.stringify({ deed, stage: asked.standing.state.stage, answer }) + (status < 500 ? '' : world.output());
  expect(status === 200 || status === 202, told.slice(0, 4_000)).toBe(true);
  await done(world, alert, deed, asked);
}

/** It was done: there is one event of it, which says what the law says. */
async function done(
  world: World,
  alert: ModelAlert,
  { who, verb, fields }: Deed,
  { standing, at }: Asked,
): Promise<void> {
  const known = new Set(alert.events.map(keyOf));
  const made = await until(`${verb} of ${alert.id} is counted`, async () => {
    const detail = await world.detail(alert.id).catch(() => undefined);
    return detail?.events.find((one) => one.source === DESK && !known.has(keyOf(one)));
  });
  const { type, actor, data, time } = made;
  const id = world.idOf[who];
  const said = dataOf(verb, fields, standing, id);
  const numbered = verb === 'supervise' ? { number: expect.stringMatching(/^督〔\d{4}〕[1-9]\d*号$/) as unknown } : {};
  expect({ type, actor, data }).toEqual({ type: typeOf(verb), actor: id, data: { ...said, ...numbered } });
  if (verb === 'supervise') world.letterIsNew((data as { number: string }).number);
  const last = Math.max(...alert.events.map((event) => event.time));
  const when = Date.parse(time);
  // The clock may have spoken in between.
  expect(when).toBeGreaterThan(last);
  if (when - last > ABOUT_MS) expect(Math.abs(when - at)).toBeLessThan(ABOUT_MS + (world.now() - at));
  for (const digest of (fields.attachments ?? []) as string[]) alert.named.add(digest);
  await took(world, alert, storedOf(made));
}

/** An event of the model is counted, with what the program makes of it. */
export async function took(world: World, alert: ModelAlert, event: StoredEvent): Promise<void> {
  alert.add(event);
  await world.counted(alert, event);
  await world.settle(alert);
}

/** Two at the same moment: one of them is done, unless neither may. */
export async function actBoth(world: World, alert: ModelAlert, deeds: readonly [Deed, Deed]): Promise<void> {
  await world.settle(alert);
  const refusals = deeds.map((deed) => foreseen(world, alert, deed));
  const asked = deeds.map((deed) => ask(world, alert, deed));
  const path = `/api/v1/alerts/${alert.id}/actions`;
  const answers = await Promise.all(deeds.map((deed, i) => world.call(deed.who, path, asked[i]!.body)));
  const won = answers.filter(({ status }) => status === 200 || status === 202);
  const may = refusals.filter((one) => one.length === 0);
  expect({ won: won.length, deeds }).toEqual({
    won: won.length <= Math.min(1, may.length) ? won.length : 'at most one',
    deeds,
  });
  const first = answers.findIndex(({ status }) => status === 200 || status === 202);
  if (first >= 0) await done(world, alert, deeds[first]!, asked[first]!);
  const grown = alert.events.length > asked[0]!.known;
  for (const [i, answer] of answers.entries()) {
    if (i === first) continue;
    // While one is on its way, or after it, the other has changed; what is told by then may be of the alert as it is.
    const as =
      [404, 409].includes(answer.status) ||
      isOneOf(refusals[i]!, answer) ||
      (grown && [403, 422].includes(answer.status));
    expect({ deed: deeds[i], status: answer.status, as }).toMatchObject({ as: true });
  }
  await world.settle(alert);
  // One that is refused may have kept the other away while it was looked at; of two that may be done, one is.
  if (first < 0 && may.length === 2) expect(alert.events.length).toBeGreaterThan(asked[0]!.known);
}

/** A process is killed meanwhile, and the same request is sent again until it is answered. */
export async function actWhileKilled(
  world: World,
  alert: ModelAlert,
  deed: Deed,
  part: Part,
  afterMs: number,
): Promise<void> {
  await world.settle(alert);
  const refusals = foreseen(world, alert, deed);
  if (refusals.length > 0) return act(world, alert, deed);
  const asked = ask(world, alert, deed);
  const path = `/api/v1/alerts/${alert.id}/actions`;
  const key = { 'idempotency-key': randomUUID() };
  const send = () => world.call(deed.who, path, asked.body, key).catch(() => undefined);
  const [first] = await Promise.all([send(), world.kill(part, afterMs)]);
  let answer = first;
  await until('it is answered', async () => {
    if (answer?.status !== 200) answer = await send();
    return answer !== undefined && answer.status !== 202 && answer.status !== 503;
  });
  await judged(world, alert, deed, [], asked, answer!);
  // And once more: nothing is done again.
  const again = await send();
  expect(again!.status).toBe(answer!.status);
  await world.settle(alert);
}

/** Several in one request. */
export async function actSeveral(
  world: World,
  given: readonly { alert: ModelAlert; deed: Deed }[],
  who: Who,
): Promise<void> {
  for (const { alert } of given) await world.settle(alert);
  const refusals = given.map(({ alert, deed }) => foreseen(world, alert, { ...deed, who }));
  const asked = given.map(({ alert, deed }) => ask(world, alert, deed));
  const actions = given.map(({ alert }, i) => ({ alertId: alert.id, ...asked[i]!.body }));
  const { status, body } = await world.call(who, '/api/v1/alerts/actions', { actions });
  if (personOf(who).role === 'display') {
    expect(status).toBe(403);
    return;
  }
  expect(status).toBe(200);
  const { outcomes } = body as unknown as ActionOutcomes;
  const taken = new Set<ModelAlert>();
  for (const [i, { alert, deed }] of given.entries()) {
    const outcome = outcomes[i]!;
    const answer = { status: outcome.status, body: (outcome.problem ?? {}) as Answer['body'] };
    // The second on an alert in the same request is refused, unless it is not even there.
    const twice = taken.has(alert);
    taken.add(alert);
    if (!twice) await judged(world, alert, { ...deed, who }, refusals[i]!, asked[i]!, answer);
    else expect([403, 404, 409]).toContain(outcome.status);
  }
}

let made = 0;
/** Uploads a file that nobody else has, or one that is none of those taken. */
export async function upload(world: World, alert: ModelAlert, who: Who, lies: boolean): Promise<void> {
  await world.settle(alert);
  const person = personOf(who);
  const { standing } = alert;
  const content = lies ? Buffer.from(`<html>${++made}`) : pdf(++made);
  const refusals: Foreseen[] = [];
  if (person.role === 'display') refusals.push({ status: 403 });
  else if (!sees(person, standing.state)) refusals.push({ status: 404 });
  else refusals.push(...forbidden('attach', world.idOf[who], person, standing));
  if (lies) refusals.push({ status: 422, rule: 'file-type' });
  const answer = await world.upload(who, alert.id, content, `某材料${made}.pdf`);
  const told = { who, lies, status: answer.status, rule: answer.body.rule };
  if (refusals.length > 0) {
    expect({ ...told, as: isOneOf(refusals, answer) }).toMatchObject({ as: true });
    return;
  }
  expect(told).toMatchObject({ status: 200 });
  const file = {
    digest: `sha256:${hash('sha256', content)}`,
    name: `某材料${made}.pdf`,
    type: 'application/pdf',
    bytes: content.length,
  };
  expect(answer.body).toEqual(file);
  alert.files.set(file.digest, file);
}

/** Raises one by hand. @returns the alert, where it was done */
export async function raiseByHand(
  world: World,
  who: Who,
  facts: { town: string; tier: string; name: string },
  duplicate: boolean,
): Promise<ModelAlert | undefined> {
  const { town, tier, name } = facts;
  const given = {
    town,
    tier,
    industry: 'H',
    channel: 'hotline',
    enterprise: { name },
    workers: 3,
    amountFen: 900_000,
  };
  const person = personOf(who);
  const { status, body } = await world.call(who, '/api/v1/alerts/actions', {
    actions: [{ action: 'raise', ...given, ...(duplicate ? { duplicate } : {}) }],
  });
  if (person.role === 'display') {
    expect(status).toBe(403);
    return undefined;
  }
  const outcome = (body as unknown as ActionOutcomes).outcomes[0]!;
  const refusals: Foreseen[] = raiseBroken(person, facts);
  const open = [...world.alerts.values()].filter(
    ({ state }) => state.stage !== 'closed' && state.facts.enterprise.name === name && sees(person, state),
  );
  if (refusals.length === 0 && open.length > 0 && !duplicate) refusals.push({ status: 409 });
  if (refusals.length > 0) {
    const problem = (outcome.problem ?? {}) as Answer['body'];
    expect({
      who,
      facts,
      status: outcome.status,
      problem,
      as: isOneOf(refusals, { status: outcome.status, body: problem }),
    }).toMatchObject({ as: true });
    if (outcome.status === 409)
      expect((problem.alerts as { alertId: string }[]).map(({ alertId }) => alertId).sort()).toEqual(
        open.map(({ id }) => id).sort(),
      );
    return undefined;
  }
  expect({ who, facts, status: outcome.status, problem: outcome.problem }).toMatchObject({ status: 200 });
  const id = outcome.alertId!;
  expect(id).toMatch(/^DK-\d{4}-\d{6}$/);
  expect(world.alerts.has(id)).toBe(false);
  const detail = (await world.detail(id)) as AlertDetail;
  const raised = detail.events.find(({ type }) => type === 'wage.alert.raised')!;
  expect({ data: raised.data, actor: raised.actor, source: raised.source }).toEqual({
    data: given,
    actor: world.idOf[who],
    source: DESK,
  });
  const alert = new ModelAlert(id, true, storedOf(raised));
  world.alerts.set(id, alert);
  await world.counted(alert, alert.events[0]!);
  await world.settle(alert);
  return alert;
}
