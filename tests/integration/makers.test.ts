import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { foldRulesOf } from '../../server/alerts/fold.ts';
import { decodeDocument } from '../../server/alerts/document.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { loadRegionPacks } from '../../server/region/packs.ts';
import { createCountingWorker } from '../../server/streams/counting/countingWorker.ts';
import { decodeChunk } from '../../server/streams/intake/chunk.ts';
import { createDeadLetters } from '../../server/streams/intake/deadLetters.ts';
import { createDeadLetterStore } from '../../server/streams/intake/deadLetterStore.ts';
import { createLetterFiles } from '../../server/streams/intake/letterFiles.ts';
import { createIntake } from '../../server/streams/intake/intake.ts';
import type { Sender } from '../../server/streams/intake/outside.ts';
import { createValidator, rulesOf } from '../../server/streams/intake/validate.ts';
import { openRegionStreams } from '../../server/streams/regionStreams.ts';
import { SILENT } from '../../server/streams/telemetry.ts';
import { toCloudEvent } from '../../tools/export.ts';
import { event, raised } from '../support/events.ts';
import { freePort } from '../../testing/freePort.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { freshDataDir, until } from '../support/server.ts';

/** What is kept of who has made an event (casework §1): the person of the desk, and the platform that a token speaks for. */

const { log } = listeningLog();
const REGION = '330110';
const { counted } = loadRegionPacks({
  assetsDir: join(PROJECT_ROOT, 'assets/geo'),
  dataDir: tmpdir(),
  codes: [REGION],
});
let server: RawRedis;
let redis: RedisClient;
const endpoint = () => ({ kind: 'single', host: '127.0.0.1', port: server.port, db: 0 }) as const;
const streams = () => openRegionStreams(redis, REGION);
const intakeOf = (fromExport = false) =>
  createIntake({
    validate: createValidator(rulesOf(counted())),
    regions: streams,
    deadLetters: createDeadLetters(createDeadLetterStore(redis), createLetterFiles(freshDataDir()), log),
    telemetry: SILENT,
    now: () => Date.now(),
    fromExport,
    unitName: (region, code) => (region === REGION && code === 'court' ? '某法院' : undefined),
  });

beforeAll(async () => {
  server = await startRaw({ port: await freePort() });
  redis = createRedis(endpoint(), { role: 'commands', log });
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const birth = (alertId: string) => raised(Date.now() - 5_000, { alertId, town: counted()[0]!.towns[0]!.code });
const answer = (alertId: string, more: object = {}) => ({
  ...event('wage.alert.accepted', Date.now() - 1_000, { alertId, unit: '某队' }),
  ...more,
});
async function take(from: Sender | undefined, events: readonly object[], fromExport = false) {
  const request = intakeOf(fromExport).request(from);
  for (const one of events) request.take(structuredClone(one), JSON.stringify(one));
  return request.finish();
}
/** All that waits in the stream, and then in the documents. */
const waiting = async () => (await streams().readEvents('0-0', 1_000)).flatMap(({ payload }) => decodeChunk(payload));

it('of a platform is kept with each event, through the stream and counting; a raised alert is marked for dispatch on its way alone', async () => {
  const { accepted } = await take({ platform: 'tri-colour', dispatch: true }, [birth('P1'), answer('P1')]);
  expect(accepted).toBe(2);
  await take({}, [answer('P1')]);
  const kept = (await waiting()).filter(({ alertId }) => alertId === 'P1');
  expect(kept.map(({ event: { type, by }, dispatch }) => [type, by, dispatch])).toEqual([
    ['wage.alert.raised', { platform: 'tri-colour' }, true],
    ['wage.alert.accepted', { platform: 'tri-colour' }, undefined],
    ['wage.alert.accepted', undefined, undefined],
  ]);

  await intakeOf().submit([answer('P1', { source: 'urn:wagewatch:desk', actor: 'person-1' })]);
  const rules = () => foldRulesOf(counted()[0]!, []);
  const worker = createCountingWorker({ redis, endpoint: endpoint(), region: REGION, rules, leaseMs: 2_000, log });
  worker.start();
  const document = await until('all are counted', async () => {
    const [text] = await streams().documents.read(['P1']);
    const events = text ? decodeDocument(text) : [];
    return events.length === 4 && events;
  });
  await worker.stop();
  expect(document.map(({ by }) => by)).toEqual(
    expect.arrayContaining([{ platform: 'tri-colour' }, { platform: 'tri-colour' }, undefined, { actor: 'person-1' }]),
  );
  expect(JSON.stringify(document)).not.toContain('dispatch":');
});

it('of a unit of other is kept with what its pack calls the unit, and comes back from an export', async () => {
  expect((await take({ platform: 'other:court' }, [answer('P4')])).accepted).toBe(1);
  expect((await take({ platform: 'other:unknown' }, [answer('P4')])).accepted).toBe(1);
  const kept = (await waiting()).filter(({ alertId }) => alertId === 'P4').map(({ event }) => event);
  expect(kept.map(({ by }) => by)).toEqual([
    { platform: 'other:court', platformname: '某法院' },
    { platform: 'other:unknown' },
  ]);
  const exported = kept.map((one) => JSON.parse(toCloudEvent(REGION, 'P5', one)) as object);
  expect((await take(undefined, exported, true)).accepted).toBe(2);
  const back = (await waiting()).filter(({ alertId }) => alertId === 'P5').map(({ event }) => event);
  expect(back.map(({ by }) => by)).toEqual(kept.map(({ by }) => by));
  const wrong = await take(undefined, [answer('P5', { platform: 'other', platformname: '某法院' })], true);
  expect(wrong.rejected[0]!.problem).toMatch(/^\/platformname must be the name of the unit/);
});

it('is never told from outside, whoever sends; a null is none', async () => {
  for (const made of [{ actor: 'person-1' }, { platform: 'tri-colour' }, { platformname: '某法院' }]) {
    const { accepted, rejected } = await take({ platform: 'tri-colour' }, [answer('P2', made)]);
    expect(accepted).toBe(0);
    expect(rejected[0]!.problem).toMatch(
      /^\/(actor|platform|platformname) is an attribute that this program itself adds/,
    );
  }
  expect((await take(undefined, [answer('P2', { actor: null, platform: null })])).accepted).toBe(1);
});

it('comes back from an export as it was, and only in the forms that there are', async () => {
  const sent = [answer('P3', { actor: 'person-1' }), answer('P3', { platform: 'other' }), answer('P3')];
  const exported = sent.map((one, i): object => {
    const by = [{ actor: 'person-1' }, { platform: 'other' as const }, undefined][i];
    const { type, id, source, data } = one;
    const stored = { type, id, source, time: Date.parse(one.time), data: { unit: data.unit }, ...(by ? { by } : {}) };
    return JSON.parse(toCloudEvent(REGION, 'P3', stored)) as object;
  });
  expect(exported).toEqual(sent.map((one) => ({ ...one, time: expect.any(String) as string })));
  expect((await take(undefined, exported, true)).accepted).toBe(3);
  const kept = (await waiting()).filter(({ alertId }) => alertId === 'P3');
  expect(kept.map(({ event: { by } }) => by)).toEqual([{ actor: 'person-1' }, { platform: 'other' }, undefined]);
  const wrong = await take(undefined, [answer('P3', { platform: 'elsewhere' }), answer('P3', { actor: '' })], true);
  expect(wrong.rejected.map(({ problem }) => problem)).toEqual([
    '/platform must be one of four-platforms, tri-colour, other, or other: and the code of a unit',
    expect.stringMatching(/^\/actor must be the id of a person/) as string,
  ]);
});
