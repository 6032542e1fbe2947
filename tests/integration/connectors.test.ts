import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Trail } from '../../contract/accessAdmin.ts';
import type { Connector, Connectors, ConnectorSet, ConnectorTest } from '../../contract/connectors.ts';
import type { AlertDetail, Problem } from '../../contract/rest.ts';
import { hashToken, mintToken } from '../../server/access/secret.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { freePort } from '../../testing/freePort.ts';
import { startPlatform, type ReferencePlatform } from '../../demo/platform/referencePlatform.ts';
import { atEnd } from '../support/ending.ts';
import { event, raised } from '../support/events.ts';
import { BATCH, startServer, until, type RunningServer } from '../support/server.ts';

/** The whole program with the reference platform as its other side. */

const dir = mkdtempSync(join(tmpdir(), 'wagewatch-connectors-'));
const accessFile = join(dir, 'access.json');
const tokens = {
  admin: mintToken(),
  source: mintToken(),
  plain: mintToken(),
  platform: mintToken(),
  display: mintToken(),
};
const ingest = { role: 'ingest', scope: '330110' };
const GRANTS = {
  admin: { role: 'admin', scope: '330110' },
  display: { role: 'display', scope: '330110' },
  source: {
    ...ingest,
    source: 'urn:bank',
    alerts: ['B-'],
    may: ['wage.alert.raised', 'wage.alert.amended'],
    dispatch: true,
  },
  plain: { ...ingest, trusted: true },
  platform: {
    ...ingest,
    source: 'urn:platform',
    platform: 'tri-colour',
    may: ['wage.alert.accepted', 'wage.alert.handled', 'wage.alert.amended'],
  },
};
type Who = keyof typeof GRANTS;

let server: RunningServer;
let platform: ReferencePlatform;
let secret: string;
/** Nobody listens there. */
let deadPort: number;
beforeAll(async () => {
  const list = Object.entries(GRANTS).map(([name, grant]) => ({
    name,
    ...grant,
    hash: hashToken(tokens[name as Who]),
  }));
  writeFileSync(accessFile, JSON.stringify({ tokens: list }));
  const port = await freePort();
  deadPort = await freePort();
  server = await startServer({
    ACCESS_FILE: accessFile,
    LEASE_MS: '500',
    CONNECTOR_HOSTS: `127.0.0.1:${port},127.0.0.1:${deadPort}`,
  });
  platform = await startPlatform({
    port,
    secrets: [],
    server: server.url,
    token: tokens.platform,
    source: 'urn:platform',
  });
}, 60_000);
afterAll(async () => {
  await platform.close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function ask<T>(method: string, path: string, body?: object, who: Who = 'admin') {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens[who]}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}
const send = async (who: Who, ...events: object[]) => {
  const answer = await fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': BATCH },
    body: JSON.stringify(events),
  });
  expect(answer.status, await answer.text()).toBe(202);
};
const at = (name: string, more = '') => `/api/v1/connectors/${encodeURIComponent(name)}${more}?region=330110`;
const list = async () => (await ask<Connectors>('GET', '/api/v1/connectors?region=330110')).body.items;
const of = async (name: string): Promise<Connector> => (await list()).find((one) => one.platform === name)!;
const detail = async (id: string, who: Who = 'admin') =>
  (await ask<AlertDetail>('GET', `/api/v1/alerts/${id}?scope=330110`, undefined, who)).body;
const types = (alertId: string) =>
  platform.book.events.filter(({ data }) => data.alertId === alertId).map(({ type }) => type);
const bank = { source: 'urn:bank' };

it('knows the platforms of the region, and that none is connected', async () => {
  expect(await list()).toMatchObject([
    { platform: 'tri-colour', kind: 'none', on: false },
    { platform: 'four-platforms', kind: 'none' },
    { platform: 'other:court', kind: 'none' },
    { platform: 'message', kind: 'none' },
  ]);
});

it.each([
  ['another host', { kind: 'webhook', url: 'http://169.254.169.254/x' }, 422],
  ['another port', { kind: 'webhook', url: 'http://127.0.0.1:2/x' }, 422],
  ['no address', { kind: 'webhook', url: 'file:///etc/passwd' }, 422],
  ['a password in it', { kind: 'webhook', url: 'http://a:b@127.0.0.1:1/' }, 422],
  ['no such kind', { kind: 'pigeon' }, 400],
])('refuses %s', async (_, setting, status) => {
  expect((await ask('PUT', at('tri-colour'), setting)).status).toBe(status);
});

it('refuses a platform that the region does not have', async () => {
  expect((await ask('PUT', at('other:nobody'), { kind: 'file' })).status).toBe(404);
  expect((await ask('POST', at('tri-colour', '/test'))).status).toBe(404);
});

it('dispatches by itself to a platform, which takes it and calls back; nothing comes back to it', async () => {
  const set = await ask<ConnectorSet>('PUT', at('tri-colour'), { kind: 'webhook', url: `${platform.url}/deliveries` });
  expect(set).toMatchObject({ status: 200, body: { connector: { kind: 'webhook', on: true } } });
  secret = set.body.secret!;
  expect(secret).toMatch(/^whsec_/);
  platform.setSecrets([secret]);
  expect((await ask<ConnectorTest>('POST', at('tri-colour', '/test'))).body).toMatchObject({ ok: true });

  await send('source', raised(Date.now() - 1000, { alertId: 'B-1', tier: 'red' }, bank));
  const dispatch = await until('it is dispatched', () =>
    platform.book.events.find(({ data }) => data.alertId === 'B-1'),
  );
  expect(dispatch).toMatchObject({
    id: 'B-1/auto',
    source: 'urn:wagewatch:dispatch',
    data: { platform: 'tri-colour', alert: { tier: 'red', enterprise: { name: '某良禾建筑劳务有限公司' } } },
  });
  await platform.act('B-1', 'accepted');
  await platform.act('B-1', 'handled');
  await until('it is handled', async () => (await detail('B-1')).stage === 'handled');
  await send(
    'platform',
    event('wage.alert.amended', Date.now(), { alertId: 'B-1', workers: 7 }, { source: 'urn:platform' }),
  );
  await send('source', event('wage.alert.amended', Date.now() + 5, { alertId: 'B-1', workers: 9 }, bank));
  await until('it is told of what happens', () => types('B-1').length === 2);
  expect(types('B-1')).toEqual(['wage.alert.dispatched', 'wage.alert.amended']);
  const told = await until('the case says so', async () => {
    const { delivery } = await detail('B-1');
    return delivery?.event === 'B-1/auto' ? undefined : delivery;
  });
  expect(told).toMatchObject({ platform: 'tri-colour', state: 'delivered', tries: 1 });
  expect((await detail('B-1', 'display')).delivery).toBeUndefined();
});

it('sends nothing of what others raise and nobody dispatches, and no history', async () => {
  const old = Date.now() - 3 * 86_400_000;
  await send(
    'plain',
    raised(Date.now() - 1000, { alertId: 'N-1', tier: 'red' }),
    raised(old, { alertId: 'N-2', tier: 'red' }),
    event('wage.alert.dispatched', old + 1, { alertId: 'N-2', platform: 'tri-colour', unit: '某队' }),
    raised(Date.now() - 1000, { alertId: 'N-3', tier: 'red' }),
    event('wage.alert.dispatched', Date.now() - 500, { alertId: 'N-3', platform: 'tri-colour', unit: '某队' }),
  );
  await until('the news is there', () => types('N-3').length === 1);
  expect([types('N-1'), types('N-2')]).toEqual([[], []]);
});

it('transfers what is escalated, to the platform of its new tier', async () => {
  await send('source', raised(Date.now() - 2000, { alertId: 'B-2', tier: 'yellow' }, bank));
  await until('it is dispatched', async () => (await detail('B-2')).platform === 'four-platforms');
  expect(types('B-2')).toEqual([]);
  await send('source', event('wage.alert.amended', Date.now() - 500, { alertId: 'B-2', tier: 'red' }, bank));
  await until('it is transferred', () => types('B-2').length > 0);
  expect(types('B-2')).toEqual(['wage.alert.dispatched']);
  expect(await detail('B-2')).toMatchObject({ platform: 'tri-colour', stage: 'dispatched', tier: 'red' });
});

it('is sent what an audit sends back, does it again, and hears when the alert goes to somebody else', async () => {
  const state = () => platform.book.cases.get('B-2')!.state;
  await platform.act('B-2', 'handled');
  await until('it is handled', async () => (await detail('B-2')).stage === 'handled');
  const returned = { alertId: 'B-2', verdict: 'returned', note: '某缺项' } as const;
  await send('plain', event('wage.alert.audited', Date.now(), returned));
  await until('it is sent back', () => state() === 'returned');
  await platform.act('B-2', 'handled');
  await until('it is handled again', async () => (await detail('B-2')).stage === 'handled');
  const unit = '良渚街道综合执法队';
  await send('plain', event('wage.alert.dispatched', Date.now() + 5, { alertId: 'B-2', unit }));
  await until('it has gone', () => state() === 'transferred');
  expect(types('B-2').slice(-2)).toEqual(['wage.alert.audited', 'wage.alert.transferred']);
  expect(platform.book.events.at(-1)!.data).toMatchObject({ platform: 'four-platforms', unit });
  // That is told beside what was sent of the alert itself, of which the audit is the latest.
  const { delivery, deliveries } = await until('the case says so', async () => {
    const found = await detail('B-2');
    return found.deliveries?.[0]?.away && found;
  });
  expect(deliveries![0]).toMatchObject({ platform: 'tri-colour', state: 'delivered' });
  const audited = (await detail('B-2')).events.find(({ type }) => type === 'wage.alert.audited');
  expect(delivery).toEqual(deliveries![1]);
  expect(delivery).toMatchObject({ event: audited!.id, state: 'delivered' });
  expect(delivery!.away).toBeUndefined();
});

it('changes the secret without a gap: for a while both sign', async () => {
  const { body } = await ask<ConnectorSet>('POST', at('tri-colour', '/secret'));
  expect(body.secret).not.toBe(secret);
  expect(body.connector.previousUntil).toBeDefined();
  for (const known of [[secret], [body.secret!]]) {
    platform.setSecrets(known);
    expect((await ask<ConnectorTest>('POST', at('tri-colour', '/test'))).body).toMatchObject({ ok: true });
  }
  platform.setSecrets(['whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQ=']);
  expect((await ask<ConnectorTest>('POST', at('tri-colour', '/test'))).body).toMatchObject({
    ok: false,
    problem: 'it answered 401',
  });
  platform.setSecrets([body.secret!]);
  secret = body.secret!;
});

it('is held up nowhere by a platform that is dead: figures, readiness, the others', async () => {
  const dead = { kind: 'webhook', url: `http://127.0.0.1:${deadPort}/` };
  const unsent = await ask<ConnectorSet>('PUT', at('four-platforms'), dead);
  expect(unsent.status).toBe(200);
  await send(
    'source',
    raised(Date.now() - 1000, { alertId: 'B-3', tier: 'yellow' }, bank),
    raised(Date.now() - 1000, { alertId: 'B-4', tier: 'orange' }, bank),
  );
  await until('the living one has it', () => types('B-4').length === 1);
  const standing = await until('the dead one is asked', async () => {
    const one = await of('four-platforms');
    return one.problem === undefined ? undefined : one;
  });
  expect(standing).toMatchObject({ waiting: 1, failed: 0, problem: 'ECONNREFUSED', on: true });
  expect((await detail('B-3')).delivery).toMatchObject({ state: 'waiting', problem: 'ECONNREFUSED' });
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  const metrics = () => fetch(`${server.url}/metrics`).then((answer) => answer.text());
  await until('it is counted', async () =>
    (await metrics()).includes('wagewatch_connector_waiting{region="330110",platform="four-platforms"} 1'),
  );
  // The second try would come 30 s later: mended, it is there at once.
  const mended = { kind: 'webhook', url: `${platform.url}/deliveries` };
  platform.setSecrets([secret, unsent.body.secret!]);
  expect((await ask('PUT', at('four-platforms'), mended)).status).toBe(200);
  await until('it arrives', () => types('B-3').length === 1);
  expect((await detail('B-3')).delivery).toMatchObject({ platform: 'four-platforms', state: 'delivered' });
  expect((await ask<Connector>('DELETE', at('four-platforms'))).body).toMatchObject({ kind: 'none', waiting: 0 });
});

it('hands over by files where that is how the platform is connected', async () => {
  const { body } = await ask<ConnectorSet>('PUT', at('four-platforms'), { kind: 'file' });
  const folder = join(server.dataDir, 'files', body.connector.folder!);
  await send('source', raised(Date.now() - 1000, { alertId: 'B-5', tier: 'yellow' }, bank));
  const name = await until('there is a batch', () => {
    try {
      return readdirSync(folder).find((file) => file.endsWith('.manifest.json'));
    } catch {
      return undefined;
    }
  });
  expect(readFileSync(join(folder, name.replace('.manifest.json', '.ndjson')), 'utf8')).toContain('"B-5/auto"');
  writeFileSync(join(folder, name.replace('.manifest.json', '.ack')), '');
  await until('it is acknowledged', async () => (await detail('B-5')).delivery?.state === 'delivered');
});

it('sends messages to people: set up, tested, a red alert at once, and never told the key of the gateway', async () => {
  const got: { body: { to: string; text: string }; key: unknown }[] = [];
  let signing = '';
  const gateway = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      const { headers } = request;
      new Webhook(signing).verify(text, headers as Record<string, string>);
      got.push({ body: JSON.parse(text) as { to: string; text: string }, key: headers['x-key'] });
      response.writeHead(200).end('{"code":0}');
    });
  });
  await new Promise<void>((resolve) => gateway.listen(deadPort, '127.0.0.1', resolve));
  atEnd(() => {
    gateway.closeAllConnections();
    gateway.close();
  });
  const setting = {
    kind: 'message',
    url: `http://127.0.0.1:${deadPort}/sms`,
    headers: { 'X-Key': '{key}' },
    text: '{kind}{tier}{alert}{employer}',
    kinds: ['red'],
    quiet: { from: '00:00', to: '23:59' },
  };
  const put = (body: object, platform = 'message') => ask<ConnectorSet & Problem>('PUT', at(platform), body);
  expect(await put({ ...setting, text: '预警{alret}' })).toMatchObject({
    status: 422,
    body: { parameter: 'text', detail: expect.stringContaining('text has {alret} at character 3') as string },
  });
  expect((await put({ ...setting, kinds: ['pigeon'] })).status).toBe(400);
  expect((await put({ ...setting, url: 'http://169.254.169.254/' })).status).toBe(422);
  expect(await put({ kind: 'file' })).toMatchObject({ status: 422, body: { parameter: 'kind' } });
  expect(await put(setting, 'tri-colour')).toMatchObject({ status: 422, body: { parameter: 'kind' } });

  const without = await put(setting);
  expect(without.body.connector).toMatchObject({ on: false, key: false, why: 'its key is not here: give it anew' });
  signing = without.body.secret!;
  const { body } = await put({ ...setting, key: 'gateway-key-0001' });
  expect(body.connector).toMatchObject({ kind: 'message', on: true, key: true, url: setting.url, message: setting });
  expect(body.secret).toBeUndefined();
  expect((await ask('POST', at('message', '/test'))).status).toBe(422);
  const test = (to: string) => ask<ConnectorTest>('POST', at('message', '/test'), { to });
  expect((await test('0571-0000')).body).toMatchObject({ ok: true });
  expect(got).toMatchObject([{ body: { to: '0571-0000', text: '办理提示黄色TEST-0000' }, key: 'gateway-key-0001' }]);

  await send('source', raised(Date.now() - 1000, { alertId: 'B-6', tier: 'red' }, bank));
  await send('source', raised(Date.now() - 1000, { alertId: 'B-7', tier: 'yellow' }, bank));
  await until('the red one is told', () => got.length === 2);
  expect(got[1]!.body).toMatchObject({ to: 'brigade', text: '新交派红色B-6某良禾建筑劳务有限公司' });
  signing = (await ask<ConnectorSet>('POST', at('message', '/secret'))).body.secret!;
  expect((await test('110')).body).toMatchObject({ ok: true });
  expect(got).toHaveLength(3);
  expect(await of('message')).toMatchObject({ waiting: 0, failed: 0, key: true });
  // No gateway gets the key of another.
  const lacks = 'its key is not here: give it anew';
  const moved = await put({ ...setting, url: `${setting.url}/other` });
  expect(moved.body.connector).toMatchObject({ on: false, key: false, why: lacks });
  expect((await test('110')).body).toMatchObject({ ok: false, problem: lacks });
  expect(got).toHaveLength(3);
  const given = await put({ ...setting, url: `${setting.url}/other`, key: 'gateway-key-0001' });
  expect(given.body.connector).toMatchObject({ on: true, key: true });
  expect((await put({ ...setting, url: `${setting.url}/other`, text: '{alert}' })).body.connector.key).toBe(true);
  const metrics = await fetch(`${server.url}/metrics`).then((answer) => answer.text());
  expect(metrics).toContain('wagewatch_connector_delivered{region="330110",platform="message"} 1');
  const trail = JSON.stringify((await ask<Trail>('GET', '/api/v1/access/trail')).body);
  expect(trail).toContain('330110 message');
  expect(trail + JSON.stringify(await list())).not.toContain('gateway-key-0001');
});

it('is on the trail, and in no backup with its secret', async () => {
  const { items } = (await ask<Trail>('GET', '/api/v1/access/trail?what=connector.set')).body;
  expect(items.length).toBeGreaterThanOrEqual(3);
  const file = join(dir, 'all.tar.gz');
  await new Promise<void>((resolve, reject) => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: server.dataDir, ACCESS_FILE: accessFile };
    const program = join(PROJECT_ROOT, 'dist/tools/backup.js');
    execFile(process.execPath, [program, '--to', file], { env }, (error, out, err) =>
      error ? reject(new Error(out + err)) : resolve(),
    );
  });
  const bytes = gunzipSync(readFileSync(file));
  expect(bytes.includes('/deliveries')).toBe(true);
  expect(bytes.includes(secret.slice('whsec_'.length))).toBe(false);
  expect(bytes.includes('gateway-key-0001')).toBe(false);
});

it('takes connectors from a file, which alone changes them', async () => {
  const known = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const url = `${platform.url}/deliveries`;
  const file = join(dir, 'connectors.json');
  const entry = { region: '330110', platform: 'tri-colour', kind: 'webhook', url, secret: known };
  writeFileSync(file, JSON.stringify({ connectors: [entry] }));
  platform.setSecrets([known]);
  const env = { CONNECTORS_FILE: file, CONNECTOR_HOSTS: new URL(url).host, LEASE_MS: '500' };
  const second = await startServer(env);
  try {
    const call = (method: string, path: string, body?: object) =>
      fetch(`${second.url}${path}`, {
        method,
        ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
      });
    const { items } = (await (await call('GET', '/api/v1/connectors?region=330110')).json()) as Connectors;
    expect(items[0]).toMatchObject({ platform: 'tri-colour', kind: 'webhook', on: true, fixed: true });
    expect(JSON.stringify(items)).not.toContain(known);
    for (const [method, path, body] of [
      ['PUT', at('tri-colour'), { kind: 'file' }],
      ['DELETE', at('tri-colour')],
      ['POST', at('tri-colour', '/secret')],
    ] as const)
      expect((await call(method, path, body)).status).toBe(409);
    expect(await (await call('POST', at('tri-colour', '/test'))).json()).toMatchObject({ ok: true });
  } finally {
    await second.stop();
  }
});
