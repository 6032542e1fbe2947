import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trail } from '../../contract/accessAdmin.ts';
import type { ActionOutcomes } from '../../contract/casework.ts';
import type { AlertBrief } from '../../contract/frame.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import { createRedis } from '../../server/platform/redis/connect.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { asking } from '../support/asking.ts';
import { raised } from '../support/events.ts';
import { letIn, writeAccess } from '../support/letIn.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { loadPack } from '../support/packs.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';

/** What people do about alerts (docs/casework.md §2), against real servers that share a Redis. */

const pack = loadPack('330110');
const [TOWN, OTHER_TOWN] = ['330110010', '330110001'];
const unitOfTown = (town: string) => pack.units!.find(({ towns }) => towns?.includes(town))!;
const UNIT = unitOfTown(TOWN);
const OTHER_UNIT = unitOfTown(OTHER_TOWN);
const GRANTS = {
  officer: { role: 'officer', scope: '330110' },
  second: { role: 'officer', scope: '330110' },
  townOfficer: { role: 'officer', scope: OTHER_TOWN },
  leader: { role: 'leader', scope: '330110' },
  admin: { role: 'admin', scope: '330110' },
  handler: { role: 'handler', scope: '330110', unit: UNIT.code },
  colleague: { role: 'handler', scope: '330110', unit: UNIT.code },
  stranger: { role: 'handler', scope: '330110', unit: OTHER_UNIT.code },
  display: { role: 'display', scope: '330110' },
} as const;
type Who = keyof typeof GRANTS;
const { tokens, entries } = letIn(GRANTS);

const { log } = listeningLog();
const dir = mkdtempSync(join(tmpdir(), 'actions-'));
let ACCESS_FILE: string;
let redis: RawRedis;
let first: RunningServer;
let second: RunningServer;
const start = (more: Record<string, string> = {}) =>
  startServer({ ACCESS_FILE, REDIS_URL: `redis://127.0.0.1:${redis.port}`, LEASE_MS: '600', ...more });

beforeAll(async () => {
  ACCESS_FILE = writeAccess(dir, entries);
  redis = await startRaw({ port: await freePort() });
  first = await start();
  second = await start();
});
afterAll(async () => {
  await second.stop();
  await first.stop();
  await redis.stop();
  rmSync(dir, { recursive: true });
});

const people = asking(tokens, () => first.url);
const call = <T>(who: Who, path: string, body?: unknown, headers: Record<string, string> = {}, server = first) =>
  people.ask<T>(who, path, body, { headers, url: server.url });
const detail = (id: string, who: Who = 'admin', server = first) => people.detail(id, who, server.url);
const expectOf = ({ stage, eventsTotal }: AlertDetail) => ({ stage, events: eventsTotal });
const act = (who: Who, id: string, action: string, fields: object = {}, headers: Record<string, string> = {}) =>
  people.act(who, id, { action, ...fields }, { headers });
let last = 0;
/** Alerts from outside, counted. */
async function alerts(n: number, more: object = {}): Promise<string[]> {
  const ids = Array.from({ length: n }, () => `ACT-${++last}`);
  const events = ids.map((alertId) =>
    raised(Date.now() - 60_000, { alertId, town: TOWN, enterprise: { name: `某${alertId}建筑有限公司` }, ...more }),
  );
  await people.send(...events);
  await until('they are counted', async () => (await detail(ids.at(-1)!)).alertId !== undefined);
  return ids;
}
const alert = async (more: object = {}) => (await alerts(1, more))[0]!;
const sent = { platform: UNIT.platform, unit: UNIT.code };
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
const RAISE = {
  action: 'raise',
  town: TOWN,
  tier: 'yellow',
  industry: 'H',
  channel: 'hotline',
  workers: 3,
  amountFen: 900_000,
};

describe('an alert', () => {
  it('goes through its whole life here, each action being an event that names who did it', async () => {
    const id = await alert();
    const steps: [who: Who, action: string, fields: object, stage: string][] = [
      ['officer', 'amend', { workers: 9, reason: '现场核实' }, 'raised'],
      ['officer', 'dispatch', sent, 'dispatched'],
      ['handler', 'accept', {}, 'accepted'],
      ['handler', 'assign', { person: 'COLLEAGUE' }, 'accepted'],
      ['handler', 'note', { text: '某经办笔记' }, 'accepted'],
      ['officer', 'extend', { dueAt: tomorrow(), reason: '当事人外出' }, 'accepted'],
      ['officer', 'urge', {}, 'accepted'],
      ['leader', 'supervise', { level: 'notice', text: '限期办结', number: '某督〔2026〕1号' }, 'accepted'],
      ['handler', 'answer', { text: '已约谈' }, 'accepted'],
      ['handler', 'recover', { amountFen: 100_000, workers: 2 }, 'accepted'],
      ['handler', 'handle', { outcome: 'paid-in-part', note: '尚欠部分' }, 'handled'],
      ['officer', 'audit', { verdict: 'returned', note: '缺支付凭证' }, 'dispatched'],
      ['officer', 'transfer', { ...sent, note: '原单位续办' }, 'dispatched'],
      ['colleague', 'handle', { outcome: 'paid-in-full' }, 'handled'],
      ['officer', 'audit', { verdict: 'effective' }, 'audited'],
      ['officer', 'close', { resolution: '已全额支付' }, 'closed'],
      ['second', 'reopen', { why: '劳动者再次投诉' }, 'dispatched'],
    ];
    const colleague = (await act('officer', await alert(), 'note', { text: 'x' })).body.events.at(-1)!.actor!;
    expect(colleague).toMatch(/^token:/);
    for (const [i, [who, action, fields, stage]] of steps.entries()) {
      const given = 'person' in fields ? { person: await idOf('colleague') } : fields;
      const { status, body } = await act(who, id, action, given);
      expect([action, status, body.detail]).toEqual([action, 200, undefined]);
      expect([action, body.stage, body.eventsTotal]).toEqual([action, stage, i + 2]);
      const made = body.events.at(-1)!;
      expect(made.source).toBe('urn:wagewatch:desk');
      expect(body.people![made.actor!]).toBe(who);
    }
    const { events, workers, recoveredFen, supervised, unit } = await detail(id);
    expect({ workers, recoveredFen, supervised, unit }).toEqual({
      workers: 9,
      recoveredFen: 100_000,
      supervised: undefined,
      unit: UNIT.code,
    });
    expect(events.map(({ type }) => type.replace(/^wage\.(alert|case|wages)\./, ''))).toEqual(
      'raised amended dispatched accepted assigned noted extended urged supervised answered recovered handled audited dispatched handled audited closed dispatched'.split(
        ' ',
      ),
    );
    const times = events.map(({ time }) => time);
    expect([...times].sort()).toEqual(times);
    // One entry each.
    const trail = (await call<Trail>('admin', `/api/v1/access/trail?target=${id}&limit=200`)).body;
    const verbs = trail.items.map(({ what }) => what).filter((what) => what.startsWith('case.'));
    expect(verbs.reverse()).toEqual(steps.map(([, action]) => `case.${action}`));
  });

  it('tells each reader what they may do, and displays nothing of who did what', async () => {
    const id = await alert();
    await act('officer', id, 'dispatch', sent);
    const may = async (who: Who) => (await detail(id, who)).actions;
    expect(await may('handler')).toEqual(['accept', 'handle', 'recover', 'note', 'attach', 'assign', 'answer']);
    expect(await may('leader')).toEqual(['note', 'attach', 'urge', 'supervise']);
    const officer = [
      'transfer',
      'accept',
      'handle',
      'recover',
      'amend',
      'note',
      'attach',
      'assign',
      'extend',
      'urge',
      'answer',
    ];
    expect(await may('officer')).toEqual(officer);
    const shown = await detail(id, 'display');
    for (const name of ['actions', 'people', 'eventsTotal', 'person', 'unit']) expect(shown).not.toHaveProperty(name);
    expect(JSON.stringify(shown)).not.toMatch(/token:|"officer"/);
    expect(shown.events.map(({ type }) => type)).toEqual(['wage.alert.raised', 'wage.alert.dispatched']);
  });

  it('is not there for a handler of another unit, nor for an officer of another town, whatever they try', async () => {
    const id = await alert();
    await act('officer', id, 'dispatch', sent);
    const before = await detail(id);
    for (const who of ['stranger', 'townOfficer'] as const) {
      expect((await act(who, id, 'accept')).status).toBe(404);
      expect((await act(who, id, 'note', { text: '某笔记' })).status).toBe(404);
      const several = await call<ActionOutcomes>(who, '/api/v1/alerts/actions', {
        actions: [{ action: 'note', alertId: id, expect: expectOf(before), text: '某笔记' }],
      });
      expect([several.status, several.body.outcomes[0]!.status]).toEqual([200, 404]);
      expect(JSON.stringify(several.body)).not.toContain('某ACT');
    }
    expect((await act('display', id, 'note', { text: 'x' })).status).toBe(403);
    expect(await detail(id)).toEqual({ ...before, remainingMs: expect.any(Number) as number });
  });
});

/** How events name a token. */
async function idOf(who: Who): Promise<string> {
  const id = await alert();
  if (GRANTS[who].role === 'handler') await act('officer', id, 'dispatch', sent);
  return (await act(who, id, 'note', { text: 'x' })).body.events.at(-1)!.actor!;
}

describe('what is not done', () => {
  it('names the rule that forbids it', async () => {
    const id = await alert();
    const cases: [who: Who, action: string, fields: object, status: number, rule: string, told: RegExp][] = [
      ['officer', 'accept', {}, 422, 'stage', /accept is for an alert that is dispatched; this one is raised/],
      ['leader', 'dispatch', sent, 403, 'role', /dispatch is for the roles officer, admin, not for a leader/],
      ['officer', 'supervise', { level: 'talk', text: 'x' }, 403, 'role', /leader, admin/],
      [
        'officer',
        'dispatch',
        { ...sent, unit: '某不存在中队' },
        422,
        'unknown-unit',
        /"某不存在中队" is no unit of region 330110/,
      ],
      [
        'officer',
        'dispatch',
        { ...sent, dueAt: '2026-01-01T00:00:00Z' },
        422,
        'past',
        /dueAt 2026-01-01T00:00:00Z is past/,
      ],
      ['officer', 'amend', { reason: 'x' }, 422, 'nothing-amended', /at least one fact/],
      ['officer', 'amend', { reason: 'x', tier: 'blue' }, 422, 'tier', /blue is not used by region 330110/],
      ['officer', 'amend', { reason: 'x', town: '330110999' }, 422, 'town', /330110999 is no town of region 330110/],
      ['officer', 'recover', { amountFen: 1, workers: 1 }, 422, 'stage', /this one is raised/],
    ];
    for (const [who, action, fields, status, rule, told] of cases) {
      const { body, ...answer } = await act(who, id, action, fields);
      expect([action, answer.status, body.rule]).toEqual([action, status, rule]);
      expect(body.detail).toMatch(told);
    }
    await act('officer', id, 'dispatch', sent);
    const late: typeof cases = [
      ['handler', 'extend', { dueAt: tomorrow(), reason: 'x' }, 403, 'role', /asks for it in a note/],
      ['leader', 'extend', { dueAt: tomorrow(), reason: 'x' }, 403, 'extension', /first extension is for officers/],
      ['handler', 'accept', { unit: OTHER_UNIT.code }, 403, 'unit', /own unit/],
      ['handler', 'assign', { person: 'nobody' }, 422, 'unknown-person', /"nobody"/],
      ['handler', 'handle', { outcome: '已约谈' }, 422, 'outcome', /must be one of paid-in-full/],
    ];
    for (const [who, action, fields, status, rule, told] of late) {
      const { body, ...answer } = await act(who, id, action, fields);
      expect([action, answer.status, body.rule]).toEqual([action, status, rule]);
      expect(body.detail).toMatch(told);
    }
    expect((await act('officer', id, 'extend', { dueAt: tomorrow(), reason: 'x' })).status).toBe(200);
    expect((await act('second', id, 'extend', { dueAt: tomorrow(), reason: 'x' })).body.rule).toBe('extension');
    expect((await act('leader', id, 'extend', { dueAt: tomorrow(), reason: 'x' })).status).toBe(200);
    expect((await act('officer', id, 'handle', { outcome: 'no-arrears' })).status).toBe(200);
    expect((await act('officer', id, 'audit', { verdict: 'effective' })).body).toMatchObject({
      status: 403,
      rule: 'own-work',
    });
    expect((await act('second', id, 'audit', { verdict: 'returned' })).body).toMatchObject({ rule: 'what-is-missing' });
    expect((await act('second', id, 'audit', { verdict: 'effective' })).status).toBe(200);
  });

  it('says where its form is wrong', async () => {
    const id = await alert();
    const good = { action: 'note', expect: expectOf(await detail(id)), text: 'x' };
    const bad: [body: unknown, told: RegExp][] = [
      [[], /must be a JSON object/],
      [{}, /\/action is missing/],
      [{ ...good, action: 'erase' }, /\/action "erase" is unknown/],
      [{ ...good, action: 'levitate' }, /\/action "levitate" is unknown/],
      [{ ...good, action: 'raise' }, /raised by POST \/api\/v1\/alerts\/actions/],
      [{ ...good, action: 'constructor' }, /is unknown/],
      [{ ...good, expect: undefined }, /\/expect is missing/],
      [{ ...good, expect: { stage: 'raised' } }, /\/expect\/events is missing/],
      [{ ...good, text: 'x'.repeat(2_001) }, /\/text must NOT have more than 2000/],
      [{ ...good, text: ' \n ' }, /\/text must match/],
      [{ ...good, text: 'a\ud800' }, /lone surrogate/],
      [{ ...good, actor: 'somebody' }, /\/actor is not a field of the action note/],
      [{ ...good, alertId: 'x' }, /\/alertId is not a field of the action note/],
      [{ ...good, action: 'extend', text: undefined, dueAt: 'soon', reason: 'x' }, /\/dueAt .*"soon"/],
    ];
    for (const [body, told] of bad) {
      const answer = await call<AlertDetail>('officer', `/api/v1/alerts/${id}/actions`, body);
      expect([answer.status, answer.body.detail]).toEqual([400, expect.stringMatching(told)]);
    }
    expect((await call('officer', '/api/v1/alerts/NONE/actions', good)).status).toBe(404);
    expect((await call('officer', `/api/v1/alerts/${id}/actions`, { ...good, text: 'x'.repeat(2_000) })).status).toBe(
      200,
    );
    for (const actions of [undefined, {}, [], Array.from({ length: 201 }, () => good)]) {
      const { status, body } = await call('officer', '/api/v1/alerts/actions', { actions });
      expect([status, body.parameter]).toEqual([400, 'actions']);
    }
  });

  it('shows how the alert is where it has changed meanwhile', async () => {
    const id = await alert();
    const seen = expectOf(await detail(id));
    expect((await act('officer', id, 'note', { text: '先来者' })).status).toBe(200);
    const late = await call('second', `/api/v1/alerts/${id}/actions`, { action: 'dispatch', expect: seen, ...sent });
    expect(late.status).toBe(409);
    expect(late.body.detail).toMatch(/when you looked, it was raised with 1 event; now it is raised with 2 events/);
    expect(late.body.alert!.events.at(-1)!.data).toEqual({ text: '先来者' });
    expect(late.body.alert!.actions).toContain('dispatch');
  });
});

describe('at once', () => {
  it('one of two wins in two processes, and the other is shown what there is', async () => {
    const ids = await alerts(6);
    for (const id of ids) {
      const body = (text: string) => ({ action: 'note', expect: { stage: 'raised', events: 1 }, text });
      const path = `/api/v1/alerts/${id}/actions`;
      const [a, b] = await Promise.all([
        call<AlertDetail>('officer', path, body('甲'), {}, first),
        call<AlertDetail>('second', path, body('乙'), {}, second),
      ]);
      expect([a.status, b.status].sort()).toEqual([200, 409]);
      expect((a.status === 409 ? a : b).body.alert!.alertId).toBe(id);
      expect((await detail(id)).eventsTotal).toBe(2);
    }
  });

  it('200 are done, each with its own outcome; a second one of an alert in the same request is not', async () => {
    const ids = await alerts(197);
    const note = (alertId: string) => ({
      action: 'note',
      alertId,
      expect: { stage: 'raised', events: 1 },
      text: '批量',
    });
    const actions = [...ids.map(note), note(ids[0]!), note('NONE'), { ...note(ids[1]!), text: '' }];
    const { status, body } = await call<ActionOutcomes>('officer', '/api/v1/alerts/actions', { actions });
    expect(status).toBe(200);
    const statuses = body.outcomes.map((one) => one.status);
    expect(statuses.slice(0, 197).every((one) => one === 200)).toBe(true);
    expect(statuses.slice(197)).toEqual([409, 404, 400]);
    expect(body.outcomes[5]).toMatchObject({ index: 5, alertId: ids[5], alert: { eventsTotal: 2 } });
    expect(body.outcomes[199]!.problem).toMatchObject({
      detail: '/text must NOT have fewer than 1 characters, it is ""',
    });
  });
});

describe('raised by hand', () => {
  const raise = (who: Who, fields: object, server = first, headers: Record<string, string> = {}) =>
    call<ActionOutcomes>(who, '/api/v1/alerts/actions', { actions: [{ ...RAISE, ...fields }] }, headers, server);

  it('it gets a number that nobody else gets, whichever process is asked', async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        raise('officer', { enterprise: { name: `某人工${i}餐饮店` } }, i % 2 ? first : second),
      ),
    );
    const outcomes = all.map(({ body }) => body.outcomes[0]!);
    expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 200));
    const numbers = outcomes.map(({ alertId }) => alertId!);
    expect(new Set(numbers).size).toBe(10);
    for (const id of numbers) expect(id).toMatch(/^DK-20\d\d-\d{6}$/);
    expect(outcomes[0]!.alert).toMatchObject({
      channel: 'hotline',
      workers: 3,
      eventsTotal: expect.any(Number) as number,
    });
  });

  it('an open alert of the same employer is shown first, and another one needs a word', async () => {
    const enterprise = { name: '某重复(余杭)建筑有限公司' };
    const one = (await raise('officer', { enterprise })).body.outcomes[0]!;
    expect(one.status).toBe(200);
    const again = { enterprise: { name: '某重复（余杭） 建筑有限公司' } };
    // Another process may not have it in its lists yet.
    const shown = (await raise('second', again, second)).body.outcomes[0]!;
    expect([shown.status, (shown.problem as { alerts: AlertBrief[] }).alerts.map(({ alertId }) => alertId)]).toEqual([
      409,
      [one.alertId],
    ]);
    expect((await raise('second', { ...again, duplicate: true })).body.outcomes[0]!.status).toBe(200);
    // Two at once: one is raised, and the other is shown it or told that somebody is at it.
    const both = await Promise.all(
      [first, second].map((server) => raise('officer', { enterprise: { name: '某同时餐饮店' } }, server)),
    );
    expect(both.map(({ body }) => body.outcomes[0]!.status).sort()).toEqual([200, 409]);
  });

  it('is of the same employer where one of the two knows the name alone, and not where both have other codes', async () => {
    const name = '某只知名称建筑有限公司';
    const uscc = '91330110MA2BWWWW0W';
    const shown = async (enterprise: object) => {
      const { status, problem } = (await raise('officer', { enterprise })).body.outcomes[0]!;
      return [status, ((problem as { alerts?: AlertBrief[] } | undefined)?.alerts ?? []).map(({ alertId }) => alertId)];
    };
    const [bare] = await alerts(1, { enterprise: { name } });
    // Many closed ones of that name, with a code, do not hide it.
    const coded = await alerts(3, { enterprise: { name, uscc } });
    expect(await shown({ name: `${name} `, uscc: '91330110MA2BWWWW1X' })).toEqual([409, [bare]]);
    const [, all] = await shown({ name });
    expect((all as string[]).sort()).toEqual([bare!, ...coded].sort());
    // What was raised here a moment ago is known by its name, too, whichever process is asked.
    const other = '某新设建筑有限公司';
    const one = (await raise('officer', { enterprise: { name: other, uscc: '91330110MA2BWWWW2Y' } })).body.outcomes[0]!;
    const again = (await raise('second', { enterprise: { name: other } }, second)).body.outcomes[0]!;
    expect([one.status, again.status]).toEqual([200, 409]);
    // Two at once of one employer: one knows its code, the other its name alone.
    for (let i = 0; i < 5; i++) {
      const enterprise = { name: `某同时登记${i}建筑有限公司` };
      const both = await Promise.all([
        raise('officer', { enterprise: { ...enterprise, uscc: `91330110MA2BWWW${i}3Z` } }),
        raise('second', { enterprise }, second),
      ]);
      expect(both.map(({ body }) => body.outcomes[0]!.status).sort()).toEqual([200, 409]);
    }
  });

  it('an officer of a town is shown theirs, however many the employer has elsewhere', async () => {
    const enterprise = { name: '某多地建筑有限公司' };
    const [own] = await alerts(1, { town: OTHER_TOWN, enterprise });
    await alerts(20, { enterprise });
    const { problem } = (await raise('townOfficer', { town: OTHER_TOWN, enterprise })).body.outcomes[0]!;
    const shown = (problem as { alerts?: AlertBrief[] } | undefined)?.alerts ?? [];
    expect([problem?.status, shown.map(({ alertId }) => alertId)]).toEqual([409, [own]]);
  });

  it('is for officers, within their scope', async () => {
    const enterprise = { name: '某越权餐饮店' };
    for (const who of ['handler', 'leader'] as const)
      expect((await raise(who, { enterprise })).body.outcomes[0]!.problem).toMatchObject({ status: 403, rule: 'role' });
    expect((await raise('townOfficer', { enterprise })).body.outcomes[0]!.problem).toMatchObject({
      status: 403,
      rule: 'town',
    });
    expect((await raise('officer', { enterprise, town: '330110999' })).body.outcomes[0]!.problem).toMatchObject({
      status: 422,
      rule: 'town',
    });
  });
});

describe('sent again', () => {
  it('with the same key, it is done once and answered by how it is; with another body it is refused', async () => {
    const id = await alert();
    const path = `/api/v1/alerts/${id}/actions`;
    const body = { action: 'note', expect: { stage: 'raised', events: 1 }, text: '一次' };
    const key = { 'idempotency-key': 'k-1' };
    const once = await call<AlertDetail>('officer', path, body, key);
    expect(once.status).toBe(200);
    await act('second', id, 'note', { text: '其间' });
    const repeated = await call<AlertDetail>('officer', path, body, key, second);
    expect([repeated.status, repeated.body.eventsTotal]).toEqual([200, 3]);
    expect(repeated.body.events.filter(({ id: event }) => event === once.body.events.at(-1)!.id)).toHaveLength(1);
    const other = await call('officer', path, { ...body, text: '别的' }, key);
    expect([other.status, other.body.parameter]).toEqual([422, 'Idempotency-Key']);
    // Somebody else's key is another one.
    expect((await call('second', path, body, key)).status).toBe(409);
    expect((await call('officer', path, body, { 'idempotency-key': 'a b' })).status).toBe(400);
    expect((await detail(id)).eventsTotal).toBe(3);
    const raise = { actions: [{ ...RAISE, enterprise: { name: '某重发餐饮店' } }] };
    const twice = [1, 2].map(() =>
      call<ActionOutcomes>('officer', '/api/v1/alerts/actions', raise, { 'idempotency-key': 'k-2' }),
    );
    const [a] = await Promise.all(twice);
    expect(await call('officer', '/api/v1/alerts/actions', raise, { 'idempotency-key': 'k-2' })).toMatchObject({
      status: 200,
    });
    const { body: list } = await call<{ total: number }>(
      'admin',
      `/api/v1/alerts?q=${encodeURIComponent('某重发餐饮店')}`,
    );
    expect([a!.status, list.total]).toEqual([200, 1]);
  });

  it('shows nothing of an alert that is theirs no longer', async () => {
    const id = await alert();
    const { body } = await act('officer', id, 'dispatch', sent);
    const note = { action: 'note', text: '某经办', expect: expectOf(body) };
    const one = (headers: Record<string, string>) => call('handler', `/api/v1/alerts/${id}/actions`, note, headers);
    const item = {
      actions: [
        { ...note, alertId: id },
        { ...note, alertId: id, expect: { stage: 'raised', events: 1 } },
      ],
    };
    const several = () => call<ActionOutcomes>('handler', '/api/v1/alerts/actions', item, { 'idempotency-key': 'k-5' });
    expect((await one({ 'idempotency-key': 'k-4' })).status).toBe(200);
    item.actions[0]!.expect = expectOf(await detail(id));
    const statuses = async () => (await several()).body.outcomes.map(({ status }) => status);
    expect([await statuses(), await statuses()]).toEqual([
      [200, 409],
      [200, 409],
    ]);
    const elsewhere = pack.units!.find(({ towns }) => !towns)!;
    const { status } = await act('officer', id, 'transfer', { platform: elsewhere.platform, unit: elsewhere.code });
    expect(status).toBe(200);
    expect((await one({ 'idempotency-key': 'k-4' })).status).toBe(404);
    expect(await statuses()).toEqual([404, 404]);
    expect(JSON.stringify((await several()).body)).not.toContain('某经办');
  });

  it('a key that did nothing is free, and one whose day is over makes another event', async () => {
    const id = await alert();
    const path = `/api/v1/alerts/${id}/actions`;
    const key = { 'idempotency-key': 'k-6' };
    const note = { action: 'note', text: '先后', expect: { stage: 'raised', events: 7 } };
    expect((await call('officer', path, note, key)).status).toBe(409);
    expect((await call('officer', path, { ...note, expect: { stage: 'raised', events: 1 } }, key)).status).toBe(200);
    const client = createRedis(
      { kind: 'single', host: '127.0.0.1', port: redis.port, db: 0 },
      { role: 'commands', log },
    );
    try {
      const kept = await client.keys('{330110}:desk-answers:*');
      expect(kept.length).toBeGreaterThan(0);
      // None holds more than which events were made.
      for (const one of kept) expect((await client.get(one))!.length).toBeLessThan(1_000);
      await client.del(...kept);
    } finally {
      client.disconnect();
    }
    const later = await call<AlertDetail>('officer', path, { ...note, expect: { stage: 'raised', events: 2 } }, key);
    expect([later.status, later.body.eventsTotal]).toEqual([200, 3]);
  });

  it('after its process was killed between write and answer, it is carried on, and counts once', async () => {
    const [id, other] = (await alerts(2)) as [string, string];
    const body = { action: 'note', expect: { stage: 'raised', events: 1 }, text: '断电之前' };
    const key = { 'idempotency-key': 'k-3' };
    const path = `/api/v1/alerts/${id}/actions`;
    // Nobody counts from here on, so what is written is not answered.
    const third = await start({ ROLES: 'ingest,push' });
    await first.kill('SIGKILL');
    await second.kill('SIGKILL');
    const client = createRedis(
      { kind: 'single', host: '127.0.0.1', port: redis.port, db: 0 },
      { role: 'commands', log },
    );
    try {
      // What is accepted and not counted is told so, also to whoever asks again.
      const waits = () => call('officer', `/api/v1/alerts/${other}/actions`, body, { 'idempotency-key': 'k-7' }, third);
      const pending = await waits();
      expect([pending.status, await waits()]).toEqual([202, pending]);
      const written = await client.xlen('{330110}:events');
      const asked = call('officer', path, body, key, third).catch(() => undefined);
      await until('it is written', async () => (await client.xlen('{330110}:events')) > written);
      await third.kill('SIGKILL');
      expect(await asked).toBeUndefined();
    } finally {
      client.disconnect();
      await third.stop();
    }
    first = await start();
    second = await start();
    const answer = await call<AlertDetail>('officer', path, body, key);
    expect([answer.status, answer.body.eventsTotal]).toEqual([200, 2]);
    expect((await call<AlertDetail>('officer', path, body, key, second)).body.eventsTotal).toBe(2);
    expect((await act('second', id, 'note', { text: '之后' })).body.eventsTotal).toBe(3);
  });
});
