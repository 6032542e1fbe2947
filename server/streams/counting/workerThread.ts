import { parentPort, workerData } from 'node:worker_threads';
import { freshRules } from '../../calendar/freshRules.ts';
import { createLogger } from '../../platform/log.ts';
import { createRedis } from '../../platform/redis/connect.ts';
import { createCountingWorker } from './countingWorker.ts';
import { stopWhenTold } from '../worker/stopWhenTold.ts';
import type { FromWorkerThread, WorkerThreadData } from './workerMessages.ts';

/** The thread that counts: a worker for each region, on connections of its own. Made by workerHost.ts. */
const { endpoint, regions, calendars, dispatches, leaseMs, logLevel } = workerData as WorkerThreadData;
const send = (message: FromWorkerThread) => parentPort!.postMessage(message);
const log = createLogger(logLevel);
const redis = createRedis(endpoint, { role: 'commands', log, name: 'wagewatch-count' });

const fresh = freshRules(redis, calendars);

const workers = regions.map((pack) =>
  createCountingWorker({
    redis,
    endpoint,
    region: pack.code,
    rules: () => fresh.rules(pack),
    dispatches: dispatches ? pack : undefined,
    leaseMs,
    log,
    onCounted: (events, duplicates, commitMs) => send({ kind: 'counted', events, duplicates, commitMs }),
    onLease: (token) => send({ kind: 'lease', region: pack.code, token }),
  }),
);

stopWhenTold(workers, () => {
  fresh.stop();
  redis.disconnect();
});
await fresh.ready;
for (const worker of workers) worker.start();
