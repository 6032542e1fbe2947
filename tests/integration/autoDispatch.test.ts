import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { decodeDocument } from '../../server/alerts/document.ts';
import { foldRulesOf } from '../../server/alerts/fold.ts';
import type { StoredEvent } from '../../server/alerts/state.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { createRedis } from '../../server/platform/redis/connect.ts';
import { encodeChunk } from '../../server/streams/intake/chunk.ts';
import { countingKeys } from '../../server/streams/counting/keys.ts';
import { createCountingWorker } from '../../server/streams/counting/countingWorker.ts';
import { beginHistory, endHistory } from '../../server/streams/rebuilding.ts';
import { streamKeys } from '../../server/streams/keys.ts';
import { openRegionStreams } from '../../server/streams/regionStreams.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw } from '../../testing/rawRedis.ts';
import { atEnd, ending } from '../support/ending.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { startOwnProcess } from '../support/ownProcess.ts';
import { loadPack } from '../support/packs.ts';
import { freshDataDir } from '../support/server.ts';
import { until } from '../support/until.ts';

const ALERTS = 1_500;
const IN_CHUNK = 50;

const raised = (n: number): StoredEvent => ({
  type: 'wage.alert.raised',
  time: Date.now() - 1000,
  source: 'urn:wagewatch:signals',
  id: `r${n}`,
  data: {
    tier: n % 2 ? 'red' : 'yellow',
    town: '330110001',
    industry: 'E',
    channel: 'petition',
    enterprise: { name: `某${n}建筑有限公司` },
    workers: 1,
    amountFen: 100,
  },
});

it('dispatches each alert once while workers are killed, and none in a rebuild', { timeout: 90_000 }, async () => {
  const server = ending(await startRaw({ port: await freePort() }));
  const redis = createRedis(
    { kind: 'single', host: '127.0.0.1', port: server.port, db: 0 },
    { role: 'commands', log: listeningLog().log },
  );
  atEnd(() => redis.disconnect());
  const streams = openRegionStreams(redis, '330110');
  let worker = await startOwnProcess('workerProcess.mjs', server.port, 200);
  for (let at = 0, round = 0; at < ALERTS; at += IN_CHUNK, round++) {
    const chunk = Array.from({ length: IN_CHUNK }, (_, i) => ({ alertId: `SG-${at + i}`, event: raised(at + i) }));
    await streams.events.accept(encodeChunk(chunk), chunk.length);
    if (round % 10 !== 9) continue;
    const next = await startOwnProcess('workerProcess.mjs', server.port, 200);
    await sleep(20 * (round % 7));
    worker.kill('SIGKILL');
    worker = next;
  }
  const counted = async () => {
    const { accepted, counted: done } = await streams.progress.read();
    return accepted === ALERTS && done === ALERTS;
  };
  const made = async () =>
    Object.values(await redis.hgetall(streamKeys('330110').alerts)).map((document) =>
      decodeDocument(document)
        .filter(({ source }) => source === 'urn:wagewatch:dispatch')
        .map(({ id }) => id),
    );
  await until(counted);
  const dispatched = await made();
  expect(dispatched).toHaveLength(ALERTS);
  expect(dispatched.every((ids) => ids.length === 1 && /^SG-\d+\/auto$/.test(ids[0]!))).toBe(true);
  expect(new Set(dispatched.flat()).size).toBe(ALERTS);

  const dataDir = freshDataDir();
  const file = join(dataDir, 'events.ndjson');
  const tool = (name: string, ...args: string[]) =>
    new Promise<string>((resolve, reject) => {
      const env = {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        DATA_DIR: dataDir,
        REDIS_URL: `redis://127.0.0.1:${server.port}`,
      };
      execFile(process.execPath, [join(PROJECT_ROOT, `dist/tools/${name}.js`), ...args], { env }, (error, out, err) => {
        if (error) reject(new Error(out + err));
        else resolve(out);
      });
    });
  await tool('export', '--file', `${file}.gz`);
  const lines = gunzipSync(readFileSync(`${file}.gz`))
    .toString()
    .trim()
    .split('\n');
  expect(lines).toHaveLength(2 * ALERTS);
  writeFileSync(file, lines.filter((line) => !line.includes('urn:wagewatch:dispatch')).join('\n'));
  // The worker that dispatches is there meanwhile, and may count what comes.
  await tool('rebuild', '--from', file, '--yes');
  worker.kill('SIGKILL');
  expect((await made()).flat()).toEqual([]);
  expect(await redis.hexists(streamKeys('330110').meta, 'rebuilding')).toBe(0);
});

it('dispatches and sends nothing of what a server counts while the region is built anew', async () => {
  const server = ending(await startRaw({ port: await freePort() }));
  const endpoint = { kind: 'single', host: '127.0.0.1', port: server.port, db: 0 } as const;
  const { log } = listeningLog();
  const redis = createRedis(endpoint, { role: 'commands', log });
  atEnd(() => redis.disconnect());
  const streams = openRegionStreams(redis, '330110');
  const pack = loadPack('330110');
  const rules = foldRulesOf(pack, []);
  const keys = countingKeys('330110');
  const platform = pack.dispatch!.red!.platform;
  await redis.hset(keys.connected, platform, Date.now() - 60_000);
  const worker = createCountingWorker({
    redis,
    endpoint,
    region: '330110',
    rules: () => rules,
    dispatches: pack,
    leaseMs: 1_000,
    log,
  });
  worker.start();
  atEnd(() => worker.stop());
  const count = async (n: number) => {
    await streams.events.accept(encodeChunk([{ alertId: `SG-${n}`, event: raised(n) }]), 1);
    await until(async () => {
      const { accepted, counted } = await streams.progress.read();
      return accepted === counted;
    });
    const document = await redis.hget(streamKeys('330110').alerts, `SG-${n}`);
    return { events: decodeDocument(document!).length, waiting: await redis.xlen(keys.outbox + platform) };
  };
  await beginHistory(redis, '330110');
  expect(await count(1)).toEqual({ events: 1, waiting: 0 });
  await endHistory(redis, '330110');
  expect(await count(3)).toEqual({ events: 2, waiting: 1 });
});
