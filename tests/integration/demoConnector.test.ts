import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { connectorsFeature } from '../../server/casework/connectors/connectorsFeature.ts';
import { createConnectorStore } from '../../server/casework/connectors/connectorStore.ts';
import type { Platform } from '../../server/feature.ts';
import type { RedisClient } from '../../server/platform/redis/connect.ts';
import type { RegionPacks } from '../../server/region/packs.ts';
import { countingKeys } from '../../server/streams/counting/keys.ts';
import { casePack } from '../support/casework.ts';
import { atEnd } from '../support/ending.ts';
import { testRedis } from '../support/testRedis.ts';
import { until } from '../support/until.ts';

/** The connector that a demonstration makes for its own platform (docs/casework.md §5). */

let redis: RedisClient;
testRedis((client) => {
  redis = client;
});
const pack = casePack();
const PLACE = ['330110', 'four-platforms'] as const;

function feature({
  demo,
  roles = ['ingest', 'push', 'worker'],
  shared = true,
}: {
  demo: boolean;
  roles?: string[];
  shared?: boolean;
}) {
  const gauge = () => ({ set() {}, inc() {} });
  const store = { kind: shared ? 'single' : 'embedded' };
  const config = { demo, roles: new Set(roles), connectorHosts: [], filesDir: tmpdir(), redis: store };
  const platform = { config, redis, log: pino({ level: 'silent' }), metrics: { gauge }, now: Date.now };
  const packs = { get: () => pack, counted: () => [pack] };
  return connectorsFeature(platform as unknown as Platform, packs as unknown as RegionPacks, () => 'token');
}

async function listen() {
  const got: { body: string; headers: Record<string, string> }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      got.push({ body, headers: request.headers as Record<string, string> });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/deliveries` };
}
const kept = (url: string) =>
  createConnectorStore(redis).set({
    ...{ region: PLACE[0], platform: PLACE[1], setting: { kind: 'webhook', url }, since: 1, by: 'demonstration' },
    demonstration: true,
  });

it('sends nothing to where its platform was before a start, and all that waits once it is there again', async () => {
  const [before, now] = [await listen(), await listen()];
  await kept(before.url);
  const first = await createConnectorStore(redis).newSecret(...PLACE, Date.now());
  const packed = [2, Date.now(), 'urn:wagewatch:dispatch', 'A-1/auto', { platform: PLACE[1], unit: '某队' }];
  await redis.xadd(countingKeys(PLACE[0]).outbox + PLACE[1], '*', 'e', JSON.stringify(['A-1', packed]));
  const one = feature({ demo: true });
  await one.start!();
  atEnd(() => one.stop!());
  const secret = await one.connectDemonstration(...PLACE, now.url);
  expect(secret).not.toBe(first);
  await until(() => now.got.length > 0);
  expect(before.got).toEqual([]);
  const { body, headers } = now.got[0]!;
  new Webhook(secret!).verify(body, headers);
});

const there = async () => (await createConnectorStore(redis).get(...PLACE)) !== undefined;
const ROLES = ['worker', 'push worker', 'ingest worker'];

it.each(ROLES)('is removed by a start without a demonstration where nobody plays it (%s)', async (names) => {
  const roles = names.split(' ');
  await kept('http://127.0.0.1:1/');
  const one = feature({ demo: false, roles });
  await one.start!();
  await one.stop!();
  expect(await there()).toBe(false);
});

it.each(ROLES)('stays beside a start without a demonstration while another plays it (%s)', async (names) => {
  const roles = names.split(' ');
  const player = feature({ demo: true, roles: ['ingest', 'push'] });
  await player.start!();
  const { got, url } = await listen();
  const secret = await player.connectDemonstration(...PLACE, url);
  const one = feature({ demo: false, roles });
  await one.start!();
  expect(await there()).toBe(true);
  expect((await createConnectorStore(redis).secrets(...PLACE))!.current).toBe(secret);
  // Who counts sends, also for a demonstration that another process plays.
  const packed = [2, Date.now(), 'urn:wagewatch:dispatch', 'A-1/auto', { platform: PLACE[1], unit: '某队' }];
  await redis.xadd(countingKeys(PLACE[0]).outbox + PLACE[1], '*', 'e', JSON.stringify(['A-1', packed]));
  await until(() => got.length > 0);

  // Stopped, it may be started again: what waits is kept, and nothing is sent to where nobody is.
  await player.stop!();
  await one.stop!();
  const again = feature({ demo: false, roles });
  await again.start!();
  expect(await there()).toBe(true);
  await again.stop!();
  // In a Redis of its own nobody else can.
  const alone = feature({ demo: false, roles, shared: false });
  await alone.start!();
  await alone.stop!();
  expect(await there()).toBe(false);
});

it('is removed by a process that runs already, once nobody has played it for a minute', async () => {
  await kept('http://127.0.0.1:1/');
  await createConnectorStore(redis).sayPlayed(...PLACE, 'on');
  const one = feature({ demo: false, roles: ['worker'] });
  await one.start!();
  atEnd(() => one.stop!());
  expect(await there()).toBe(true);
  const [key] = await redis.keys('{connectors}:played:*');
  expect(await redis.pttl(key!)).toBeGreaterThan(50_000);
  // The minute is over.
  await redis.del(key!);
  await until(async () => !(await there()));
});
