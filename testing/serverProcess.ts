import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../server/platform/paths.ts';
import { end, endOf } from './endOf.ts';

/** The built program as a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** From its start to its address, ms. */
  readonly startMs: number;
  /** What it wrote on standard output and standard error. */
  output(): string;
  /** Ends it with a signal; resolves when it has ended, also when it already had. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

const MAIN = join(PROJECT_ROOT, 'dist/program/main.js');

/**
 * Starts the built server on a free port, without the demonstration; resolves when it has printed its address.
 * Nothing of this environment gets in but `PATH` and `HOME`.
 * @param env must name `DATA_DIR`
 * @throws Error with its output if it ends before that
 */
export async function startServerProcess(env: Record<string, string> & { DATA_DIR: string }): Promise<ServerProcess> {
  if (!existsSync(MAIN)) throw new Error('There is no built server: npm run build');
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN], {
    cwd: PROJECT_ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', DEMO: 'off', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (part: Buffer) => {
      output += part.toString();
      const match = /WageWatch {2}(https?:\S+)\/wall/.exec(output);
      if (match) resolve(match[1]!);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void endOf(child).then(() => {
      reject(new Error(`the server ended before it was up:\n${output}`));
    });
  });
  return {
    url,
    child,
    startMs: performance.now() - started,
    output: () => output,
    kill: (signal) => end(child, signal),
  };
}
