import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import { event, raised } from '../support/events.ts';
import { get, post, SINGLE, startServer, until, type RunningServer } from '../support/server.ts';
import { headline, headlineIs, openWall, redPixels, STILL } from './support/wall.ts';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../testing/browser.ts';
import { takeChromium } from '../support/chromium.ts';

/** A city's wall: its districts' sum, and the way down to a district, a town and up again. */

let server: RunningServer;
/** Without WebGL, and with it for what the map draws. */
let plain: Browser;
let browser: Browser;
beforeAll(async () => {
  [server, plain, browser] = await Promise.all([startServer({ REGION: '330100' }), takeChromium(), launchChromium()]);
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
  await plain?.close();
  await browser?.close();
  await server?.stop();
});

describe('the wall of a city', () => {
  it(
    'shows the sum of its districts live, and leads to a district, its towns, and back',
    { timeout: 90_000 },
    async () => {
      const { page, faults } = await openWall(plain, server.url);
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

  it(
    'keeps apart the alerts of two districts that use one id: their points, rows, reasons and pages',
    { timeout: 120_000 },
    async () => {
      // No larger than points need: software draws it.
      const { page: wall, faults } = await openWall(
        browser,
        server.url,
        { window: 'all' },
        { viewport: { width: 1366, height: 768 } },
      );
      await wall.waitForSelector('.map[data-state="drawn"]');
      const twins = [
        {
          region: '330102',
          town: '330102001',
          name: '某甲建筑有限公司',
          reason: '甲区的工地停工',
          lng: 120.17,
          lat: 30.24,
        },
        {
          region: '330110',
          town: '330110010',
          name: '某乙建筑有限公司',
          reason: '乙区的工资专户断缴',
          lng: 119.97,
          lat: 30.4,
        },
      ];
      let one = 0;
      for (const { region, town, name, reason, lng, lat } of twins) {
        const alert = raised(Date.now(), {
          alertId: 'TWIN',
          town,
          tier: 'red',
          enterprise: { name },
          location: { lng, lat },
          reasons: [{ channel: 'petition', text: reason, weight: 60 }],
        });
        await post(server.url, { ...alert, data: { ...alert.data, region } }, SINGLE);
        const card = wall.locator('[data-alarm="single"]', { hasText: name });
        await card.waitFor();
        // The reasons are read from the alert itself: the one in this district.
        await card.getByText(reason).waitFor();
        await wall.keyboard.press('Escape');
        await wall.waitForSelector('[data-alarm]', { state: 'detached' });
        // One id, two rows, two points.
        await wall.locator('.slot-ticker [data-alert="TWIN"]', { hasText: name }).waitFor();
        const drawn = region === twins[0]!.region ? 10 : 1.7 * one;
        one = await until(`the points on the map, more than ${drawn}`, async () => {
          const red = await redPixels(wall);
          return red > drawn && red;
        });
      }
      expect(faults).toEqual([]);
      await wall.context().close();

      // What is read of them needs no WebGL, which a page drawn in software pays for.
      const { page, faults: more } = await openWall(plain, server.url, { window: 'all' });
      await page.goto(`${server.url}/wall/alerts?${new URLSearchParams({ ...STILL, of: 'open', tier: 'red' })}`);
      await page.waitForSelector('.layer [data-alert="TWIN"]');
      const rows = page.locator('.layer [data-alert="TWIN"]');
      expect((await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-region')))).sort()).toEqual(
        twins.map(({ region }) => region),
      );
      for (const { region, name, reason } of twins) {
        await page.locator(`.layer [data-region="${region}"][data-alert="TWIN"]`).click();
        await page.waitForURL(`**/wall/alerts/${region}/TWIN?*`);
        const article = page.locator('.layer[data-level="alert"]');
        await article.getByText(reason).waitFor();
        expect(await article.locator('[aria-current="page"]').textContent()).toContain(name);
        const other = twins.find((twin) => twin.region !== region)!;
        expect(await article.innerText()).not.toContain(other.reason);
        await page.goBack();
        await rows.first().waitFor();
      }
      // A link of one's own leads there, too.
      await page.goto(`${server.url}/wall/alerts/330110/TWIN?${new URLSearchParams(STILL)}`);
      await page.locator('.layer[data-level="alert"]').getByText(twins[1]!.reason).waitFor();

      // A change of the one changes its row and not the other's.
      await page.goto(`${server.url}/wall/alerts?${new URLSearchParams({ ...STILL, of: 'open', tier: 'red' })}`);
      await page.waitForFunction(() => document.querySelectorAll('.layer [data-alert="TWIN"]').length === 2);
      const accepted = event('wage.alert.dispatched', Date.now(), { alertId: 'TWIN' });
      await post(server.url, { ...accepted, data: { ...accepted.data, region: '330102' } }, SINGLE);
      await page.locator('.layer [data-region="330102"][data-alert="TWIN"]', { hasText: '待受理' }).waitFor();
      expect(await page.locator('.layer [data-region="330110"][data-alert="TWIN"]').innerText()).toContain('待交派');
      expect(more).toEqual([]);
    },
  );
});
