import { parentPort, workerData } from 'node:worker_threads';
import { createCalendarStore } from '../../calendar/calendarStore.ts';
import { KnownYears } from '../../calendar/knownYears.ts';
import { createLogger } from '../../platform/log.ts';
import { createRedis } from '../../platform/redis/connect.ts';
import { createRulesBook } from '../../region/rulesBook.ts';
import { createCountingWorker } from './countingWorker.ts';
import type { ToWorkerThread } from '../worker/threadHost.ts';
import type { FromWorkerThread, WorkerThreadData } from './workerMessages.ts';

/** By then terms are reckoned with a calendar that somebody has imported, ms. */
const REFRESH_MS = 2_000;

/** The thread that counts: a worker for each region, on connections of its own. Made by workerHost.ts. */
const { endpoint, regions, calendars, dispatches, leaseMs, logLevel } = workerData as WorkerThreadData;
const parent = parentPort!;
const send = (message: FromWorkerThread) => parent.postMessage(message);
const log = createLogger(logLevel);
const redis = createRedis(endpoint, { role: 'commands', log, name: 'wagewatch-count' });

const years = new KnownYears(createCalendarStore(redis), calendars);
const rules = createRulesBook(() => years.list);
// A store that does not answer is asked again: then nothing is counted either.
const refresh = () => years.refresh().catch(() => undefined);
const refreshing = setInterval(() => void refresh(), REFRESH_MS);

const workers = regions.map((pack) =>
  createCountingWorker({
    redis,
    endpoint,
    region: pack.code,
    rules: () => rules(pack),
    dispatches: dispatches ? pack : undefined,
    leaseMs,
    log,
    onCounted: (events, duplicates, commitMs) => send({ kind: 'counted', events, duplicates, commitMs }),
    onLease: (token) => send({ kind: 'lease', region: pack.code, token }),
  }),
);

parent.on('message', ({ kind }: ToWorkerThread) => {
  if (kind !== 'stop') return;
  clearInterval(refreshing);
  void Promise.all(workers.map((worker) => worker.stop())).then(() => {
    redis.disconnect();
    send({ kind: 'stopped' });
    parent.close();
  });
});
// Imported calendars first: else all terms would be reckoned twice.
await refresh();
for (const worker of workers) worker.start();
