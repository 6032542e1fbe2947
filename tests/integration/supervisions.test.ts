import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trail } from '../../contract/accessAdmin.ts';
import type { Frame } from '../../contract/frame.ts';
import type { AlertDetail, Problem } from '../../contract/rest.ts';
import type { Inbox, Supervision, Supervisions } from '../../contract/supervision.ts';
import { asking } from '../support/asking.ts';
import { writeSitePack } from '../support/casework.ts';
import { event, raised } from '../support/events.ts';
import { letIn, writeAccess } from '../support/letIn.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';
import { clockRuns, steeredClock } from '../support/steeredClock.ts';

/** What the clock tells people, and what leaders decide about the supervisions that it prepares (docs/casework.md §3). */

const dir = mkdtempSync(join(tmpdir(), 'wagewatch-supervision-'));
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const GRANTS = {
  admin: { role: 'admin', scope: '330110' },
  leader: { role: 'leader', scope: '330110' },
  officer: { role: 'officer', scope: '330110' },
  townOfficer: { role: 'officer', scope: '330110001' },
  handler: { role: 'handler', scope: '330110', unit: 'brigade' },
  colleague: { role: 'handler', scope: '330110', unit: 'brigade' },
  otherHandler: { role: 'handler', scope: '330110', unit: 'town-010' },
} as const;
type Who = keyof typeof GRANTS;
const { tokens, entries } = letIn(GRANTS);

let server: RunningServer;
/** From a Monday on; no holiday is near. */
const clock = steeredClock(dir, Date.parse('2026-11-16T09:00:00+08:00'));
const now = () => clock.now();
/** Until the server knows of it. @param ahead ms after the beginning */
async function setClock(ahead: number): Promise<void> {
  clock.set(ahead);
  await until('the clock is set', async () => Math.abs(Date.parse((await frame()).at) - now()) < 30_000);
}

beforeAll(async () => {
  writeSitePack(dir);
  server = await startServer({
    DATA_DIR: dir,
    LEASE_MS: '300',
    ACCESS_FILE: writeAccess(dir, entries),
    ...clock.env,
  });
  // What began before casework is on is left alone: the clock must have begun, and not only have been chosen to.
  await until('the clock runs', () => clockRuns(server.url));
});
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

const { ask, send, detail } = asking(tokens, () => server.url);
const frame = async () => (await ask<Frame>('admin', '/api/v1/snapshot?window=all')).body;
const inbox = async (who: Who, query = '') => (await ask<Inbox>(who, `/api/v1/inbox${query}`)).body;
const told = async (who: Who, query = '') =>
  (await inbox(who, query)).items.map(({ kind, alertId }) => `${kind} ${alertId}`);
const drafts = async (state = 'draft') =>
  (await ask<Supervisions>('leader', `/api/v1/supervisions?state=${state}`)).body;
interface Decided extends Problem {
  supervision?: Supervision;
  alert?: AlertDetail;
  rule?: string;
}
/** As somebody decides who has just looked, unless the decision says itself what is expected. */
async function decide(id: string, decision: object, who: Who = 'leader') {
  const issues = 'do' in decision && decision.do === 'issue';
  const expected = issues ? { expect: (await drafts()).items.find((one) => one.id === id)?.expect } : {};
  return ask<Supervision & Decided>(who, `/api/v1/supervisions/${id}`, { ...expected, ...decision });
}

const red = (alertId: string, town = '330110010') =>
  raised(now(), {
    alertId,
    tier: 'red',
    town,
    enterprise: { name: '某甲建筑劳务有限公司' },
    workers: 12,
    amountFen: 34_567_890,
  });
const toBrigade = (alertId: string) =>
  event('wage.alert.dispatched', now() + 1, { alertId, platform: 'tri-colour', unit: '余杭区劳动保障监察大队' });

describe('the inbox', () => {
  it('tells the unit of what is with it, officers of the rest, each in their scope', async () => {
    await send(
      red('I1'),
      toBrigade('I1'),
      event('wage.alert.accepted', now() + 2, { alertId: 'I1', unit: 'brigade', person: 'p7' }),
    );
    await send(red('I2', '330110001'));
    await until('both are there', async () => (await frame()).totals.raised === 2);
    await setClock(16 * MINUTE);
    await until('the office is told', async () => (await told('officer')).includes('notice I2'));
    expect(await told('handler')).toEqual([]);
    // The handling term of the other ends with the second working day: nine days are past its end.
    await setClock(4 * DAY);
    const all = await until('both have gone on', async () => {
      const { items } = await inbox('admin');
      return items.filter(({ alertId }) => alertId === 'I1').length >= 1 && items.length >= 3 && items;
    });
    const own = (await inbox('handler')).items;
    expect(own.length).toBeGreaterThan(0);
    for (const entry of own)
      expect(entry).toMatchObject({ alertId: 'I1', unit: 'brigade', person: 'p7', stage: 'accepted', tier: 'red' });
    // The employer's name is told with it, as it is now, and that it was is on the trail. The inbox itself keeps none.
    const renamed = '某乙建筑劳务有限公司';
    const amended = event('wage.alert.amended', now() + 3, { alertId: 'I1', enterprise: { name: renamed } });
    await send(amended);
    await until('the name has changed', async () => (await detail('I1')).enterprise.name === renamed);
    for (const who of ['handler', 'officer', 'leader'] as const) {
      const named = (await inbox(who)).items.filter(({ alertId }) => alertId === 'I1');
      expect(named.length).toBeGreaterThan(0);
      for (const { enterprise } of named) expect(enterprise).toEqual({ name: renamed });
    }
    const listed = await ask<Trail>('admin', '/api/v1/access/trail?what=alerts.list&limit=200');
    const readers = listed.body.items.filter(({ target, detail }) => target === '330110' && detail?.['inbox'] === true);
    expect(readers.map(({ who }) => who.role)).toEqual(expect.arrayContaining(['handler', 'officer', 'leader']));
    expect(await told('otherHandler')).toEqual([]);
    for (const { alertId } of (await inbox('townOfficer')).items) expect(alertId).toBe('I2');
    // Page by page it is the same, and nothing comes after the last.
    const paged: string[] = [];
    let after = '0-0';
    for (let more = true; more;) {
      const page = await inbox('admin', `?after=${after}&limit=1`);
      paged.push(...page.items.map(({ id }) => id));
      ({ after, more } = page);
    }
    expect(paged).toEqual(all.map(({ id }) => id));
    expect((await inbox('admin', `?after=${after}`)).items).toEqual([]);
  });
  it.each([
    ['?after=yesterday', 400],
    ['?limit=0', 400],
    ['?limit=999', 400],
    ['?scope=999999', 404],
    ['?colour=red', 400],
  ])('refuses %s with %i', async (query, status) => {
    expect((await ask('admin', `/api/v1/inbox${query}`)).status).toBe(status);
  });
});

const act = async (who: Who, id: string, fields: object) => {
  const { stage, eventsTotal } = await detail(id);
  const { status, body } = await ask<AlertDetail & Problem>(who, `/api/v1/alerts/${id}/actions`, {
    expect: { stage, events: eventsTotal },
    ...fields,
  });
  expect([fields, status, body.detail]).toEqual([fields, 200, undefined]);
  return body;
};

describe('news of a case', () => {
  const newsOf = async (who: Who, id: string, kind: string) =>
    (await inbox(who, '?limit=200')).items.filter((one) => one.alertId === id && one.kind === kind);
  const hears = (who: Who, id: string, kind: string) =>
    until(`${who} hears of ${kind}`, async () => {
      const [one, ...more] = await newsOf(who, id, kind);
      expect(more).toEqual([]);
      return one;
    });

  it('what an audit sends back is told whoever has it now, with the reason, until it is done or elsewhere', async () => {
    const id = 'N1';
    await send({ ...red(id), data: { ...(red(id).data as object), tier: 'yellow' } }, toBrigade(id));
    await until('it is there', async () => (await detail(id)).stage === 'dispatched');
    await act('handler', id, { action: 'accept' });
    await act('handler', id, { action: 'handle', outcome: 'other' });
    await act('officer', id, { action: 'audit', verdict: 'returned', note: '缺支付凭证' });
    const told = await hears('handler', id, 'returned');
    expect(told).toMatchObject({ unit: 'brigade', text: '缺支付凭证', stage: 'dispatched' });
    expect(await hears('colleague', id, 'returned')).toEqual(told);
    for (const who of ['officer', 'leader', 'otherHandler'] as const)
      expect(await newsOf(who, id, 'returned')).toEqual([]);
    const trail = await ask<Trail>('admin', `/api/v1/access/trail?target=${id}&limit=200`);
    expect(trail.body.items).toContainEqual(
      expect.objectContaining({ what: 'alert.read', target: id, detail: { inbox: true } }),
    );
    await act('handler', id, { action: 'handle', outcome: 'paid-in-full' });
    expect(await newsOf('handler', id, 'returned')).toEqual([]);
    // Sent back once more, and then to another unit: it is theirs.
    await act('officer', id, { action: 'audit', verdict: 'returned', note: '仍缺凭证' });
    expect(await hears('handler', id, 'returned')).toMatchObject({ text: '仍缺凭证' });
    await act('officer', id, { action: 'transfer', platform: 'four-platforms', unit: 'town-010', note: '请属地办理' });
    expect(await newsOf('handler', id, 'returned')).toEqual([]);
    expect(await hears('otherHandler', id, 'sent')).toMatchObject({ text: '请属地办理' });
  });

  it('whom a case is given by name, whose term is extended, and what others write is told those whom it concerns', async () => {
    const id = 'N2';
    await send({ ...red(id), data: { ...(red(id).data as object), tier: 'yellow' } }, toBrigade(id));
    await until('it is there', async () => (await detail(id)).stage === 'dispatched');
    const { events } = await act('handler', id, { action: 'accept' });
    const handler = events.at(-1)!.actor!;
    const written = await act('colleague', id, { action: 'note', text: '需要再延三天' });
    const colleague = written.events.at(-1)!.actor!;
    expect(await hears('officer', id, 'noted')).toMatchObject({ text: '需要再延三天' });
    expect(await hears('handler', id, 'noted')).toBeTruthy();
    expect(await newsOf('colleague', id, 'noted')).toEqual([]);
    expect(await newsOf('leader', id, 'noted')).toEqual([]);
    const dueAt = new Date(now() + 30 * DAY).toISOString();
    await act('officer', id, { action: 'extend', dueAt, reason: '当事人外出' });
    expect(await hears('handler', id, 'extended')).toMatchObject({ text: '当事人外出' });
    await act('officer', id, { action: 'assign', person: colleague });
    expect(await hears('colleague', id, 'assigned')).not.toHaveProperty('formerly');
    expect(await hears('handler', id, 'assigned')).toMatchObject({ person: colleague, formerly: handler });
    await act('leader', id, { action: 'supervise', level: 'notice', text: '限期办结', number: '某督〔2026〕1号' });
    await act('handler', id, { action: 'answer', text: '已约谈' });
    expect(await hears('leader', id, 'answered')).toMatchObject({ text: '已约谈' });
    expect(await newsOf('colleague', id, 'answered')).toEqual([]);
  });
});

describe('supervisions', () => {
  it('are prepared with facts and text, in both languages', async () => {
    await setClock(5 * DAY);
    await send(...['S1', 'S2', 'S3', 'S4', 'S5', 'S6'].flatMap((id) => [red(id), toBrigade(id)]));
    await until('they are counted', async () => (await frame()).totals.raised === 10);
    // Two hours and three working days at least, and not ten.
    await setClock(5 * DAY + 9 * DAY);
    const { items } = await until('all are drafted', async () => {
      const found = await drafts();
      return found.items.filter(({ alertId }) => alertId.startsWith('S')).length === 6 && found;
    });
    const one = items.find(({ alertId }) => alertId === 'S1')!;
    expect(one).toMatchObject({
      state: 'draft',
      region: '330110',
      facts: {
        tier: 'red',
        town: '330110010',
        workers: 12,
        amountFen: 34_567_890,
        stage: 'dispatched',
        unit: 'brigade',
      },
    });
    expect(one.movedOn).toBeUndefined();
    expect(one.text['zh-CN']).toMatch(
      /^余杭区劳动保障监察大队：红色预警 S1（某甲建筑劳务有限公司，涉及12人、345678\.90元）应于\d{4}年\d+月\d+日\d+时\d{2}分前完成受理，截至\d{4}年\d+月\d+日仍未完成。/,
    );
    expect(one.text.en).toMatch(
      /^Yuhang .+: .+ alert S1 \(.+; 12 people, 345678\.90 yuan\) was to be accepted by \d{4}-\d{2}-\d{2} \d{2}:\d{2}, and by .+ was not\./,
    );
    // Drafts are for leaders alone.
    expect((await told('leader')).some((text) => text.startsWith('draft'))).toBe(true);
    for (const who of ['officer', 'handler'] as const)
      expect((await told(who)).filter((text) => text.startsWith('draft'))).toEqual([]);
  });

  const idOf = async (alertId: string) => (await drafts()).items.find((one) => one.alertId === alertId)!.id;

  it('are issued once, with a number, as an event of the alert, whoever presses at the same time', async () => {
    const [first, second] = [await idOf('S1'), await idOf('S2')];
    const year = new Date(now() + 8 * 60 * MINUTE).getUTCFullYear();
    const dueAt = new Date(now() + 3 * DAY).toISOString();
    const answers = await Promise.all([
      decide(first, { do: 'issue', level: 'talk', text: '请某单位到会说明。', dueAt, reason: '情节较重' }),
      decide(first, { do: 'issue' }, 'admin'),
      decide(first, { do: 'drop', reason: '某理由' }, 'admin'),
      decide(second, { do: 'issue' }),
    ]);
    const won = answers.slice(0, 3).filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(
      answers
        .slice(0, 3)
        .map(({ status }) => status)
        .sort(),
    ).toEqual([200, 409, 409]);
    for (const { body } of answers.filter(({ status }) => status === 409))
      expect(body.supervision).toEqual(won[0]!.body);
    expect(answers[3]).toMatchObject({
      status: 200,
      body: { state: 'issued', by: 'token leader' },
    });
    const issued = (await drafts('issued')).items;
    expect(issued.map(({ number }) => number).sort()).toEqual(issued.map((_, i) => `督〔${year}〕${i + 1}号`).sort());

    const { events, supervised } = await detail('S2');
    expect(supervised).toBe(true);
    const { issued: text, level, number } = answers[3].body;
    expect(events.filter(({ type }) => type === 'wage.case.supervised')).toMatchObject([
      { source: 'urn:wagewatch:clock', data: { level, text, number } },
    ]);
    expect((await told('handler')).filter((entry) => entry.startsWith('supervision'))).toContain('supervision S2');
  });

  it('say what is wrong with a decision', async () => {
    const id = await idOf('S3');
    const wrong: [object, number, string][] = [
      [{ do: 'issue', expect: undefined }, 400, '/expect is missing'],
      [{ do: 'issue', expect: { stage: 'dispatched' } }, 400, 'events'],
      [{ do: 'drop', reason: 'x', expect: { stage: 'raised', events: 1 } }, 422, 'expect'],
      [{ do: 'drop' }, 422, 'reason'],
      [{ do: 'drop', reason: '  ' }, 422, 'reason'],
      [{ do: 'drop', reason: 'x', text: 'y' }, 422, 'text'],
      [{ do: 'issue', dueAt: '2020-01-01T00:00:00Z' }, 422, 'dueAt'],
      [{ do: 'issue', dueAt: '2101-01-01T00:00:00Z' }, 422, 'dueAt'],
      [{ do: 'issue', text: 'a\ud800b' }, 422, 'text'],
      [{ do: 'issue', text: 'x'.repeat(501) }, 400, 'text'],
      [{ do: 'issue', text: ' ' }, 400, 'text'],
      [{ do: 'issue', level: 'fine' }, 400, 'level'],
      [{ do: 'shred' }, 400, 'do'],
      [{ do: 'issue', colour: 'red' }, 400, ''],
    ];
    for (const [decision, status, field] of wrong) {
      const answer = await decide(id, decision);
      expect([decision, answer.status]).toEqual([decision, status]);
      expect(JSON.stringify(answer.body)).toContain(field);
    }
    expect((await decide('none', { do: 'issue' })).status).toBe(404);
    expect((await decide(id, { do: 'issue' }, 'officer')).status).toBe(403);
    expect((await drafts()).items.some((one) => one.id === id)).toBe(true);
  });

  it('are dropped with a reason, and said to have moved on; a closed alert is supervised no more', async () => {
    const [third, fourth, fifth] = [await idOf('S3'), await idOf('S4'), await idOf('S5')];
    expect(await decide(third, { do: 'drop', reason: '已当面督促' })).toMatchObject({
      status: 200,
      body: { state: 'dropped', reason: '已当面督促' },
    });
    expect((await drafts('dropped')).items.map(({ alertId }) => alertId)).toContain('S3');
    expect((await detail('S3')).events.some(({ type }) => type === 'wage.case.supervised')).toBe(false);
    await send(
      event('wage.alert.accepted', now(), { alertId: 'S4', unit: 'brigade' }),
      event('wage.alert.closed', now(), { alertId: 'S5' }),
    );
    await until('it has moved on', async () => (await drafts()).items.find(({ id }) => id === fourth)?.movedOn);
    expect((await decide(fourth, { do: 'issue' })).status).toBe(200);
    expect(await decide(fifth, { do: 'issue' })).toMatchObject({ status: 409, body: { title: 'Closed meanwhile' } });
    const trail = (await ask<Trail>('admin', '/api/v1/access/trail?what=supervision.drop')).body;
    expect(trail.items.map(({ target }) => target)).toContain(third);
  });

  const writtenNumbers = async () =>
    (await detail('N2')).events.flatMap((event) =>
      event.type === 'wage.case.supervised' ? [(event.data as { number?: string }).number] : [],
    );

  it('share their numbers with what a leader writes at the case, unless that is given one', async () => {
    const year = new Date(now() + 8 * 60 * MINUTE).getUTCFullYear();
    const before = (await drafts('issued')).total;
    for (const level of ['talk', 'circular'])
      await act('leader', 'N2', { action: 'supervise', level, text: '限期办结' });
    expect(await writtenNumbers()).toEqual([
      '某督〔2026〕1号',
      `督〔${year}〕${before + 1}号`,
      `督〔${year}〕${before + 2}号`,
    ]);
  });

  it('are issued on the alert as the leader has seen it, and never beside another action', async () => {
    const id = await idOf('S6');
    const { expect: seen } = (await drafts()).items.find((one) => one.id === id)!;
    const before = await detail('S6');
    expect(seen).toEqual({ stage: before.stage, events: before.eventsTotal });
    const note = (expected: object) =>
      ask<AlertDetail>('officer', '/api/v1/alerts/S6/actions', { action: 'note', expect: expected, text: '某笔记' });
    expect((await note(seen!)).status).toBe(200);
    const late = await decide(id, { do: 'issue', expect: seen });
    expect(late).toMatchObject({ status: 409, body: { title: 'It has changed', parameter: 'expect' } });
    expect(late.body.alert!.eventsTotal).toBe(seen!.events + 1);
    const now = { stage: seen!.stage, events: seen!.events + 1 };
    const answers = await Promise.all([note(now), decide(id, { do: 'issue', expect: now }), note(now)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await detail('S6')).eventsTotal).toBe(now.events + 1);
    if (answers[1].status !== 200) expect((await decide(id, { do: 'issue' })).status).toBe(200);
    // It waited until it was counted, so whoever acts next is not refused.
    const { stage, eventsTotal } = await detail('S6');
    expect((await note({ stage, events: eventsTotal })).status).toBe(200);
    const numbers = [...(await drafts('issued')).items.map(({ number }) => number), ...(await writtenNumbers())];
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('and what is told are of those who may read the alert now', async () => {
    await send(red('T1', '330110001'), red('T2'), toBrigade('T2'));
    await until('they are counted', async () => (await detail('T2')).stage === 'dispatched');
    // Past the term of the one, half of that of the other.
    await setClock(14 * DAY + 90 * MINUTE);
    await until('their offices are told', async () => {
      // That a red alert was dispatched is told without any term.
      const all = (await inbox('admin')).items.filter(({ kind }) => kind !== 'red');
      return ['T1', 'T2'].every((id) => all.some(({ alertId }) => alertId === id));
    });
    await setClock(14 * DAY + 10 * DAY);
    await until('both are drafted', async () => {
      const { items } = await drafts();
      return ['T1', 'T2'].every((id) => items.some(({ alertId }) => alertId === id));
    });
    const theirs = async () =>
      (await ask<Supervisions>('leader', '/api/v1/supervisions?scope=330110001')).body.items.map(
        ({ alertId }) => alertId,
      );
    expect(await theirs()).toEqual(expect.arrayContaining(['T1']));
    expect(await theirs()).not.toContain('T2');
    const own = await idOf('T1');
    const foreign = await idOf('T2');
    const drop = { do: 'drop', reason: '某理由' };
    const scope = '?scope=330110001';
    expect((await ask('leader', `/api/v1/supervisions/${foreign}${scope}`, drop)).status).toBe(404);
    const of = async (who: Who, alertId: string) => (await told(who)).filter((entry) => entry.endsWith(` ${alertId}`));
    expect(await of('officer', 'T1')).not.toEqual([]);
    expect(await of('townOfficer', 'T1')).not.toEqual([]);
    expect(await of('handler', 'T2')).not.toEqual([]);
    await send(
      event('wage.alert.amended', now(), { alertId: 'T1', town: '330110010' }),
      event('wage.alert.dispatched', now(), { alertId: 'T2', platform: 'four-platforms', unit: 'town-010' }),
    );
    await until('they have left', async () => (await detail('T2')).unit === 'town-010');
    expect(await of('officer', 'T1')).not.toEqual([]);
    expect(await of('townOfficer', 'T1')).toEqual([]);
    expect(await of('handler', 'T2')).toEqual([]);
    // It is told that a red alert has come to its unit, and nothing of what was told the other.
    await until('it is told', async () => (await of('otherHandler', 'T2')).length > 0);
    expect(await of('otherHandler', 'T2')).toEqual(['red T2']);
    expect(await theirs()).not.toContain('T1');
    expect((await ask('leader', `/api/v1/supervisions/${own}${scope}`, drop)).status).toBe(404);
    const page = await inbox('handler', '?after=0-0&limit=200');
    expect(page.items.map(({ alertId }) => alertId)).not.toContain('T2');
  });

  it('are counted in metrics', async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const figure = (name: string) =>
      Number(new RegExp(`^wagewatch_${name}(?:\\{[^}]*\\})? (\\d+)`, 'm').exec(text)?.[1]);
    expect(figure('clock_drafts_total')).toBeGreaterThanOrEqual(6);
    expect(figure('clock_reminded_total')).toBeGreaterThanOrEqual(1);
    expect(figure('clock_cases')).toBe(11);
    expect(figure('clock_lease_held')).toBe(1);
  });
});
