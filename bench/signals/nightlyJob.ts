import { createWriteStream, mkdirSync, chmodSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { Comparison, Condition, RulePack } from '../../contract/rulePack.ts';
import { dayOf, parseDay } from '../../common/regionTime.ts';
import { cpuSeconds, endedCpuSeconds } from '../serverProcess.ts';
import { startPostgres, type RunningPostgres } from '../reads/postgres.ts';

/**
 * What an office runs today: a register and observations in PostgreSQL, and a job that works out every score and tier at night. Written as
 * somebody would who knows it: texts that recur are numbers, states and events are apart, the index of states has all that the job reads in the
 * order in which it reads, the job is one statement over sets, in parallel where PostgreSQL can, and memory holds all of it.
 */
export interface NightlyJob {
  version: string;
  /** CPU time of the job's process and of those that worked beside it so far. */
  cpuSeconds(): number;
  /** @param lines NDJSON */
  register(lines: readonly Buffer[]): Promise<void>;
  observe(lines: readonly Buffer[]): Promise<void>;
  /** Indexes and statistics, after which nothing is left to wish for. */
  prepare(): Promise<void>;
  /** Works out everybody. @param day `dayOf` @returns how many there are */
  run(day: number): Promise<number>;
  /** What each has come to, by uscc. */
  results(): Promise<Map<string, JobResult>>;
  bytes(): Promise<number>;
  stop(): Promise<void>;
}

export interface JobResult {
  score: number;
  /** '' for none. */
  tier: string;
  workers: number;
}

const SETTINGS = {
  work_mem: '512MB',
  max_parallel_workers_per_gather: '2',
  max_parallel_workers: '2',
  max_parallel_maintenance_workers: '2',
  hash_mem_multiplier: '4',
  synchronous_commit: 'off',
};

const TABLES = `
CREATE TABLE register (subject int, uscc text COLLATE "C", name text, town text, industry text, headcount int);
CREATE TABLE states (subject int, indicator smallint, ref text COLLATE "C", at bigint, day int, source text COLLATE "C", id text COLLATE "C", value bigint, workers int, amount bigint, until int);
CREATE TABLE events (LIKE states);
CREATE TABLE assessments (subject int, score numeric(12, 1), tier text, rule text, watch boolean, workers bigint, amount bigint);
CREATE TABLE indicators (indicator smallint, channel smallint, days int, measure text, owed boolean);
CREATE TABLE steps (indicator smallint, low bigint, high bigint, points bigint);
CREATE TABLE channels (channel smallint, cap bigint);`;

const INDEXES = `
ALTER TABLE register ADD PRIMARY KEY (subject);
CREATE UNIQUE INDEX ON register (uscc);
CREATE INDEX ON states (subject, indicator, ref, at DESC, source DESC, id DESC) INCLUDE (day, value, workers, amount, until);
CREATE INDEX ON events (subject, indicator) INCLUDE (day, value, workers, amount);
VACUUM ANALYZE;`;

export async function startNightlyJob(bin: string, pack: RulePack): Promise<NightlyJob> {
  const postgres = await startPostgres(bin, SETTINGS);
  const { client } = postgres;
  const codes = Object.keys(pack.indicators);
  const subjects = new Map<string, number>();
  const {
    rows: [backend],
  } = await client.query<{ pid: number }>('SELECT pg_backend_pid() pid');
  await client.query(TABLES);
  await putRules(client, pack);
  const copy = (table: string, lines: Iterable<string>) => copyInto(postgres, table, lines);
  return {
    version: postgres.version,
    cpuSeconds: () => cpuSeconds(backend!.pid) + endedCpuSeconds(postgres.pid),
    register: (lines) =>
      copy(
        'register',
        registerLines(lines, (uscc) => subjects.set(uscc, subjects.size).get(uscc)!),
      ),
    async observe(lines) {
      for (const kind of ['state', 'event'] as const)
        await copy(
          `${kind}s`,
          observationLines(
            lines,
            (code) => (pack.indicators[code]!.kind === kind ? codes.indexOf(code) : -1),
            subjects,
          ),
        );
    },
    async prepare() {
      for (const statement of statementsOf(INDEXES)) await client.query(statement);
    },
    async run(day) {
      await client.query('BEGIN');
      await client.query('TRUNCATE assessments');
      const { rowCount } = await client.query(jobOf(pack, day));
      await client.query('COMMIT');
      return rowCount ?? 0;
    },
    async results() {
      const { rows } = await client.query<{ uscc: string; score: string; tier: string | null; workers: string }>(
        'SELECT uscc, score, tier, workers FROM assessments JOIN register USING (subject)',
      );
      return new Map(
        rows.map(({ uscc, score, tier, workers }) => [
          uscc,
          { score: Number(score), tier: tier ?? '', workers: Number(workers) },
        ]),
      );
    },
    async bytes() {
      const { rows } = await client.query<{ n: string }>('SELECT pg_database_size(current_database()) n');
      return Number(rows[0]!.n);
    },
    stop: () => postgres.stop(),
  };
}

const statementsOf = (text: string): string[] =>
  text
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean);

/** Numbers in whole thousandths, as the engine has them. */
async function putRules(client: Client, pack: RulePack): Promise<void> {
  const channels = Object.keys(pack.channels);
  for (const [number, code] of channels.entries())
    await client.query('INSERT INTO channels VALUES ($1, $2)', [number, pack.channels[code]!.cap * 1000]);
  for (const [number, one] of Object.values(pack.indicators).entries()) {
    await client.query('INSERT INTO indicators VALUES ($1, $2, $3, $4, $5)', [
      number,
      channels.indexOf(one.channel),
      one.kind === 'state' ? one.validDays : one.windowDays,
      one.measure,
      one.owed === true,
    ]);
    for (const [i, [threshold, points]] of one.points.entries())
      await client.query('INSERT INTO steps VALUES ($1, $2, $3, $4)', [
        number,
        threshold * 1000,
        (one.points[i + 1]?.[0] ?? 1e12) * 1000,
        points * 1000,
      ]);
  }
}

/** All of signals §3 that the rules of the bench ask for. None of them has 200 observations of one indicator about one employer. */
function jobOf({ tiers, watch }: RulePack, day: number): string {
  const tier = tiers.map((rule) => `WHEN ${sqlOf(rule.when)} THEN '${rule.tier}'`).join(' ');
  const rule = tiers.map(({ id, when }) => `WHEN ${sqlOf(when)} THEN '${id}'`).join(' ');
  return `
INSERT INTO assessments
WITH newest AS (
  SELECT DISTINCT ON (subject, indicator, ref) subject, indicator, day, value, workers, amount, until
  FROM states ORDER BY subject, indicator, ref, at DESC, source DESC, id DESC
), tallies AS (
  SELECT subject, indicator, count(*) n, max(value) value, sum(workers) workers, sum(amount) amount
  FROM newest JOIN indicators USING (indicator)
  WHERE value <> 0 AND ${day} - day <= days AND ${day} <= until GROUP BY subject, indicator
  UNION ALL
  SELECT subject, indicator, count(*) n, sum(value) value, sum(workers) workers, sum(amount) amount
  FROM events JOIN indicators USING (indicator)
  WHERE ${day} - day < days GROUP BY subject, indicator
), points AS (
  SELECT subject, channel, CASE WHEN owed THEN workers END workers, CASE WHEN owed THEN amount END amount, coalesce(points, 0) points
  FROM (SELECT *, CASE measure WHEN 'value' THEN value WHEN 'count' THEN n * 1000 WHEN 'workers' THEN workers * 1000 ELSE amount * 10 END measured
        FROM tallies JOIN indicators USING (indicator)) measured
  LEFT JOIN steps ON steps.indicator = measured.indicator AND low <= measured AND measured < high
), spoken AS (
  SELECT subject, channel, least(sum(points), max(cap)) points, max(workers) workers, max(amount) amount
  FROM points JOIN channels USING (channel) GROUP BY subject, channel
), scored AS (
  SELECT subject, floor((sum(points) + 50) / 100) / 10 score, count(*) FILTER (WHERE points > 0) channels,
    max(workers) workers, max(amount) amount
  FROM spoken GROUP BY subject
), everybody AS (
  SELECT subject, coalesce(score, 0) score, coalesce(channels, 0) channels, coalesce(workers, 0) workers, coalesce(amount, 0) amount
  FROM register LEFT JOIN scored USING (subject)
)
SELECT subject, score, CASE ${tier} END, CASE ${rule} END, score >= ${watch}, workers, amount FROM everybody`;
}

/** A condition of the bench's rules; it has no other variables than these. */
function sqlOf(when: Condition): string {
  if (isComparison(when)) {
    const [variable, operator, number] = when;
    if (variable !== 'score' && variable !== 'channels') throw new Error(`the nightly job knows no ${variable}`);
    return `${variable} ${operator === '==' ? '=' : operator} ${number}`;
  }
  if ('not' in when) return `NOT (${sqlOf(when.not)})`;
  if ('all' in when) return `(${when.all.map(sqlOf).join(' AND ')})`;
  if ('any' in when) return `(${when.any.map(sqlOf).join(' OR ')})`;
  throw new Error('a condition is a comparison or a group');
}

const isComparison = (when: Condition): when is Comparison => Array.isArray(when);

interface Line<Data> {
  id: string;
  source: string;
  time: string;
  data: Data;
}
function* linesOf<Data>(buffers: readonly Buffer[]): Iterable<Line<Data>> {
  for (const buffer of buffers)
    for (const line of buffer.toString().split('\n')) if (line !== '') yield JSON.parse(line) as Line<Data>;
}

function* registerLines(buffers: readonly Buffer[], numberOf: (uscc: string) => number): Iterable<string> {
  for (const { data } of linesOf<{
    enterprise: { uscc: string; name: string };
    town: string;
    industry: string;
    headcount: number;
  }>(buffers)) {
    const { enterprise, town, industry, headcount } = data;
    yield row(numberOf(enterprise.uscc), enterprise.uscc, enterprise.name, town, industry, headcount);
  }
}

/** @param numberOf number of an indicator; below 0 for one of another table */
function* observationLines(
  buffers: readonly Buffer[],
  numberOf: (code: string) => number,
  subjects: ReadonlyMap<string, number>,
): Iterable<string> {
  for (const { id, source, time, data } of linesOf<{
    indicator: string;
    enterprise: { uscc: string };
    value?: number;
    workers?: number;
    until?: string;
  }>(buffers)) {
    const indicator = numberOf(data.indicator);
    if (indicator < 0) continue;
    const at = Date.parse(time);
    const { value = 1, workers = 0, until } = data;
    const last = until === undefined ? 1_000_000 : parseDay(until)!;
    yield row(
      subjects.get(data.enterprise.uscc)!,
      indicator,
      '',
      at,
      dayOf(at),
      source,
      id,
      Math.round(value * 1000),
      workers,
      0,
      last,
    );
  }
}

/** A line of COPY's text format; nothing of the bench has a character that this format writes otherwise. */
const row = (...values: (string | number)[]): string => `${values.join('\t')}\n`;

async function copyInto({ client, directory }: RunningPostgres, table: string, lines: Iterable<string>): Promise<void> {
  const folder = join(directory, 'load');
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  const path = join(folder, table);
  const file = createWriteStream(path);
  let pending = '';
  for (const line of lines) {
    pending += line;
    if (pending.length < 1 << 20) continue;
    if (!file.write(pending)) await once(file, 'drain');
    pending = '';
  }
  file.end(pending);
  await once(file, 'close');
  await client.query(`COPY ${table} FROM '${path}'`);
  rmSync(path);
}
