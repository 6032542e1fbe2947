import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { end, endOf } from './endOf.ts';

/** A directory that the caller removes with `removeAfter`. */
export const freshDir = (name = 'redis-'): string => mkdtempSync(join(tmpdir(), name));

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
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000);
      if (/Ready to accept connections|Sentinel ID is|Running mode=sentinel/.test(output)) resolve();
    });
    child.once('error', reject);
    void endOf(child).then(() => {
      reject(new Error(`redis-server did not start:\n${output}`));
    });
  });
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
