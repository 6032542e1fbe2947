import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../testing/browser.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import { get, NDJSON, post, SINGLE, startServer, until, type RunningServer } from '../support/server.ts';
import { raised } from '../support/events.ts';
import { makeWorkload } from '../support/workload.ts';
import { contrastFaults, headline, headlineIs, openWall, redPixels } from './support/wall.ts';

/** The wall as people meet it: real server, real Chromium. `npm run test:layouts` has alarms at more sizes. */
const LONG = process.env['LAYOUTS'] === 'long';

const TOWN = '330110010';
const GRAVE = ['330110010', '330110013'];
const ENTERPRISE = '某试验幕墙装饰工程有限公司';
let server: RunningServer;
/** With WebGL in software, for what the map draws; and without it, in which all the rest goes several times as fast. */
let browser: Browser;
let plain: Browser;
let posted = 0;

/** Listens in on the page's loudspeaker: `heard` is the loudest sample that came out of it, `spoken` what was said. */
const LISTEN = `(() => {
  const heard = { loudest: 0, spoken: [] };
  Object.assign(window, { heard });
  window.AudioContext = class extends AudioContext {
    get destination() {
      if (this.ear) return this.ear;
      this.ear = this.createAnalyser();
      this.ear.connect(super.destination);
      const samples = new Float32Array(this.ear.fftSize);
      setInterval(() => {
        this.ear.getFloatTimeDomainData(samples);
        for (const sample of samples) heard.loudest = Math.max(heard.loudest, Math.abs(sample));
      }, 20);
      return this.ear;
    }
  };
  speechSynthesis.speak = ({ text, lang }) => { heard.spoken.push({ text, lang }); };
})();`;

/** Tells the server of one alert raised now. */
async function raise(tier: 'red' | 'orange' | 'yellow', town = TOWN): Promise<string> {
  const alertId = `E2E-${++posted}`;
  const answer = await post(
    server.url,
    raised(Date.now(), {
      alertId,
      tier,
      town,
      enterprise: { name: ENTERPRISE },
      location: { lng: 119.97, lat: 30.37 },
      reasons: [{ channel: 'petition', text: '一周内九名劳动者信访', weight: 5 }],
    }),
    SINGLE,
  );
  expect(answer).toMatchObject({ status: 202, body: { accepted: 1 } });
  return alertId;
}
const scopeOf = (page: Page) => page.getAttribute('.wall', 'data-scope');

beforeAll(async () => {
  [browser, plain, server] = await Promise.all([
    launchChromium(),
    launchChromium({ drawing: 'plain', args: ['--autoplay-policy=no-user-gesture-required'] }),
    startServer(),
  ]);
  // Nothing red: the first red point on the map is the one that a test posts.
  const work = makeWorkload({ events: 2_000, duplicates: 0, disorder: 0 });
  const lines = work.arriving.map((event) => JSON.stringify(event).replace('"tier":"red"', '"tier":"yellow"'));
  expect(await post(server.url, lines.join('\n'), NDJSON)).toMatchObject({ status: 202, body: { rejectedTotal: 0 } });
  await until(
    'all is counted',
    async () =>
      (await get<Frame>(server.url, '/api/v1/snapshot?scope=330110&window=all')).totals.raised === work.expected.raised,
  );
});
afterAll(async () => {
  await browser.close();
  await plain.close();
  await server.stop();
});

/**
 * Waits until the card of an alarm is on the screen, its employer in letters of 64 px for 1080, and tied to its point, to
 * which the map has come: its middle.
 */
async function besideItsPoint(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const line = document.querySelector('[data-tether]');
    const name = document.querySelector('[data-alarm="single"] .enterprise');
    if (!line || !name) return false;
    const box = (selector: string) => document.querySelector(selector)!.getBoundingClientRect();
    const [card, map, origin] = [box('[data-alarm]'), box('.map'), box('.alarm-stage')];
    const [x1, y1, x2, y2] = ['x1', 'y1', 'x2', 'y2'].map((name) => Number(line.getAttribute(name)));
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    // The line ends at the ring around the point, and points to its middle.
    const on = (1.8 * rem) / Math.hypot(x2! - x1!, y2! - y1!);
    const end = { x: x2! + on * (x2! - x1!) + origin.left, y: y2! + on * (y2! - y1!) + origin.top };
    const off = Math.hypot(end.x - (map.left + map.right) / 2, end.y - (map.top + map.bottom) / 2);
    return (
      off < 3 &&
      Math.abs(parseFloat(getComputedStyle(name).fontSize) - 6.4 * rem) < 0.1 &&
      card.left >= 0 &&
      card.top >= 0 &&
      card.right <= innerWidth &&
      card.bottom <= innerHeight
    );
  });
}

/** As much as software draws in half the time. */
const SCREEN = { viewport: { width: 1366, height: 768 } };

describe('the wall', () => {
  it('shows a frame, and what is posted, while it is on show; asks nobody else, and complains of nothing', async () => {
    const { page, faults } = await openWall(browser, server.url, { window: 'all' }, SCREEN);
    await page.waitForSelector('.map[data-state="drawn"]');
    const frame = await get<Frame>(server.url, '/api/v1/snapshot?scope=330110&window=all');
    expect(await headline(page, 'raised')).toBe(frame.totals.raised);
    const id = await raise('yellow');
    await headlineIs(page, 'raised', frame.totals.raised + 1);
    await page.waitForSelector(`[data-alert="${id}"]`);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('says that it stands in for a screen that there is not', async () => {
    const { page, faults } = await openWall(plain, server.url, { absent: 'briefing' });
    expect(await page.innerText('.wall > .hint')).toContain('briefing');
    expect(await contrastFaults(page, '.wall > .hint')).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('raises the alarm for a red alert: its card, its row, its point', async () => {
    const { page, faults } = await openWall(browser, server.url, {}, SCREEN);
    await page.waitForSelector('.map[data-state="drawn"]');
    expect(await redPixels(page)).toBe(0);
    const id = await raise('red');
    const card = await page.waitForSelector('[data-alarm="single"]');
    await besideItsPoint(page);
    const text = await card.innerText();
    for (const word of ['良渚街道', ENTERPRISE, '1.25']) expect(text).toContain(word);
    // The reason is read from the alert itself.
    await page.waitForFunction(() => document.querySelector('[data-alarm]')?.textContent.includes('九名劳动者'));
    await page.waitForSelector(`[data-alert="${id}"]`);
    expect(await page.locator('.glow').count()).toBe(1);
    await until('its point is on the map', async () => (await redPixels(page)) > 10);
    expect(await contrastFaults(page, '[data-alarm]')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-alarm]', { state: 'detached' });
    expect(await redPixels(page)).toBeGreaterThan(10);

    // What is drawn by software costs by the pixel.
    const sizes = [
      [1920, 1080],
      [1080, 1920],
    ] as const;
    for (const [width, height] of LONG ? sizes : []) {
      await page.setViewportSize({ width, height });
      await raise('red');
      await besideItsPoint(page);
      await page.keyboard.press('Escape');
      await page.waitForSelector('[data-alarm]', { state: 'detached' });
    }

    // Four at once: the first comes forward, the others wait and are summed up.
    await Promise.all(Array.from({ length: 5 }, () => raise('red')));
    await page.waitForSelector('[data-alarm]');
    while (await page.locator('[data-alarm="single"]').count()) await page.keyboard.press('Escape');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('rings, and says where and who in Chinese, if sound is on', async () => {
    const { page, faults } = await openWall(plain, server.url, { sound: 'on' }, {}, [LISTEN]);
    const heard = () =>
      page.evaluate(
        () => (window as unknown as { heard: { loudest: number; spoken: { text: string; lang: string }[] } }).heard,
      );
    expect((await heard()).loudest).toBe(0);
    await raise('red');
    await page.waitForSelector('[data-alarm="single"]');
    // Loud enough for a room, and not so loud that it is clipped.
    const { loudest, spoken } = await until('it rings', async () => {
      const now = await heard();
      return now.loudest > 0.1 && now.spoken.length > 0 && now;
    });
    expect(loudest).toBeLessThan(1);
    expect(spoken).toHaveLength(1);
    expect(spoken[0]!.lang).toBe('zh-CN');
    for (const word of ['良渚街道', ENTERPRISE, '3', '1.25']) expect(spoken[0]!.text).toContain(word);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('changes its language without a reload, and holds its whole state in the URL', async () => {
    const { page, faults } = await openWall(plain, server.url, { window: '7d' });
    await page.evaluate(() => {
      Object.assign(window, { stayed: true });
    });
    const title = page.locator('h1.title .name');
    expect(await title.innerText()).toMatch(/^余杭区/);
    await page.keyboard.press('l');
    await page.waitForFunction(() => document.documentElement.lang === 'en');
    expect(await title.innerText()).toMatch(/^Yuhang/);
    const chinese = await page.$$eval('.panel-title, .fig-heads, .legend', (all) =>
      all.map((e) => e.textContent).filter((text) => /[\u4e00-\u9fff]/.test(text)),
    );
    expect(chinese).toEqual([]);
    // The colours are those of the wall in Chinese, which layouts are judged by.
    if (LONG) expect(await contrastFaults(page)).toEqual([]);

    // A town and another window, by keys; and the settings that the page was opened with.
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => /^\d{9}$/.test(document.querySelector<HTMLElement>('.wall')!.dataset.scope!));
    await page.waitForFunction(() => location.search.includes('scope='));
    expect(await page.evaluate(() => 'stayed' in window)).toBe(true);
    const url = new URL(page.url());
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      lang: 'en',
      quality: 'low',
      rotate: 'off',
      brightness: '100',
      shift: 'off',
    });
    const scope = await scopeOf(page);
    const menus = (on: Page) => on.$$eval('.menu > button', (all) => all.map((e) => e.textContent.trim()));
    const chosen = await menus(page);

    const other = await openWall(plain, server.url, Object.fromEntries(url.searchParams));
    await other.page.waitForFunction(
      (wanted) => document.querySelector<HTMLElement>('.wall')!.dataset.scope === wanted,
      scope,
    );
    expect(await menus(other.page)).toEqual(chosen);
    expect(await other.page.evaluate(() => document.documentElement.lang)).toBe('en');
    expect([...faults, ...other.faults]).toEqual([]);
    await other.page.context().close();
    await page.context().close();
  });

  it('shows the town of its address, for good: no round, no alarm of elsewhere; every title names it', async () => {
    const { page, faults } = await openWall(plain, server.url, { scope: TOWN, rotate: 'auto', window: 'all' });
    const shown = () =>
      page.evaluate(() => ({
        scope: document.querySelector<HTMLElement>('.wall')!.dataset.scope,
        title: document.querySelector('h1 .name')!.textContent,
        address: new URLSearchParams(location.search).get('scope'),
        alarm: document.querySelector('[data-alarm]') !== null,
      }));
    const town = { scope: TOWN, title: expect.stringMatching(/^余杭区 › 良渚街道 /) as string, address: TOWN };
    expect(await shown()).toEqual({ ...town, alarm: false });
    const { totals } = await get<Frame>(server.url, `/api/v1/snapshot?scope=${TOWN}&window=all`);
    expect(await headline(page, 'raised')).toBe(totals.raised);
    expect(await page.locator('.progress').count()).toBe(0);

    // Red alerts, first elsewhere, then here: only the second is this wall's business, and it stays where it is.
    await raise('red', GRAVE[1]);
    const id = await raise('red');
    await page.waitForSelector('[data-alarm="single"]');
    expect(await page.locator('[data-alarm]').innerText()).toContain('良渚街道');
    await page.waitForSelector(`[data-alert="${id}"]`);
    expect(await shown()).toEqual({ ...town, alarm: true });
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-alarm]', { state: 'detached' });
    expect(await shown()).toEqual({ ...town, alarm: false });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('goes round in spite of a scope if its address asks for it, and says how long until the next stop', async () => {
    const { page, faults } = await openWall(plain, server.url, { scope: TOWN, rotate: 'on' });
    expect(await scopeOf(page)).toBe(TOWN);
    expect(new URL(page.url()).searchParams.get('rotate')).toBe('on');
    await page.context().close();
    const round = await openWall(plain, server.url, { rotate: 'on' });
    await round.page.waitForSelector('.progress');
    expect([...faults, ...round.faults]).toEqual([]);
    await round.page.context().close();
  });

  it('turns in step with another screen of the same wall', async () => {
    await Promise.all(GRAVE.map((town) => raise('orange', town)));
    const [one, two] = await Promise.all([
      openWall(plain, server.url, { rotate: 'on' }),
      openWall(plain, server.url, { rotate: 'on' }, { viewport: { width: 1366, height: 768 } }),
    ]);
    // All that each of them comes to show, in order; a stop lasts fifteen seconds.
    for (const { page } of [one, two]) {
      await page.evaluate(() => {
        const wall = document.querySelector<HTMLElement>('.wall')!;
        const stops = [wall.dataset.scope!];
        Object.assign(window, { stops });
        new MutationObserver(() => {
          if (stops.at(-1) !== wall.dataset.scope) stops.push(wall.dataset.scope!);
        }).observe(wall, { attributes: true, attributeFilter: ['data-scope'] });
      });
    }
    const stops = (page: Page) => page.evaluate(() => (window as unknown as { stops: string[] }).stops);
    await until(
      'both have turned',
      async () => (await stops(one.page)).length > 1 && (await stops(two.page)).length > 1,
      45_000,
    );
    expect((await stops(two.page)).at(-1)).toBe((await stops(one.page)).at(-1));
    expect((await stops(one.page)).at(-1)).not.toBe((await stops(one.page)).at(-2));
    expect([...one.faults, ...two.faults]).toEqual([]);
    await one.page.context().close();
    await two.page.context().close();
  });
});
