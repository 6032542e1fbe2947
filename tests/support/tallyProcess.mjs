// A second, tiny reducer in a process that can be killed: node tallyProcess.mjs REDIS_PORT LEASE_MS [GATHER_MS]
// It adds up amounts by name from two streams, from the clock and from work of its own, each event once, and writes what a batch added to a third stream.
import { pino } from 'pino';
import { createRedis } from '../../dist/server/platform/redis/connect.js';
import { createStreamReader } from '../../dist/server/streams/streamReader.js';
import { commitScript } from '../../dist/server/streams/worker/commit.js';
import { ReducerWorker } from '../../dist/server/streams/worker/worker.js';

const [port, leaseMs, gatherMs] = process.argv.slice(2).map(Number);
const endpoint = { kind: 'single', host: '127.0.0.1', port, db: 0 };
const log = pino({ level: 'silent' });
const redis = createRedis(endpoint, { role: 'commands', log });

/** The last two batches that were folded: what is read may lack them. */
let recent = [];
let ticked = false;
/** Work of its own in many pieces, each an event: so many it has given. */
const GRAINS = 200;
let grains = 0;

const reducer = {
  name: 'tally',
  inputs: [
    { stream: '{tally}:coins', offsetField: 'coins', trim: true },
    { stream: '{tally}:notes', offsetField: 'notes', trim: false },
  ],
  stateKey: '{tally}:state',
  gatherMs,
  script: commitScript('tests/support/tally.lua'),
  keys: ['{tally}:totals', '{tally}:seen', '{tally}:output'],
  decode: ({ payload }, input) =>
    JSON.parse(payload).map(([name, amount, id]) => ({ name, amount: amount * (input ? 100 : 1), id })),
  begin() {
    recent = [];
    ticked = false;
    grains = 0;
  },
  async readForBatch(events) {
    const names = [...new Set(events.map(({ name }) => name))];
    const [totals, seen] = await Promise.all([
      redis.hmget('{tally}:totals', 'none', ...names),
      redis.smismember('{tally}:seen', 'none', ...events.map(({ id }) => id)),
    ]);
    return { totals: new Map(names.map((name, i) => [name, Number(totals[i + 1] ?? 0)])), seen: seen.slice(1) };
  },
  fold(events, { totals, seen }) {
    for (const batch of [...recent].reverse())
      for (const [name, total] of batch.totals) if (totals.has(name)) totals.set(name, total);
    const ids = new Set();
    let added = 0;
    events.forEach(({ name, amount, id }, i) => {
      if (seen[i] === 1 || ids.has(id) || recent.some((batch) => batch.ids.has(id))) return;
      ids.add(id);
      totals.set(name, totals.get(name) + amount);
      added += amount;
    });
    recent = [{ totals, ids }, ...recent.slice(0, 1)];
    return { totals, ids, added };
  },
  commitArguments: ({ totals, ids, added }) => [added ? String(added) : '', ids.size, ...ids, ...[...totals].flat()],
  clockEvents() {
    if (!ticked) {
      ticked = true;
      return [{ name: 'tick', amount: 1, id: 'tick' }];
    }
    if (grains === GRAINS) return [];
    grains++;
    return [{ name: 'grain', amount: 1, id: `grain-${grains}` }];
  },
  hasOwnWork: () => grains < GRAINS,
};

new ReducerWorker({
  redis,
  openReader: () =>
    createStreamReader(
      createRedis(endpoint, { role: 'blocking', log }),
      reducer.inputs.map(({ stream }) => stream),
    ),
  reducer,
  leaseKeys: { lease: '{tally}:lease', fence: '{tally}:fence' },
  leaseMs,
  entryEvents: 10,
  log,
  onLease: (token) => {
    if (token !== undefined) process.stdout.write('leading\n');
  },
}).start();
process.stdout.write('up\n');
