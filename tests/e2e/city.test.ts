import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import { raised } from '../support/events.ts';
import { get, post, startServer, until, type RunningServer } from '../support/server.ts';
import { headline, headlineIs, launchChromium, openWall } from './support/wall.ts';
import type { Browser } from 'playwright-core';

/** A city's wall: its districts' sum, and the way down to a district, a town and up again. */

let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ REGION: '330100' }), launchChromium()]);
  const now = Date.now();
  const alerts = [
    ['330102', '330102001', 3],
    ['330110', '330110010', 5],
    ['330182', '330182100', 2],
  ] as const;
  await post(
    server.url,
    alerts.flatMap(([region, town, count]) =>
      Array.from({ length: count }, (_, i) =>
        raised(
          now - 60_000 * (i + 1),
          {
            // The same ids in each district: they are one district's own.
            alertId: `C-${i}`,
            town,
            tier: i === 0 ? 'orange' : 'yellow',
          },
          { id: `${region}-${i}` },
        ),
      ).map((event) => ({ ...event, data: { ...event.data, region } })),
    ),
  );
  await until(
    'all are counted',
    async () => (await get<Frame>(server.url, '/api/v1/snapshot?window=30d')).totals.raised === 10,
  );
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe('the wall of a city', () => {
  it(
    'shows the sum of its districts live, and leads to a district, its towns, and back',
    { timeout: 90_000 },
    async () => {
      const { page, faults } = await openWall(browser, server.url);
      expect(await headline(page, 'raised')).toBe(10);
      expect(await page.getAttribute('.wall', 'data-scope')).toBe('330100');
      // The ranking turns its pages.
      await page.locator('.towns button', { hasText: '余杭区' }).waitFor({ timeout: 40_000 });
      await post(
        server.url,
        {
          ...raised(Date.now() - 1000, { alertId: 'C-9', town: '330108001' }),
          data: { ...raised(0, { alertId: 'C-9', town: '330108001' }).data, region: '330108' },
        },
        'application/cloudevents+json',
      );
      await headlineIs(page, 'raised', 11);
      await page.locator('.towns button', { hasText: '余杭区' }).click();
      await page.waitForSelector('.wall[data-scope="330110"]');
      await headlineIs(page, 'raised', 5);
      expect(new URL(page.url()).searchParams.get('scope')).toBe('330110');
      expect(await page.locator('.towns').innerText()).toContain('街道');
      await page.locator('.towns button', { hasText: '良渚街道' }).click({ timeout: 40_000 });
      await page.waitForURL(/\/wall\/alerts\?.*scope=330110010/);
      await page.keyboard.press('Escape');
      await page.waitForURL((url) => url.pathname === '/wall');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.waitForSelector('.wall[data-scope="330100"]');
      await headlineIs(page, 'raised', 11);
      expect(faults).toEqual([]);
    },
  );
});
