import { parentPort, workerData } from 'node:worker_threads';
import { workInBackground } from '../../platform/backgroundThread.ts';
import { createLogger } from '../../platform/log.ts';
import { createRedis } from '../../platform/redis/connect.ts';
import { observationKeys } from '../../streams/observations/keys.ts';
import { stopWhenTold } from '../../streams/worker/stopWhenTold.ts';
import type { EngineThreadData, FromEngineThread } from './engineMessages.ts';
import { createEngineWorker } from './engineWorker.ts';

/** The thread of the engines: one for each region, on connections of its own. Made by signalsFeature.ts when one has something to watch. */
const { endpoint, regions, observationDays, leaseMs, logLevel } = workerData as EngineThreadData;
const send = (message: FromEngineThread) => parentPort!.postMessage(message);
const log = createLogger(logLevel);
// A midnight, or a day's file, keeps it busy for seconds.
workInBackground();
const redis = createRedis(endpoint, { role: 'commands', log, name: 'wagewatch-signals' });

/** How often a region is looked at that has nothing to watch yet. */
const LOOK_MS = 1_000;

const workers = regions.map(({ region, rules }) => {
  const worker = createEngineWorker({
    redis,
    endpoint,
    region,
    rules,
    observationDays,
    leaseMs,
    log,
    onDecided: (decided) => send({ kind: 'decided', ...decided }),
    onLease: (token) => send({ kind: 'lease', region, token }),
  });
  // An engine that has nothing to watch would follow the region's alerts for nothing.
  let stopped = false;
  const look = () => {
    redis.exists(observationKeys(region).meta).then(
      (there) => {
        if (!there || stopped) return;
        clearInterval(looking);
        worker.start();
      },
      () => undefined,
    );
  };
  const looking = setInterval(look, LOOK_MS);
  look();
  return {
    stop: () => {
      stopped = true;
      clearInterval(looking);
      return worker.stop();
    },
  };
});

stopWhenTold(workers, () => redis.disconnect());
