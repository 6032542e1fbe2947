import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOf } from '../../../testing/endOf.ts';
import { freePort } from '../../../testing/freePort.ts';
import { freshDir, startRaw, type RawRedis } from '../../../testing/rawRedis.ts';
import { until } from '../../support/until.ts';

/** Real groups of Redis servers, whose masters can be lost. */
export interface RedisGroup {
  kind: 'cluster' | 'sentinel';
  /** As `REDIS_URL` takes it. */
  url: string;
  /** Index in `nodes` of the master that holds a key now. */
  masterOf(key: string): number;
  nodes: RawRedis[];
  /** Ends a node the hard way. */
  kill(index: number): Promise<void>;
  /** Starts a killed node again, with its data and its place in the group. */
  revive(index: number): Promise<void>;
  stop(): Promise<void>;
}

const DURABLE = ['--appendonly', 'yes', '--repl-diskless-sync-delay', '0', '--loglevel', 'notice'];

/** The answer of `redis-cli` to a command. */
function ask(port: number, ...words: string[]): string {
  return spawnSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' }).stdout.trim();
}

const reviver = (nodes: RawRedis[], args: string[][]) => ({
  async kill(index: number) {
    nodes[index]!.child.kill('SIGKILL');
    await endOf(nodes[index]!.child);
  },
  async revive(index: number) {
    const { port, dir } = nodes[index]!;
    nodes[index] = await startRaw({ port, dir, args: args[index]! });
  },
  async stop() {
    await Promise.all(nodes.map((node) => node.stop()));
  },
});

/** One server by itself, as a group. */
export async function startSingle(): Promise<Omit<RedisGroup, 'kind' | 'masterOf'>> {
  const nodes = [await startRaw({ port: await freePort(), args: DURABLE })];
  return { url: `redis://127.0.0.1:${nodes[0]!.port}`, nodes, ...reviver(nodes, [DURABLE]) };
}

/** A Redis Cluster of three masters and three replicas; a dead master is replaced after about `timeoutMs`. */
export async function startCluster(timeoutMs = 1_000): Promise<RedisGroup> {
  const nodes: RawRedis[] = [];
  const args: string[][] = [];
  for (let i = 0; i < 6; i++) {
    args.push([
      ...DURABLE,
      '--cluster-enabled',
      'yes',
      '--cluster-port',
      String(await freePort()),
      '--cluster-node-timeout',
      String(timeoutMs),
    ]);
    nodes.push(await startRaw({ port: await freePort(), args: args[i]! }));
  }
  const { status, stdout } = spawnSync(
    'redis-cli',
    [
      '--cluster',
      'create',
      ...nodes.map(({ port }) => `127.0.0.1:${port}`),
      '--cluster-replicas',
      '1',
      '--cluster-yes',
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the cluster could not be made:\n${stdout}`);
  const alive = () => nodes.filter(({ child }) => child.exitCode === null && child.signalCode === null);
  await until(() =>
    nodes.every(({ port }) => {
      const info = ask(port, 'INFO', 'replication');
      return (
        ask(port, 'CLUSTER', 'INFO').includes('cluster_state:ok') &&
        (info.includes('master_link_status:up') || info.includes('connected_slaves:1'))
      );
    }),
  );
  return {
    kind: 'cluster',
    url: nodes.map(({ port }) => `redis://127.0.0.1:${port}`).join(','),
    nodes,
    masterOf(key) {
      const slot = Number(ask(alive()[0]!.port, 'CLUSTER', 'KEYSLOT', key));
      // CLUSTER SLOTS: begin, end, then address, port and id of the master, then the replicas.
      for (const line of ask(alive()[0]!.port, 'CLUSTER', 'NODES').split('\n')) {
        const [, address = '', flags = '', , , , , , ...ranges] = line.split(' ');
        if (!flags.includes('master') || flags.includes('fail')) continue;
        const holds = ranges.some((range) => {
          const [from, to = from] = range.split('-').map(Number);
          return slot >= from! && slot <= to!;
        });
        if (holds) return nodes.findIndex(({ port }) => address.startsWith(`127.0.0.1:${port}@`));
      }
      return -1;
    },
    ...reviver(nodes, args),
  };
}

/** One master (node 0), one replica (node 1) and three Sentinels that watch them. */
export async function startSentinels(timeoutMs = 1_000): Promise<RedisGroup> {
  const [a, b] = [await freePort(), await freePort()];
  const args = [DURABLE, [...DURABLE, '--replicaof', '127.0.0.1', String(a)]];
  const nodes = [await startRaw({ port: a, args: args[0]! }), await startRaw({ port: b, args: args[1]! })];
  await until(() => ask(b, 'INFO', 'replication').includes('master_link_status:up'));
  const sentinels: RawRedis[] = [];
  for (let i = 0; i < 3; i++) {
    const dir = freshDir();
    const conf = join(dir, 'sentinel.conf');
    writeFileSync(
      conf,
      `sentinel monitor wage 127.0.0.1 ${a} 2\nsentinel down-after-milliseconds wage ${timeoutMs}\nsentinel failover-timeout wage ${timeoutMs * 3}\n`,
    );
    sentinels.push(await startRaw({ port: await freePort(), dir, args: [conf, '--sentinel'] }));
  }
  await until(() =>
    sentinels.every(({ port }) => {
      const told = ask(port, 'SENTINEL', 'MASTER', 'wage').split('\n');
      const value = (name: string) => told[told.indexOf(name) + 1];
      return value('num-slaves') === '1' && value('num-other-sentinels') === '2';
    }),
  );
  const group = reviver(nodes, args);
  return {
    kind: 'sentinel',
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/wage`,
    nodes,
    masterOf() {
      const port = ask(sentinels[0]!.port, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'wage').split('\n')[1];
      return nodes.findIndex((node) => String(node.port) === port);
    },
    ...group,
    async revive(index) {
      // A Sentinel finds that out by itself as well, but takes ten seconds over it.
      await group.revive(index);
      ask(nodes[index]!.port, 'REPLICAOF', '127.0.0.1', String(nodes[1 - index]!.port));
    },
    async stop() {
      await Promise.all(sentinels.map((sentinel) => sentinel.stop()));
      await group.stop();
    },
  };
}
