import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { RegionPack } from '../../contract/region.ts';
import { DAY_MS } from '../../common/regionTime.ts';
import type { AlertList } from '../../contract/rest.ts';
import { AlertTable } from '../../server/lists/alertTable.ts';
import { CHUNK } from '../../server/lists/store.ts';
import { freshness } from '../freshness.ts';
import { ms, perSecond, row, spreadOf, type Spread } from '../measure.ts';
import { cpuSeconds, memoryOf, startBenchServer, untilMetric, type BenchServer } from '../serverProcess.ts';
import { benchAlert, linesOf } from './alerts.ts';
import { HttpReader } from './httpReader.ts';
import { postgresBin, PostgresLoader, startPostgres, type Postgres } from './postgres.ts';
import { kindsOf, seeded, type Kind, type Question } from './questions.ts';

/** Reads of a kind: so many, or as many as fit in the time. */
const SAMPLES = 400;
const BUDGET_MS = 6_000;
const WARM = 15;
const BATCH = 2_000;
const KEPT_IDS = 5_000;
const YEARS_MS = 3 * 365 * DAY_MS;

export interface ReadsOptions {
  pack: RegionPack;
  alerts: number;
  postgres: boolean;
  underLoad: number;
}

/** `npm run bench -- --only reads`: every read of contract §4 over so many alerts, and the same out of PostgreSQL. */
export async function benchReads(options: ReadsOptions): Promise<void> {
  const { alerts, pack } = options;
  process.stdout.write(`\nReads over ${alerts.toLocaleString('en')} alerts\n`);
  const bin = postgresBin();
  if (options.postgres && !bin)
    process.stdout.write('  PostgreSQL is left out: there is none here (on Debian: apt-get install postgresql)\n');
  const dataDir = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
  let server = await startBenchServer(dataDir);
  const postgres = options.postgres && bin ? await startPostgres(bin) : undefined;
  try {
    const known = await load(server, pack, alerts, postgres);
    // As a site has it: the process has not just taken in a million alerts, and it has its orders from the checkpoint.
    await server.stop();
    server = await startBenchServer(dataDir);
    row('  up again with all of it', ms(server.startMs), memoryOf(server));
    await settled(server);
    const reader = new HttpReader(server.url);
    const kinds = await kindsOf({ pack, now: Date.now(), ...known, read: (path) => reader.json<AlertList>(path) });
    process.stdout.write(
      `\n  ${'through HTTP, answer parsed by nobody; SQL over a socket'.padEnd(56)} ${'WageWatch p50, p99'.padStart(20)} ${'in time at the server'.padStart(24)}   PostgreSQL ${postgres?.version ?? '–'}: page, then total, p50 p99\n`,
    );
    for (const kind of kinds) await compare(kind, reader, server, postgres);
    if (options.underLoad > 0) await underLoad(kinds, reader, server, options.underLoad);
    reader.close();
  } finally {
    await postgres?.stop();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Sends the alerts to the server, keeps a table of its own to weigh, and has PostgreSQL take them. */
async function load(
  server: BenchServer,
  pack: RegionPack,
  alerts: number,
  postgres: (Postgres & { directory: string }) | undefined,
): Promise<{ ids: string[]; uuids: string[]; usccs: string[] }> {
  const now = Date.now();
  const table = new AlertTable(pack);
  const weighed = weigh();
  const loader = postgres && new PostgresLoader(postgres.directory);
  const known = { ids: [] as string[], uuids: [] as string[], usccs: [] as string[] };
  let sent = 0;
  let upserts = 0;
  const started = performance.now();
  for (let first = 0; first < alerts; first += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, alerts - first) }, (_, i) =>
      benchAlert(pack, first + i, alerts, now - YEARS_MS, now - 60_000),
    );
    const answer = await fetch(`${server.url}/api/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: batch.map((alert) => linesOf(pack, alert)).join(''),
    });
    if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
    sent += batch.reduce((sum, { events }) => sum + events.length, 0);
    await loader?.add(batch);
    const before = performance.now();
    for (const alert of batch) table.upsert(alert.row);
    upserts += performance.now() - before;
    for (const {
      row: { alertId, enterprise },
    } of batch) {
      const list = alertId.length === 36 ? known.uuids : known.ids;
      if (list.length < KEPT_IDS * ((first + BATCH) / alerts)) list.push(alertId);
      if (enterprise.uscc && known.usccs.length < KEPT_IDS * ((first + BATCH) / alerts))
        known.usccs.push(enterprise.uscc);
    }
  }
  await untilMetric(server, 'wagewatch_events_counted_total', sent);
  row(
    `  ${sent.toLocaleString('en')} events taken in`,
    perSecond(sent, performance.now() - started),
    'making them, and the files for PostgreSQL, included',
  );
  row('  a row into the table', `${((upserts / alerts) * 1000).toFixed(1)} µs`, 'mean, all new');
  const plain = weigh() - weighed;
  table.warm();
  while (table.maintain(50));
  row(
    '  memory an alert',
    `${Math.round((weigh() - weighed) / alerts)} B`,
    `in the table with all orders; ${Math.round(plain / alerts)} B without`,
  );
  checkpoint(table, pack);
  if (postgres && loader) {
    const begun = performance.now();
    await loader.copyInto(postgres);
    row(
      '  PostgreSQL: loaded and indexed',
      ms(performance.now() - begun),
      `${Math.round((await postgres.bytes()) / alerts)} B an alert, events not counted`,
    );
  }
  return known;
}

function checkpoint(table: AlertTable, pack: RegionPack): void {
  const chunks = Array.from({ length: Math.ceil(table.size / CHUNK) }, (_, n) => table.encodeChunk(n));
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
  const fresh = new AlertTable(pack);
  const started = performance.now();
  chunks.forEach((chunk, n) => fresh.loadChunk(n, chunk));
  row(
    '  checkpoint of the table read',
    ms(performance.now() - started),
    `${Math.round(bytes / table.size)} B an alert`,
  );
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** Bytes this process holds, garbage apart. */
function weigh(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function measure(run: (question: Question) => Promise<unknown>, kind: Kind): Promise<Spread> {
  const random = seeded(1);
  for (let i = 0; i < WARM; i++) await run(kind.ask(random));
  const times: number[] = [];
  const end = performance.now() + BUDGET_MS;
  while (times.length < SAMPLES && performance.now() < end) {
    const question = kind.ask(random);
    const before = performance.now();
    await run(question);
    times.push(performance.now() - before);
  }
  return spreadOf(times);
}

async function compare(
  kind: Kind,
  reader: HttpReader,
  server: BenchServer,
  postgres: Postgres | undefined,
): Promise<void> {
  const before = await answeredSoFar(server, kind.aim);
  const ours = await measure((question) => reader.text(question.path), kind);
  const after = await answeredSoFar(server, kind.aim);
  const line = `  ${kind.name.padEnd(56)} ${two(ours).padStart(20)} ${shareOf(kind, before, after).padStart(24)}`;
  if (!postgres) {
    process.stdout.write(`${line}\n`);
    return;
  }
  await agree(kind, reader, postgres);
  const forms = kind.ask(seeded(2)).sql.length;
  const answers: { rows: Spread; total: Spread | undefined }[] = [];
  for (let form = 0; form < forms; form++) {
    const rows = await measure((question) => ask(postgres, question.sql[form]!.rows), kind);
    const total = kind.ask(seeded(2)).sql[form]!.total
      ? await measure((question) => ask(postgres, question.sql[form]!.total!), kind)
      : undefined;
    answers.push({ rows, total });
  }
  const best = answers.reduce((a, b) => (sum(a) <= sum(b) ? a : b));
  process.stdout.write(
    `${line}   ${two(best.rows).padStart(16)}${best.total ? `   + ${two(best.total).padStart(14)}` : ''}\n`,
  );
}

/** Answers of a server so far, and those that took no more than `aim` ms there, from its own histogram. */
async function answeredSoFar(server: BenchServer, aim: number | undefined): Promise<{ all: number; inTime: number }> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const sumOf = (pattern: RegExp) => [...text.matchAll(pattern)].reduce((sum, [, n]) => sum + Number(n), 0);
  const reads = 'route="/api/v1/[^"]*"';
  return {
    all: sumOf(new RegExp(`^wagewatch_request_seconds_count\\{${reads}\\} (\\d+)$`, 'gm')),
    inTime:
      aim === undefined
        ? 0
        : sumOf(new RegExp(`^wagewatch_request_seconds_bucket\\{le="${aim / 1000}",${reads}\\} (\\d+)$`, 'gm')),
  };
}

function shareOf(
  { aim }: Kind,
  before: { all: number; inTime: number },
  after: { all: number; inTime: number },
): string {
  if (aim === undefined) return '';
  return `${((100 * (after.inTime - before.inTime)) / (after.all - before.all)).toFixed(1)} % < ${aim} ms`;
}

/** Waits until a server that has just started has built the orders of its lists: until then reads share the process with that. */
async function settled(server: BenchServer): Promise<void> {
  const started = performance.now();
  for (;;) {
    const before = cpuSeconds(server.pid);
    await sleep(1_000);
    if (cpuSeconds(server.pid) - before < 0.15) break;
  }
  row(
    '  orders of the lists built',
    ms(performance.now() - started),
    'after the start; until then pages take up to 20 ms',
  );
}

const sum = ({ rows, total }: { rows: Spread; total: Spread | undefined }) => rows.p50 + (total?.p50 ?? 0);
const short = (value: number) => (value < 10 ? value.toFixed(1) : value.toFixed(0));
const two = ({ p50, p99 }: Spread) => `${short(p50)}, ${short(p99)} ms`;

const ask = ({ client }: Postgres, { text, values }: { text: string; values: unknown[] }) => client.query(text, values);

/** Both must count the same, or they would be asked different things. */
async function agree(kind: Kind, reader: HttpReader, postgres: Postgres): Promise<void> {
  const random = seeded(3);
  for (let i = 0; i < 3; i++) {
    const question = kind.ask(random);
    const { total } = question.sql[0]!;
    if (!total) return;
    const ours = (await reader.json<AlertList>(question.path)).total;
    const { rows } = await postgres.client.query<{ n: string }>(total.text, total.values);
    if (Number(rows[0]!.n) !== ours) throw new Error(`${question.path}: ${ours} here, ${rows[0]!.n} in PostgreSQL`);
  }
}

/** The same reads while alerts come in and the screens are told of them. */
async function underLoad(kinds: readonly Kind[], reader: HttpReader, server: BenchServer, rate: number): Promise<void> {
  const seconds = 20;
  const events = freshness(server.url, rate, seconds);
  const groups = new Map<string, number[]>();
  const random = seeded(4);
  const end = performance.now() + seconds * 1000;
  for (let i = 0; performance.now() < end; i++) {
    const kind = kinds[i % kinds.length]!;
    const question = kind.ask(random);
    const before = performance.now();
    await reader.text(question.path);
    const group = kind.name.startsWith('q:')
      ? 'q'
      : kind.aim === 5 && question.path.includes('?')
        ? 'pages with their totals'
        : 'the others';
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group)!.push(performance.now() - before);
  }
  await events;
  process.stdout.write(`\n  While ${rate.toLocaleString('en')} alerts a second come in, one reader after the other\n`);
  for (const [group, times] of groups) {
    const { p50, p99, max, n } = spreadOf(times);
    row(`  ${group}`, `p99 ${ms(p99)}`, `p50 ${ms(p50)}, max ${ms(max)}, ${n} reads`);
  }
}
