import type { Browser, Page } from 'playwright-core';
import { takeChromium } from '../support/chromium.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import { event, raised } from '../support/events.ts';
import { watchPage } from '../support/harnessPage.ts';
import { get, post, SINGLE, startServer, until, type RunningServer } from '../support/server.ts';
import { faultsOfBoxes } from './boxes.ts';
import { axeFaults } from './support/axe.ts';
import { live } from './support/wall.ts';

/** The kiosk of a town office: real server, real Chromium without WebGL. */

const TOWN = '330110010';
const HOUR = 3_600_000;
const SIZES = [
  [1366, 768],
  [1280, 1024],
  [1080, 1920],
] as const;
/** What would run if a text were ever taken for markup. */
const EVIL =
  '<img src=x onerror="window.hit=1"><script>window.hit=1</script>{{constructor.constructor("window.hit=1")()}}';
let server: RunningServer;
let browser: Browser;

/** Alerts of every term: two overdue, and others due within hours or days; texts that try to be code; names as long as they come. */
function alerts(now: number): object[] {
  return Array.from({ length: 24 }, (_, n) => {
    const alertId = `K-${n}`;
    const at = now - (2 + n) * HOUR;
    const data = {
      alertId,
      town: TOWN,
      tier: (['red', 'orange', 'yellow'] as const)[n % 3]!,
      workers: 2 + n * 7,
      amountFen: 1_000_000 * (n + 1) * (n + 1),
      location: { lng: 120.03 + n / 2_000, lat: 30.37 + (n % 5) / 500 },
      enterprise: {
        name:
          // The newest and most overdue, which a wall shows in every list, and one further down.
          n === 0 || n === 3
            ? EVIL
            : n % 5 === 1
              ? '杭州某某某市政园林绿化建设工程集团股份有限公司第十二分公司'
              : '某锦程装饰工程有限公司',
      },
      ...(n % 4 === 1 ? { project: { id: 'P', name: n === 1 ? EVIL : '云城核心区安置房二期三标段' } } : {}),
      reasons: [{ channel: 'petition' as const, text: n === 3 ? EVIL : '一周内九名劳动者信访', weight: 5 }],
    };
    const dueAt = toRfc3339(now + [-30, -2, 0.5, 20, 70, 400][n % 6]! * HOUR);
    return [
      raised(at, data),
      event('wage.alert.dispatched', at + 60_000, {
        alertId,
        platform: 'four-platforms',
        unit: n === 3 ? EVIL : n === 6 ? 'brigade' : '综合执法队',
        dueAt,
      }),
    ].concat(
      n === 3
        ? ([
            event('wage.alert.accepted', at + 90_000, { alertId, unit: EVIL }),
            event('wage.alert.amended', at + 95_000, { alertId, workers: 9, reason: EVIL }),
          ] as never)
        : [],
    );
  }).flat();
}

async function open(
  query: Record<string, string> = {},
  viewport = { width: 1366, height: 768 },
): Promise<{ page: Page; faults: string[]; scripts: string[] }> {
  const context = await browser.newContext({ viewport, hasTouch: true });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const { getContext } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.getContext = function asked(this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
      if (kind.includes('webgl')) Object.assign(window, { webgl: true });
      return (getContext as (...args: unknown[]) => unknown).call(this, kind, ...rest);
    } as typeof getContext;
  });
  const faults = watchPage(page, server.url);
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname);
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
  });
  await page.goto(
    `${server.url}/kiosk/${TOWN}?${new URLSearchParams({ brightness: '100', shift: 'off', ...query }).toString()}`,
  );
  await live(page);
  await page.waitForSelector('.row[data-alert]');
  await page.waitForSelector('[data-map] .own');
  return { page, faults, scripts };
}
const figure = async (page: Page, term: string) =>
  Number((await page.innerText(`[data-term="${term}"] b`)).replaceAll(',', ''));

beforeAll(async () => {
  [browser, server] = await Promise.all([takeChromium(), startServer()]);
  expect(await post(server.url, alerts(Date.now()))).toMatchObject({ status: 202, body: { rejectedTotal: 0 } });
  await until(
    'all is counted',
    async () => (await get<Frame>(server.url, `/api/v1/snapshot?scope=${TOWN}&window=30d`)).totals.open === 24,
  );
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** Boxes over one another or off the screen, targets smaller than 48 px, scroll bars. Runs in the page. */
function kioskFaults(): string[] {
  const faults: string[] = [];
  const boxes = [...document.querySelectorAll<HTMLElement>('.head, .tiles, .list, .just, .map, .trend')].map(
    (element) => ({ name: element.className, rect: element.getBoundingClientRect() }),
  );
  if (boxes.length !== 6) faults.push(`${boxes.length} boxes instead of 6`);
  boxes.forEach((a, i) => {
    if (a.rect.left < 0 || a.rect.top < 0 || a.rect.right > innerWidth + 0.5 || a.rect.bottom > innerHeight + 0.5)
      faults.push(`${a.name} leaves the screen`);
    if (a.rect.width < 100 || a.rect.height < 60) faults.push(`${a.name} has no size`);
    for (const b of boxes.slice(i + 1)) {
      if (
        Math.min(a.rect.right, b.rect.right) - Math.max(a.rect.left, b.rect.left) > 0.5 &&
        Math.min(a.rect.bottom, b.rect.bottom) - Math.max(a.rect.top, b.rect.top) > 0.5
      )
        faults.push(`${a.name} and ${b.name} overlap`);
    }
  });
  const targets = document.querySelectorAll<HTMLElement>('button, a, select, input');
  if (targets.length < 12) faults.push(`${targets.length} targets`);
  for (const target of targets) {
    const { width, height } = target.getBoundingClientRect();
    if (target.matches(':disabled')) faults.push(`${target.outerHTML.slice(0, 80)} leads nowhere`);
    if (width < 48 || height < 48) faults.push(`${target.outerHTML.slice(0, 80)} is ${width} × ${height}`);
  }
  // No hole between the list and what stands under it, nor between its rows.
  const rows = [...document.querySelectorAll('.list .row')].map((row) => row.getBoundingClientRect());
  const under = document.querySelector('.list .turn, .list .all')!.getBoundingClientRect();
  [...rows, under].slice(1).forEach((box, i) => {
    if (Math.abs(box.top - rows[i]!.bottom) > 2) faults.push(`${box.top - rows[i]!.bottom} px under row ${i}`);
  });
  // Amounts, and all else that is said, keep off the edge of their card.
  for (const card of document.querySelectorAll('.just .row, .list .row')) {
    const edge = card.getBoundingClientRect().right - 6;
    for (const text of card.querySelectorAll('.figures, .name'))
      if (text.getBoundingClientRect().right > edge) faults.push(`“${text.textContent}” is at the edge of its card`);
  }
  if (document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight)
    faults.push('the page scrolls');
  return faults;
}

describe('the kiosk', () => {
  it('has room for everything and targets for fingers at its three sizes, in both languages', async () => {
    const { page, faults } = await open();
    const found: string[] = [];
    for (const lang of ['zh-CN', 'en']) {
      if (lang === 'en') await page.click('.lang');
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(250);
        const here = [
          ...(await page.evaluate(kioskFaults)),
          ...(await page.evaluate(faultsOfBoxes, '.head, .tiles, .list, .just, .trend')),
        ];
        found.push(...here.map((fault) => `${width}×${height} ${lang}: ${fault}`));
      }
      found.push(...(await axeFaults(page)));
    }
    // A unit of the district, without the district's name, whose length would cut the rest.
    expect(await page.innerText('.list')).toContain('Labour Inspection Brigade');
    expect(await page.innerText('.list')).not.toContain('Yuhang District Labour');
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('tells the open alerts by term, opens one by touch, and goes back', async () => {
    const { page, faults, scripts } = await open();
    const frame = await get<Frame>(server.url, `/api/v1/snapshot?scope=${TOWN}&window=30d`);
    expect(await figure(page, 'all')).toBe(24);
    expect(await figure(page, 'overdue')).toBe(frame.totals.overdue);
    expect(await figure(page, 'today')).toBe(frame.totals.dueToday);
    // Who must act, from the agenda of the town.
    expect(await page.innerText('.list')).toContain('综合执法队');
    const terms = await Promise.all(['overdue', 'today', 'week', 'later'].map((term) => figure(page, term)));
    expect(terms.reduce((sum, n) => sum + n)).toBe(24);
    // No charts library, no map engine, no WebGL: it is for an old PC.
    expect(scripts.filter((path) => /drawn|theme|useStage|WallScreen|WallMap/.test(path))).toEqual([]);
    expect(await page.evaluate(() => 'webgl' in window)).toBe(false);

    await page.tap('[data-term="overdue"]');
    await page.waitForFunction(
      (count) =>
        document.querySelectorAll('.row.overdue[data-alert]').length ===
        Math.min(count, document.querySelectorAll('.row[data-alert]').length),
      terms[0]!,
    );
    await page.tap('.row[data-alert]');
    await page.waitForSelector('.layer[data-level="alert"] .loop');
    expect(new URL(page.url()).pathname).toMatch(new RegExp(`^/kiosk/${TOWN}/alerts/K-`));
    await page.tap('.layer .back');
    await page.waitForSelector('.layer', { state: 'detached' });
    expect(new URL(page.url()).pathname).toBe(`/kiosk/${TOWN}`);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('turns pages that are all full, and ends a short list where it ends', async () => {
    const { page, faults } = await open();
    const shown = () =>
      page.locator('.list .row').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.alert!));
    const seen = new Set<string>();
    const sizes: number[] = [];
    for (;;) {
      const here = await shown();
      sizes.push(here.length);
      for (const id of here) seen.add(id);
      expect(await page.evaluate(kioskFaults)).toEqual([]);
      const next = page.locator('.turn button').last();
      if (!(await next.isVisible())) break;
      await next.tap();
      await page.waitForFunction(
        (first) => document.querySelector<HTMLElement>('.list .row')?.dataset.alert !== first,
        here[0],
      );
    }
    expect(seen.size).toBe(24);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    // Upright, those of one term have room on one page: no buttons to turn it.
    await page.setViewportSize({ width: 1080, height: 1920 });
    await page.tap('[data-term="overdue"]');
    await page.waitForSelector('.list .all');
    expect(await page.locator('.turn').count()).toBe(0);
    expect(await page.evaluate(kioskFaults)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('rests, and wakes on a touch and on a new alert', async () => {
    const { page, faults } = await open({ rest: '5' });
    const rests = () => page.waitForSelector('[data-rest]', { timeout: 15_000 });
    await rests();
    expect(await page.innerText('[data-rest-figure="open"]')).toBe('24');
    expect(await axeFaults(page)).toEqual([]);
    await page.tap('[data-rest]');
    await page.waitForSelector('[data-rest]', { state: 'detached' });
    expect(await page.locator('.layer').count()).toBe(0);
    await rests();
    expect(
      await post(server.url, raised(Date.now(), { alertId: 'K-new', town: TOWN, tier: 'red' }), SINGLE),
    ).toMatchObject({ status: 202 });
    await page.waitForSelector('[data-rest]', { state: 'detached' });
    await page.waitForSelector('[data-new="K-new"]');
    await page.waitForSelector('[data-alarm="single"]');
    await page.waitForFunction(() => document.querySelector('[data-term="all"] b')?.textContent === '25');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('runs nothing that an event says, here and on the wall', async () => {
    const { page, faults } = await open();
    await page.goto(`${server.url}/kiosk/${TOWN}/alerts/K-3`);
    await page.waitForSelector('.layer[data-level="alert"] .loop');
    await page.waitForFunction(() => document.querySelector('.layer')?.textContent.includes('onerror'));
    for (const path of ['/wall/alerts/K-3', '/wall/alerts?of=all', '/wall']) {
      await page.goto(`${server.url}${path}`);
      await live(page);
      await page.waitForFunction(() => document.body.textContent.includes('onerror'));
    }
    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('says which town is unknown, and offers those there are', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${server.url}/kiosk/330110999`);
    await page.waitForFunction(() => document.body.textContent.includes('330110999'));
    await page.click('a[href="/kiosk"]');
    await page.waitForSelector(`a[href="/kiosk/${TOWN}"]`);
    await page.context().close();
  });
});
