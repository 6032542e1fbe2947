import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { freshDataDir, startServer, type RunningServer } from './server.ts';

/** What a server holds on to once its garbage is gone; bytes, and open resources of Node by kind. */
export interface Footprint {
  at: number;
  heap: number;
  external: number;
  rss: number;
  resources: Record<string, number>;
  lagMs: number;
}

export interface ProbedServer extends RunningServer {
  footprint(): Promise<Footprint>;
}

/** The running server with `probe.mjs` in it. */
export async function startProbedServer(env: Record<string, string> = {}): Promise<ProbedServer> {
  const dataDir = env.DATA_DIR ?? freshDataDir();
  const file = join(dataDir, 'probe.json');
  const server = await startServer({
    NODE_OPTIONS: `--import=${pathToFileURL(join(PROJECT_ROOT, 'tests/support/probe.mjs')).href}`,
    PROBE_FILE: file,
    ...env,
    DATA_DIR: dataDir,
  });
  return {
    ...server,
    async footprint() {
      rmSync(file, { force: true });
      server.child.kill('SIGUSR2');
      for (;;) {
        await sleep(20);
        try {
          return JSON.parse(readFileSync(file, 'utf8')) as Footprint;
        } catch (error) {
          if (server.child.exitCode !== null || server.child.signalCode !== null)
            throw new Error('the server has ended', { cause: error });
        }
      }
    },
    async stop() {
      await server.stop();
      if (env.DATA_DIR === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
