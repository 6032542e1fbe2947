import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Rules } from '../../contract/rulePack.ts';
import type { Sources } from '../../contract/subjects.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { DAY_MS } from '../../common/regionTime.ts';
import { takeChromium } from '../support/chromium.ts';
import { get, post, startServer, until, type RunningServer } from '../support/server.ts';
import { allAlerts, registration, usccOf } from '../support/signals.ts';
import { headlineIs, openWall } from './support/wall.ts';

/** From one observation to the wall and back, in real Chromium: raised, silent, closed, and brought back by a new fact alone. */

const EMPLOYER = '某试验劳务有限公司';
const SILENT_DAYS = 15;
/** The page counts from the minute that has begun: a quarter of an hour more is so many whole days on any machine. */
const SILENT_SINCE = SILENT_DAYS + 0.01;
let folder: string;
let server: RunningServer;
let browser: Browser;
let page: Page;
let faults: string[];
/** Sets the server's clock, in days from now. */
const setClock = (days: number) => {
  writeFileSync(join(folder, 'clock'), String(days * DAY_MS));
};
let sent = 0;
const observed = (indicator: string, time: number, more: object) => ({
  specversion: '1.0',
  id: `wall-${++sent}`,
  source: 'urn:test:facts',
  type: 'wage.signal.observed',
  time: new Date(time).toISOString(),
  data: { region: '330110', indicator, enterprise: { uscc: usccOf(1) }, ...more },
});
const unpaid = (time: number, ref: string) =>
  observed('wage-account.unpaid-months', time, { ref, value: 3, workers: 36, amountFen: 64_800_000 });
/** Waits until so many observations of a channel have come today. */
const countedToday = (channel: string, n: number) =>
  until(`${n} of ${channel} are counted`, async () => {
    const { channels } = await get<Sources>(server.url, '/api/v1/sources?region=330110');
    return channels[channel]?.today === n;
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wagewatch-clock-'));
  setClock(-SILENT_SINCE);
  const clock = pathToFileURL(join(PROJECT_ROOT, 'tests/support/clock.mjs')).href;
  [browser, server] = await Promise.all([
    takeChromium(),
    startServer({ CLOCK_FILE: join(folder, 'clock'), NODE_OPTIONS: `--import=${clock}` }),
  ]);
  const { items } = await get<Rules>(server.url, '/api/v1/rules?region=330110');
  const activated = await fetch(`${server.url}/api/v1/rules/${items[0]!.version}/activate?region=330110`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ why: '某区开始使用规则', settle: true }),
  });
  expect(activated.status).toBe(200);
  const then = Date.now() - SILENT_SINCE * DAY_MS;
  expect(await post(server.url, [registration(1, EMPLOYER), observed('opinion.post', then, {})])).toMatchObject({
    status: 202,
    body: { accepted: 2 },
  });
  await countedToday('opinion', 1);
  setClock(0);
  await until('the clock is right', async () => {
    const { at } = await get<Sources>(server.url, '/api/v1/sources?region=330110');
    return Date.now() - Date.parse(at) < DAY_MS;
  });
  ({ page, faults } = await openWall(browser, server.url));
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('one observation by curl is a red alert on the wall, with its reasons', async () => {
  const { stdout } = spawnSync(
    'curl',
    [
      ...['-sS', '-H', 'content-type: application/cloudevents+json'],
      ...['-d', JSON.stringify(unpaid(Date.now(), '某账号1')), `${server.url}/api/v1/events`],
    ],
    { encoding: 'utf8' },
  );
  expect(JSON.parse(stdout)).toMatchObject({ accepted: 1 });
  await page.waitForSelector('[data-alarm="single"]');
  const [alert] = await allAlerts(server.url);
  await page.waitForFunction(() =>
    document.querySelector('[data-alarm]')?.textContent.includes('工资已 3 个月未发，涉及 36 人'),
  );
  // What happens next: the program has dispatched it, so the unit accepts.
  await page.waitForFunction(() =>
    document.querySelector('[data-alarm] [data-next]')?.textContent.includes('下一步：受理'),
  );
  const card = await page.innerText('[data-alarm]');
  for (const word of ['红色', EMPLOYER, '36', '64.80']) expect(card).toContain(word);
  await page.keyboard.press('Escape');
  await page.waitForSelector(`[data-slot="ticker"] [data-alert="${alert!.alertId}"]`);
  await headlineIs(page, 'open', 1);
});

it('a source that is silent shows on the wall, and does not look like one that has just spoken', async () => {
  const line = (channel: string) => page.locator(`[data-slot="sources"] [data-source="${channel}"]`);
  expect(await line('opinion').getAttribute('data-state')).toBe('silent');
  expect(await line('opinion').innerText()).toContain(`已静默 ${SILENT_DAYS} 天`);
  expect(await line('wage-account').getAttribute('data-state')).toBe('ok');
  expect(await line('water').getAttribute('data-state')).toBe('never');
  const ground = (channel: string) =>
    line(channel)
      .locator('.health')
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await ground('opinion')).not.toBe(await ground('wage-account'));
});

it('a closed alert does not come back with what was so before; a new fact brings it back', async () => {
  const [first] = await allAlerts(server.url);
  const closedAt = Date.now();
  const closed = {
    specversion: '1.0',
    id: 'closed-1',
    source: 'urn:test:desk',
    type: 'wage.alert.closed',
    time: new Date(closedAt).toISOString(),
    data: { region: '330110', alertId: first!.alertId, resolution: '某单位已补发工资' },
  };
  expect((await post(server.url, [closed])).status).toBe(202);
  await headlineIs(page, 'open', 0);
  // It comes late, and says what had been so before the closing.
  expect((await post(server.url, [unpaid(closedAt - 1_000, '某账号2')])).status).toBe(202);
  await countedToday('wage-account', 2);
  expect((await allAlerts(server.url)).map(({ alertId }) => alertId)).toEqual([first!.alertId]);
  await headlineIs(page, 'open', 0);
  expect(await page.locator('[data-alarm]').count()).toBe(0);

  const anew = Date.now();
  expect((await post(server.url, [unpaid(anew, '某账号1')])).status).toBe(202);
  await page.waitForSelector('[data-alarm="single"]');
  await headlineIs(page, 'open', 1);
  const alerts = await allAlerts(server.url);
  expect(alerts).toHaveLength(2);
  // It is the new fact that raised it.
  for (const { alertId, raisedAt } of alerts)
    if (alertId !== first!.alertId) expect(Date.parse(raisedAt)).toBeGreaterThanOrEqual(anew);
  expect(faults).toEqual([]);
});
