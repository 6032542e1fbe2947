import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { demoFeature, type DemoParts } from '../../../server/demoFeature.ts';
import { demoWorkers, type WorkerParts } from '../../../server/demoWorkers.ts';
import type { Platform } from '../../../server/feature.ts';
import { casePack } from '../../support/casework.ts';

/** What becomes of a demonstration that cannot begin. */

const access = {
  access: { mint: () => 't', mintFor: () => 't' },
  fictional: new Map(),
} as unknown as WorkerParts['access'];

it.each([
  ['cannot be connected', () => Promise.reject(new Error('某故障'))],
  ['is not wanted, as there is another', () => Promise.resolve(undefined)],
])('the platform is closed where it %s, and people do its work', async (_, answer) => {
  const dir = mkdtempSync(join(tmpdir(), 'wagewatch-workers-'));
  let page = '';
  const workers = await demoWorkers(casePack(), dir, {
    access,
    connectors: {
      connectDemonstration: async (_region, _platform, url) => {
        page = url;
        expect((await fetch(new URL('/', url))).status).toBe(200);
        return answer();
      },
    },
    url: () => 'http://127.0.0.1:1',
    fetch,
    log: pino({ level: 'silent' }),
  });
  expect(workers.other).toBeUndefined();
  expect(workers.people.length).toBeGreaterThan(0);
  await expect(fetch(new URL('/', page))).rejects.toThrow();
  await workers.stop();
  rmSync(dir, { recursive: true });
});

it('ends with a line in the log where it fails, and the program goes on and stops as ever', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const pack = casePack();
  const packs = { counted: () => [pack], get: () => pack, boundaries: () => undefined };
  const failing = {
    ...access,
    access: {
      mint: () => 't',
      mintFor: () => {
        throw new Error('某故障');
      },
    },
  };
  const config = { demo: true, region: pack.code, dataDir: tmpdir(), demoSpeed: 1, demoScale: 1 };
  const feature = demoFeature(
    { config, log } as unknown as Platform,
    { packs, access: failing, http: { url: () => 'http://127.0.0.1:1' } } as unknown as DemoParts,
  );
  await feature.start!();
  await expect.poll(() => lines.join('')).toContain('demonstration: it has ended, 某故障');
  await feature.stop!();
});
