import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { median, mib, ms, perSecond, row, timed } from '../measure.ts';
import { openFleet } from '../screens/fleet.ts';
import { eventsOfLives, sendAtPace } from '../screens/pace.ts';
import { notShown, shownAtPace } from '../screens/shown.ts';
import { startNodeRed } from './nodeRed.ts';
import type { Peer } from './peer.ts';
import { startSqlWall } from './sqlWall.ts';
import { startWageWatch } from './wagewatch.ts';

/** `npm run bench:peers`: the same events, the same screens, measured by the same hand, on what people would use instead. */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    alerts: { type: 'string', default: '1000000' },
    events: { type: 'string', default: '35000' },
    seconds: { type: 'string', default: '8' },
    rate: { type: 'string', default: '100' },
    screens: { type: 'string', default: '50' },
  },
});
const SECONDS = Number(values.seconds),
  EVENTS = Number(values.events),
  RATE = Number(values.rate),
  SCREENS = Number(values.screens);
const BATCH = 500;
const SENDERS = 4;
const AFTER_MS = 4_000;

async function post(url: string, events: object[]): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': url.includes('/api/') ? 'application/cloudevents-batch+json' : 'application/json' },
    body: JSON.stringify(events),
  });
  const answer = await response.text();
  if (response.status !== 202) throw new Error(`${response.status} ${answer.slice(0, 300)}`);
}

/** Waits until the figure stands still, or is what it should be. */
async function settled(peer: Peer, wanted: number): Promise<number> {
  for (let last = -1; ;) {
    const now = await peer.raised();
    if (now === wanted || now === last) return now;
    last = now;
    await sleep(1_500);
  }
}

const raisedIn = (events: object[]) =>
  events.filter((event) => (event as { type: string }).type === 'wage.alert.raised').length;

async function throughput(peer: Peer): Promise<void> {
  const source = eventsOfLives();
  const batches = Array.from({ length: Math.ceil(EVENTS / BATCH) }, () =>
    Array.from({ length: BATCH }, () => source.next().value),
  );
  const before = await peer.raised();
  const cpu = peer.cpu();
  const started = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      while (next < batches.length) await post(peer.ingest, batches[next++]!);
    }),
  );
  const wanted = before + batches.reduce((sum, batch) => sum + raisedIn(batch), 0);
  while ((await peer.raised()) < wanted) await sleep(20);
  const took = performance.now() - started;
  row(
    '  events in and counted',
    perSecond(batches.length * BATCH, took),
    `batches of ${BATCH}, ${SENDERS} at a time; CPU µs an event ${(((peer.cpu() - cpu) / (batches.length * BATCH)) * 1e6).toFixed(0)}`,
  );
}

async function duplicates(peer: Peer): Promise<void> {
  const source = eventsOfLives();
  const batch = Array.from({ length: BATCH }, () => source.next().value);
  const before = await peer.raised();
  await post(peer.ingest, batch);
  await post(peer.ingest, batch);
  const got = (await settled(peer, before + 2 * raisedIn(batch))) - before;
  row(
    '  the same file twice',
    got === raisedIn(batch) ? 'counted once' : `counted ${(got / raisedIn(batch)).toFixed(0)} times`,
    `${raisedIn(batch)} alerts, ${got} shown`,
  );
}

async function screens(peer: Peer, count: number): Promise<number> {
  const resting = peer.memory();
  const fleet = await openFleet({ ...peer.screens, screens: count, scope: '330110', window: '365d' });
  try {
    await sleep(1_500);
    const base = await peer.raised();
    const grown = peer.memory() - resting;
    const shown = await shownAtPace({
      fleet,
      screens: count,
      ingest: peer.ingest,
      rate: RATE,
      seconds: SECONDS,
      base,
      cpu: () => peer.cpu(),
      afterMs: AFTER_MS,
    });
    // Whole lives of seven events, of which one is shown as raised.
    const late =
      shown.accepted < ((RATE * SECONDS) / 7) * 0.95
        ? `; it takes in only ${((shown.accepted * 7) / shown.elapsed).toFixed(0)} events/s meanwhile`
        : '';
    row(
      `  accepted to shown at ${RATE} events/s, ${count} screen${count > 1 ? 's' : ''}`,
      `p99 ${shown.p99}`,
      `p50 ${shown.p50}; CPU ${shown.cpu.toFixed(0)} % of a core; ${mib(grown)} more memory${notShown(shown, AFTER_MS)}${late}`,
    );
    return shown.cpu;
  } finally {
    await fleet.close();
  }
}

async function refresh(peer: Peer, name: string): Promise<void> {
  row(`  one refresh of all figures${name}`, ms(median(await timed(7, () => peer.raised()))), 'median of 7');
}

/** Three times, as what is lost depends on when the figures were last written. */
async function crash(peer: Peer): Promise<void> {
  let lost = 0;
  let accepted = 0;
  for (let time = 0; time < 3; time++) {
    const before = await peer.raised();
    const acceptedAt = await sendAtPace(peer.ingest, RATE, 3);
    await peer.crash();
    lost = Math.max(lost, before + acceptedAt.length - (await settled(peer, before + acceptedAt.length)));
    accepted = acceptedAt.length;
  }
  row('  lost by kill −9', `${lost} alerts`, `of ${accepted} accepted in the 3 s before; the worst of three`);
}

async function measure(start: () => Promise<Peer | undefined>): Promise<void> {
  const peer = await start();
  if (!peer) {
    process.stdout.write('\nLeft out: it is not there (see above, or install the package postgresql)\n');
    return;
  }
  const end = () => {
    void peer.stop().then(() => process.exit(1));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  try {
    process.stdout.write(`\n${peer.name}\n`);
    await throughput(peer);
    await duplicates(peer);
    if (peer.history && Number(values.alerts) > 0) {
      await peer.history(Number(values.alerts));
      await refresh(peer, `, ${Number(values.alerts).toLocaleString('en')} alerts`);
    }
    const one = await screens(peer, 1);
    const many = await screens(peer, SCREENS);
    row('  CPU for one more screen', `${((many - one) / (SCREENS - 1)).toFixed(2)} %`, 'of a core');
    await crash(peer);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
    await peer.stop();
  }
}

process.stdout.write(
  `${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}; commits on disk before they are answered, but for Node-RED, whose context is written every 30 s\n`,
);
const starts: Record<string, () => Promise<Peer | undefined>> = {
  wagewatch: startWageWatch,
  sql: () => startSqlWall(false),
  'sql-shared': () => startSqlWall(true),
  'node-red': startNodeRed,
};
for (const [name, start] of Object.entries(starts))
  if (values.only === undefined || values.only.split(',').includes(name)) await measure(start);
