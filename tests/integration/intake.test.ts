import { createRulesBook } from '../../server/region/rulesBook.ts';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { loadRegionPacks } from '../../server/region/packs.ts';
import { createCountingWorker } from '../../server/streams/counting/countingWorker.ts';
import { AlertLimits } from '../../server/streams/intake/alertLimits.ts';
import { createDeadLetters } from '../../server/streams/intake/deadLetters.ts';
import { createDeadLetterStore } from '../../server/streams/intake/deadLetterStore.ts';
import { createLetterFiles } from '../../server/streams/intake/letterFiles.ts';
import { createIntake, type Intake } from '../../server/streams/intake/intake.ts';
import { createValidator, rulesOf } from '../../server/streams/intake/validate.ts';
import { openRegionStreams } from '../../server/streams/regionStreams.ts';
import { wipeRegion } from '../../server/streams/wipeRegion.ts';
import { SILENT } from '../../server/streams/telemetry.ts';
import { event, raised } from '../support/events.ts';
import { freePort } from '../../testing/freePort.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { freshDataDir } from '../support/server.ts';

const NO_CALENDARS: readonly never[] = [];
const rules = createRulesBook(() => NO_CALENDARS);

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
  const regions = new Map(
    REGIONS.map((region) => {
      const { events, progress, observations } = openRegionStreams(redis, region);
      return [region, { events, progress, observations, limits: new AlertLimits(events) }];
    }),
  );
  intake = createIntake({
    validate: createValidator(rulesOf(REGIONS.map((code) => packs.get(code)!))),
    regions: (region) => regions.get(region)!,
    deadLetters: createDeadLetters(letters(), createLetterFiles(freshDataDir()), log),
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
    rules: () => rules(packs.get(region)!),
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

describe('an alert with very many events', () => {
  const amended = (alertId: string, source: string, n: number) =>
    event('wage.alert.amended', Date.now() - 1_000, { alertId, workers: n % 100 }, { source, id: `${alertId}-${n}` });

  /** Sends events as requests from outside do, several at once; how many were accepted and rejected. */
  async function send(events: object[], requests: number): Promise<{ accepted: number; rejected: number }> {
    const answers = await Promise.all(
      Array.from({ length: requests }, async (_, r) => {
        const request = intake.request();
        for (const [i, each] of events.entries()) {
          if (i % requests !== r) continue;
          request.take(each, () => JSON.stringify(each));
          if (i % 50 === 49) await request.ready();
        }
        return request.finish();
      }),
    );
    return {
      accepted: answers.reduce((sum, { accepted }) => sum + accepted, 0),
      rejected: answers.reduce((sum, { rejectedTotal }) => sum + rejectedTotal, 0),
    };
  }

  it('takes no more than its number and a bounded overshoot from outside, and all of the program itself', async () => {
    const counting = worker('330110');
    counting.start();
    const flood = Array.from({ length: 6_000 }, (_, n) => amended('FULL', 'urn:a', n));
    const { accepted, rejected } = await send(flood, 6);
    expect(accepted + rejected).toBe(6_000);
    expect(accepted).toBeGreaterThanOrEqual(1_000);
    expect(accepted).toBeLessThanOrEqual(1_000 + 500);

    // The next one is refused before its 202, with the reason; it is kept as a dead letter.
    const request = intake.request();
    const next = amended('FULL', 'urn:a', 9_999);
    request.take(next, () => JSON.stringify(next));
    const answer = await request.finish();
    expect(answer).toMatchObject({ accepted: 0, rejectedTotal: 1, rejected: [{ index: 0, id: 'FULL-9999' }] });
    expect(answer.rejected[0]!.problem).toContain('FULL has 1000 events of source urn:a');
    expect((await letters().page(1)).letters[0]).toMatchObject({ eventId: 'FULL-9999', body: JSON.stringify(next) });

    // Another source may still write, until the alert is full for all; other alerts are not concerned.
    const other = await send(
      Array.from({ length: 4_000 }, (_, n) => amended('FULL', 'urn:b', 10_000 + n)),
      3,
    );
    expect(other.accepted).toBeGreaterThanOrEqual(2_000 - accepted);
    expect(other.accepted).toBeLessThanOrEqual(1_500);
    expect((await send([amended('FULL', 'urn:c', 20_000)], 1)).rejected).toBe(1);
    expect((await send([amended('EMPTY', 'urn:a', 0)], 1)).accepted).toBe(1);

    // What the program submits of its own is never refused for its number; what it submits for others is, and it is told.
    const submission = await intake.submit([
      amended('FULL', 'urn:wagewatch:desk', 30_000),
      amended('FULL', 'urn:a', 30_001),
    ]);
    expect(submission).toMatchObject({ accepted: 1, refused: [{ index: 1, id: 'FULL-30001' }] });
    await submission.settled(within(20_000));
    // Nobody outside comes past by calling themselves so.
    expect((await send([amended('FULL', 'urn:wagewatch:desk', 30_002)], 1)).rejected).toBe(1);
    await counting.stop();
  });

  it('is full for a process that starts later, too, and for one whose store was built anew no more', async () => {
    const { events, progress, observations } = openRegionStreams(redis, '330110');
    const late = createIntake({
      validate: createValidator(rulesOf([packs.get('330110')!])),
      regions: () => ({ events, progress, observations, limits: new AlertLimits(events) }),
      deadLetters: createDeadLetters(letters(), createLetterFiles(freshDataDir()), log),
      telemetry: SILENT,
      now: () => Date.now(),
    });
    const more = amended('FULL', 'urn:a', 40_000);
    expect((await late.submit([more])).refused).toHaveLength(1);
    await wipeRegion(redis, '330110');
    // The mark is gone, which the next answer tells.
    await intake.submit([amended('EMPTY', 'urn:a', 1)]);
    expect((await intake.submit([more])).refused).toEqual([]);
  });
});
