import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { packEvent } from '../../server/alerts/document.ts';
import type { StoredEvent } from '../../server/alerts/state.ts';
import { Courier, WAITS } from '../../server/casework/connectors/courier.ts';
import { FileFerry } from '../../server/casework/connectors/fileFerry.ts';
import { createOutbox, deliveriesOf, type Outbox } from '../../server/casework/connectors/outbox.ts';
import { postWebhook } from '../../server/casework/connectors/webhook.ts';
import type { RedisClient } from '../../server/platform/redis/connect.ts';
import { countingKeys } from '../../server/streams/counting/keys.ts';
import { atEnd } from '../support/ending.ts';
import { testRedis } from '../support/testRedis.ts';
import { until } from '../support/until.ts';

/** Couriers against real HTTP servers that behave badly. */

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OLD = 'whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQ=';
const WAIT = 30;

let redis: RedisClient;
testRedis((client) => {
  redis = client;
});

let last = 0;
const put = async (alertId: string, ...ids: string[]) => {
  for (const id of ids) {
    const event: StoredEvent = {
      type: 'wage.alert.amended',
      time: 1_800_000_000_000 + ++last,
      source: 'urn:test',
      id,
      data: { workers: last },
    };
    const entry = JSON.stringify([alertId, packEvent(event)]);
    await redis.xadd(`${countingKeys('330110').outbox}tri-colour`, '*', 'e', entry);
  }
};

type Behave = (id: string, response: ServerResponse, request: IncomingMessage) => unknown;

/** A platform that checks each signature, notes what came, and answers as it is told to. */
async function platform(behave: Behave = (_, response) => response.writeHead(204).end()) {
  const got: string[] = [];
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      new Webhook(SECRET).verify(body, request.headers as Record<string, string>);
      const id = (JSON.parse(body) as { id: string }).id;
      got.push(id);
      behave(id, response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, server, port, url: `http://127.0.0.1:${port}/in` };
}

/** A courier that passes until the test ends. */
function courierTo(
  url: string,
  {
    limitMs = 300,
    waits = Array.from({ length: 40 }, () => WAIT),
    now = Date.now,
    mendedAt = undefined as number | undefined,
  } = {},
) {
  const outbox = createOutbox(redis, '330110', 'tri-colour');
  const gone: string[] = [];
  const courier = new Courier({
    outbox,
    now,
    waits,
    mendedAt,
    send: (message) => postWebhook(url, message, [SECRET, OLD], limitMs),
    onGone: (problem) => {
      gone.push(problem);
      return Promise.resolve(true);
    },
  });
  let running = true;
  const passing = (async () => {
    while (running) {
      await courier.pass();
      await sleep(5);
    }
  })();
  atEnd(async () => {
    running = false;
    await passing;
  });
  return { outbox, gone, courier };
}
const empty = (outbox: ReturnType<typeof createOutbox>) => until(async () => (await outbox.size()).waiting === 0);
const ofAlert = (got: readonly string[], alert: string) => [...new Set(got.filter((id) => id.startsWith(alert)))];

it('tries after 5 s to 10 h, over about three days', () => {
  expect(WAITS[0]).toBe(5_000);
  expect(Math.max(...WAITS)).toBe(36_000_000);
  const all = WAITS.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
  expect(all).toBeGreaterThan(60);
  expect(all).toBeLessThan(72);
});

it('sends each event once and of each alert in order, signed by both secrets', async () => {
  const there = await platform((_, response, request) => {
    expect(String(request.headers['webhook-signature']).split(' ')).toHaveLength(2);
    response.writeHead(200).end('thanks');
  });
  await put('A', 'A1', 'A2', 'A3');
  await put('B', 'B1', 'B2');
  await put('C', 'C-编号');
  // A machine that is busy must not make a second try of the first.
  const { outbox } = courierTo(there.url, { limitMs: 5_000 });
  await empty(outbox);
  expect(there.got).toHaveLength(6);
  expect(ofAlert(there.got, 'A')).toEqual(['A1', 'A2', 'A3']);
  expect((await deliveriesOf(redis, '330110', 'A'))[0]).toMatchObject({ state: 'delivered', event: 'A3', tries: 1 });
});

it('loses nothing and keeps the order when the platform dies in mid-batch, is slow, and is away', async () => {
  let n = 0;
  const there = await platform((_, response, request) => {
    n++;
    if (n % 5 === 2) request.socket.destroy();
    else if (n % 5 === 4) response.writeHead(503).end();
    // Of one in eleven the answer never comes.
    else if (n % 11 !== 6) response.writeHead(204).end();
  });
  for (let i = 0; i < 12; i++) for (const alert of 'ABCD') await put(alert, `${alert}${String(i).padStart(2, '0')}`);
  const { outbox } = courierTo(there.url, { limitMs: 100 });
  await until(() => there.got.length > 10);
  there.server.closeAllConnections();
  await new Promise((resolve) => there.server.close(resolve));
  await sleep(4 * WAIT);
  there.server.listen(there.port, '127.0.0.1');
  await empty(outbox);
  for (const alert of 'ABCD') {
    const firsts = ofAlert(there.got, alert);
    expect(firsts).toHaveLength(12);
    expect(firsts).toEqual([...firsts].sort());
  }
}, 30_000);

it('holds no other alert up when one is refused, and that one fails at last; sent again by hand it arrives', async () => {
  let well = false;
  const there = await platform((id, response) => response.writeHead(id === 'A1' && !well ? 422 : 204).end());
  await put('A', 'A1', 'A2');
  await put('B', 'B1');
  const { outbox } = courierTo(there.url, { waits: [WAIT, WAIT, WAIT] });
  await until(() => there.got.includes('B1'));
  expect(there.got).not.toContain('A2');
  await empty(outbox);
  expect(there.got.filter((id) => id === 'A1')).toHaveLength(4);
  expect(there.got.at(-1)).toBe('A2');
  expect(await outbox.failures(10)).toMatchObject([{ alertId: 'A', event: 'A1', problem: 'it answered 422' }]);
  well = true;
  expect(await outbox.again('B')).toBe(0);
  expect(await outbox.again()).toBe(1);
  await empty(outbox);
  expect(there.got.at(-1)).toBe('A1');
  expect(await outbox.size()).toMatchObject({ failed: 0 });
});

it('tells the oldest failures, and puts many back in the order in which they were there', async () => {
  const outbox = createOutbox(redis, '330110', 'tri-colour');
  const names = Array.from({ length: 230 }, (_, i) => `${i % 3 ? 'A' : 'B'}${String(i).padStart(3, '0')}`);
  for (const name of names) await put(name[0]!, name);
  const waiting = await outbox.read('0-0', 500);
  // The last to be put there is the first to fail.
  for (const one of [...waiting].reverse())
    await outbox.failed(one, { n: 1, first: 1, next: 1, problem: 'no' }, Date.now());
  expect(await outbox.size()).toEqual({ waiting: 0, failed: 230 });
  expect((await outbox.failures(50)).map(({ event }) => event)).toEqual(names.slice(0, 50));
  const back = async () => (await outbox.read('0-0', 500)).map(({ message }) => message.id);
  const ofB = names.filter((name) => name.startsWith('B'));
  expect(await outbox.again('B')).toBe(ofB.length);
  expect(await back()).toEqual(ofB);
  const ofA = names.filter((name) => name.startsWith('A'));
  expect((await outbox.failures(500)).map(({ event }) => event)).toEqual(ofA);
  expect(await outbox.again()).toBe(ofA.length);
  expect(await back()).toEqual([...ofB, ...ofA]);
  expect(await outbox.size()).toMatchObject({ waiting: 230, failed: 0 });
});

it('has failed what was first tried three days ago and is in vain again, however long it waited before', async () => {
  const there = await platform((_, response) => response.writeHead(500).end());
  await put('A', 'A1', 'A2');
  // Nothing was sent for a while.
  let hours = 73;
  const { outbox } = courierTo(there.url, { now: () => Date.now() + hours * 3_600_000 });
  await until(() => there.got.length >= 3);
  expect(await outbox.size()).toMatchObject({ waiting: 2, failed: 0 });
  hours += 73;
  await until(async () => (await outbox.size()).failed === 1);
  expect((await outbox.failures(2)).map(({ event }) => event)).toEqual(['A1']);
  await until(() => there.got.filter((id) => id === 'A2').length >= 2);
  expect(await outbox.size()).toMatchObject({ waiting: 1, failed: 1 });
  hours += 73;
  await empty(outbox);
  expect((await deliveriesOf(redis, '330110', 'A'))[0]).toMatchObject({ state: 'failed', problem: 'it answered 500' });
});

it('tries at once, and from the first try on, what has waited for a connector that was mended', async () => {
  let well = false;
  const there = await platform((_, response) => response.writeHead(well ? 204 : 404).end());
  await put('A', 'A1');
  const hour = 3_600_000;
  const { outbox, courier } = courierTo(there.url, { waits: [WAIT, hour, hour] });
  await until(() => there.got.length === 2);
  await until(async () => (await outbox.read('0-0', 1))[0]?.tries?.n === 2);
  courier.stop();
  // Set again, it is still not well: its tries begin anew.
  const mended = courierTo(there.url, { waits: [WAIT, hour, hour], mendedAt: Date.now() });
  await until(() => there.got.length === 4);
  await until(async () => (await outbox.read('0-0', 1))[0]?.tries?.n === 2);
  mended.courier.stop();
  well = true;
  courierTo(there.url, { waits: [hour], mendedAt: Date.now() });
  await empty(outbox);
  expect(there.got).toHaveLength(5);
});

it('follows no redirect', async () => {
  const elsewhere = await platform();
  const there = await platform((_, response) => response.writeHead(307, { location: elsewhere.url }).end());
  await put('A', 'A1');
  const { outbox } = courierTo(there.url, { waits: [WAIT] });
  await empty(outbox);
  expect(elsewhere.got).toEqual([]);
  expect((await outbox.failures(1))[0]!.problem).toContain('307');
});

it('is switched off by 410, and keeps what waits', async () => {
  const there = await platform((_, response) => response.writeHead(410).end());
  await put('A', 'A1', 'A2');
  const { outbox, gone } = courierTo(there.url);
  await until(() => gone.length > 0);
  await sleep(4 * WAIT);
  expect(there.got).toEqual(['A1']);
  expect(await outbox.size()).toMatchObject({ waiting: 2, failed: 0 });
});

it('obeys Retry-After, for all that waits', async () => {
  let first = 0;
  let second = 0;
  const there = await platform((_, response) => {
    if (first) second ||= Date.now();
    else first = Date.now();
    response.writeHead(second ? 204 : 429, { 'retry-after': '1' }).end();
  });
  await put('A', 'A1');
  const { outbox } = courierTo(there.url);
  await until(() => first > 0);
  await put('B', 'B1');
  await empty(outbox);
  expect(second - first).toBeGreaterThanOrEqual(990);
});

it('asks a platform that takes nothing with one event at a time', async () => {
  const there = await platform((_, response) => response.writeHead(503).end());
  for (let i = 0; i < 50; i++) await put(`A${i}`, `A${i}`);
  const { outbox } = courierTo(there.url, { waits: [200, 200, 200, 200] });
  await until(() => there.got.length > 5);
  expect(there.got.length).toBeLessThan(10);
  expect(await outbox.size()).toMatchObject({ waiting: 50, failed: 0 });
});

it('goes through what waits only when a try is due or something new is there', async () => {
  const outbox = createOutbox(redis, '330110', 'tri-colour');
  for (let i = 0; i < 250; i++) await put(`A${i}`, `A${i}`);
  let now = Date.now();
  const later = now + 40_000;
  for (const one of await outbox.read('0-0', 500))
    await outbox.tried(
      one,
      { n: 1, first: now, next: one.message.id === 'A7' ? later - 10_000 : later, problem: 'no' },
      now,
    );
  let read = 0;
  const got: string[] = [];
  const counted: Outbox = {
    ...outbox,
    async read(after, count) {
      const page = await outbox.read(after, count);
      read += page.length;
      return page;
    },
  };
  const courier = new Courier({
    outbox: counted,
    now: () => now,
    send: ({ id }) => {
      got.push(id);
      return Promise.resolve({ kind: 'delivered' });
    },
    onGone: () => Promise.resolve(true),
  });
  const passes = async () => {
    for (let i = 0; i < 5; i++) await courier.pass();
    return got.splice(0).sort();
  };
  expect([await passes(), read]).toEqual([[], 250]);
  await put('B', 'B1');
  expect(await passes()).toEqual(['B1']);
  // A new event of an alert whose first waits does not overtake it.
  await put('A7', 'A7-2');
  expect(await passes()).toEqual([]);
  now = later - 10_000;
  expect(await passes()).toEqual(['A7', 'A7-2']);
  now = later;
  for (let i = 0; i < 3; i++) await courier.pass();
  expect(got).toHaveLength(249);
  expect(await outbox.size()).toMatchObject({ waiting: 0 });
});

it('has failed a batch that nobody has acknowledged three days after it was written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wagewatch-ferry-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const outbox = createOutbox(redis, '330110', 'tri-colour');
  const entry = JSON.stringify([
    'A',
    packEvent({ type: 'wage.alert.amended', time: 0, source: 'urn:test', id: 'A1', data: { workers: 1 } }),
  ]);
  // It has waited for longer: nobody was there to write it.
  await redis.xadd(`${countingKeys('330110').outbox}tri-colour`, Date.now() - 100 * 3_600_000, 'e', entry);
  let later = 0;
  const ferry = new FileFerry({ outbox, folder, now: () => Date.now() + later });
  await ferry.pass();
  await ferry.pass();
  expect(await outbox.size()).toMatchObject({ waiting: 1, failed: 0 });
  // The clock of the share is four days behind ours.
  const manifest = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.manifest.json'))!,
  );
  const behind = new Date(Date.now() - 96 * 3_600_000);
  utimesSync(manifest, behind, behind);
  await ferry.pass();
  expect(await outbox.size()).toMatchObject({ waiting: 1, failed: 0 });
  later = 73 * 3_600_000;
  await ferry.pass();
  expect(await outbox.size()).toMatchObject({ waiting: 0, failed: 1 });
  expect(readdirSync(folder)).toEqual([]);
});

it('writes one file a batch with its digest, and goes on when it is acknowledged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wagewatch-ferry-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const outbox = createOutbox(redis, '330110', 'tri-colour');
  const ferry = () => new FileFerry({ outbox, folder, now: () => Date.now() });
  const manifests = () => readdirSync(folder).filter((name) => name.endsWith('.manifest.json'));
  await put('A', 'A1', 'A2');
  await ferry().pass();
  await put('A', 'A3');
  // It was killed, and another goes on: there is one batch, as before.
  await ferry().pass();
  const seen: string[][] = [];
  for (let batch = 0; batch < 2; batch++) {
    const [name] = manifests();
    const manifest = JSON.parse(readFileSync(join(folder, name!), 'utf8')) as Record<string, string | number>;
    const text = readFileSync(join(folder, String(manifest['file'])), 'utf8');
    expect(createHash('sha256').update(text).digest('hex')).toBe(manifest['sha256']);
    const lines = text.trim().split('\n');
    expect(lines).toHaveLength(Number(manifest['events']));
    seen.push(lines.map((line) => (JSON.parse(line) as { id: string }).id));
    writeFileSync(join(folder, String(manifest['acknowledge'])), '');
    await ferry().pass();
    await ferry().pass();
  }
  expect(seen).toEqual([['A1', 'A2'], ['A3']]);
  expect(readdirSync(folder)).toEqual([]);
  expect((await deliveriesOf(redis, '330110', 'A'))[0]).toMatchObject({ state: 'delivered', event: 'A3' });
});
