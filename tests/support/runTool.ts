import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';

/** Runs a built tool to its end, which must be a good one; nothing of this environment gets in but `PATH`. */
export function runTool(name: string, args: readonly string[], env: Record<string, string>): void {
  const program = join(PROJECT_ROOT, `dist/tools/${name}.js`);
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH, REGION: '330110', ...env },
    encoding: 'utf8',
  });
  expect([name, status, stderr]).toEqual([name, 0, expect.any(String)]);
}
