import { fork, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { postgresBin, restartPostgres, startPostgres } from '../reads/postgres.ts';
import { cpuSeconds, residentBytes } from '../serverProcess.ts';
import type { Peer } from './peer.ts';
import { TABLES } from './sql.ts';

/** As a careful site runs it: every commit on disk before it is answered, statistics kept up to date. */
const SAFE = { fsync: 'on', synchronous_commit: 'on', autovacuum: 'on', wal_level: 'replica' };
const TOWNS = `(ARRAY['330110001', '330110003', '330110010', '330110013', '330110100'])[1 + n % 5]`;

/** The processes of PostgreSQL: its first one, and those that it has started. */
function family(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => {
      try {
        const stat = readFileSync(`/proc/${one}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
      } catch {
        return false;
      }
    });
  return [pid, ...children];
}

/** @param shared whether all screens are given the answer of the same second @returns undefined where there is no PostgreSQL */
export async function startSqlWall(shared: boolean): Promise<Peer | undefined> {
  const bin = postgresBin();
  if (!bin) return undefined;
  let postgres = await startPostgres(bin, SAFE);
  await postgres.client.query(TABLES);
  const open = async (): Promise<{ child: ChildProcess; url: string }> => {
    const child = fork(join(PROJECT_ROOT, 'dist/bench/peers/sqlWallServer.js'), [postgres.directory]);
    const port = await new Promise<number>((resolve) =>
      child.once('message', (message: { port: number }) => resolve(message.port)),
    );
    return { child, url: `http://127.0.0.1:${port}` };
  };
  let web = await open();
  const all = () => [web.child.pid!, ...family(postgres.pid)];
  const sum = (of: (pid: number) => number) =>
    all().reduce((total, pid) => {
      try {
        return total + of(pid);
      } catch {
        return total;
      }
    }, 0);
  return {
    name: `SQL wall, PostgreSQL ${postgres.version.split(' ')[0]}, ${shared ? 'one query a second for all screens' : 'each screen asks once a second'}`,
    get ingest() {
      return `${web.url}/events`;
    },
    get screens() {
      return { kind: 'poll' as const, urls: [`${web.url}${shared ? '/shared' : '/figures'}`] };
    },
    async raised() {
      return ((await (await fetch(`${web.url}/figures`)).json()) as { totals: { raised: number } }).totals.raised;
    },
    cpu: () => sum(cpuSeconds),
    memory: () => sum(residentBytes),
    async history(alerts) {
      await postgres.client.query(
        `INSERT INTO alerts SELECT 'H' || n, (ARRAY['red', 'orange', 'yellow'])[1 + n % 3], ${TOWNS}, (ARRAY['C', 'E', 'H'])[1 + n % 3],
        (ARRAY['water', 'petition', 'wage-account', 'tax'])[1 + n % 4], CASE WHEN n % 10 = 0 THEN 'accepted' ELSE 'closed' END, '某' || n % 500 || '号建筑有限公司', 3, 100000,
        t, t, 'effective', t, 50000, CASE WHEN n % 10 = 0 THEN NULL ELSE t END FROM (SELECT n, now() - interval '1 day' - n * interval '3 years' / $1::float AS t FROM generate_series(1, $1::int) n) x`,
        [alerts],
      );
      await postgres.client.query('VACUUM ANALYZE');
    },
    async crash() {
      postgres = await restartPostgres(bin, postgres, SAFE);
      web.child.kill('SIGKILL');
      web = await open();
    },
    async stop() {
      web.child.kill();
      await sleep(200);
      await postgres.stop();
    },
  };
}
