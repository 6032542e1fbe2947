// An engine of signals and nothing else, in a process that can be killed: node engineProcess.mjs REDIS_PORT LEASE_MS [CLOCK_AHEAD_MS]
import { pino } from 'pino';
import { loadRegionPacks } from '../../dist/server/region/packs.js';
import { foldRulesOf } from '../../dist/server/alerts/fold.js';
import { createRedis } from '../../dist/server/platform/redis/connect.js';
import { createEngineWorker } from '../../dist/server/signals/engine/engineWorker.js';

const [port, leaseMs, ahead = 0] = process.argv.slice(2).map(Number);
const endpoint = { kind: 'single', host: '127.0.0.1', port, db: 0 };
const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' });
const pack = loadRegionPacks({ assetsDir: 'assets/geo', dataDir: '/nonexistent', codes: ['330110'] }).get('330110');
createEngineWorker({
  redis: createRedis(endpoint, { role: 'commands', log }),
  endpoint,
  region: '330110',
  rules: foldRulesOf(pack, []),
  observationDays: 400,
  leaseMs,
  log,
  now: () => Date.now() + ahead,
  onLease: (token) => {
    if (token !== undefined) process.stdout.write('leading\n');
  },
}).start();
process.stdout.write('up\n');
