import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServerProcess } from '../testing/serverProcess.ts';
import { mib } from './measure.ts';

/** The built server as a process of its own, as a site would run it: embedded Redis, append-only file, fsync before each answer. */
export interface BenchServer {
  url: string;
  pid: number;
  redisPid: number;
  socketPath: string;
  startMs: number;
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

export type SpawnedServer = Pick<BenchServer, 'url' | 'pid' | 'startMs' | 'metric' | 'stop'>;

/** Starts the built server; resolves when it has printed its address. */
export async function spawnServer(env: Record<string, string> & { DATA_DIR: string }): Promise<SpawnedServer> {
  const { url, child, startMs, kill } = await startServerProcess(env);
  child.stderr!.pipe(process.stderr);
  return {
    url,
    pid: child.pid!,
    startMs,
    async metric(name) {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);
    },
    stop: () => kill('SIGTERM'),
  };
}

export async function startBenchServer(dataDir: string, env: Record<string, string> = {}): Promise<BenchServer> {
  const server = await spawnServer({ DATA_DIR: dataDir, ...env });
  const owner = JSON.parse(readFileSync(join(dataDir, 'redis/owner.json'), 'utf8')) as {
    socketPath: string;
    redis: { pid: number };
  };
  return { ...server, redisPid: owner.redis.pid, socketPath: owner.socketPath };
}

/** Waits until a counter has reached a value; one that is not there yet has not. */
export async function untilMetric(
  server: BenchServer,
  name: string,
  value: number,
  longestMs = Infinity,
  pollMs = 25,
): Promise<void> {
  const started = performance.now();
  while (!((await server.metric(name)) >= value)) {
    if (performance.now() - started > longestMs) throw new Error(`${name} has not come to ${value}`);
    await sleep(pollMs);
  }
}

/** Resident memory of a process, bytes. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) * 1024;
}

/** What a server and its Redis hold, as text. */
export const memoryOf = ({ pid, redisPid }: BenchServer): string =>
  `memory ${mib(residentBytes(pid))}, Redis ${mib(residentBytes(redisPid))}`;

/** CPU time of a process so far, seconds (user and system). */
export function cpuSeconds(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** CPU time of those of its children that have ended, seconds. */
export function endedCpuSeconds(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** From the state of the process on, the third field. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
