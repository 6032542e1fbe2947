// A worker and nothing else, in a process that can be killed: node workerProcess.mjs REDIS_PORT LEASE_MS
import { pino } from 'pino';
import { loadRegionPacks } from '../../dist/server/region/packs.js';
import { createRedis } from '../../dist/server/platform/redis/connect.js';
import { regionKeys } from '../../dist/server/platform/redis/keys.js';
import { createRegionStore } from '../../dist/server/streams/store/regionStore.js';
import { createStreamReader } from '../../dist/server/streams/store/streamReader.js';
import { SILENT } from '../../dist/server/streams/telemetry.js';
import { RegionWorker } from '../../dist/server/streams/worker/worker.js';

const [port, leaseMs] = process.argv.slice(2).map(Number);
const endpoint = { kind: 'single', host: '127.0.0.1', port, db: 0 };
const log = pino({ level: 'silent' });
const pack = loadRegionPacks({ assetsDir: 'assets/geo', dataDir: '/nonexistent', codes: ['330110'] }).get('330110');
const keys = regionKeys('330110');
new RegionWorker({
  store: createRegionStore(createRedis(endpoint, { role: 'commands', log }), keys),
  openReader: () => createStreamReader(createRedis(endpoint, { role: 'blocking', log }), keys.events),
  pack,
  leaseMs,
  log,
  telemetry: {
    ...SILENT,
    lease: (_region, held) => {
      if (held) process.stdout.write('leading\n');
    },
  },
}).start();
process.stdout.write('up\n');
