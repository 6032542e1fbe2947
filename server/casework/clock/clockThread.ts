import { parentPort, workerData } from 'node:worker_threads';
import { createCalendarStore } from '../../calendar/calendarStore.ts';
import { KnownYears } from '../../calendar/knownYears.ts';
import { createLogger } from '../../platform/log.ts';
import { createRedis } from '../../platform/redis/connect.ts';
import { createRulesBook } from '../../region/rulesBook.ts';
import type { ToWorkerThread } from '../../streams/worker/threadHost.ts';
import type { ClockThreadData, FromClockThread } from './clockMessages.ts';
import { createClockWorker } from './clockWorker.ts';

/** By then rungs are reckoned with a calendar that somebody has imported, ms. */
const REFRESH_MS = 2_000;

/** The thread of the clocks: one for each region that has terms, on connections of its own. Made by clockFeature.ts. */
const { endpoint, packs, calendars, leaseMs, logLevel } = workerData as ClockThreadData;
const parent = parentPort!;
const send = (message: FromClockThread) => parent.postMessage(message);
const log = createLogger(logLevel);
const redis = createRedis(endpoint, { role: 'commands', log, name: 'wagewatch-clock' });

const years = new KnownYears(createCalendarStore(redis), calendars);
const rules = createRulesBook(() => years.list);
// A store that does not answer is asked again: then the clock cannot say anything either.
const refresh = () => years.refresh().catch(() => undefined);
const refreshing = setInterval(() => void refresh(), REFRESH_MS);

const workers = packs.map((pack) =>
  createClockWorker({
    redis,
    endpoint,
    pack,
    rules: () => rules(pack),
    leaseMs,
    log,
    onSpoken: (spoken) => send({ kind: 'spoken', ...spoken }),
    onHeld: (cases) => send({ kind: 'held', region: pack.code, cases }),
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
// Imported calendars first: a rung that comes too early by the shipped ones could not be taken back.
await refresh();
for (const worker of workers) worker.start();
