import { parentPort, workerData } from 'node:worker_threads';
import { createLogger } from '../../platform/log.ts';
import { createRedis } from '../../platform/redis/connect.ts';
import { createCountingWorker } from './countingWorker.ts';
import type { ToWorkerThread } from '../worker/threadHost.ts';
import type { FromWorkerThread, WorkerThreadData } from './workerMessages.ts';

/** The thread that counts: a worker for each region, on connections of its own. Made by workerHost.ts. */
const { endpoint, regions, leaseMs, logLevel } = workerData as WorkerThreadData;
const parent = parentPort!;
const send = (message: FromWorkerThread) => parent.postMessage(message);
const log = createLogger(logLevel);
const redis = createRedis(endpoint, { role: 'commands', log, name: 'wagewatch-count' });

const workers = regions.map(({ region, rules }) =>
  createCountingWorker({
    redis,
    endpoint,
    region,
    rules,
    leaseMs,
    log,
    onCounted: (events, duplicates, commitMs) => send({ kind: 'counted', events, duplicates, commitMs }),
    onLease: (token) => send({ kind: 'lease', region, token }),
  }),
);

parent.on('message', ({ kind }: ToWorkerThread) => {
  if (kind !== 'stop') return;
  void Promise.all(workers.map((worker) => worker.stop())).then(() => {
    redis.disconnect();
    send({ kind: 'stopped' });
    parent.close();
  });
});
for (const worker of workers) worker.start();
