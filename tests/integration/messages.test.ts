import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { TIERS } from '../../contract/codes.ts';
import type { MessageSetting } from '../../contract/connectors.ts';
import type { InboxEntry } from '../../contract/supervision.ts';
import { clockKeys } from '../../server/casework/clock/keys.ts';
import { createMessageStore } from '../../server/casework/connectors/messages/messageStore.ts';
import { Messenger, sendToGateway } from '../../server/casework/connectors/messages/messenger.ts';
import type { RedisClient } from '../../server/platform/redis/connect.ts';
import { casePack } from '../support/casework.ts';
import { atEnd } from '../support/ending.ts';
import { startOwnProcess } from '../support/ownProcess.ts';
import { testRedis } from '../support/testRedis.ts';
import { until } from '../support/until.ts';

/** Messages to people against real gateways that behave badly (docs/casework.md §4). */

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const MINUTE = 60_000;
const pack = casePack();
const { inbox } = clockKeys('330110');

let redis: RedisClient;
let port = 0;
testRedis((client, at) => {
  redis = client;
  port = at;
});

/** Puts an entry into the inbox, some time ago, ms. `unit: ''`: officers must act. */
async function tell(alertId: string, more: Partial<InboxEntry> = {}, ago = 2 * MINUTE): Promise<void> {
  const entry: Omit<InboxEntry, 'id'> = {
    kind: 'reminder',
    at: '2026-11-28T10:00:00+08:00',
    alertId,
    tier: 'orange',
    town: '330110010',
    stage: 'dispatched',
    dueAt: '2026-11-28T17:00:00+08:00',
    unit: 'brigade',
    ...more,
  };
  if (entry.unit === '') delete entry.unit;
  await redis.xadd(inbox, `${Date.now() - ago}-*`, 'c', JSON.stringify(entry));
}

interface Got {
  id: string;
  to: string;
  text: string;
  count: number;
  at: number;
}
type Behave = (response: ServerResponse, request: IncomingMessage, got: Got) => unknown;

/** A gateway that checks each signature, notes what came, and answers as it is told to. */
async function gateway(behave: Behave = (response) => response.writeHead(204).end()) {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      new Webhook(SECRET).verify(body, request.headers as Record<string, string>);
      const { to, text, id, count } = JSON.parse(body) as Got;
      expect(id).toBe(request.headers['webhook-id']);
      const one = { id, to, text, count: Number(count), at: Date.now() };
      got.push(one);
      behave(response, request, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, server, port, url: `http://127.0.0.1:${port}/send` };
}

const BODY = { to: '{to}', text: '{text}', id: '{id}', count: '{count}' };
const LIST: Partial<MessageSetting> = { text: '{kind}:{alert}', digest: '{lines}', line: '{kind}:{alert}', body: BODY };

/** Tells people until the test ends. */
function messengerTo(
  url: string,
  more: Partial<MessageSetting> = {},
  { limitMs = 300, waits = Array.from({ length: 60 }, () => 30), now = Date.now } = {},
) {
  const setting: MessageSetting = { kind: 'message', url, ...LIST, ...more };
  const store = createMessageStore(redis, '330110');
  const gone: string[] = [];
  const documents = { read: (ids: readonly string[]) => Promise.resolve(ids.map(() => null)) };
  const messenger = new Messenger({
    setting,
    store,
    now,
    waits,
    send: (message) =>
      sendToGateway(message, { setting, pack, documents, key: undefined, now: now() }, [SECRET], undefined, limitMs),
    onGone: (problem) => {
      gone.push(problem);
      return Promise.resolve(true);
    },
  });
  let running = true;
  const passing = (async () => {
    while (running) {
      await messenger.pass();
      await sleep(5);
    }
  })();
  const stop = async () => {
    running = false;
    messenger.stop();
    await passing;
  };
  atEnd(stop);
  return { store, gone, stop };
}
const empty = (store: ReturnType<typeof createMessageStore>) =>
  until(async () => {
    const [{ position }, newest] = [await store.read(), (await redis.xrevrange(inbox, '+', '-', 'COUNT', 1))[0]?.[0]];
    return position === newest && (await store.outbox.size()).waiting === 0;
  });
/** Alerts that were told, by message: each message once, however often it came. */
const told = (got: readonly Got[]) =>
  [...new Map(got.map((one) => [one.id, one.text])).values()].map((text) =>
    text
      .replace(/等$/, '')
      .split('；')
      .map((line) => line.split(':')[1]!),
  );
/** A digest names ten of its entries at most: how many it has is what it says. */
function expectEachOnce(got: readonly Got[], all: readonly string[]): void {
  const messages = [...new Map(got.map((one) => [one.id, one])).values()];
  expect(messages.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
  const named = told(got).flat();
  expect(new Set(named).size).toBe(named.length);
  expect(named.filter((alertId) => !all.includes(alertId))).toEqual([]);
}

it('tells nothing of what was there before, and what several wait for in one digest', async () => {
  const there = await gateway();
  await tell('OLD');
  await createMessageStore(redis, '330110').begin();
  // Set again, it goes on where it was.
  await tell('A-1');
  await createMessageStore(redis, '330110').begin();
  for (let i = 2; i <= 10; i++) await tell(`A-${i}`);
  await tell('B-1', { unit: 'liangzhu' });
  await tell('R-1', { kind: 'red', tier: 'red' }, 0);
  const { store } = messengerTo(there.url);
  await empty(store);
  const brigade = Array.from({ length: 10 }, (_, i) => `A-${i + 1}`);
  expect(told(there.got).sort()).toEqual([brigade, ['B-1'], ['R-1']]);
});

it('lets what is red through in quiet hours, and the rest when they are over, also what a dead gateway did not take before', async () => {
  let dead = true;
  const there = await gateway((response) => response.writeHead(dead ? 400 : 204).end());
  await createMessageStore(redis, '330110').begin();
  const hhmm = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(11, 16);
  // The hour after this one is quiet; the clock is set forth into it, and out of it.
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const quiet = { from: hhmm(Date.now() + 60 * MINUTE), to: hhmm(Date.now() + 120 * MINUTE) };
  await tell('BEFORE');
  const { store } = messengerTo(there.url, { quiet }, { now, waits: Array.from({ length: 400 }, () => 30) });
  await until(() => there.got.length > 0);
  ahead = 90 * MINUTE;
  dead = false;
  // What was on its way is.
  await sleep(100);
  const before = there.got.length;
  await tell('NIGHT');
  await tell('RED', { tier: 'red', kind: 'urge' });
  await until(() => told(there.got.slice(before)).flat().includes('RED'));
  await sleep(100);
  expect(told(there.got.slice(before))).toEqual([['RED']]);
  expect((await store.outbox.size()).waiting).toBe(2);
  ahead = 150 * MINUTE;
  await empty(store);
  expect(told(there.got.slice(before)).sort()).toEqual([['BEFORE'], ['NIGHT'], ['RED']]);
});

it('loses nothing, tells nothing in two messages, and keeps the order, when the gateway is slow, away, and dies in the middle', async () => {
  let n = 0;
  const there = await gateway((response, request) => {
    n++;
    if (n % 5 === 2) request.socket.destroy();
    else if (n % 5 === 4) response.writeHead(503).end();
    else if (n % 11 !== 6) response.writeHead(204).end();
  });
  await createMessageStore(redis, '330110').begin();
  const { store } = messengerTo(there.url, {}, { limitMs: 100 });
  const all: string[] = [];
  for (let i = 0; i < 60; i++) {
    const alertId = `A${String(i).padStart(2, '0')}`;
    all.push(alertId);
    await tell(alertId, { unit: i % 3 ? 'brigade' : 'liangzhu', tier: TIERS[i % 3]! });
    if (i % 7 === 0) await sleep(20);
    if (i === 30) {
      there.server.closeAllConnections();
      await new Promise((resolve) => there.server.close(resolve));
    }
    if (i === 45) there.server.listen(there.port, '127.0.0.1');
  }
  await empty(store);
  const lists = told(there.got);
  expectEachOnce(there.got, all);
  // Of one recipient in order, what is red apart.
  const lane = (alertId: string) => {
    const i = Number(alertId.slice(1));
    return `${i % 3 ? 'brigade' : 'liangzhu'} ${TIERS[i % 3] === 'red' ? 'red' : ''}`;
  };
  for (const name of new Set(all.map(lane))) {
    const ofLane = lists.flat().filter((alertId) => lane(alertId) === name);
    expect(ofLane).toEqual([...ofLane].sort());
  }
}, 30_000);

it('obeys Retry-After, is switched off by 410, and has failed what is refused, until it is sent again by hand', async () => {
  let way: 'later' | 'refuse' | 'well' | 'gone' = 'later';
  const there = await gateway((response) => {
    if (way === 'later') response.writeHead(429, { 'retry-after': '1' }).end();
    else response.writeHead({ refuse: 422, well: 204, gone: 410 }[way]).end();
    if (way === 'later') way = 'refuse';
  });
  await createMessageStore(redis, '330110').begin();
  await tell('A-1');
  const { store, gone } = messengerTo(there.url, {}, { waits: [30, 30] });
  await until(() => there.got.length === 2);
  expect(there.got[1]!.at - there.got[0]!.at).toBeGreaterThanOrEqual(990);
  await until(async () => (await store.outbox.size()).failed === 1);
  expect(await store.outbox.failures(5)).toMatchObject([{ alertId: 'A-1', problem: 'it answered 422' }]);
  way = 'well';
  expect(await store.outbox.again()).toBe(1);
  await empty(store);
  expect(told(there.got)).toEqual([['A-1']]);
  way = 'gone';
  await tell('A-2');
  await until(() => gone.length > 0);
  await tell('A-3');
  await sleep(100);
  expect(told(there.got)).toEqual([['A-1'], ['A-2']]);
  expect(await store.outbox.size()).toMatchObject({ waiting: 2, failed: 0 });
});

it('refuses what cannot be made, be it that the number was taken out meanwhile, and the others go on; found by each of its alerts', async () => {
  const phones = { officers: '0571-0000 0002' };
  const dead = await gateway((response) => response.writeHead(503).end());
  await createMessageStore(redis, '330110').begin();
  for (const alertId of ['A-1', 'A-2']) await tell(alertId, { unit: '' });
  const before = messengerTo(dead.url, { phones });
  await until(() => dead.got.length > 0);
  await before.stop();

  const there = await gateway();
  await tell('B-1');
  const { store, stop } = messengerTo(there.url, {}, { waits: [30, 30] });
  await until(async () => (await store.outbox.size()).failed === 1);
  await until(() => told(there.got).length > 0);
  expect(told(there.got)).toEqual([['B-1']]);
  expect(await store.outbox.failures(5)).toMatchObject([
    { alertId: 'A-1 +1', problem: 'it cannot be made: there is no number of 值班人员' },
  ]);
  await stop();
  expect(await store.outbox.again('B-1')).toBe(0);
  expect(await store.outbox.again('A-2')).toBe(1);
  const mended = messengerTo(there.url, { phones });
  await empty(mended.store);
  expect(told(there.got)).toEqual([['B-1'], ['A-1', 'A-2']]);
});

it('tells each entry in one message while two processes tell, and all are killed again and again', async () => {
  const there = await gateway();
  await createMessageStore(redis, '330110').begin();
  const all: string[] = [];
  for (let round = 0; round < 4; round++) {
    const two = await Promise.all([0, 1].map(() => startOwnProcess('messengerProcess.mjs', port, there.url, SECRET)));
    for (let i = 0; i < 20; i++) {
      const alertId = `A${String(all.length).padStart(3, '0')}`;
      all.push(alertId);
      await tell(alertId, { unit: i % 2 ? 'brigade' : 'liangzhu', tier: i % 5 ? 'orange' : 'red' });
      await sleep(round);
    }
    for (const child of two) child.kill('SIGKILL');
  }
  const { store } = messengerTo(there.url);
  await empty(store);
  expectEachOnce(there.got, all);
}, 60_000);

it('tells of a report once for each recipient, whoever else does so, also a gateway that fails at first', async () => {
  let failures = 3;
  const there = await gateway((response) => response.writeHead(failures-- > 0 ? 500 : 204).end());
  const report = {
    id: 'R1',
    report: '某区欠薪预警月报',
    span: '2026年10月',
    link: 'https://a.example.cn/reports/1/lists',
  };
  const to = [{ unit: 'brigade' }, { role: 'leaders' as const }];
  const stores = Array.from({ length: 3 }, () => createMessageStore(redis, '330110'));
  await Promise.all([...stores, ...stores].map((store) => store.tellReport(to, report)));
  await stores[0]!.tellReport(to, { ...report, id: 'R2' });
  const phones = { leaders: '0571-2' };
  const { store } = messengerTo(there.url, { phones, report: '{unit}:{report}{span} {link}' });
  await until(async () => (await store.outbox.size()).waiting === 0);
  const messages = [...new Map(there.got.map((one) => [one.id, one])).values()];
  const unit = pack.units!.find(({ code }) => code === 'brigade')!;
  const text = '某区欠薪预警月报2026年10月 https://a.example.cn/reports/1/lists';
  expect(messages.map(({ to: reached, text: said, count }) => `${reached} ${count} ${said}`).sort()).toEqual(
    [
      ...Array.from({ length: 2 }, () => `0571-2 1 负责人:${text}`),
      ...Array.from({ length: 2 }, () => `${unit.phone ?? 'brigade'} 1 ${unit.name['zh-CN']}:${text}`),
    ].sort(),
  );
});
