import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, toRfc3339 } from '../../common/regionTime.ts';
import type { Since } from '../../contract/briefingChanges.ts';
import type { Briefing, LiveBriefing } from '../../contract/briefings.ts';
import type { Frame } from '../../contract/frame.ts';
import { takeChromium } from '../support/chromium.ts';
import { asking } from '../support/asking.ts';
import { event, raised } from '../support/events.ts';
import { letIn, writeAccess } from '../support/letIn.ts';
import { loadPack } from '../support/packs.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';
import { cutTexts, textFaults } from './support/deckFaults.ts';
import { openAs } from './support/peopled.ts';

/** The past on the pages of a briefing, in Chromium: the time bar, two moments compared, and what has changed since one looked. */

/** Those of the weekly deck but the wage accounts, of which there are none. */
const PAGES = 10;
/** The narrowest and the lowest first, which are enough here: `npm run test:layouts` has all. */
const ALL_SIZES = [
  [1180, 820],
  [1366, 768],
  [1400, 1050],
  [1920, 1080],
] as const;
const SIZES = process.env['LAYOUTS'] === 'long' ? ALL_SIZES : ALL_SIZES.slice(0, 2);
const WIDE = [1920, 1080] as const;
const { tokens, entries } = letIn({
  admin: { role: 'admin', scope: '330110' },
  leader: { role: 'leader', scope: '330110' },
});
const dir = mkdtempSync(join(tmpdir(), 'briefing-past-'));
const clock = join(dir, 'clock');
let skew = 0;
const now = () => Date.now() + skew;
const setClock = (ms: number) => {
  skew = ms;
  writeFileSync(clock, String(ms));
};
let server: RunningServer;
let browser: Browser;
let made: Briefing;
let faults: string[] = [];
const { told, send } = asking(tokens, () => server.url);
const raisedAt = async (fields: Record<string, string>) =>
  (
    await told<Frame>(
      'admin',
      `/api/v1/snapshot?${new URLSearchParams({ scope: '330110', window: '30d', ...fields }).toString()}`,
    )
  ).totals.raised;

beforeAll(async () => {
  setClock(0);
  [browser, server] = await Promise.all([
    takeChromium(),
    startServer({
      ACCESS_FILE: writeAccess(dir, entries),
      CLOCK_FILE: clock,
      NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, '../support/clock.mjs')).href}`,
    }),
  ]);
  // Every town has some, with names as long as they come; one every three hours, for two weeks.
  const { towns } = loadPack('330110');
  const events = Array.from({ length: 110 }, (_, i) =>
    raised(now() - 60_000 - i * 3 * HOUR_MS, {
      alertId: `P${i}`,
      town: towns[i % towns.length]!.code,
      tier: (['red', 'orange', 'yellow'] as const)[i % 3]!,
      enterprise: { name: `某某某某某某某某建筑安装劳务分包工程有限责任公司第${i}分公司` },
      workers: 93,
      amountFen: 26_258_000_00,
      industry: (['E', 'C', 'H', 'F', 'I'] as const)[i % 5]!,
    }),
  );
  await send(...events);
  await send(event('wage.wages.recovered', now() - 1_000, { alertId: 'P1', amountFen: 51_300_000, workers: 51 }));
  await until('all are counted', async () => (await raisedAt({})) === events.length);
  const freeze = () =>
    told<Briefing>('leader', '/api/v1/briefings', { scope: '330110', window: '30d', title: '区长周例会' });
  await freeze();
  made = await freeze();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(dir, { recursive: true });
});

async function openDeck(
  query: string,
  [width, height]: readonly [number, number] = WIDE,
  path = made.id,
): Promise<Page> {
  const opened = await openAs(browser, server.url, tokens.leader, `/briefing/${path}${query}`, {
    viewport: { width, height },
  });
  const { page } = opened;
  page.setDefaultTimeout(60_000);
  faults = opened.faults;
  await page.waitForSelector('.tile.on');
  await page.evaluate(() => document.fonts.ready);
  return page;
}
const on = (page: Page, selector: string) => page.innerText(`.tile.on ${selector}`);
const figure = (page: Page) => on(page, '[data-figure="raised"] b');
/** The texts of all pages, one after the other. */
async function wrongIn(page: Page, least: number): Promise<string[]> {
  const wrong: string[] = [];
  for (let i = 0; i < PAGES; i++) {
    const name = await page.getAttribute('.tile.on', 'data-tile');
    wrong.push(...(await page.evaluate(textFaults, least)).map((fault) => `${name}: ${fault}`));
    await page.keyboard.press('PageDown');
  }
  return wrong;
}

describe('the time bar on the pages', () => {
  it('goes to moments of the past and back, and pages play with it or say that they do not', async () => {
    const page = await openDeck('?page=2&theme=day');
    const frozen = await figure(page);
    await page.keyboard.press('t');
    await page.waitForSelector('[data-timebar]');
    await page.waitForFunction(() => !document.querySelector('[data-message]')!.textContent.includes('正在'));
    const track = (await (await page.$('[data-track]'))!.boundingBox())!;
    await page.mouse.move(track.x + track.width * 0.9, track.y + track.height / 2);
    await page.mouse.down();
    await page.mouse.move(track.x + track.width * 0.4, track.y + track.height / 2, { steps: 4 });
    await page.mouse.up();
    await page.waitForSelector('[data-replay-banner][data-at]');
    const shown = () => page.getAttribute('[data-replay-banner]', 'data-at');
    // Until the frame of the playhead is there.
    await page.waitForFunction((before) => {
      const text = document.querySelector('.tile.on [data-figure="raised"] b')!.textContent;
      return text !== before;
    }, frozen);
    const at = Number(await shown());
    await until('the figure is that of the moment', async () => {
      const expected = await raisedAt({ at: toRfc3339(Number(await shown())) });
      return Number(await figure(page)) === expected;
    });
    expect(await on(page, '[data-state]')).toBe('回放');
    // Cases have no past, and say so.
    await page.keyboard.press('PageDown');
    expect(await page.getAttribute('.tile.on', 'data-tile')).toBe('map');
    await page.keyboard.press('End');
    expect([await page.getAttribute('.tile.on', 'data-tile'), await on(page, '[data-state]')]).toEqual([
      'outlook',
      '冻结 · 不随回放',
    ]);
    await page.keyboard.press('Home');
    await page.keyboard.press('PageDown');
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(
      (before) => Number(document.querySelector<HTMLElement>('[data-replay-banner]')!.dataset['at']) < before,
      at,
    );
    expect(await page.getAttribute('.briefing', 'data-page')).toBe('2');
    await page.click('[data-figure="raised"]');
    await page.waitForFunction(() => document.querySelector('[data-message]')!.textContent.includes('Esc'));
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-replay-banner]', { state: 'detached' });
    expect([await figure(page), await on(page, '[data-state]')]).toEqual([frozen, '冻结']);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('a list of a frozen moment of the past has the alerts of its figure, and says of when their stages are', async () => {
    const at = toRfc3339(now() - 5 * DAY_MS);
    const body = { scope: '330110', window: '30d', at };
    const { id } = await told<Briefing>('leader', '/api/v1/briefings', body);
    const page = await openDeck('?page=2&theme=day', WIDE, id);
    await page.click('.tile.on [data-figure="open"]');
    await page.waitForSelector('[data-total]');
    expect(await page.innerText('[data-total]')).toBe(await on(page, '[data-figure="open"] b'));
    const sheet = await page.innerText('aside[role="dialog"]');
    expect(sheet).toContain('所列环节为制作汇报时的情况');
    // Their terms ran out later than that moment.
    expect(sheet).not.toContain('超期');
    await told('admin', `/api/v1/briefings/${id}`, undefined, { method: 'DELETE' });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('on a briefing of now, what has no past says that it is of now, not that it is frozen', async () => {
    const page = await openDeck('?scope=330110&deck=weekly&page=2&theme=day', WIDE, 'live');
    await page.keyboard.press('t');
    await page.waitForFunction(() => !document.querySelector('[data-message]')?.textContent.includes('正在'));
    await page.keyboard.press('ArrowLeft');
    await page.waitForSelector('[data-replay-banner][data-at]');
    expect(await on(page, '.gravest h2')).toMatch(/^最重的四件，下一步（截至 .*）$/);
    await page.keyboard.press('End');
    expect(await on(page, '[data-state]')).toBe('实时 · 不随回放');
    await page.context().close();
  });

  it.each(SIZES)('cuts nothing at %s × %s while it is open', async (...size) => {
    const page = await openDeck('?theme=day', size);
    await page.keyboard.press('t');
    await page.waitForSelector('[data-timebar]');
    await page.waitForFunction(() => !document.querySelector('[data-message]')!.textContent.includes('正在'));
    await page.keyboard.press('ArrowLeft');
    await page.waitForSelector('[data-replay-banner][data-at]');
    expect(await wrongIn(page, 10)).toEqual([]);
    await page.context().close();
  });

  it.each([
    [820, 1180, 'zh-CN'],
    [820, 1180, 'en'],
    [1024, 768, 'zh-CN'],
    [1024, 768, 'en'],
  ])('says all that it has to say at %s × %s in %s', async (width, height, lang) => {
    const page = await openDeck(`?theme=day&lang=${lang}`, [width, height]);
    await page.keyboard.press('t');
    await page.waitForSelector('[data-timebar]');
    const message = () => page.innerText('[data-message]');
    await until('it has read', async () => !/正在|Reading/.test(await message()));
    expect(await page.evaluate(cutTexts, '[data-timebar]')).toEqual([]);
    const before = await message();
    await page.keyboard.press('ArrowLeft');
    await page.waitForSelector('[data-replay-banner][data-at]');
    await until('it says of what the figures are', async () => (await message()) !== before);
    expect(await message()).toMatch(/今日口径|Today’s facts/);
    expect(await page.evaluate(cutTexts, '[data-timebar]')).toEqual([]);
    await page.context().close();
  });
});

describe('two situations compared', () => {
  it('lie in the address, with the figures of both and how they differ', async () => {
    const page = await openDeck('?page=2&theme=day&vs=week');
    await page.waitForSelector('.tile.on [data-side="b"]');
    const [a, b] = [
      await raisedAt({ at: made.at }),
      await raisedAt({ at: toRfc3339(Date.parse(made.at) - 7 * DAY_MS) }),
    ];
    const numbers = await page.$$eval('.tile.on [data-pair="raised"] .bar b', (all) =>
      all.map((one) => one.textContent),
    );
    expect(numbers).toEqual([String(a), String(b)]);
    expect(await on(page, '[data-pair="raised"] .differs')).toContain(`+${a - b}`);
    expect(await on(page, '[data-pair="overdue"] .differs')).toContain('无可比');
    // Another choice, by the key.
    await page.keyboard.press('c');
    await page.check('[data-kind="window"]');
    await page.selectOption('dialog select', 'month');
    await page.click('dialog button[type="submit"]');
    await page.waitForURL(/vs=window(:|%3A)month/);
    await page.waitForFunction(() => document.querySelector('.tile.on [data-side="b"]')?.textContent === '本月');
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(PAGES);
    await page.keyboard.press('c');
    await page.click('[data-end]');
    await page.waitForSelector('[data-figure="raised"]');
    expect(new URL(page.url()).searchParams.has('vs')).toBe(false);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('of which one has no data say why', async () => {
    const page = await openDeck('?page=2&theme=day&vs=at:2001-01-01T00:00:00%2B08:00');
    await page.waitForFunction(() => document.querySelector('.tile.on [data-nothing]')?.textContent?.includes('早于'));
    await page.context().close();
  });

  it.each(SIZES)('cut nothing at %s × %s', async (...size) => {
    const page = await openDeck('?theme=day&lang=en&vs=week', size);
    await page.waitForSelector('.tile.on [data-side="b"]');
    expect(await wrongIn(page, size[0] === 1920 ? 20 : 12)).toEqual([]);
    await page.context().close();
  });
});

describe('what has changed since the briefing before', () => {
  it('says from when it is counted only where that is another minute', async () => {
    const page = await openDeck('?theme=day');
    await page.waitForSelector('[data-tile="changes"]', { state: 'attached' });
    const note = await page.$eval('[data-tile="changes"]', (tile) => tile.textContent);
    expect(note).toContain('上一份：区长周例会');
    expect(note).not.toContain('更细的时刻');
    await page.context().close();
  });
});

describe('what has changed since one last looked', () => {
  it('stands in sentences, and is replayed', async () => {
    const first = await openDeck('?deck=daily&page=2&theme=day', WIDE, 'live');
    await first.waitForFunction(() =>
      document.querySelector('.tile.on [data-nothing]')?.textContent?.includes('第一次'),
    );
    await first.context().close();
    setClock(2 * HOUR_MS);
    await until('the clock is set', async () => {
      const { content } = await told<LiveBriefing>('admin', '/api/v1/briefings/live?scope=330110');
      return Date.parse(content.at) > now() - 60_000;
    });
    await send(
      raised(now() - HOUR_MS, { alertId: 'S1', tier: 'red' }),
      raised(now() - HOUR_MS, { alertId: 'S2', tier: 'yellow' }),
    );
    await until('both are counted', async () => (await raisedAt({})) === 112);
    const page = await openDeck('?deck=daily&page=2&theme=day', WIDE, 'live');
    await page.waitForSelector('.tile.on [data-sentences]');
    expect(await on(page, '[data-sentences]')).toContain('新增预警 2 件，其中红色 1 件');
    expect(await page.evaluate(textFaults, 20)).toEqual([]);
    await page.click('.tile.on [data-play-since]');
    await page.waitForSelector('[data-replay-banner][data-at]');
    expect(await page.getAttribute('.tile.on', 'data-tile')).toBe('situation');
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-replay-banner]', { state: 'detached' });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('is counted from the last look at the wall, too, once somebody is at it', async () => {
    setClock(4 * HOUR_MS);
    await until('the clock is set', async () => {
      const { content } = await told<LiveBriefing>('admin', '/api/v1/briefings/live?scope=330110');
      return Date.parse(content.at) > now() - 60_000;
    });
    const since = () => told<Since>('leader', '/api/v1/briefings/since?scope=330110');
    const before = (await since()).looked!;
    const { page: wall } = await openAs(browser, server.url, tokens.leader, '/wall?scope=330110', {
      viewport: { width: 1366, height: 768 },
    });
    const noted = wall.waitForResponse(/briefings\/looked/, { timeout: 60_000 });
    await wall.waitForSelector('.wall[data-scope="330110"]');
    const asked = await noted;
    expect([asked.status(), asked.request().postDataJSON()]).toMatchObject([200, { scope: '330110' }]);
    // It is the visit that goes on: what was before it is before it still.
    expect((await since()).looked).toBe(before);
    const at = now();
    // Brought back by the program, with nobody at it, it is no look.
    await wall.reload();
    await wall.waitForSelector('.wall[data-scope="330110"]');
    setClock(6 * HOUR_MS);
    await until('that visit is over', async () => (await since()).looked !== before);
    expect(Math.abs(Date.parse((await since()).looked!) - at)).toBeLessThan(30_000);
    await wall.context().close();
  });
});
