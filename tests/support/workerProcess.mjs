// A worker and nothing else, in a process that can be killed: node workerProcess.mjs REDIS_PORT LEASE_MS
import { pino } from 'pino';
import { loadRegionPacks } from '../../dist/server/region/packs.js';
import { foldRulesOf } from '../../dist/server/alerts/fold.js';
import { programCalendars } from '../../dist/server/calendar/shipped.js';
import { createRedis } from '../../dist/server/platform/redis/connect.js';
import { createCountingWorker } from '../../dist/server/streams/counting/countingWorker.js';

const [port, leaseMs] = process.argv.slice(2).map(Number);
const endpoint = { kind: 'single', host: '127.0.0.1', port, db: 0 };
const log = pino({ level: 'silent' });
const pack = loadRegionPacks({ assetsDir: 'assets/geo', dataDir: '/nonexistent', codes: ['330110'] }).get('330110');
// The calendars that the program comes with, as the program itself folds.
const rules = foldRulesOf(pack, programCalendars());
createCountingWorker({
  redis: createRedis(endpoint, { role: 'commands', log }),
  endpoint,
  region: '330110',
  rules: () => rules,
  dispatches: pack,
  leaseMs,
  log,
  onLease: (token) => {
    if (token !== undefined) process.stdout.write('leading\n');
  },
}).start();
process.stdout.write('up\n');
