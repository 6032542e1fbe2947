import { parentPort, workerData } from 'node:worker_threads';
import { freshRules } from '../../calendar/freshRules.ts';
import { createLogger } from '../../platform/log.ts';
import { createRedis } from '../../platform/redis/connect.ts';
import { stopWhenTold } from '../../streams/worker/stopWhenTold.ts';
import type { ClockThreadData, FromClockThread } from './clockMessages.ts';
import { createClockWorker } from './clockWorker.ts';

/** The thread of the clocks: one for each region that has terms, on connections of its own. Made by clockFeature.ts. */
const { endpoint, packs, calendars, leaseMs, logLevel } = workerData as ClockThreadData;
const send = (message: FromClockThread) => parentPort!.postMessage(message);
const log = createLogger(logLevel);
const redis = createRedis(endpoint, { role: 'commands', log, name: 'wagewatch-clock' });

const fresh = freshRules(redis, calendars);

const workers = packs.map((pack) =>
  createClockWorker({
    redis,
    endpoint,
    pack,
    rules: () => fresh.rules(pack),
    leaseMs,
    log,
    onSpoken: (spoken) => send({ kind: 'spoken', ...spoken }),
    onHeld: (cases) => send({ kind: 'held', region: pack.code, cases }),
    onLease: (token) => send({ kind: 'lease', region: pack.code, token }),
  }),
);

stopWhenTold(workers, () => {
  fresh.stop();
  redis.disconnect();
});
await fresh.ready;
for (const worker of workers) worker.start();
