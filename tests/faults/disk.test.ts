import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { settled, totalsOf, verify } from '../support/accounting.ts';
import { post, startServer, until } from '../support/server.ts';
import { makeWorkload } from '../support/workload.ts';
import { LONG, report } from './support/form.ts';
import { openScreen } from './support/screen.ts';

const MIB = 1024 * 1024;

/** Writes a file of so many bytes, or of as many as there is room for: others write meanwhile. */
function fill(file: string, bytes: number): void {
  try {
    writeFileSync(file, Buffer.alloc(bytes));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

it(
  'a disk that fills under load costs nothing that was accepted, and once there is room all goes on by itself',
  { timeout: LONG ? 300_000 : 120_000 },
  async ({ skip }) => {
    const disk = mkdtempSync(join(tmpdir(), 'wagewatch-disk-'));
    onTestFinished(() => rmSync(disk, { recursive: true, force: true }));
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${LONG ? 256 : 96}m`, 'wagewatch-test', disk]).status !== 0)
      skip("a small disk of one's own needs the right to mount");
    onTestFinished(() => {
      spawnSync('umount', ['-l', disk]);
    });
    const server = await startServer({ DATA_DIR: disk });
    onTestFinished(() => server.stop());
    const screen = openScreen(server.url, '330110', 'all');
    onTestFinished(() => screen.end());

    const { arriving, expected } = makeWorkload({ events: LONG ? 40_000 : 6_000, seed: 44 });
    const ballast = join(disk, 'ballast');
    const rounds = LONG ? 4 : 2;
    const refused: number[] = [];
    let filled = 0;
    let backMs = 0;
    for (let at = 0; at < arriving.length;) {
      if (!existsSync(ballast) && filled < rounds && at >= (arriving.length * (filled + 0.5)) / (rounds + 1)) {
        // All, or all but a little: full in the midst of what is on its way, whatever write that happens to be.
        const { bavail, bsize } = statfsSync(disk);
        fill(ballast, bavail * bsize - filled++ * 0.1 * MIB);
      }
      const { status } = await post(server.url, arriving.slice(at, at + 100));
      if (status === 202) {
        at += 100;
        continue;
      }
      refused.push(status);
      await sleep(50);
      if (!existsSync(ballast)) continue;
      // Its Redis is started again and again, and may have room for a few bytes more in between.
      await until(
        'it says that it is not ready',
        async () => (await fetch(`${server.url}/readyz`)).status === 503,
        40_000,
      );
      rmSync(ballast);
      const room = performance.now();
      await until('it is ready again', async () => (await fetch(`${server.url}/readyz`)).ok, 40_000);
      backMs = Math.max(backMs, performance.now() - room);
    }
    expect(filled, 'how often the disk was filled').toBe(rounds);
    expect(existsSync(ballast), 'the workload was larger than the room that was left').toBe(false);
    expect(new Set(refused), 'sources are told to come again').toEqual(new Set([503]));
    await settled(server.url, expected, 40_000);
    await until(
      'the screen is right by itself',
      () => JSON.stringify(totalsOf(screen.frame()!)) === JSON.stringify(expected),
      40_000,
    );
    expect(server.output()).toMatch(/the disk that holds \S+ is full: make room/);
    report('full disk', { events: arriving.length, rounds, refusals: refused.length, backAfterMs: backMs });
    expect((await verify({ DATA_DIR: disk })).output).toContain('No difference.');
  },
);
