import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { BATCH, get, post, until } from './server.ts';

/** Sources that insist, and books to hold the program's figures against. */

/** The figures of everything since ever that a workload foretells. */
export function totalsOf({ totals }: Frame): Record<string, number> {
  const { raised, workers, amountFen, effective, falseAlarm, recoveredFen, recoveredWorkers, closed, open } = totals;
  return { raised, workers, amountFen, effective, falseAlarm, recoveredFen, recoveredWorkers, closed, open };
}

export async function totals(url: string, scope?: string): Promise<Record<string, number>> {
  return totalsOf(await get<Frame>(url, `/api/v1/snapshot?window=all${scope === undefined ? '' : `&scope=${scope}`}`));
}

/** Waits until the figures are what they must be; fails with the difference if they do not become so. */
export async function settled(
  url: string,
  expected: Record<string, number>,
  ms: number,
  scope?: string,
): Promise<void> {
  await until(
    'the figures are right',
    async () => {
      const found = await totals(url, scope).catch(() => undefined);
      return JSON.stringify(found) === JSON.stringify(expected);
    },
    ms,
  ).catch(() => undefined);
  expect(await totals(url, scope)).toEqual(expected);
}

/** Longer than any fault that a test makes. */
const INSIST_MS = 150_000;

/** Posts until taken, whatever happens meanwhile: what every source does. Returns the answers that were no 202. */
export async function insist(url: () => string, body: readonly object[]): Promise<number[]> {
  const refused: number[] = [];
  const started = performance.now();
  for (;;) {
    const status = await post(url(), body, BATCH, AbortSignal.timeout(INSIST_MS)).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 202) return refused;
    if (status === 422 || status === 400) throw new Error(`events of the workload are refused with ${status}`);
    refused.push(status);
    if (performance.now() - started > INSIST_MS)
      throw new Error(
        `events are refused for ${INSIST_MS} ms, the last ten times with ${refused.slice(-10).join(', ')} (0: no answer)`,
      );
    await sleep(50);
  }
}

/** Far longer than it takes. */
const VERIFY_MS = 120_000;

/** Runs `npm run verify`'s program; its exit code says whether any figure differs, and is null if it did not end. */
export async function verify(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'dist/tools/verify/verify.js')], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: VERIFY_MS,
    killSignal: 'SIGKILL',
  });
  let output = '';
  child.stdout.on('data', (part: Buffer) => {
    output += part.toString();
  });
  child.stderr.on('data', (part: Buffer) => {
    output += part.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, output };
}
