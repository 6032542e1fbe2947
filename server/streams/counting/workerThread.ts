import { parentPort, workerData } from 'node:worker_threads';
import { createLogger } from '../../platform/log.ts';
import { createRedis } from '../../platform/redis/connect.ts';
import { regionKeys } from '../../platform/redis/keys.ts';
import { createRegionStore } from '../store/regionStore.ts';
import { createStreamReader } from '../store/streamReader.ts';
import { SILENT } from '../telemetry.ts';
import { RegionWorker } from '../worker/worker.ts';
import type { FromWorkerThread, ToWorkerThread, WorkerThreadData } from './workerMessages.ts';

/** The thread that counts: a worker for each region, on connections of its own. Made by workerHost.ts. */
const { endpoint, packs, leaseMs, logLevel } = workerData as WorkerThreadData;
const parent = parentPort!;
const tell = (message: FromWorkerThread) => parent.postMessage(message);
const log = createLogger(logLevel);
const redis = createRedis(endpoint, { role: 'commands', log, name: 'wagewatch-count' });

const workers = packs.map((pack) => {
  const keys = regionKeys(pack.code);
  const worker: RegionWorker = new RegionWorker({
    store: createRegionStore(redis, keys),
    openReader: () =>
      createStreamReader(
        createRedis(endpoint, { role: 'blocking', log, name: `wagewatch-worker-${pack.code}` }),
        keys.events,
      ),
    pack,
    leaseMs,
    log,
    telemetry: {
      ...SILENT,
      counted: (events, duplicates, commitMs) => tell({ kind: 'counted', events, duplicates, commitMs }),
      lease: (region, held) => tell({ kind: 'lease', region, token: held ? worker.token : undefined }),
    },
  });
  return worker;
});

parent.on('message', ({ kind }: ToWorkerThread) => {
  if (kind !== 'stop') return;
  void Promise.all(workers.map((worker) => worker.stop())).then(() => {
    redis.disconnect();
    tell({ kind: 'stopped' });
    parent.close();
  });
});
for (const worker of workers) worker.start();
