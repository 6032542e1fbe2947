import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  type WriteStream,
} from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { BenchAlert } from './alerts.ts';

/**
 * PostgreSQL as somebody who knows it would set it up for these reads: names in tables of their own, an index for each
 * order alone and behind each dimension, trigrams for searching, a GiST index for places, statistics up to date, and
 * memory enough to hold all of it. In a directory of its own, on a socket, as a user that is not root.
 */
export interface Postgres {
  client: pg.Client;
  version: string;
  bytes: () => Promise<number>;
  stop(): Promise<void>;
}

const ROOT = '/usr/lib/postgresql';
/** Where Debian puts the programs; the newest of several. */
export function postgresBin(): string | undefined {
  if (!existsSync(ROOT)) return undefined;
  const [newest] = readdirSync(ROOT)
    .map(Number)
    .filter((n) => n > 0)
    .sort((a, b) => b - a);
  const bin = join(ROOT, String(newest), 'bin');
  return existsSync(join(bin, 'initdb')) ? bin : undefined;
}

/** PostgreSQL refuses to run as root: then as `postgres`, or else as `nobody`. */
function userOf(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('there is neither a user postgres nor nobody to run PostgreSQL as');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

const SETTINGS = {
  listen_addresses: '',
  shared_buffers: '2GB',
  effective_cache_size: '6GB',
  work_mem: '64MB',
  maintenance_work_mem: '1GB',
  random_page_cost: '1.1',
  jit: 'off',
  fsync: 'off',
  max_wal_size: '8GB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
  timezone: 'Asia/Shanghai',
  log_min_messages: 'panic',
};

export type RunningPostgres = Postgres & { directory: string; pid: number };

/** @param more settings that differ from those for reading */
export async function startPostgres(bin: string, more: Record<string, string> = {}): Promise<RunningPostgres> {
  const directory = mkdtempSync(join(tmpdir(), 'wagewatch-pg-'));
  const user = userOf();
  if (user) chownSync(directory, user.uid, user.gid);
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', join(directory, 'data'), '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...user, cwd: directory, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  return run(bin, directory, more);
}

/** Kills it as a power cut would, and starts it again with what is on disk. */
export async function restartPostgres(
  bin: string,
  running: RunningPostgres,
  more: Record<string, string> = {},
): Promise<RunningPostgres> {
  running.client.on('error', () => undefined);
  process.kill(running.pid, 'SIGKILL');
  // Its children notice, and let go of the memory that they share.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  return run(bin, running.directory, more);
}

async function run(bin: string, directory: string, more: Record<string, string>): Promise<RunningPostgres> {
  const options = Object.entries({ ...SETTINGS, ...more }).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const child = spawn(join(bin, 'postgres'), ['-D', join(directory, 'data'), '-k', directory, ...options], {
    ...userOf(),
    cwd: directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // A bench that is broken off leaves nothing running.
  const kill = () => child.kill('SIGINT');
  process.once('exit', kill);
  let client: pg.Client;
  for (let attempt = 0; ; attempt++) {
    client = new pg.Client({ host: directory, user: 'bench', database: 'postgres' });
    try {
      await client.connect();
      break;
    } catch (error) {
      if (attempt > 200 || child.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  return {
    client,
    directory,
    pid: child.pid!,
    version: rows[0]!.server_version,
    async bytes() {
      const answer = await client.query<{ n: string }>(
        "SELECT pg_total_relation_size('alerts') + pg_total_relation_size('enterprises') + pg_total_relation_size('projects') n",
      );
      return Number(answer.rows[0]!.n);
    },
    async stop() {
      await client.end();
      child.kill('SIGINT');
      await ended;
      process.off('exit', kill);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const TABLES = `
CREATE EXTENSION pg_trgm;
CREATE TABLE enterprises (id int, uscc text, name text);
CREATE TABLE projects (id int, code text, name text);
CREATE TABLE alerts (
  alert_id text COLLATE "C", tier text, town text, industry text, channel text, stage text, verdict text, enterprise_id int, project_id int,
  workers int, amount_fen bigint, raised_at timestamptz, due_at timestamptz, changed_at timestamptz, closed_at timestamptz, recovered_fen bigint,
  place point, search text
);
CREATE TABLE events (alert_id text COLLATE "C", type text, at timestamptz, source text, id text, data jsonb);`;

const INDEXES = `
ALTER TABLE enterprises ADD PRIMARY KEY (id); CREATE INDEX ON enterprises (uscc); CREATE INDEX ON enterprises USING gin (name gin_trgm_ops);
ALTER TABLE projects ADD PRIMARY KEY (id); CREATE INDEX ON projects USING gin (name gin_trgm_ops);
ALTER TABLE alerts ADD PRIMARY KEY (alert_id);
CREATE INDEX ON alerts (raised_at, alert_id); CREATE INDEX ON alerts (due_at, alert_id); CREATE INDEX ON alerts (amount_fen, alert_id);
CREATE INDEX ON alerts (workers, alert_id); CREATE INDEX ON alerts (changed_at, alert_id);
CREATE INDEX ON alerts (town, raised_at, alert_id); CREATE INDEX ON alerts (tier, raised_at, alert_id); CREATE INDEX ON alerts (stage, raised_at, alert_id);
CREATE INDEX ON alerts (industry, raised_at, alert_id); CREATE INDEX ON alerts (channel, raised_at, alert_id);
CREATE INDEX ON alerts (enterprise_id, raised_at, alert_id); CREATE INDEX ON alerts (project_id, raised_at, alert_id);
CREATE INDEX ON alerts (due_at, alert_id) WHERE stage IN ('raised', 'dispatched', 'accepted');
CREATE INDEX ON alerts (town, tier, raised_at, alert_id) WHERE stage <> 'closed';
CREATE INDEX ON alerts USING gist (place); CREATE INDEX ON alerts USING gin (search gin_trgm_ops);
CREATE INDEX ON events (alert_id, at);
CREATE STATISTICS together (dependencies) ON town, tier, stage, industry, channel FROM alerts;
VACUUM ANALYZE;`;

/** Takes alerts one by one into files that COPY reads. */
export class PostgresLoader {
  private readonly files = new Map<string, WriteStream>();
  private readonly directory: string;
  private readonly enterprises = new Map<string, number>();
  private readonly projects = new Map<string, number>();
  private pending = { alerts: '', events: '', enterprises: '', projects: '' };

  constructor(directory: string) {
    this.directory = join(directory, 'load');
    mkdirSync(this.directory);
    chmodSync(this.directory, 0o755);
  }

  async add(alerts: readonly BenchAlert[]): Promise<void> {
    const { pending } = this;
    for (const { row, events } of alerts) {
      const key = row.enterprise.uscc ?? row.enterprise.name;
      let enterprise = this.enterprises.get(key);
      if (enterprise === undefined) {
        this.enterprises.set(key, (enterprise = this.enterprises.size));
        pending.enterprises += line(enterprise, key, row.enterprise.name);
      }
      let project = row.project && this.projects.get(row.project.id + row.project.name);
      if (row.project && project === undefined) {
        this.projects.set(row.project.id + row.project.name, (project = this.projects.size));
        pending.projects += line(project, row.project.id, row.project.name);
      }
      const search = `${row.alertId} ${row.enterprise.name} ${row.project?.name ?? ''}`.toLowerCase();
      pending.alerts += line(
        row.alertId,
        row.tier,
        row.town,
        row.industry,
        row.channel,
        row.stage,
        row.verdict,
        enterprise,
        project,
        row.workers,
        row.amountFen,
        time(row.raisedAt),
        time(row.dueAt),
        time(row.changedAt),
        time(row.closedAt),
        row.recoveredFen,
        row.location && `(${row.location.lng},${row.location.lat})`,
        search,
      );
      for (const event of events)
        pending.events += line(
          row.alertId,
          event.type,
          time(event.time),
          event.source,
          event.id,
          JSON.stringify(event.data),
        );
    }
    for (const [table, text] of Object.entries(pending)) await this.write(table, text);
    this.pending = { alerts: '', events: '', enterprises: '', projects: '' };
  }

  private async write(table: string, text: string): Promise<void> {
    let file = this.files.get(table);
    if (!file) this.files.set(table, (file = createWriteStream(join(this.directory, table))));
    if (!file.write(text)) await once(file, 'drain');
  }

  async copyInto({ client }: Postgres): Promise<void> {
    await client.query(TABLES);
    for (const [table, file] of this.files) {
      file.end();
      await once(file, 'close');
      await client.query(`COPY ${table} FROM '${join(this.directory, table)}'`);
      rmSync(join(this.directory, table));
    }
    for (const statement of INDEXES.split(';')
      .map((part) => part.trim())
      .filter(Boolean))
      await client.query(statement);
  }
}

const time = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
/** A line of COPY's text format. */
const line = (...values: (string | number | undefined)[]) =>
  `${values.map((value) => (value === undefined ? '\\N' : typeof value === 'string' ? value.replace(/[\\\t\n\r]/g, (c) => `\\${c}`) : value)).join('\t')}\n`;
