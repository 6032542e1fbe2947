import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StoredToken, TokenAdded } from '../../contract/accessAdmin.ts';
import type { AlertDetail, RegionAnswer, DeadLetters, IngestAnswer } from '../../contract/rest.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { hashToken, mintToken } from '../../server/access/secret.ts';
import { OTHER_UNIT, TOWN, UNIT } from '../support/accessTable.ts';
import { event, raised } from '../support/events.ts';
import { BATCH, NDJSON, SINGLE, startServer, until, type RunningServer } from '../support/server.ts';

/** Two sources, each with a token of its own: neither can touch what is the other's. */

const dir = mkdtempSync(join(tmpdir(), 'wagewatch-grants-'));
const file = join(dir, 'access.json');
const secrets = Object.fromEntries(
  ['bank', 'water', 'platform', 'old', 'trusted', 'admin'].map((name) => [name, mintToken()]),
) as Record<'bank' | 'water' | 'platform' | 'old' | 'trusted' | 'admin', string>;
const ingest = { role: 'ingest', scope: '330110' };
const GRANTS = {
  bank: { ...ingest, source: 'urn:bank', alerts: ['BANK-'], may: ['wage.alert.raised', 'wage.alert.amended'] },
  water: { ...ingest, source: 'urn:water', alerts: ['W-', 'WATER-'], may: ['wage.alert.raised'], channels: ['water'] },
  platform: { ...ingest, source: 'urn:platform', platform: 'tri-colour', may: ['wage.alert.accepted'] },
  // As they were made before there were limits.
  old: ingest,
  trusted: { ...ingest, trusted: true },
  admin: { role: 'admin', scope: '330110' },
};
type Who = keyof typeof GRANTS;
const write = (more: object[] = []) =>
  writeFileSync(
    file,
    JSON.stringify({
      tokens: [
        ...Object.entries(GRANTS).map(([name, grant]) => ({ name, ...grant, hash: hashToken(secrets[name as Who]) })),
        ...more,
      ],
    }),
  );

let server: RunningServer;
beforeAll(async () => {
  write();
  server = await startServer({ ACCESS_FILE: file });
});
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true });
});

const auth = (secret: string) => ({ authorization: `Bearer ${secret}` });
/** How events are sent: headers and body. */
const AS = {
  single: ([one]: readonly object[]) => [{ 'content-type': SINGLE }, JSON.stringify(one)],
  batch: (events: readonly object[]) => [{ 'content-type': BATCH }, JSON.stringify(events)],
  lines: (events: readonly object[]) => [
    { 'content-type': NDJSON },
    events.map((one) => JSON.stringify(one)).join('\n'),
  ],
  // The attributes are headers, and the body is the data.
  binary: ([one]: readonly object[]) => {
    const { data, ...attributes } = one as { data: object };
    const headers = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, String(value)]);
    return [{ 'content-type': 'application/json', ...(Object.fromEntries(headers) as object) }, JSON.stringify(data)];
  },
} satisfies Record<string, (events: readonly object[]) => [headers: object, body: string]>;
type As = keyof typeof AS;
async function send(secret: string, events: object[], as: As = 'batch') {
  const [headers, body] = AS[as](events);
  const answer = await fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    headers: { ...auth(secret), ...headers },
    body,
  });
  return { status: answer.status, body: (await answer.json()) as IngestAnswer & { detail?: string } };
}
const admin = <T>(path: string, init: RequestInit = {}) =>
  fetch(`${server.url}${path}`, {
    ...init,
    headers: { ...auth(secrets.admin), ...(init.body ? { 'content-type': 'application/json' } : {}), ...init.headers },
  }).then(async (answer) => ({ status: answer.status, body: (await answer.json()) as T }));

const at = Date.now() - 60_000;
const of = (source: string, alertId: string, type: Parameters<typeof event>[0] = 'wage.alert.raised', data = {}) =>
  event(type, at, { alertId, ...data }, { source });

it.each(Object.keys(AS) as As[])('a source writes about its own alerts alone (%s)', async (as) => {
  expect((await send(secrets.bank, [of('urn:bank', `BANK-${as}`)], as)).status).toBe(202);
  for (const [problem, one] of [
    [/source "urn:water" is not/, of('urn:water', 'BANK-1')],
    [/alertId "W-1" is not/, of('urn:bank', 'W-1')],
    [/type "wage.alert.audited" is not/, of('urn:bank', 'BANK-1', 'wage.alert.audited')],
    [/type "wage.alert.closed" is not/, of('urn:bank', 'W-1', 'wage.alert.closed')],
  ] as const) {
    const { status, body } = await send(secrets.bank, [one], as);
    expect([status, body.accepted, body.rejectedTotal]).toEqual([422, 0, 1]);
    expect(body.detail).toMatch(problem);
  }
});

it.each(Object.keys(AS) as As[])(
  'a platform answers about every alert, by its types, and raises none of others (%s)',
  async (as) => {
    const answer = of('urn:platform', 'BANK-1', 'wage.alert.accepted', { unit: '某队' });
    expect((await send(secrets.platform, [{ ...answer, id: `${answer.id}-${as}` }], as)).status).toBe(202);
    for (const [problem, one] of [
      [/source "urn:bank" is not/, of('urn:bank', 'BANK-1', 'wage.alert.accepted')],
      [/type "wage.alert.closed" is not/, of('urn:platform', 'BANK-1', 'wage.alert.closed')],
      [/type "wage.alert.raised" is not/, of('urn:platform', 'BANK-1')],
      // Its token says for which platform it speaks; nobody says it in an event, or who has made that.
      [/^\/platform is an attribute that this program/, { ...answer, id: `p-${as}`, platform: 'four-platforms' }],
      [/^\/actor is an attribute that this program/, { ...answer, id: `a-${as}`, actor: 'somebody' }],
    ] as const) {
      const { status, body } = await send(secrets.platform, [one], as);
      expect([status, body.accepted, body.rejectedTotal]).toEqual([422, 0, 1]);
      expect(body.detail).toMatch(problem);
    }
    expect((await send(secrets.admin, [{ ...answer, id: `x-${as}`, actor: 'somebody' }], as)).status).toBe(422);
  },
);

it('a refused event spoils nothing beside it, and is kept with its reason', async () => {
  const good = of('urn:water', 'WATER-1', 'wage.alert.raised', { channel: 'water' });
  const other = of('urn:water', 'WATER-2', 'wage.alert.raised', { channel: 'petition' });
  const { status, body } = await send(secrets.water, [good, other]);
  expect([status, body.accepted]).toEqual([202, 1]);
  expect(body.rejected).toEqual([
    { index: 1, id: other.id, problem: '/data/channel "petition" is not a channel of this token: water' },
  ]);
  const letter = (await admin<DeadLetters>('/api/v1/dead-letters?limit=1')).body.items[0]!;
  expect(letter).toMatchObject({ eventId: other.id, source: 'urn:water', problem: body.rejected[0]!.problem });
  // An admin may write everything, and so may let it in.
  const again = await admin<IngestAnswer>(`/api/v1/dead-letters/${letter.id}/resend`, { method: 'POST' });
  expect(again).toMatchObject({ status: 202, body: { accepted: 1 } });
});

it('what is sent again stays that of its platform, whoever sends it', async () => {
  const wrong = of('urn:platform', 'BANK-single', 'wage.alert.accepted', { unit: 7 });
  expect((await send(secrets.platform, [wrong])).status).toBe(422);
  const letter = (await admin<DeadLetters>('/api/v1/dead-letters?limit=1')).body.items[0]!;
  expect(letter).toMatchObject({ eventId: wrong.id, from: { platform: 'tri-colour' } });
  const again = await admin<IngestAnswer>(`/api/v1/dead-letters/${letter.id}/resend`, {
    method: 'POST',
    headers: { 'content-type': SINGLE },
    body: JSON.stringify({ ...wrong, data: { ...wrong.data, unit: '某队' } }),
  });
  expect(again).toMatchObject({ status: 202, body: { accepted: 1 } });
  const made = await until('it is counted', async () =>
    (await admin<AlertDetail>('/api/v1/alerts/BANK-single')).body.events.find(({ id }) => id === wrong.id),
  );
  expect(made.platform).toBe('tri-colour');
});

it('a trusted token, and one from before there were limits, write about every alert of the region', async () => {
  for (const who of ['trusted', 'old'] as const)
    expect(
      (await send(secrets[who], [of('urn:any', `ANY-${who}`), of('urn:any', 'W-9', 'wage.alert.closed')])).body,
    ).toMatchObject({ accepted: 2, rejectedTotal: 0 });
  expect(server.output()).toContain('go on as trusted');
  expect(server.output()).toContain('"tokens":["old"]');
  const { items } = (await admin<{ items: StoredToken[] }>('/api/v1/access/tokens')).body;
  expect(items.filter(({ trusted }) => trusted).map(({ name }) => name)).toEqual(['old', 'trusted']);
  expect(items.find(({ name }) => name === 'water')).toMatchObject(GRANTS.water);
});

it('a token made by an admin has its limits, or is trusted by hand', async () => {
  const add = (more: object) =>
    admin<TokenAdded & { parameter?: string }>('/api/v1/access/tokens', {
      method: 'POST',
      body: JSON.stringify({ name: 'grid', ...ingest, ...more }),
    });
  const whole = { source: 'urn:grid', alerts: ['GRID-'], may: ['wage.alert.raised'] };
  for (const field of ['source', 'alerts', 'may'] as const) {
    const rest = Object.entries(whole).filter(([name]) => name !== field);
    expect(await add(Object.fromEntries(rest))).toMatchObject({ status: 400, body: { parameter: field } });
  }
  expect(await add({ ...whole, trusted: true })).toMatchObject({ status: 400, body: { parameter: 'alerts' } });
  const { status, body } = await add(whole);
  expect(status).toBe(201);
  expect(body.token).toMatchObject(whole);
  expect((await send(body.secret, [of('urn:grid', 'GRID-1')])).status).toBe(202);
  expect((await send(body.secret, [of('urn:grid', 'BANK-1')])).status).toBe(422);
  const answers = { source: 'urn:p', may: ['wage.alert.accepted'], platform: 'four-platforms' };
  expect((await add({ name: 'p', ...answers })).body.token).toMatchObject(answers);
  expect(await add({ name: 'q', ...answers, dispatch: true })).toMatchObject({
    status: 400,
    body: { parameter: 'dispatch' },
  });
  expect((await add({ name: 'q', ...answers, platform: 'elsewhere' })).status).toBe(400);
  const nobody = await add({ name: 'q', ...answers, platform: 'other:nobody' });
  expect(nobody).toMatchObject({ status: 400, body: { parameter: 'platform' } });
  expect(JSON.stringify(nobody.body)).toContain('is other:nobody, but the pack of its region has other:court');
  // A unit of another platform speaks as that platform does.
  expect((await add({ name: 'q', ...answers, platform: 'other:brigade' })).status).toBe(400);
  expect((await add({ name: 'r', ...whole, dispatch: true })).body.token).toMatchObject({ ...whole, dispatch: true });
  const free = await add({ name: 'hub', trusted: true });
  expect(free.body.token).toMatchObject({ trusted: true });
  expect((await send(free.body.secret, [of('urn:hub', 'BANK-1', 'wage.alert.accepted')])).status).toBe(202);
});

it('a token of a unit of other answers where the alert stands dispatched to that unit, and nowhere else', async () => {
  const platform = 'other:court';
  const grant = { name: 'court', ...ingest, source: 'urn:court', platform, may: ['wage.alert.accepted'] };
  const { body } = await admin<TokenAdded>('/api/v1/access/tokens', { method: 'POST', body: JSON.stringify(grant) });
  const { units } = (await admin<RegionAnswer>('/api/v1/regions/330110')).body;
  const unit = units!.find(({ code }) => code === 'court')!.name['zh-CN'];
  const sent = (alertId: string, to: object) => [
    of('urn:any', alertId),
    of('urn:any', alertId, 'wage.alert.dispatched', to),
    of('urn:court', alertId, 'wage.alert.accepted', { unit }),
  ];
  const [theirs, others] = [
    sent('ANY-court', { platform: 'other', unit }),
    sent('ANY-other', { platform: 'other', unit: '某他处' }),
  ];
  for (const [raised, dispatched, accepted] of [theirs, others]) {
    // The answer comes first: what counts is the order in which it all happened.
    expect((await send(body.secret, [accepted!])).status).toBe(202);
    expect((await send(secrets.trusted, [raised!, dispatched!])).status).toBe(202);
  }
  const detail = (id: string) =>
    until('it is counted', async () => {
      const found = await admin<AlertDetail>(`/api/v1/alerts/${id}`);
      return found.status === 200 && found.body.events.length === 3 && found.body;
    });
  const [mine, notMine] = [await detail('ANY-court'), await detail('ANY-other')];
  expect([mine.stage, notMine.stage]).toEqual(['accepted', 'dispatched']);
  expect(mine.events.at(-1)).toMatchObject({ platform, platformname: unit });
  expect(notMine.events.at(-1)).toMatchObject({ platform, effect: false });
});

it('the tool asks for the limits, or for trust, and lists them', async () => {
  const path = join(dir, 'made.json');
  const tool = (...args: string[]) =>
    spawnSync(process.execPath, [join(PROJECT_ROOT, 'dist/tools/access.js'), ...args, '--file', path], {
      encoding: 'utf8',
    });
  const add = (name: string, ...args: string[]) =>
    tool('add', '--name', name, '--role', 'ingest', '--scope', '330110', ...args);
  const limits = ['--source', 'urn:x', '--alerts', 'X-', '--alerts', 'Y-', '--may', 'wage.alert.raised'];
  expect(add('a').stderr).toMatch(/^--source is missing: .* or is "trusted": true\n/);
  expect(add('a', '--source', 'urn:x').stderr).toMatch(/^--alerts is missing/);
  expect(add('a', ...limits.slice(0, -1), 'raised').stderr).toMatch(/^--may must be one of wage\.alert\.raised/);
  expect(add('a', ...limits, '--channel', 'sea').stderr).toMatch(/^--channel must be one of water/);
  expect(add('a', ...limits, '--trusted').stderr).toMatch(/^--alerts is given, but a trusted token/);
  expect(add('limited', ...limits, '--channel', 'water').status).toBe(0);
  expect(add('hub', '--trusted').status).toBe(0);
  expect(tool('list').stdout).toMatch(/^limited\t.*\talerts X-,Y-; wage\.alert\.raised; water\nhub\t.*\ttrusted\n$/);
  const answers = ['--source', 'urn:p', '--may', 'wage.alert.accepted'];
  expect(add('p', ...answers, '--platform', 'sea').stderr).toMatch(/^--platform must be one of four-platforms/);
  expect(add('p', ...answers, '--platform', 'other:sea').stderr).toMatch(
    /^--platform is other:sea, but the pack of its/,
  );
  expect(add('p', ...answers, '--platform', 'tri-colour', '--dispatch').stderr).toMatch(/^--dispatch is given, but/);
  expect(add('p', ...answers, '--platform', 'tri-colour').status).toBe(0);
  expect(add('d', ...limits, '--dispatch').status).toBe(0);
  expect(tool('list').stdout).toMatch(
    /\nhub\t.*\np\t.*\talerts -; wage\.alert\.accepted; for tri-colour\nd\t.*; dispatched by the program\n$/,
  );
});

it('the tool gives a handler a unit of the region', () => {
  const path = join(dir, 'handlers.json');
  const tool = (...args: string[]) =>
    spawnSync(process.execPath, [join(PROJECT_ROOT, 'dist/tools/access.js'), ...args, '--file', path], {
      encoding: 'utf8',
    });
  const add = (role: string, scope: string, ...args: string[]) =>
    tool('add', '--name', 'pad', '--role', role, '--scope', scope, ...args);
  expect(add('handler', TOWN).stderr).toMatch(/^--unit is missing: a handler belongs to a unit/);
  expect(add('handler', TOWN, '--unit', 'nobody').stderr).toMatch(
    /^--unit is nobody, but region 330110 has the units /,
  );
  expect(add('handler', TOWN, '--unit', OTHER_UNIT.code).stderr).toMatch(/^--unit is .*, which is not there for /);
  expect(add('display', TOWN, '--unit', UNIT.code).stderr).toMatch(/^--unit is given, but .* display belongs to none/);
  expect(add('handler', TOWN, '--unit', UNIT.code).status).toBe(0);
  expect(tool('list').stdout).toBe(`pad\thandler\t${TOWN} ${UNIT.code}\t-\tno end\t-\n`);
});

it('a stream of events ends with the token that it came with', async () => {
  const secret = mintToken();
  const brief = { name: 'brief', ...GRANTS.bank, hash: hashToken(secret) };
  write([brief]);
  await until('it is let in', async () => (await send(secret, [of('urn:bank', 'BANK-7')])).status === 202);
  const answered = new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sending = request(
      `${server.url}/api/v1/events`,
      { method: 'POST', headers: { ...auth(secret), 'content-type': NDJSON } },
      (answer) => {
        let text = '';
        answer.on('data', (part: Buffer) => (text += part.toString()));
        answer.on('end', () => {
          clearInterval(dripping);
          resolve({ status: answer.statusCode!, text });
        });
      },
    );
    const drip = () => sending.write(`${JSON.stringify(raised(at, { alertId: 'BANK-8' }, { source: 'urn:bank' }))}\n`);
    const dripping = setInterval(drip, 50);
    sending.on('error', reject);
    drip();
    setTimeout(() => write(), 300);
  });
  const { status, text } = await answered;
  expect(status).toBe(401);
  expect((JSON.parse(text) as IngestAnswer).accepted).toBeGreaterThan(0);
});
