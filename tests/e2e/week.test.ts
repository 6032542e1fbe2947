import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../testing/browser.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cdpOf, COUNT_GPU, footprint } from '../../bench/web/probes.ts';
import { NDJSON, post, startServer, type RunningServer } from '../support/server.ts';
import { makeWorkload } from '../support/workload.ts';
import { headlineIs, openWall } from './support/wall.ts';

/** A wall left alone for a week of events, in a minute's time: it holds on to nothing. `npm run bench:web` goes on for longer. */

const ROUNDS = 16;
const WARM_UP = 6;
/** A district of 3,446 alerts in three years has some two hundred events a week; this is many times as much. */
const EVENTS = 250;

let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startServer()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

it('does not grow', async () => {
  const { page, faults } = await openWall(
    browser,
    server.url,
    { window: 'all' },
    { viewport: { width: 1366, height: 768 } },
    [COUNT_GPU],
  );
  await page.waitForSelector('.map[data-state="drawn"]');
  const cdp = await cdpOf(page);
  let total = 0;
  const round = async (n: number) => {
    // Whole lives of alerts, and each round brings towns, lists and map other figures.
    const work = makeWorkload({ events: EVENTS, duplicates: 0, disorder: 0, seed: n });
    total += work.expected.raised;
    expect(
      await post(server.url, work.arriving.map((event) => JSON.stringify(event)).join('\n'), NDJSON),
    ).toMatchObject({ body: { rejectedTotal: 0 } });
    await headlineIs(page, 'raised', total);
  };
  // While the map takes over new data, a layer holds buffers that its last picture needed, or not yet those of its next.
  const atRest = async () => {
    for (let before = await footprint(page, cdp); ;) {
      await sleep(700);
      const now = await footprint(page, cdp);
      if (JSON.stringify(now.gpu) === JSON.stringify(before.gpu)) return leastOf(now);
      before = now;
    }
  };
  // What has grown stays; what a busy machine has not got round to letting go of goes.
  const leastOf = async (one: Awaited<ReturnType<typeof footprint>>) => {
    for (let i = 0; i < 3; i++) {
      await sleep(500);
      const { heap, nodes, listeners } = await footprint(page, cdp);
      one.heap = Math.min(one.heap, heap);
      one.nodes = Math.min(one.nodes, nodes);
      one.listeners = Math.min(one.listeners, listeners);
    }
    return one;
  };
  for (let n = 1; n <= WARM_UP; n++) await round(n);
  const first = await atRest();
  for (let n = WARM_UP + 1; n <= ROUNDS; n++) await round(n);
  const last = await atRest();

  expect(first.gpu.Buffer).toBeGreaterThan(0);
  expect(last.gpu).toEqual(first.gpu);
  // Lists are full after the first rounds; what is left is the noise of caches.
  expect(last.heap / first.heap).toBeLessThan(1.1);
  expect(last.nodes / first.nodes).toBeLessThan(1.1);
  expect(last.listeners / first.listeners).toBeLessThan(1.1);
  expect(faults).toEqual([]);
});
