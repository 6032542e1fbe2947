import { createRulesBook } from '../../server/region/rulesBook.ts';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../server/alerts/document.ts';
import type { StoredEvent } from '../../server/alerts/state.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { createRedis } from '../../server/platform/redis/connect.ts';
import { loadRegionPacks } from '../../server/region/packs.ts';
import { checkpointParts } from '../../server/situation/checkpointParts.ts';
import { createSituationFollower } from '../../server/situation/situationFollower.ts';
import { createCountingWorker } from '../../server/streams/counting/countingWorker.ts';
import { Checkpointer } from '../../server/streams/feed/checkpointer.ts';
import { encodeChunk, type Accepted } from '../../server/streams/intake/chunk.ts';
import { countingKeys } from '../../server/streams/counting/keys.ts';
import { streamKeys } from '../../server/streams/keys.ts';
import { openRegionStreams } from '../../server/streams/regionStreams.ts';
import { createStreamReader } from '../../server/streams/streamReader.ts';
import { SILENT } from '../../server/streams/telemetry.ts';
import { verifyRegion } from '../../tools/verify/verifyRegion.ts';
import { atEnd, ending } from '../support/ending.ts';
import { freePort } from '../../testing/freePort.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { startRaw } from '../../testing/rawRedis.ts';
import { until } from '../support/until.ts';
import { randomOf } from '../support/workload.ts';

const NO_CALENDARS: readonly never[] = [];
const rules = createRulesBook(() => NO_CALENDARS);

/** An alert with very many events, as a rebuild of old data may still make it: from the stream to the figures, in Redis. */

const REGION = '330110';
const { log } = listeningLog();
const pack = loadRegionPacks({ assetsDir: join(PROJECT_ROOT, 'assets/geo'), dataDir: tmpdir(), codes: [REGION] }).get(
  REGION,
)!;
const DAY = 86_400_000;

/** The n-th event of an alert's long life, mostly in order. */
function eventOf(n: number, random: () => number, start: number): StoredEvent {
  const time = start + (random() < 0.1 ? Math.floor(random() * n) : n) * 60_000;
  const base = { time, source: `urn:${n % 3}`, id: String(n) };
  if (n === 40)
    return {
      ...base,
      type: 'wage.alert.raised',
      data: {
        town: '330110010',
        tier: 'red',
        industry: 'E',
        channel: 'water',
        enterprise: { name: '某公司' },
        workers: 9,
        amountFen: 900,
      },
    };
  switch (Math.floor(random() * 8)) {
    case 0:
      return { ...base, type: 'wage.alert.amended', data: { workers: n % 500, tier: n % 2 ? 'orange' : 'red' } };
    case 1:
      return { ...base, type: 'wage.alert.audited', data: { verdict: n % 3 ? 'effective' : 'returned' } };
    case 2:
      return { ...base, type: 'wage.alert.closed', data: {} };
    default:
      return { ...base, type: 'wage.wages.recovered', data: { amountFen: n, workers: 1 } };
  }
}

describe('an alert with very many events', () => {
  it('is counted rightly over restarts, in entries and documents of a size that does not grow', async () => {
    const server = ending(await startRaw({ port: await freePort() }));
    const endpoint = { kind: 'single', host: '127.0.0.1', port: server.port, db: 0 } as const;
    const connect = (role: 'commands' | 'blocking') => createRedis(endpoint, { role, log });
    const redis = connect('commands');
    atEnd(() => redis.disconnect());
    const streams = openRegionStreams(redis, REGION);
    const keys = streamKeys(REGION);
    let token: string | undefined;
    const startWorker = () => {
      const worker = createCountingWorker({
        redis,
        endpoint,
        region: REGION,
        rules: () => rules(pack),
        leaseMs: 2_000,
        log,
        onLease: (now) => {
          token = now;
        },
      });
      worker.start();
      return worker;
    };
    const newFollower = () =>
      createSituationFollower({
        streams,
        pack,
        rules: () => rules(pack),
        now: () => Date.now(),
        log,
        openReader: () => createStreamReader(connect('blocking'), [keys.changes]),
      });
    const counted = async (events: number) => until(async () => (await streams.progress.read()).counted === events);

    const random = randomOf(9);
    const start = Date.now() - 30 * DAY;
    const events = Array.from({ length: 4_000 }, (_, n): Accepted => ({
      alertId: 'LONG',
      event: eventOf(n, random, start),
    }));
    // Before it was long, it was stored by a version that knows no parts.
    let worker = startWorker();
    const follower = newFollower();
    await follower.start();
    const checkpointer = new Checkpointer({
      store: streams.checkpoint,
      follower,
      partsOf: checkpointParts,
      token: () => token,
      log,
      telemetry: SILENT,
    });
    let sent = 0;
    const send = async (count: number) => {
      const chunk = events.slice(sent, sent + count);
      await streams.events.accept(encodeChunk(chunk), chunk.length);
      sent += count;
      await counted(sent);
    };
    await send(100);
    expect(decodeDocument((await redis.hget(keys.alerts, 'LONG'))!)).toHaveLength(100);
    for (const size of [1, 60, 1, 1, 500, 7, 130, 900]) await send(size);
    await checkpointer.write();
    // A worker that knows nothing reads the document in its parts, and goes on.
    await worker.stop();
    worker = startWorker();
    for (const size of [1, 300, 1, 63, 64, 65, 400, 1]) await send(size);
    await send(events.length - sent - 50);
    await redis.config('RESETSTAT');
    const before = Number(/total_net_input_bytes:(\d+)/.exec(await redis.info('stats'))![1]);
    const [head] = await redis.hmget(keys.alerts, 'LONG');
    for (let i = 0; i < 50; i++) await send(1);
    const written = (Number(/total_net_input_bytes:(\d+)/.exec(await redis.info('stats'))![1]) - before) / 50;
    // Far less than the document (250 KB) or the list of recoveries (60 KB), which each event wrote again before.
    expect(written).toBeLessThan(25_000);
    expect(await redis.hget(keys.alerts, 'LONG')).toBe(head);
    const newest = await redis.xrevrange(keys.changes, '+', '-', 'COUNT', 50);
    // Only an amendment of the facts moves all that the alert has contributed.
    const sizes = newest.map(([, fields]) => fields[1]!.length).sort((a, b) => a - b);
    expect(sizes[30]).toBeLessThan(600);

    const [document] = await streams.documents.read(['LONG']);
    const ids = decodeDocument(document!).map(({ id }) => Number(id));
    expect(ids.sort((a, b) => a - b)).toEqual(events.map((_, n) => n));
    expect(Number(await redis.hget(countingKeys(REGION).parts, '#LONG'))).toBeGreaterThan(3);
    for await (const part of streams.documents.scan())
      for (const [alertId, scanned] of part) expect([alertId, scanned]).toEqual(['LONG', document]);

    // What follows the feed, what begins with a checkpoint, and what is computed from the documents: all the same.
    const { change } = await streams.progress.read();
    await until(() => follower.position === change);
    const fromCheckpoint = newFollower();
    await fromCheckpoint.start();
    expect((await streams.checkpoint.read())!.position).not.toBe(change);
    for (const each of [follower, fromCheckpoint]) {
      const verdict = await verifyRegion(streams.documents, pack, rules(pack), each.situation, Date.now());
      expect(verdict.differences).toEqual([]);
      expect(verdict.events).toBe(4_000);
    }
    // More than the limits are there: the way in is told so.
    expect((await streams.events.fullAlerts(0)).map((mark) => JSON.parse(mark) as string[]).sort()).toEqual([
      ['LONG'],
      ['LONG', 'urn:0'],
      ['LONG', 'urn:1'],
      ['LONG', 'urn:2'],
    ]);
    await Promise.all([follower.stop(), fromCheckpoint.stop(), worker.stop()]);
  });
});
