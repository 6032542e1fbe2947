import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Briefing, Briefings } from '../../../contract/briefings.ts';
import { BRIEFING_PAGES } from '../../../contract/briefingLimits.ts';
import { HOUR_MS } from '../../../common/regionTime.ts';
import { PROJECT_ROOT } from '../../../server/platform/paths.ts';
import { startServer, until } from '../../support/server.ts';

/** A demonstration with a briefing to be looked at: all of its pages have something to show. */

const SCOPE = '330110';
const TITLE = '区长周例会';
const REMARKS: Record<string, string> = {
  map: '在办最多的两个街道先说明原因与下一步。',
  cases: '请各单位按时限办结，超期的由专班督办。',
};

async function ask<T>(url: string, path: string, body?: object, method = body ? 'POST' : 'GET'): Promise<T> {
  const answer = await fetch(`${url}${path}`, {
    method,
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Freezes the briefing, unless it is there already. */
export async function briefingOf(url: string): Promise<Briefing> {
  const { items } = await ask<Briefings>(url, `/api/v1/briefings?scope=${SCOPE}`);
  const kept = items.find(({ title }) => title === TITLE);
  if (kept) return kept;
  const made = await ask<Briefing>(url, '/api/v1/briefings', { scope: SCOPE, window: 'week', title: TITLE });
  return ask<Briefing>(
    url,
    `/api/v1/briefings/${made.id}`,
    {
      pages: BRIEFING_PAGES.map((page) => ({
        page,
        on: true,
        ...(REMARKS[page] === undefined ? {} : { remark: REMARKS[page] }),
      })),
    },
    'PUT',
  );
}

/** That far back lie the briefing before, and the moment at which somebody last looked. */
const BEFORE_MS = 44 * HOUR_MS;
/** The demonstration looks at its clock this often at least (demo/player.ts), ms; what stands still longer is all that there is. */
const STILL_MS = 20_000;

/** Until the demonstration has told all that happened up to now. */
async function caughtUp(url: string, before: string): Promise<void> {
  const figures = async () => {
    const { totals } = await ask<{ totals: object }>(url, `/api/v1/snapshot?scope=${SCOPE}&window=all`);
    return JSON.stringify(totals);
  };
  let last = before;
  let since = Date.now();
  await until(
    'the demonstration has caught up',
    async () => {
      const now = await figures();
      if (now !== last) since = Date.now();
      last = now;
      return last !== before && Date.now() - since > STILL_MS;
    },
    180_000,
  );
}

/**
 * Starts a demonstration in which somebody looked at a briefing two days ago, and one was frozen then, so that there are changes to be
 * told of.
 * @returns its address, and how it is stopped
 */
export async function startShown(
  say: (line: string) => void,
  skewMs = 0,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  const clock = join(folder, 'clock');
  const setClock = (ms: number) => {
    writeFileSync(clock, String(ms + skewMs));
  };
  setClock(-BEFORE_MS);
  const server = await startServer({
    DEMO: 'on',
    DEMO_SCALE: '0.1',
    LOG_LEVEL: 'info',
    CLOCK_FILE: clock,
    NODE_OPTIONS: `--import=${pathToFileURL(join(PROJECT_ROOT, 'tests/support/clock.mjs')).href}`,
  });
  const { url } = server;
  say('the demonstration is being loaded');
  await until('everybody is watched', () => server.output().includes('everybody is watched'), 600_000);
  await ask(url, '/api/v1/briefings/looked', { scope: SCOPE });
  await ask(url, '/api/v1/briefings', { scope: SCOPE, window: 'week', title: '区长周例会（上次）' });
  const { totals } = await ask<{ totals: object }>(url, `/api/v1/snapshot?scope=${SCOPE}&window=all`);
  setClock(0);
  await caughtUp(url, JSON.stringify(totals));
  return {
    url,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
