import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { atEnd } from './ending.ts';

/** A program of `tests/support` in a process of its own, killed at the end of the test; resolves when it says that it is up. */
export async function startOwnProcess(program: string, ...args: (string | number)[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'tests/support', program), ...args.map(String)], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  atEnd(() => {
    child.kill('SIGKILL');
  });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', () => reject(new Error(`${program} did not start`)));
  });
  return child;
}
