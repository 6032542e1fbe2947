import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../server/platform/paths.ts';

/** Runs a tool beside no server, with a server's own Redis. @returns how long it took, ms @throws when it fails */
export async function runTool(name: string, args: string[], dataDir: string): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(PROJECT_ROOT, `dist/tools/${name}.js`), ...args], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (part: Buffer) => {
    output += part.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${output}`);
  return performance.now() - started;
}
