import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { termsOf } from '../../server/alerts/fold.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { loadRegionPacks } from '../../server/region/packs.ts';
import { createCountingWorker } from '../../server/streams/counting/countingWorker.ts';
import { createDeadLetters } from '../../server/streams/intake/deadLetters.ts';
import { createDeadLetterStore } from '../../server/streams/intake/deadLetterStore.ts';
import { createIntake, type Intake } from '../../server/streams/intake/intake.ts';
import { createValidator, rulesOf } from '../../server/streams/intake/validate.ts';
import { openRegionStreams } from '../../server/streams/regionStreams.ts';
import { SILENT } from '../../server/streams/telemetry.ts';
import { raised } from '../support/events.ts';
import { freePort, listeningLog, startRaw, type RawRedis } from '../support/rawRedis.ts';
import { freshDataDir } from '../support/server.ts';

/** The way in for the program's own events. */

const { log } = listeningLog();
const packs = loadRegionPacks({
  assetsDir: join(PROJECT_ROOT, 'assets/geo'),
  dataDir: tmpdir(),
  codes: ['330110', '330106'],
});
const REGIONS = ['330110', '330106'];
let server: RawRedis;
let redis: RedisClient;
let intake: Intake;
const letters = () => createDeadLetterStore(redis);
const endpoint = () => ({ kind: 'single', host: '127.0.0.1', port: server.port, db: 0 }) as const;
const within = (ms: number) => AbortSignal.timeout(ms);

beforeAll(async () => {
  server = await startRaw({ port: await freePort() });
  redis = createRedis(endpoint(), { role: 'commands', log });
  intake = createIntake({
    validate: createValidator(rulesOf(REGIONS.map((code) => packs.get(code)!))),
    regions: (region) => openRegionStreams(redis, region),
    deadLetters: createDeadLetters(letters(), freshDataDir(), log),
    telemetry: SILENT,
    now: () => Date.now(),
  });
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

function raisedEvent({ id, alertId, region = '330110' }: { id: string; alertId: string; region?: string }) {
  const event = raised(Date.now() - 1_000, { alertId, town: packs.get(region)!.towns[0]!.code }, { id });
  return { ...event, data: { ...event.data, region } };
}

const worker = (region: string) =>
  createCountingWorker({
    redis,
    endpoint: endpoint(),
    region,
    terms: termsOf(packs.get(region)!.tiers),
    leaseMs: 2_000,
    log,
  });

describe('submitting events inside the program', () => {
  it('tells the caller what was refused, and makes no dead letters', async () => {
    const good = raisedEvent({ id: 's1', alertId: 'S1' });
    const bad = { ...good, id: 's2', type: 'wage.alert.raced' };
    const { accepted, refused } = await intake.submit([good, bad, 'nothing', { ...good, id: 's3' }]);
    expect(accepted).toBe(2);
    expect(refused).toEqual([
      { index: 1, id: 's2', problem: expect.stringContaining('wage.alert.raced') as string },
      { index: 2, problem: expect.stringContaining('must be a JSON object') as string },
    ]);
    expect(await letters().count()).toBe(0);
  });

  it('a request from outside that holds the same makes them', async () => {
    const request = intake.request();
    request.take('nothing', () => '"nothing"');
    expect((await request.finish()).rejectedTotal).toBe(1);
    expect(await letters().count()).toBe(1);
  });

  it('lists every refusal, not only the first hundred', async () => {
    const { refused } = await intake.submit(Array.from({ length: 250 }, () => 'nothing'));
    expect(refused.map(({ index }) => index)).toEqual(Array.from({ length: 250 }, (_, i) => i));
  });

  it('is settled when everything it submitted has been counted, in every region, and not before', async () => {
    const [yuhang, baoshan] = REGIONS.map(worker);
    const events = REGIONS.flatMap((region) =>
      Array.from({ length: 700 }, (_, i) => raisedEvent({ id: `c${i}`, alertId: `C${i}`, region })),
    );
    const submission = await intake.submit(events);
    expect(submission.accepted).toBe(1_400);
    await expect(submission.settled(within(100))).rejects.toThrow(/timeout/i);
    yuhang!.start();
    await expect(submission.settled(within(500))).rejects.toThrow(/timeout/i);
    baoshan!.start();
    await submission.settled(within(20_000));
    for (const region of REGIONS) {
      const { documents } = openRegionStreams(redis, region);
      const ids = Array.from({ length: 700 }, (_, i) => `C${i}`);
      expect((await documents.read(ids)).filter((document) => document === null)).toEqual([]);
    }
    // One alone, and several at once, while the workers run.
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const one = await intake.submit([raisedEvent({ id: `d${i}`, alertId: `D${i}` })]);
        await one.settled(within(20_000));
        expect(await openRegionStreams(redis, '330110').documents.read([`D${i}`])).not.toContain(null);
      }),
    );
    // What holds nothing that was accepted is settled at once.
    await (await intake.submit(['nothing'])).settled(within(1_000));
    await Promise.all([yuhang!.stop(), baoshan!.stop()]);
  });
});
