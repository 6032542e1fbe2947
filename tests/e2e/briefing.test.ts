import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_HEADING, MAX_TITLE } from '../../contract/briefingLimits.ts';
import type { Briefing, BriefingAnswer } from '../../contract/briefings.ts';
import type { Frame } from '../../contract/frame.ts';
import { hashToken, mintToken } from '../../server/access/secret.ts';
import { takeChromium } from '../support/chromium.ts';
import { event, raised } from '../support/events.ts';
import { watchPage } from '../support/harnessPage.ts';
import { loadPack } from '../support/packs.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';
import { outsideTexts, textFaults } from './support/deckFaults.ts';

/** A briefing presented in real Chromium (docs/briefing.md). `npm run test:layouts` has more sizes and languages of it. */
const LONG = process.env['LAYOUTS'] === 'long';
/** Rows of which the first few are enough here. */
const few = <Row>(count: number, rows: Row[]): Row[] => (LONG ? rows : rows.slice(0, count));

/** Those of the weekly deck that have something to show: there are no wage accounts, and no briefing before. */
const PAGES = 9;
const tokens = { admin: mintToken(), leader: mintToken(), display: mintToken() };
const dir = mkdtempSync(join(tmpdir(), 'briefing-'));
let server: RunningServer;
let browser: Browser;
let made: Briefing;
let faults: string[] = [];

const ask = (
  who: keyof typeof tokens,
  path: string,
  body?: object,
  type = 'application/json',
  method = body ? 'POST' : 'GET',
) =>
  fetch(`${server.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens[who]}`, ...(body && { 'content-type': type }) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
const send = async (...events: object[]) => {
  expect((await ask('admin', 'events', events, 'application/cloudevents-batch+json')).status).toBe(202);
};
const raisedNow = async () =>
  ((await (await ask('admin', 'snapshot?scope=330110&window=30d')).json()) as Frame).totals.raised;

beforeAll(async () => {
  const file = join(dir, 'access.json');
  writeFileSync(
    file,
    JSON.stringify({
      tokens: Object.entries(tokens).map(([role, token]) => ({
        name: role,
        role,
        scope: '330110',
        hash: hashToken(token),
      })),
    }),
  );
  [browser, server] = await Promise.all([takeChromium(), startServer({ ACCESS_FILE: file })]);
  const now = Date.now();
  // Every town has some, with names as long as they come.
  const events = loadPack('330110').towns.flatMap(({ code }, town) =>
    Array.from({ length: 1 + ((town * 7) % 12) }, (_, i) =>
      raised(now - (1 + i) * 3_600_000 * (1 + (town % 5)), {
        alertId: `B${town}-${i}`,
        town: code,
        tier: (['red', 'orange', 'yellow'] as const)[(town + i) % 3]!,
        enterprise: { name: `某某某某某某某某建筑安装劳务分包工程有限责任公司第${town}分公司` },
        workers: 93,
        amountFen: 26_258_000_00,
        industry: (['E', 'C', 'H', 'F', 'I'] as const)[i % 5]!,
      }),
    ),
  );
  await send(...events);
  await send(event('wage.wages.recovered', now - 1_000, { alertId: 'B1-0', amountFen: 51_300_000, workers: 51 }));
  await until('all are counted', async () => (await raisedNow()) === events.length);
  const answer = await ask('leader', 'briefings', { scope: '330110', window: '30d', title: '区长周例会' });
  made = (await answer.json()) as Briefing;
  expect(answer.status).toBe(201);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(dir, { recursive: true });
});

interface Opening {
  width?: number;
  height?: number;
  who?: keyof typeof tokens;
  hasTouch?: boolean;
}
async function openPage(
  path: string,
  { width = 1920, height = 1080, who = 'leader', hasTouch = false }: Opening = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height },
    hasTouch,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  faults = watchPage(page, server.url);
  // Signed in, so that the page's line is let in, too.
  await page.request.post(`${server.url}/api/v1/access/session`, {
    data: { token: tokens[who] },
    headers: { 'x-wagewatch': '1' },
  });
  await page.goto(`${server.url}${path}`);
  return page;
}
const openDeck = async (query = '', options: Opening = {}) => {
  const page = await openPage(`/briefing/${made.id}${query}`, options);
  await page.waitForSelector('.tile.on');
  return page;
};
const pageNow = (page: Page) => page.getAttribute('.briefing', 'data-page');
/** The page that can be seen, by name. */
const seen = (page: Page) =>
  page.$$eval('[data-tile]', (tiles) =>
    tiles
      .filter((tile) => getComputedStyle(tile).visibility === 'visible')
      .map((tile) => (tile as HTMLElement).dataset['tile']),
  );

describe('a briefing', () => {
  it('turns by keys and by touch, and goes black and back', async () => {
    const page = await openDeck('?theme=day', { hasTouch: true });
    expect(await seen(page)).toEqual(['cover']);
    for (const [key, name] of [
      ['ArrowRight', 'situation'],
      ['PageDown', 'map'],
      ['Space', 'towns'],
      ['ArrowLeft', 'map'],
      ['PageUp', 'situation'],
      ['End', 'outlook'],
      ['ArrowRight', 'outlook'],
      ['Home', 'cover'],
    ] as const) {
      await page.keyboard.press(key);
      expect(await seen(page), key).toEqual([name]);
    }
    const swipe = (from: number, to: number) =>
      page.evaluate(
        ([a, b]) => {
          const target = document.querySelector('.deck')!;
          const touch = (x: number) => new Touch({ identifier: 1, target, clientX: x, clientY: 500 });
          const init = { bubbles: true };
          target.dispatchEvent(
            new TouchEvent('touchstart', { ...init, touches: [touch(a!)], changedTouches: [touch(a!)] }),
          );
          target.dispatchEvent(new TouchEvent('touchend', { ...init, touches: [], changedTouches: [touch(b!)] }));
        },
        [from, to],
      );
    await swipe(1_200, 600);
    await page.waitForFunction(() => document.querySelector('.briefing')!.getAttribute('data-page') === '2');
    await swipe(600, 1_200);
    await page.waitForFunction(() => document.querySelector('.briefing')!.getAttribute('data-page') === '1');
    await page.keyboard.press('b');
    await page.waitForSelector('.blackout');
    await page.keyboard.press('b');
    await page.waitForSelector('.blackout', { state: 'detached' });
    await page.keyboard.press('o');
    await page.waitForSelector('.overview');
    expect(await seen(page)).toHaveLength(PAGES);
    // What has nothing to show is named there, and nowhere else.
    expect(await page.innerText('[data-left-out]')).toMatch(/工资专户、较上一份汇报的变化$/);
    await page.click('[data-tile="loop"]');
    await page.waitForSelector('.briefing:not(.overview)');
    expect(await seen(page)).toEqual(['loop']);
    expect(new URL(page.url()).searchParams.get('page')).toBe('6');
    await page.reload();
    await page.waitForSelector('.tile.on');
    expect(await seen(page)).toEqual(['loop']);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('stays as it was frozen while events come; live does not', async () => {
    const page = await openDeck('?page=2&theme=day');
    const live = await openPage('/briefing/live?scope=330110&window=30d&page=2&theme=day');
    await live.waitForSelector('[data-figure="raised"]');
    const figure = (of: Page) => of.innerText('[data-figure="raised"] b');
    const before = await figure(page);
    expect(await figure(live)).toBe(before);
    expect(await page.innerText('.tile.on [data-state]')).toBe('冻结');
    expect(await live.innerText('.tile.on [data-state]')).toBe('实时');
    const n = await raisedNow();
    await send(raised(Date.now(), { alertId: 'LATER', tier: 'red', enterprise: { name: '某后来公司' } }));
    await live.waitForFunction(
      (text) => document.querySelector('[data-figure="raised"] b')!.textContent !== text,
      before,
    );
    expect(await figure(live)).toBe(String(n + 1));
    await page.reload();
    await page.waitForSelector('[data-figure="raised"]');
    expect(await figure(page)).toBe(before);
    // What a figure opens is the list as frozen; Back returns to the page.
    await page.click('[data-figure="raised"]');
    await page.waitForSelector('[data-total]');
    expect(await page.innerText('[data-total]')).toBe(before);
    expect(await page.innerText('aside')).not.toContain('某后来公司');
    await page.goBack();
    await page.waitForSelector('aside', { state: 'detached' });
    expect(await pageNow(page)).toBe('2');
    await live.click('[data-figure="raised"]');
    await live.waitForSelector('[data-total]');
    expect(await live.innerText('aside')).toContain('某后来公司');
    await page.context().close();
    await live.context().close();
  });

  it.each(
    few(4, [
      [1920, 1080, 'zh-CN', 20],
      [1366, 768, 'zh-CN', 14],
      [1400, 1050, 'en', 14],
      [1180, 820, 'zh-CN', 12],
      [1920, 1080, 'en', 20],
      [3840, 2160, 'zh-CN', 40],
    ] as const),
  )('has no text that is small, cut, or on another at %s × %s in %s', async (width, height, lang, least) => {
    const page = await openDeck(`?theme=day&lang=${lang}`, { width, height });
    await page.evaluate(() => document.fonts.ready);
    const wrong: string[] = [];
    for (let i = 0; i < PAGES; i++) {
      const [name] = await seen(page);
      wrong.push(...(await page.evaluate(textFaults, least)).map((fault) => `${name}: ${fault}`));
      await page.keyboard.press('ArrowRight');
    }
    expect(wrong).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it.each([
    [1920, 1080],
    [1180, 820],
  ])('holds whatever people write, words without an end and emoji, at %s × %s', async (width, height) => {
    const wrong: string[] = [];
    for (const sign of ['W', '👷']) {
      const frozen = await ask('leader', 'briefings', {
        scope: '330110',
        window: '30d',
        title: sign.repeat(MAX_TITLE),
      });
      const { id, pages } = (await frozen.json()) as Briefing;
      const written = pages.map((one) => ({ ...one, heading: sign.repeat(MAX_HEADING), remark: sign.repeat(200) }));
      const kept = await ask('leader', `briefings/${id}`, { pages: written }, undefined, 'PUT');
      expect(kept.status).toBe(200);
      const page = await openPage(`/briefing/${id}?theme=day`, { width, height });
      await page.waitForSelector('.tile.on');
      await page.evaluate(() => document.fonts.ready);
      const note = (where: string, found: string[]) => {
        wrong.push(...found.map((fault) => `${sign} ${where}: ${fault}`));
      };
      const pagesOn = Number(await page.getAttribute('.briefing', 'data-pages'));
      for (let i = 0; i < pagesOn; i++) {
        await page.waitForTimeout(100);
        const [name] = await seen(page);
        note(name!, await page.evaluate(textFaults, 0));
        await page.keyboard.press('ArrowRight');
      }
      await page.keyboard.press('o');
      note('overview', await page.evaluate(outsideTexts, '.pick'));
      await page.goto(`${server.url}/briefing/${id}/presenter?theme=day`);
      await page.waitForSelector('[data-notes]');
      note('presenter', await page.evaluate(outsideTexts, '.then > h2, .notes'));
      note('presenter', await page.evaluate(() => (document.documentElement.scrollWidth > innerWidth ? ['wide'] : [])));
      await page.goto(`${server.url}/briefing?theme=day`);
      await page.waitForSelector('[data-briefing]');
      note('list', await page.evaluate(outsideTexts, '#app'));
      expect((await ask('leader', `briefings/${id}`, undefined, undefined, 'DELETE')).status).toBe(204);
      await page.context().close();
    }
    expect(wrong).toEqual([]);
  });

  it.each(
    few(3, [
      [1920, 1080, 'zh-CN', ''],
      [820, 1180, 'zh-CN', ''],
      [820, 1180, 'en', '&present=on'],
      [1920, 1200, 'en', '&present=on'],
      [1400, 1050, 'zh-CN', ''],
      [820, 1180, 'en', ''],
    ] as const),
  )('has its footer whole while tools are there, at %s × %s in %s%s', async (width, height, lang, mode) => {
    const page = await openDeck(`?theme=day&page=2&lang=${lang}${mode}`, { width, height });
    await page.waitForSelector(mode ? '[data-used]' : '[data-present]', { state: 'attached' });
    const covered = async () => {
      await page.mouse.move(300, 300);
      await page.mouse.move(310, 310);
      await page.waitForSelector('.tools.there');
      await page.waitForTimeout(300);
      return page.evaluate(() => {
        const footer = document.querySelector('.tile.on footer')!;
        const { top, bottom } = footer.getBoundingClientRect();
        const bars = [...document.querySelectorAll('.tools, .present .row')];
        const over = bars.filter((bar) => {
          const box = bar.getBoundingClientRect();
          const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
          return (
            box.left < 0 ||
            !bar.contains(document.elementFromPoint(x, y)) ||
            (box.top < bottom - 1 && box.bottom > top + 1)
          );
        });
        const cut = [
          ...footer.querySelectorAll<HTMLElement>('[data-moment], [data-state], [data-demo], [data-number]'),
        ];
        return [
          ...over.map((bar) => `${bar.className} lies on it, or outside`),
          ...cut.filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => `${one.innerText}: cut`),
        ];
      });
    };
    expect(await covered()).toEqual([]);
    if (!mode) {
      await page.keyboard.press('t');
      await page.waitForSelector('[data-track]');
      expect(await covered()).toEqual([]);
    }
    await page.context().close();
  });

  it.each(few(1, ['zh-CN', 'en']))(
    'held upright, has a map as wide as the page, and lines that are short, in %s',
    async (lang) => {
      const page = await openDeck(`?theme=day&page=2&lang=${lang}`, { width: 820, height: 1180 });
      await page.evaluate(() => document.fonts.ready);
      await page.waitForTimeout(300);
      const { width, height, longest } = await page.evaluate(() => {
        const map = document.querySelector('.tile.on svg.map')!;
        const box = map.getBoundingClientRect();
        const towns = [...map.querySelectorAll('.area')].map((area) => area.getBoundingClientRect());
        const across = Math.max(...towns.map(({ right }) => right)) - Math.min(...towns.map(({ left }) => left));
        const lines = [...map.querySelectorAll('line')].map((line) => {
          const { width, height } = line.getBoundingClientRect();
          return Math.hypot(width, height) / across;
        });
        return { width: box.width, height: box.height, longest: Math.max(0, ...lines) };
      });
      expect(width).toBeGreaterThan(700);
      expect(height).toBeGreaterThanOrEqual(320);
      expect(longest).toBeLessThanOrEqual(1 / 3);
      await page.context().close();
    },
  );

  /** Opens the briefing with other cases and stages than it has. */
  const openChanged = async (
    query: string,
    change: (content: BriefingAnswer['content']) => void,
    options: Opening = {},
  ) => {
    const page = await openPage('/briefing?theme=day', options);
    await page.route(`**/api/v1/briefings/${made.id}*`, async (route) => {
      const answer = await route.fetch();
      const briefing = (await answer.json()) as BriefingAnswer;
      change(briefing.content);
      await route.fulfill({ response: answer, json: briefing });
    });
    await page.goto(`${server.url}/briefing/${made.id}${query}`);
    await page.waitForSelector('.tile.on');
    return page;
  };

  it.each([
    ['zh-CN', '还剩 15 分', '还剩 1 天', '超期 1 小时', /到期$/],
    ['en', '15 min left', '1 d left', 'Overdue 1 h', /^Due /],
  ])('says of what is due within a day how long is left, in %s', async (lang, soon, day, late, later) => {
    const page = await openChanged(`?theme=day&page=2&lang=${lang}`, (content) => {
      // Terms count from the minute that has begun.
      const at = Math.floor(Date.parse(content.at) / 60_000) * 60_000;
      [15, 24 * 60, -60, 25 * 60].forEach((minutes, i) => {
        content.cases[i]!.dueAt = new Date(at + minutes * 60_000).toISOString();
      });
    });
    const found = await page.$$eval('.tile.on [data-due]', (all) => all.map((one) => one.textContent));
    expect(found.slice(0, 3)).toEqual([soon, day, late]);
    expect(found[3]).toMatch(later);
    const grounds = await page.$$eval('.tile.on [data-due]', (all) =>
      all.map((one) => [getComputedStyle(one).borderTopWidth !== '0px', getComputedStyle(one).backgroundColor]),
    );
    const clear = 'rgba(0, 0, 0, 0)';
    expect(grounds[0]).toEqual([true, clear]);
    expect(grounds[2]![1]).not.toBe(clear);
    expect(grounds[3]).toEqual([false, clear]);
    await page.context().close();
  });

  it('draws how much of a stage is overdue, and figures of stages on one line', async () => {
    const options = { width: 820, height: 1180 };
    const page = await openChanged(
      '?theme=day&page=6&lang=en',
      ({ frame }) => {
        frame.byStage = { raised: 5, accepted: 3 };
        frame.overdueByStage = { raised: 3 };
      },
      options,
    );
    const parts = await page.$$eval('.tile.on [data-late]', (all) =>
      all.map((one) => {
        const [part, whole] = [one.getBoundingClientRect(), one.parentElement!.getBoundingClientRect()];
        return [
          one.closest<HTMLElement>('[data-stage]')!.dataset['stage'],
          part.height / whole.height,
          whole.bottom - part.bottom,
        ];
      }),
    );
    expect(parts).toEqual([['raised', expect.closeTo(0.6, 2), expect.closeTo(0, 0)]]);
    expect(await page.innerText('.tile.on .legend')).toBe('of them overdue');
    const lines = await page.$$eval('.tile.on .tile b', (all) => all.map((one) => one.getBoundingClientRect().bottom));
    expect(lines).toHaveLength(5);
    expect(Math.max(...lines) - Math.min(...lines)).toBeLessThan(1);
    await page.context().close();
  });

  it('draws quotes of English as wide as those of English', async () => {
    const page = await openDeck('?theme=day&lang=en&page=5');
    await page.evaluate(() => document.fonts.ready);
    const wide = await page.evaluate(async () => {
      const heading = document.querySelector('.tile.on h1')!;
      heading.textContent = '“’”';
      const range = document.createRange();
      range.selectNodeContents(heading);
      // The font comes once it is needed.
      range.getBoundingClientRect();
      await document.fonts.ready;
      return range.getBoundingClientRect().width / parseFloat(getComputedStyle(heading).fontSize);
    });
    expect(wide).toBeLessThan(1.5);
    await page.context().close();
  });

  it.each(['day', 'night'])('can be read by whoever uses a reader, in the theme %s', async (theme) => {
    const page = await openDeck(`?theme=${theme}&page=2`);
    expect(await axeFaults(page)).toEqual([]);
    await page.context().close();
  });

  it('prints as many sheets as it has pages, A4 landscape, in light colours', async () => {
    const page = await openDeck('?theme=night');
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(PAGES);
    const boxes = [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)];
    expect(boxes.length).toBeGreaterThan(0);
    for (const [, width, height] of boxes) {
      expect(Number(width)).toBeCloseTo(842, -1);
      expect(Number(height)).toBeCloseTo(595, -1);
    }
    await page.emulateMedia({ media: 'print' });
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'day');
    await page.emulateMedia({ media: 'screen' });
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'night');
    await page.context().close();
  });

  it('is made, edited, listed and removed on the page', async () => {
    const page = await openPage('/briefing?theme=day');
    await page.waitForSelector('[data-briefing]');
    await page.fill('.wide input', '某次例会');
    await page.click('.make button[type="submit"]');
    await page.waitForSelector('.tile.on');
    await page.mouse.move(400, 400);
    await page.click('.tools button:nth-of-type(4)');
    await page.click('dialog fieldset:nth-of-type(1) input[type="checkbox"]');
    await page.fill('dialog fieldset:nth-of-type(2) .input >> nth=1', '请专班说明');
    await page.click('dialog button[type="submit"]');
    await page.waitForSelector('dialog', { state: 'detached' });
    // There is one before it now, so that it says what has changed; the cover is off.
    expect(await page.getAttribute('.briefing', 'data-pages')).toBe(String(PAGES + 1 - 1));
    expect(await page.innerText('.tile.on')).toContain('请专班说明');
    await page.goto(`${server.url}/briefing?theme=day`);
    const row = page.locator('[data-briefing]', { hasText: '某次例会' });
    await row.locator('button').click();
    await row.locator('button').click();
    await row.waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('is shown to a display without names, and without what is there to present it', async () => {
    const page = await openPage(`/briefing/${made.id}`, { who: 'display' });
    await page.waitForSelector('.tile.on');
    const text = await page.evaluate(() => document.body.textContent);
    expect(text).toContain('某建筑企业');
    expect(text).not.toMatch(/某某某|区长周例会/);
    expect(await page.locator('[data-present]').count()).toBe(0);
    await page.context().close();
  });
});
