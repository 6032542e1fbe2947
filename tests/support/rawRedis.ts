import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino, type Logger } from 'pino';
import { end } from '../../bench/endOf.ts';

/** Real Redis servers for tests, and what goes with them. */

export { endOf } from '../../bench/endOf.ts';
export { freePort } from '../../bench/freePort.ts';

/** Waits until `condition` is true; the test's own time limit ends a wait in vain. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(10);
}

/** A directory that the caller removes with `removeAfter`. */
export const freshDir = (name = 'redis-'): string => mkdtempSync(join(tmpdir(), name));

/** A logger whose lines can be looked at. */
export function listeningLog(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  const log = pino(
    { level: 'debug' },
    {
      write: (line: string) => {
        lines.push((JSON.parse(line) as { msg: string }).msg);
      },
    },
  );
  return { log, lines };
}

export interface RawRedis {
  port: number;
  dir: string;
  child: ChildProcess;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** A `redis-server` (or, with `--sentinel`, a Sentinel) that listens on 127.0.0.1 and has said that it is ready. */
export async function startRaw({
  port,
  dir = freshDir(),
  args = [],
}: {
  port: number;
  dir?: string;
  args?: string[];
}): Promise<RawRedis> {
  const child = spawn(
    'redis-server',
    [
      ...args,
      '--dir',
      dir,
      '--save',
      '',
      '--bind',
      '127.0.0.1',
      ...(args.includes('--tls-port') ? [] : ['--port', String(port)]),
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let said = '';
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000);
  });
  await until(() => ended || /Ready to accept connections|Sentinel ID is|Running mode=sentinel/.test(said));
  if (ended) throw new Error(`redis-server did not start:\n${said}`);
  return {
    port,
    dir,
    child,
    async stop() {
      await end(child, 'SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
