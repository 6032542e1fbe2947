// A clock of cases and nothing else, in a process that can be killed: CLOCK_FILE=… node clockProcess.mjs REDIS_PORT LEASE_MS DATA_DIR
import './clock.mjs';
import { pino } from 'pino';
import { loadRegionPacks } from '../../dist/server/region/packs.js';
import { foldRulesOf } from '../../dist/server/alerts/fold.js';
import { programCalendars } from '../../dist/server/calendar/shipped.js';
import { createRedis } from '../../dist/server/platform/redis/connect.js';
import { createClockWorker } from '../../dist/server/casework/clock/clockWorker.js';

const [port, leaseMs] = process.argv.slice(2).map(Number);
const dataDir = process.argv[4];
const endpoint = { kind: 'single', host: '127.0.0.1', port, db: 0 };
const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' });
const pack = loadRegionPacks({ assetsDir: 'assets/geo', dataDir, codes: ['330110'] }).get('330110');
const rules = foldRulesOf(pack, programCalendars());
createClockWorker({
  redis: createRedis(endpoint, { role: 'commands', log }),
  endpoint,
  pack,
  rules: () => rules,
  leaseMs,
  log,
  onLease: (token) => {
    if (token !== undefined) process.stdout.write('leading\n');
  },
}).start();
process.stdout.write('up\n');
