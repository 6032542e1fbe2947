import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trail } from '../../contract/accessAdmin.ts';
import type { DeadLetters } from '../../contract/rest.ts';
import type { PackFault, RulePack, Rules } from '../../contract/rulePack.ts';
import { hashToken, mintToken } from '../../server/access/secret.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { raised } from '../support/events.ts';
import { until } from '../support/until.ts';
import { main } from '../../tools/rules.ts';
import { BATCH, NDJSON, SINGLE, startServer, type RunningServer } from '../support/server.ts';

/** Rule versions and the intake of signals in the running server (signals §1, §2, §5). */

const dir = mkdtempSync(join(tmpdir(), 'wagewatch-rules-'));
const file = join(dir, 'access.json');
const GRANTS = {
  drafter: { role: 'admin', scope: '330110' },
  other: { role: 'admin', scope: '330110' },
  officer: { role: 'officer', scope: '330110001' },
  water: {
    role: 'ingest',
    scope: '330110',
    source: 'urn:test:water',
    may: ['wage.signal.observed', 'wage.subject.registered'],
    channels: ['water'],
  },
};
type Who = keyof typeof GRANTS;
const secrets = Object.fromEntries(Object.keys(GRANTS).map((name) => [name, mintToken()])) as Record<Who, string>;
const shipped = JSON.parse(readFileSync(join(PROJECT_ROOT, 'assets/rules/330110.json'), 'utf8')) as RulePack;
const next: RulePack = {
  ...shipped,
  version: '2026.12.2',
  indicators: { ...shipped.indicators, 'water.leak': { ...shipped.indicators['water.stopped-days']!, kind: 'state' } },
};

let server: RunningServer;
beforeAll(async () => {
  const tokens = Object.entries(GRANTS).map(([name, grant]) => ({
    name,
    ...grant,
    hash: hashToken(secrets[name as Who]),
  }));
  writeFileSync(file, JSON.stringify({ tokens }));
  server = await startServer({ ACCESS_FILE: file });
});
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true });
});

async function ask<T>(who: Who, path: string, body?: unknown, type = 'application/json') {
  const answer = await fetch(`${server.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${secrets[who]}`, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}
const rules = (path: string) => `/api/v1/rules${path}?region=330110`;
const observed = (indicator: string, id = indicator, more: object = {}) => ({
  specversion: '1.0',
  id,
  source: 'urn:test:water',
  type: 'wage.signal.observed',
  time: new Date(Date.now() - 60_000).toISOString(),
  data: { region: '330110', indicator, enterprise: { name: '某企业' }, ...more },
});
const send = (who: Who, body: unknown, type: string) =>
  ask<{ accepted?: number; rejected?: { problem: string }[]; detail?: string }>(who, '/api/v1/events', body, type);

describe('the versions of the rules', () => {
  it('begin with what is shipped, as a draft: nothing is in force by itself', async () => {
    const { body } = await ask<Rules>('officer', rules(''));
    expect(body).toMatchObject({
      region: '330110',
      items: [{ version: shipped.version, state: 'draft', draftedBy: 'WageWatch' }],
    });
    expect(body.active).toBeUndefined();
    expect((await ask<RulePack>('officer', rules(`/${shipped.version}`))).body).toEqual(shipped);
    expect((await ask('officer', rules('/none'))).status).toBe(404);
  });

  it('are refused with every fault and its path, and written by admins alone', async () => {
    const bad = { ...next, watch: 0.0001, tiers: [{ ...next.tiers[0], when: ['points', '>', 1] }] };
    const answer = await ask<{ faults: PackFault[] }>('drafter', rules(''), bad);
    expect(answer.status).toBe(422);
    expect(answer.body.faults.map(({ path }) => path)).toEqual(['/watch', '/tiers/0/when/0']);
    const failing = { ...next, tests: [{ ...next.tests![0], expect: { score: 1 } }] };
    expect((await ask<{ faults: PackFault[] }>('drafter', rules(''), failing)).body.faults[0]!.path).toBe('/tests/0');
    const changed = {
      ...next,
      indicators: { ...next.indicators, 'grid.report': { ...next.indicators['water.leak'], channel: 'grid' } },
    };
    const { faults } = (await ask<{ faults: PackFault[] }>('drafter', rules(''), changed)).body;
    expect(faults.map(({ path }) => path)).toContain('/indicators/grid.report/kind');
    expect((await ask('officer', rules(''), next)).status).toBe(403);
    // More than a pack may be: what is wrong is told with its path all the same.
    const rule = { ...next.tiers[0]!, basis: 'x'.repeat(300) };
    const many = { ...next, tiers: Array.from({ length: 10_000 }, (_, i) => ({ ...rule, id: `R${i}` })) };
    const told = await ask<{ faults: PackFault[] }>('drafter', rules(''), many);
    expect(told).toMatchObject({ status: 422, body: { faults: [{ path: '/tiers' }] } });
    // Whatever it is instead of rules, and whatever its version is.
    for (const version of ['{"toString":null}', '[{"toString":1}]', 'null', '['.repeat(9_000) + ']'.repeat(9_000)])
      expect([version, (await ask('drafter', rules(''), `{"version":${version}}`)).status]).toEqual([version, 422]);
    for (const nothing of ['null', '[]', '"x"', '1'])
      expect([nothing, (await ask('drafter', rules(''), nothing)).status]).toEqual([nothing, 422]);
    expect((await ask('drafter', '/api/v1/rules?region=330111', next)).status).toBe(404);
  });

  it('are added once, tested, and known to the intake at once', async () => {
    expect((await send('water', observed('water.leak'), SINGLE)).body.detail).toMatch(
      /"water.leak" is unknown .* nearest are/,
    );
    expect(await ask('drafter', rules(''), next)).toEqual({
      status: 201,
      body: { version: next.version, state: 'draft' },
    });
    expect((await ask('drafter', rules(''), next)).status).toBe(409);
    expect((await ask<{ ok: boolean }>('drafter', rules(`/${next.version}/test`), {})).body.ok).toBe(true);
    expect((await send('water', observed('water.leak'), SINGLE)).status).toBe(202);
  });

  it('are put in force by another admin than who drafted them, with a reason, and kept with it for ever', async () => {
    const activate = (who: Who, version: string, body: object) =>
      ask<{ state?: string }>(who, rules(`/${version}/activate`), body);
    expect((await activate('drafter', next.version, { settle: true })).status).toBe(400);
    expect((await activate('drafter', next.version, { why: '试行', settle: true })).status).toBe(403);
    // Who drafted it may ask what it would come to, and leaves it to another one.
    const asked = { status: 200, body: { version: next.version, state: 'draft', raises: 0 } };
    await until(async () => (await activate('drafter', next.version, { why: '试行' })).status === 200);
    expect(await activate('drafter', next.version, { why: '试行' })).toEqual(asked);
    expect((await activate('drafter', next.version, { why: '试行', raises: 0 })).status).toBe(403);
    expect((await activate('other', 'none', { why: '试行', settle: true })).status).toBe(404);
    expect((await activate('other', next.version, { why: '试行', settle: true })).body.state).toBe('active');
    expect((await activate('other', next.version, { why: '再次', settle: true })).status).toBe(409);
    // What is shipped nobody has drafted: either may put it in force again.
    expect((await activate('drafter', shipped.version, { why: '恢复', settle: true })).body.state).toBe('active');
    const { body } = await ask<Rules>('officer', rules(''));
    expect(body.active).toBe(shipped.version);
    expect(body.items.map(({ version, state }) => [version, state])).toEqual([
      [next.version, 'retired'],
      [shipped.version, 'active'],
    ]);
    expect(body.history.map(({ version, state, by }) => [version, state, by])).toEqual([
      [shipped.version, 'active', 'token drafter'],
      [next.version, 'retired', 'token drafter'],
      [next.version, 'active', 'token other'],
      [next.version, 'draft', 'token drafter'],
      [shipped.version, 'draft', 'WageWatch'],
    ]);
    const trail = (await ask<Trail>('other', '/api/v1/access/trail?what=rules.activate')).body;
    expect(trail.items[0]).toMatchObject({ target: shipped.version, detail: { region: '330110', why: '恢复' } });
  });
});

describe('signals', () => {
  const register = {
    ...observed('x', 'register'),
    type: 'wage.subject.registered',
    data: {
      region: '330110',
      kind: 'enterprise',
      enterprise: { name: '某企业' },
      town: '330110001',
      industry: 'C',
      status: 'active',
    },
  };

  it('come in every form, each bad one by itself, and what is rejected is a dead letter', async () => {
    const good = observed('water.overdue-days', 'form', { value: 31 });
    expect((await send('water', good, SINGLE)).body.accepted).toBe(1);
    const mixed = [register, good, observed('water.overdue', 'bad'), observed('petition.received', 'foreign')];
    for (const [body, type] of [
      [mixed, BATCH],
      [mixed.map((one) => JSON.stringify(one)).join('\n'), NDJSON],
    ] as const) {
      const answer = await send('water', body, type);
      expect(answer).toMatchObject({ status: 202, body: { accepted: 2 } });
      expect(answer.body.rejected!.map(({ problem }) => problem)).toEqual([
        expect.stringContaining('the nearest are water.overdue-days'),
        expect.stringContaining('is of the channel petition'),
      ]);
    }
    const { data, ...attributes } = observed('water.stopped-days', 'binary');
    const binary = await fetch(`${server.url}/api/v1/events`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secrets.water}`,
        'content-type': 'application/json',
        ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value])),
      },
      body: JSON.stringify(data),
    });
    expect(binary.status).toBe(202);
    const letters = (await ask<DeadLetters>('other', '/api/v1/dead-letters')).body;
    // The same event rejected again is the same letter.
    expect(letters.items.filter(({ eventId }) => eventId === 'bad')).toHaveLength(1);
  });

  it('of the program itself, and alerts of the rules, do not come from outside', async () => {
    const own = raised(Date.now() - 1000, { alertId: 'OWN', town: '330110001' }, { source: 'urn:wagewatch:signals' });
    const rule = raised(Date.now() - 1000, { alertId: 'SG-2026-1', town: '330110001' });
    const answer = await send('other', [own, rule], BATCH);
    expect(answer.status).toBe(422);
    expect(answer.body.rejected!.map(({ problem }) => problem)).toEqual([
      expect.stringContaining("is the program's own"),
      expect.stringContaining('only the rules raise such alerts'),
    ]);
  });
});

it('npm run rules lists, shows, tests, imports and activates, as anybody does', async () => {
  const run = async (who: Who, ...args: string[]) => {
    process.env.WAGEWATCH_TOKEN = secrets[who];
    return main([...args, '--url', server.url])
      .catch((error: unknown) => (error as Error).message)
      .finally(() => delete process.env.WAGEWATCH_TOKEN);
  };
  const third = join(dir, 'third.json');
  writeFileSync(third, JSON.stringify({ ...shipped, version: '2026.12.3' }));
  expect(await run('officer', 'test', third)).toMatch(/without fault, \d+ tests passed/);
  expect(await run('drafter', 'import', third)).toBe('2026.12.3 is there as a draft\n');
  expect(await run('drafter', 'activate', '2026.12.3')).toMatch(/Say why/);
  expect(await run('drafter', 'activate', '2026.12.3', '--why', '试行', '--settle')).toMatch(/another admin/);
  expect(await run('other', 'activate', '2026.12.3', '--why', '试行', '--settle')).toBe('2026.12.3 is in force\n');
  expect(await run('officer', 'list')).toMatch(/^in force: 2026\.12\.3\n/);
  expect(await run('officer', 'show', '2026.12.3')).toMatch(/R2 red: 涉及人数不少于 10/);
  const wrong = join(dir, 'wrong.json');
  writeFileSync(wrong, JSON.stringify({ ...shipped, tiers: [{ ...shipped.tiers[0], tier: 'blue' }] }));
  expect(await run('officer', 'test', wrong)).toContain('/tiers/0/tier blue is not a tier of the region');
  // The program as it is called.
  const called = spawnSync(process.execPath, [join(PROJECT_ROOT, 'dist/tools/rules.js'), 'test', wrong], {
    encoding: 'utf8',
  });
  expect([called.status, called.stderr]).toEqual([1, expect.stringContaining('/tiers/0/tier blue')]);
});
