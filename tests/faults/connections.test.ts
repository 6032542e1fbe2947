import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { atEnd, ending } from '../support/ending.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw } from '../../testing/rawRedis.ts';
import { startCluster, startSentinels } from './support/redisGroups.ts';

/** Far longer than closing takes: what is left then is left for ever. */
const GONE_MS = 30_000;

/** How a process ends that closes connections at all moments. */
async function closes(url: string): Promise<number | string | null> {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'tests/support/closingProcess.mjs'), url], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  atEnd(() => child.kill('SIGKILL'));
  return new Promise((resolve) => {
    child.once('exit', resolve);
    setTimeout(() => {
      resolve('does not end');
    }, GONE_MS);
  });
}

describe('connections to Redis that are closed at any moment', () => {
  it('leave nothing behind, whatever kind of Redis it is', { timeout: 3 * GONE_MS + 30_000 }, async () => {
    const { port, stop } = await startRaw({ port: await freePort() });
    atEnd(stop);
    expect(await closes(`redis://127.0.0.1:${port}`)).toBe(0);
    expect(await closes(ending(await startSentinels()).url)).toBe(0);
    expect(await closes(ending(await startCluster()).url)).toBe(0);
  });
});
