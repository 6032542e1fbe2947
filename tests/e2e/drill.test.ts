import { type Browser, type Page } from 'playwright-core';
import { takeChromium } from '../support/chromium.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TIERS } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { AlertList } from '../../contract/rest.ts';
import { BATCH, get, post, startServer, until, type RunningServer } from '../support/server.ts';
import { loadAxe, VIOLATIONS_ALONE } from './support/axe.ts';

/**
 * The wall, pressed: the list that opens counts what the pressed figure says, which the snapshot confirms. Without WebGL, which
 * takes no part in it (tests/e2e/map.test.ts presses what WebGL draws).
 */

const NOW = Date.now();
const MINUTE = 60_000;
const REGION = '330110';
const TOWNS = ['330110012', '330110001'];
const at = (minutesAgo: number) => new Date(NOW - minutesAgo * MINUTE).toISOString();
let id = 0;
const event = (type: string, minutesAgo: number, data: object) => ({
  specversion: '1.0',
  id: `e${id++}`,
  source: 'urn:drill-test',
  type,
  time: at(minutesAgo),
  data: { region: REGION, ...data },
});
/** 120 alerts of all kinds: open and closed, audited, overdue, with wages recovered, in two towns. */
function history(): object[] {
  return Array.from({ length: 120 }, (_, n) => {
    const alertId = `D-${String(n).padStart(3, '0')}`;
    const began = 5 + n * 20;
    const events = [
      event('wage.alert.raised', began, {
        alertId,
        town: TOWNS[n % 2],
        tier: ['red', 'orange', 'yellow'][n % 3],
        industry: ['E', 'C', 'H', 'F'][n % 4],
        channel: ['petition', 'water', 'construction'][n % 3],
        enterprise: {
          name: `某${['远', '达', '盛'][n % 3]}建筑公司${n % 40}`,
          uscc: `91330110MA2${String(n % 40).padStart(7, '0')}`,
        },
        workers: 3 + (n % 9),
        amountFen: 100_000 + n * 977,
        location: { lng: 120.0 + (n % 10) / 500, lat: 30.38 + (n % 7) / 500 },
        reasons: [
          { channel: 'petition', text: '信访 3 件', weight: 30 },
          { channel: 'water', text: '停水', weight: 12 },
        ],
      }),
    ];
    if (n % 4 !== 0)
      events.push(
        event('wage.alert.dispatched', began - 1, {
          alertId,
          platform: 'four-platforms',
          unit: '良渚中队',
          ...(n % 5 === 0 ? { dueAt: at(began - 2) } : {}),
        }),
      );
    if (n % 4 >= 2) {
      events.push(
        event('wage.alert.accepted', began - 2, { alertId, unit: '良渚中队' }),
        event('wage.alert.handled', began - 3, { alertId, outcome: '已约谈' }),
      );
      events.push(event('wage.alert.audited', began - 4, { alertId, verdict: n % 3 ? 'effective' : 'false-alarm' }));
    }
    if (n % 4 === 3) {
      events.push(
        event('wage.wages.recovered', began - 4, { alertId, amountFen: 50_000 + n, workers: 2 }),
        event('wage.alert.closed', began - 5, { alertId }),
      );
    }
    if (n === 6) events.push(event('wage.alert.amended', began - 2, { alertId, workers: 99, reason: '现场核实' }));
    return events;
  }).flat();
}

let server: RunningServer;
let browser: Browser;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  server = await startServer();
  expect((await post(server.url, history(), BATCH)).status).toBe(202);
  await until('all are counted', async () => (await frame()).totals.raised === 120);
  browser = await takeChromium();
  await openWall();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(() => {
  faults.length = 0;
});
// What fails leaves a level open, at a size and in a language of its own: that is not for the next test to find.
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await page.context().close();
  await openWall();
});

/** The wall on a page of its own, as each test finds it. */
async function openWall(): Promise<void> {
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, reducedMotion: 'reduce' });
  page.setDefaultTimeout(120_000);
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(`${server.url}/wall?quality=low&rotate=off`);
  await page.locator('[data-headline="raised"]').waitFor();
  await page.locator('[data-slot="stages"] .press').first().waitFor();
}

const frame = (window = '30d') => get<Frame>(server.url, `/api/v1/snapshot?window=${window}`);
/** The total over the list that is open. */
async function total(): Promise<number> {
  await page.locator('.layer [data-total]').waitFor();
  return Number(await page.locator('.layer [data-total]').getAttribute('data-total'));
}
/** What axe-core finds wrong with the layer. */
async function barriers(): Promise<string[]> {
  await loadAxe(page);
  return page.evaluate(async (options) => {
    const { axe } = window as unknown as {
      axe: {
        run(
          root: string,
          options: object,
        ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    return (await axe.run('.layer', options)).violations.map(
      ({ id: rule, nodes }) => `${rule}: ${nodes[0]!.html.slice(0, 200)} ${nodes[0]!.failureSummary}`,
    );
  }, VIOLATIONS_ALONE);
}
/** Goes to an address within the program, as its links do; that an address opens the same when it is loaded is a test of its own. */
async function go(path: string): Promise<void> {
  await page.evaluate(
    (to) => {
      window.history.pushState(null, '', to);
      window.dispatchEvent(new PopStateEvent('popstate', { state: null }));
    },
    `/wall${path}${path.includes('?') ? '&' : '?'}quality=low&rotate=off`,
  );
}
async function toWall(): Promise<void> {
  await page.keyboard.press('Escape');
  await page.waitForURL((url) => url.pathname === '/wall');
  await page.locator('.layer').waitFor({ state: 'detached' });
}

describe('a pressed figure', () => {
  const audited = (row: { effective: number; falseAlarm: number } | undefined) =>
    row ? row.effective + row.falseAlarm : 0;
  const gravest = (now: Frame) =>
    Object.values(now.byTown).reduce((found, row) => {
      const tier = TIERS.find((code) => (row.tiers[code] ?? 0) !== (found.tiers[code] ?? 0));
      return tier && (row.tiers[tier] ?? 0) > (found.tiers[tier] ?? 0) ? row : found;
    });
  /** Name, what is pressed, its figure, and which of the turning pages it is on. */
  const PRESSES: [string, string, (now: Frame) => number, number?][] = [
    ['a tier', '[data-slot="pages"] .page .press >> nth=0', (now) => now.byTier.red!.open, 0],
    ['the gravest town', '[data-slot="towns"] .press >> nth=0', (now) => gravest(now).open],
    [
      'an industry',
      '[data-slot="pages"] .page .press >> nth=0',
      (now) => Math.max(...Object.values(now.byIndustry).map((row) => row.raised)),
      1,
    ],
    [
      'a channel',
      '[data-slot="sources"] .press >> nth=0',
      (now) => Math.max(...Object.values(now.byChannel).map((row) => row.raised)),
    ],
    ['a stage', '[data-slot="stages"] .press >> nth=0', (now) => now.byStage!.raised!],
    ['what was closed', '[data-slot="stages"] .result >> nth=0', (now) => now.totals.closed],
    ['what is overdue', '[data-headline="overdue"] .main', (now) => now.totals.overdue!],
    ['what is overdue, in the agenda', '[data-group="overdue"] .head', (now) => now.totals.overdue!],
    ['all that is open', '[data-headline="open"] .main', (now) => now.totals.open],
    ['the tier beneath it', '[data-headline="open"] .tier >> nth=0', (now) => now.byTier.red!.open],
    ['the headline', '[data-headline="raised"] .main', (now) => now.totals.raised],
    ['the success rate', '[data-headline="successRate"] .main', (now) => audited(now.totals)],
  ];
  it.each(PRESSES)('%s opens the very alerts behind it', async (_, selector, figure, turned) => {
    if (turned !== undefined) await page.locator(`[data-slot="pages"] .dot >> nth=${turned}`).click();
    await page.locator(selector).click();
    const expected = figure(await frame());
    expect(expected).toBeGreaterThan(0);
    expect(await total()).toBe(expected);
    await page.locator('.layer [role="row"][data-alert]').first().waitFor();
    expect(Number(await page.locator('.layer [role="grid"]').getAttribute('aria-rowcount'))).toBe(expected + 1);
    await toWall();
    expect(faults).toEqual([]);
  });

  it('of employers counts employers', async () => {
    await page.locator('[data-headline="enterprisesPaid"]').click();
    const { totals } = await frame();
    await page.locator('.layer [data-enterprises]').waitFor();
    expect(Number(await page.locator('.layer [data-enterprises]').getAttribute('data-enterprises'))).toBe(
      totals.enterprisesPaid,
    );
    await toWall();
  });

  it('of a point on the map is the very alert', async () => {
    const canvas = page.locator('.overlay > canvas');
    await canvas.waitFor();
    // The middle of the first symbol in the red of red alerts, which are drawn over all others.
    const spot = () =>
      canvas.evaluate((element) => {
        const { width, height, clientWidth } = element as HTMLCanvasElement;
        const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
        for (let i = 0; i < data.length; i += 4) {
          if (data[i] !== 255 || data[i + 1] !== 77 || data[i + 2] !== 94 || data[i + 3] !== 255) continue;
          const scale = clientWidth / width;
          return { x: ((i / 4) % width) * scale, y: Math.floor(i / 4 / width) * scale + 2 };
        }
        return undefined;
      });
    await until('a red alert is drawn', async () => (await spot()) !== undefined);
    await canvas.click({ position: (await spot())!, force: true });
    await page.waitForURL(/\/wall\/alerts\/D-\d+/);
    const alertId = /D-\d+/.exec(page.url())![0];
    expect((await get<{ tier: string }>(server.url, `/api/v1/alerts/${alertId}`)).tier).toBe('red');
    await toWall();
  });

  it('of a heat cell is the number of alerts raised in it', async () => {
    const { heat } = await frame();
    const [cell, n] = Object.entries(heat).sort((a, b) => b[1] - a[1])[0]!;
    // Heat is shown when it is asked for; the hottest cell comes first.
    await page.locator('[data-sign="heat-button"] button').click();
    await page.locator('[data-slot="map"] [data-cell]').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/wall/alerts' && heat[url.searchParams.get('h3')!] === n);
    expect(await total()).toBe(n);
    await toWall();
    await go(`/alerts?of=raised&h3=${cell}`);
    expect(await total()).toBe(n);
    await toWall();
  });
});

describe('levels, by URL and by keyboard', () => {
  it('go down to the alert and its enterprise, and back again to the very row', async () => {
    await page.locator('[data-headline="raised"] .main').press('Enter');
    const grid = page.locator('.layer [role="grid"]');
    await grid.locator('[role="row"][data-alert]').first().waitFor();
    expect(await grid.evaluate((element) => element === document.activeElement)).toBe(true);
    for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowDown');
    const row = grid.locator('[role="row"][aria-selected="true"]');
    const alertId = (await row.getAttribute('data-alert'))!;
    const expected = await get<AlertList>(server.url, '/api/v1/alerts?measure=raised&window=30d&limit=40');
    expect(alertId).toBe(expected.items[30]!.alertId);
    const scrolled = await grid.evaluate((element) => element.scrollTop);
    expect(scrolled).toBeGreaterThan(0);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/wall/alerts/${alertId}?*`);
    await page.locator('.layer .loop li').first().waitFor();
    expect(await page.locator('.layer [aria-current="page"]').textContent()).toContain(alertId);
    await page.locator('.layer .enterprise .more').first().click();
    await page.waitForURL('**/wall/enterprises/*');
    await page.locator('.layer .sources li').first().waitFor();
    await page.locator('.layer [data-story] .events li').first().waitFor();
    expect(await barriers()).toEqual([]);
    await page.goBack();
    await page.waitForURL(`**/wall/alerts/${alertId}?*`);
    await page.goBack();
    await page.waitForURL('**/wall/alerts?*');
    await expect.poll(() => grid.evaluate((element) => element.scrollTop)).toBe(scrolled);
    expect(await row.getAttribute('data-alert')).toBe(alertId);
    await toWall();
    expect(
      await page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-headline]')?.dataset.headline),
    ).toBe('raised');
    expect(faults).toEqual([]);
  });

  it('can be sent on: a link opens the level, filters and all, and Esc leads to the wall', async () => {
    await page.goto(
      `${server.url}/wall/alerts?of=all&tier=red,orange&industry=E&q=${encodeURIComponent('建筑')}&sort=amount&quality=low&rotate=off`,
    );
    const expected = await get<AlertList>(
      server.url,
      `/api/v1/alerts?tier=red&tier=orange&industry=E&q=${encodeURIComponent('建筑')}&sort=amount`,
    );
    expect(await total()).toBe(expected.total);
    await expect
      .poll(() => page.locator('.layer [role="row"][data-alert]').first().getAttribute('data-alert'))
      .toBe(expected.items[0]!.alertId);
    await page.locator('.layer [role="row"][data-alert]').first().click();
    await page.waitForURL('**/wall/alerts/D-*');
    await toWall();
  });

  it('tell an alert: amendments with who and why, reasons, what is near', async () => {
    await go('/alerts/D-006');
    await page.locator('.layer .amendments li').waitFor();
    const said = await page.locator('.layer .amendments').textContent();
    for (const part of ['现场核实', 'urn:drill-test', '99']) expect(said).toContain(part);
    expect(await page.locator('.layer .reasons li').count()).toBe(2);
    await page.locator('.layer .near button').first().waitFor();
    expect(await barriers()).toEqual([]);
    await toWall();
  });

  it('fit the screen, upright and wide: the short lists have as many rows as there is room for', async () => {
    const sizes = [
      { width: 1080, height: 1920 },
      { width: 1920, height: 1080 },
    ];
    for (const size of sizes) {
      await page.setViewportSize(size);
      await go('/alerts/D-006');
      await page.locator('.layer .near button').nth(1).waitFor();
      await expect
        .poll(() => page.locator('.layer [data-focus]').evaluate((level) => level.scrollHeight - level.clientHeight))
        .toBeLessThanOrEqual(1);
      await toWall();
    }
  });

  it('never break a code over two lines, and say how much is below the fold', async () => {
    const uscc = '91330110MA20000006';
    await go('/alerts/D-006');
    for (const [width, height] of [
      [1920, 1080],
      [1366, 768],
      [1080, 1920],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.locator('.layer .near button').nth(1).waitFor();
      const codes = await page.locator('.layer .facts .code').evaluateAll((found) =>
        found.map((code) => {
          const range = document.createRange();
          range.selectNodeContents(code);
          return {
            text: code.textContent,
            lines: range.getClientRects().length,
            cut: code.scrollWidth > code.clientWidth,
          };
        }),
      );
      expect(codes.map(({ text, ...box }) => ({ ...box, text: text.replace(/[\u2066-\u2069]/g, '') }))).toEqual([
        { text: 'D-006', lines: 1, cut: false },
        { text: uscc, lines: 1, cut: false },
      ]);
    }
    // So little room that something is below: as many parts as are not wholly in sight, and none at the end of the page.
    await page.setViewportSize({ width: 1366, height: 768 });
    const small = await page.addStyleTag({ content: '.layer .levels { flex: none; height: 40%; }' });
    const article = page.locator('.layer [data-focus]');
    const below = () => page.locator('.layer [data-focus] > .fold').getAttribute('data-below');
    const hidden = () =>
      article.evaluate((element) => {
        const edge = element.getBoundingClientRect().bottom;
        const parts = [...element.querySelectorAll('[data-part]')];
        return parts.filter((part) => part.getBoundingClientRect().bottom > edge + 2).length;
      });
    await expect.poll(async () => Number(await below()) > 0 && Number(await below()) === (await hidden())).toBe(true);
    await page.locator('.layer [data-focus] > .fold button').click();
    await expect.poll(() => article.evaluate((element) => element.scrollTop)).toBeGreaterThan(0);
    await article.evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    await expect.poll(below).toBe('0');
    await small.evaluate((element) => (element as Element).remove());
    await page.setViewportSize({ width: 1920, height: 1080 });
    await toWall();
    expect(faults).toEqual([]);
  });

  it('show where an alert is at the scale of a kilometre, with rings and the open alerts around it', async () => {
    await go('/alerts/D-006');
    await page.locator('[data-place] [data-ring="1000"]').waitFor();
    await page.locator('[data-place] [data-near]').first().waitFor();
    const { items } = await get<{ items: { stage: string; metres: number }[] }>(
      server.url,
      '/api/v1/alerts/D-006/neighbours?metres=1000&limit=200',
    );
    const open = items.filter(({ stage }) => stage !== 'closed');
    expect(open.length).toBeGreaterThan(0);
    expect(await page.locator('[data-place] .foot').textContent()).toContain(String(open.length));
    const picture = await page.locator('[data-place]').evaluate((place) => {
      const box = place.getBoundingClientRect();
      const rings = [...place.querySelectorAll('[data-ring]')].map((ring) => ring.getBoundingClientRect());
      return {
        inside: rings.every(
          (ring) =>
            ring.left >= box.left && ring.right <= box.right && ring.top >= box.top && ring.bottom <= box.bottom,
        ),
        ratio: rings[1]!.width / rings[0]!.width,
        share: rings[1]!.width / Math.min(box.width, box.height),
        labels: [...place.querySelectorAll('.distance')].map((label) => label.textContent.trim()),
        // Nobody is drawn outside the ring who was asked for inside it.
        outside: [...place.querySelectorAll('[data-near] path')].filter((mark) => {
          const { left, width, top, height } = mark.getBoundingClientRect();
          const ring = rings[1]!;
          const away = Math.hypot(
            left + width / 2 - ring.left - ring.width / 2,
            top + height / 2 - ring.top - ring.height / 2,
          );
          return away > ring.width / 2 + height / 2;
        }).length,
      };
    });
    expect(picture).toMatchObject({ inside: true, labels: ['500 米', '1 公里'], outside: 0 });
    expect(picture.ratio).toBeCloseTo(2, 1);
    expect(picture.share).toBeGreaterThan(0.8);
    await toWall();
  });

  it('have no ring of focus until somebody uses keys', async () => {
    const fresh = await browser.newPage({ viewport: { width: 1366, height: 768 }, reducedMotion: 'reduce' });
    const outline = () =>
      fresh.evaluate(() => {
        const { outlineColor, outlineStyle } = getComputedStyle(document.activeElement!);
        return outlineStyle === 'none' || outlineColor === 'rgba(0, 0, 0, 0)' ? 'none' : 'ring';
      });
    for (const path of ['alerts?of=open', 'alerts/D-006', 'enterprises/91330110MA20000006']) {
      await fresh.goto(`${server.url}/wall/${path}${path.includes('?') ? '&' : '?'}quality=low&rotate=off`);
      await fresh.waitForFunction(() => document.activeElement?.matches('.layer [role="grid"], .layer [data-focus]'));
      expect(await outline()).toBe('none');
    }
    // What was being read takes the focus with it when it is there.
    await fresh.waitForFunction(() => document.activeElement?.matches('.layer [data-focus]:not([aria-busy="true"])'));
    await fresh.keyboard.press('ArrowDown');
    await expect.poll(outline).toBe('ring');
    await fresh.close();
  });

  it('return to the wall by themselves when left alone', async () => {
    const alone = await browser.newPage({ viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });
    await alone.clock.install();
    await alone.goto(`${server.url}/wall/alerts?of=open&quality=low&rotate=off`);
    await alone.locator('.layer [data-total]').waitFor();
    await alone.clock.fastForward(50_000);
    expect(new URL(alone.url()).pathname).toBe('/wall/alerts');
    await alone.keyboard.press('ArrowDown');
    await alone.clock.fastForward(50_000);
    expect(new URL(alone.url()).pathname).toBe('/wall/alerts');
    await alone.clock.fastForward(15_000);
    await alone.waitForURL((url) => url.pathname === '/wall');
    await alone.close();
  });
});

describe('a live list', () => {
  it('lets new alerts wait until they are asked for', async () => {
    await go('/alerts?of=open&tier=yellow');
    const before = await total();
    const first = page.locator('.layer [role="row"][data-alert]').first();
    const top = await first.getAttribute('data-alert');
    expect(await barriers()).toEqual([]);
    await post(
      server.url,
      [
        event('wage.alert.raised', 0, {
          alertId: 'NEW-1',
          town: TOWNS[0],
          tier: 'yellow',
          industry: 'E',
          channel: 'petition',
          enterprise: { name: '某新公司' },
          workers: 1,
          amountFen: 1,
        }),
      ],
      BATCH,
    );
    const places = () =>
      page.locator('.layer [role="row"]').evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top));
    const still = await places();
    await page.locator('.layer .waiting').waitFor();
    expect(await first.getAttribute('data-alert')).toBe(top);
    // What waits neither covers a row, or the head, nor moves one.
    expect(await places()).toEqual(still);
    for (const size of [
      { width: 1920, height: 1080 },
      { width: 1366, height: 768 },
      { width: 1080, height: 1920 },
    ]) {
      await page.setViewportSize(size);
      const covered = await page.evaluate(() => {
        const pill = document.querySelector('.layer .waiting')!.getBoundingClientRect();
        const others = document.querySelectorAll('.layer [role="row"], .layer .export, .layer .filters > *, .layer h2');
        return [...others].filter((other) => {
          const box = other.getBoundingClientRect();
          return box.left < pill.right && box.right > pill.left && box.top < pill.bottom && box.bottom > pill.top;
        }).length;
      });
      expect(covered).toBe(0);
    }
    await page.setViewportSize({ width: 1920, height: 1080 });
    expect(await total()).toBe(before + 1);
    await page.locator('.layer .waiting').click();
    await expect.poll(() => first.getAttribute('data-alert')).toBe('NEW-1');
    await post(server.url, [event('wage.alert.closed', 0, { alertId: 'NEW-1' })], BATCH);
    await page.locator('.layer [data-alert="NEW-1"].gone').waitFor();
    expect(await total()).toBe(before);
    await toWall();
  });
});

describe('the room of a list', () => {
  it('goes to more columns where there is more of it, no text is cut without a title, and it says how many are below', async () => {
    await go('/alerts?of=all');
    // Whoever wants no motion gets none: with the letters every size changes, of every element.
    await page.evaluate(() => {
      document.body.dataset['begun'] = '0';
      document.addEventListener('transitionrun', () => {
        document.body.dataset['begun'] = String(Number(document.body.dataset['begun']) + 1);
      });
    });
    for (const [width, height] of [
      [1920, 1080],
      [1366, 768],
      [3840, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      // In English first, and then in Chinese.
      if (width < 3840) await page.keyboard.press('l');
      if (width === 1920) await page.waitForFunction(() => document.documentElement.lang === 'en');
      await page.locator('.layer [role="row"][data-alert]').first().waitFor();
      await page.locator('.layer .c-unit').first().waitFor();
      // Columns follow the size of the screen one frame later: what counts is how they come to rest.
      const measured = () =>
        page.locator('.layer [role="grid"]').evaluate((grid) => {
          const box = grid.getBoundingClientRect();
          const rows = [...grid.querySelectorAll('[role="row"]')];
          const cells = rows.flatMap((row) => [...row.children]);
          return {
            outside: cells.filter((cell) => {
              const { left, right } = cell.getBoundingClientRect();
              return left < box.left - 1 || right > box.right + 1;
            }).length,
            cut: cells
              .filter((cell) => cell.scrollWidth > cell.clientWidth + 1 && !cell.closest('[title]'))
              .map((cell) => cell.outerHTML),
            whole: rows.filter(
              (row) => row.matches('[data-alert]') && row.getBoundingClientRect().bottom <= box.bottom + 1,
            ).length,
            all: Number(grid.getAttribute('aria-rowcount')) - 1,
          };
        });
      await expect.poll(measured).toMatchObject({ outside: 0, cut: [] });
      await expect
        .poll(async () => {
          const { all, whole } = await measured();
          return Number(await page.locator('.layer .list .fold').getAttribute('data-below')) - (all - whole);
        })
        .toBe(0);
    }
    expect(await page.getAttribute('body', 'data-begun')).toBe('0');
    await page.setViewportSize({ width: 1920, height: 1080 });
    await toWall();
  });
});

describe('a list as a file', () => {
  it.each(['csv', 'xlsx'] as const)('has all that match: %s', async (kind) => {
    const link = page.locator(`.layer .export a[href*="alerts.${kind}"]`);
    await go('/alerts?of=all&tier=red');
    const count = await total();
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`^wagewatch-alerts-\\d{8}-\\d{4}\\.${kind}$`));
    const body = Buffer.from(await (await fetch(`${server.url}${await link.getAttribute('href')}`)).arrayBuffer());
    if (kind === 'csv') expect(body.toString().trim().split('\r\n')).toHaveLength(count + 1);
    else expect(body.subarray(0, 2).toString()).toBe('PK');
    await toWall();
  });

  it('has what is on the screen, and in that order', async () => {
    await go('/alerts?of=all&sort=-amount');
    const grid = page.locator('.layer [role="grid"]');
    await grid.locator('[role="row"][data-alert]').first().waitFor();
    await grid.evaluate((element) => {
      element.scrollTop = 1000;
    });
    const inView = () =>
      grid.evaluate((element) => {
        const box = element.getBoundingClientRect();
        const head = element.querySelector('.head')!.getBoundingClientRect().bottom;
        return [...element.querySelectorAll<HTMLElement>('[role="row"][data-alert]')]
          .filter(
            (row) => row.getBoundingClientRect().bottom > head + 2 && row.getBoundingClientRect().top < box.bottom - 2,
          )
          .sort((a, b) => Number(a.ariaRowIndex) - Number(b.ariaRowIndex))
          .map((row) => row.dataset.alert!);
      });
    await expect.poll(async () => (await inView()).length).toBeGreaterThan(8);
    const seen = await inView();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('.layer .export [data-screen="csv"]').click(),
    ]);
    const body = Buffer.from(await (await fetch(download.url())).arrayBuffer()).toString();
    const ids = body
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[0]);
    expect(ids.join()).toContain(seen.join());
    expect(ids.length).toBeLessThanOrEqual(seen.length + 2);
  });
});

describe('a screen that may not be shown single alerts', () => {
  it('says so; one that nobody is signed in at leads to the page where one does', async () => {
    const shown = await browser.newPage({ viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });
    const answer = { status: 403 };
    await shown.route('**/api/v1/alerts*', (route) =>
      route.fulfill({
        status: answer.status,
        contentType: 'application/problem+json',
        body: JSON.stringify({ title: 'Not allowed', status: answer.status }),
      }),
    );
    await shown.goto(`${server.url}/wall/alerts?of=open&quality=low&rotate=off`);
    await shown.getByText('此屏不显示预警明细').waitFor();
    answer.status = 401;
    // It may leave before it is loaded, which would count as interrupted.
    await shown.goto(`${server.url}/wall/alerts?of=open&tier=red&quality=low&rotate=off`, { waitUntil: 'commit' });
    await shown.waitForURL(/\/login\?/);
    await shown.close();
  });
});
