import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { takeChromium } from '../support/chromium.ts';
import { openHarness, watchPage, type HarnessPage } from '../support/harnessPage.ts';

/**
 * The map in real Chromium, WebGL in software, built and served as the product is. Here, a pair of each kind of case; `npm
 * run test:layouts` has all of them.
 */
const LONG = process.env['LAYOUTS'] === 'long';

// window.mapHarness is typed by tests/harness/map/main.ts, which one program of types holds as well.

const CONFIG = fileURLToPath(new URL('../harness/map/vite.config.ts', import.meta.url));
let site: HarnessPage;
/** For pages that draw without WebGL: where the whole page is drawn by an emulated GPU, they take three times as long. */
let plainBrowser: Browser;
const faults: string[][] = [];

/** Software rendering on a busy machine takes its time; nothing here asserts a time. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

beforeAll(async () => {
  [site, plainBrowser] = await Promise.all([openHarness(CONFIG), takeChromium()]);
});
afterAll(async () => {
  await plainBrowser.close();
  await site.close();
});

const SMALL = { width: 740, height: 441 };
const MIDDLE = { width: 1040, height: 620 };
const LARGE = { width: 1480, height: 900 };
/** Where the size is of no matter: in the short form what software draws in half the time. */
const ANY = LONG ? MIDDLE : SMALL;

async function open(
  query: string,
  size: { width: number; height: number } = ANY,
  ratio = 1,
  browser = query.startsWith('plain') ? plainBrowser : site.browser,
): Promise<Page> {
  const context = await browser.newContext({ viewport: size, deviceScaleFactor: ratio });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  faults.push(watchPage(page, site.origin));
  await page.goto(`${site.origin}/?rem=1.74&${query}`);
  return page;
}
/** A scene takes seconds to draw: tests that want one like it and leave it as it was take the same, in turn. */
let kept: Page;
const drawn = (page: Page) => page.waitForSelector('[data-state=drawn]');
const pause = (page: Page, ms: number) => page.waitForTimeout(ms);
/** Waits until nothing has been drawn for a while, nor waits for a frame that is late, however slow the machine is. */
const quiet = (page: Page) =>
  page.evaluate(async () => {
    const { gl } = window.mapHarness;
    for (let last = -1; last !== gl.draws();) {
      last = gl.draws();
      await new Promise((resolve) => {
        setTimeout(resolve, 1200);
      });
      for (let frames = 0; frames < 2; frames++) await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
const opened = (page: Page) => page.evaluate(() => window.mapHarness.log.opened.at(-1));

/** The town places as the map says they are, CSS pixels. */
const places = (page: Page) =>
  page.$$eval('[data-town]', (all) =>
    all.map((e) => ({
      code: e.getAttribute('data-town')!,
      x: Number(e.getAttribute('data-x')),
      y: Number(e.getAttribute('data-y')),
    })),
  );

/** The picture of the ground alone, without names and points: a PNG in base64. */
async function ground(page: Page): Promise<string> {
  const style = await page.addStyleTag({ content: '.overlay { visibility: hidden }' });
  await pause(page, 300);
  const picture = (await page.screenshot()).toString('base64');
  await style.evaluate((element) => (element as Element).remove());
  return picture;
}

/** Shares of pixels that are lit in the first picture, and that differ between the two. */
function compare(page: Page, first: string, second: string): Promise<{ lit: number; different: number }> {
  return page.evaluate(
    async (pictures) => {
      const [a, b] = (await Promise.all(
        pictures.map(async (data) => {
          const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
          const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const ctx = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
          ctx.drawImage(image, 0, 0);
          return ctx.getImageData(0, 0, image.width, image.height).data;
        }),
      )) as [Uint8ClampedArray, Uint8ClampedArray];
      let lit = 0;
      let different = 0;
      for (let i = 0; i < a.length; i += 4) {
        if (a[i + 2]! > 80) lit++;
        if (Math.max(Math.abs(a[i]! - b[i]!), Math.abs(a[i + 1]! - b[i + 1]!), Math.abs(a[i + 2]! - b[i + 2]!)) > 24)
          different++;
      }
      return { lit: (lit * 4) / a.length, different: (different * 4) / a.length };
    },
    [first, second],
  );
}

describe('the map in Chromium', () => {
  it('draws with WebGL what it draws without: same places, same colours', async () => {
    kept = await open('quality=high');
    await drawn(kept);
    await quiet(kept);
    const plain = await open('plain&quality=high');
    await plain.waitForSelector('.ground');
    const { lit, different } = await compare(plain, await ground(kept), await ground(plain));
    // Something is drawn, and it differs only along its edges (anti-aliasing, walls).
    expect(lit).toBeGreaterThan(0.25);
    expect(different).toBeLessThan(0.04);
    await plain.context().close();
  });

  for (const [ratio, one] of [
    [1, ANY],
    [2, SMALL],
  ] as const) {
    const sizes = LONG ? [SMALL, MIDDLE, LARGE] : [one];
    it(`selects the very town whose centre is clicked, at ${sizes.map(({ width }) => width).join(', ')} px and pixel ratio ${ratio}`, async () => {
      const page = ratio === 1 ? kept : await open('quality=high', SMALL, ratio);
      await drawn(page);
      for (const size of sizes) {
        await page.setViewportSize(size);
        await page.waitForSelector(`.labels > svg[width="${size.width}"][height="${size.height}"]`, {
          state: 'attached',
        });
        const towns = await places(page);
        expect(new Set(towns.map((t) => t.code)).size).toBe(20);
        for (const { code, x, y } of towns) {
          await page.mouse.click(x, y);
          expect(await opened(page)).toEqual({ kind: 'town', code });
        }
      }
      await page.context().close();
    });
  }

  const CROWD = LONG ? 5_000 : 1_500;
  const CHANGES = LONG ? 20 : 10;
  it(`draws only when something changes, frees what it replaces, and takes ${CROWD} points`, async () => {
    const page = (kept = await open('quality=low'));
    await drawn(page);
    await quiet(page);
    const still = await page.evaluate(async () => {
      const { gl, state } = window.mapHarness;
      const before = [gl.frames(), gl.draws()];
      for (let seq = 0; seq < 10; seq++) {
        state.frame = { ...state.frame, seq };
        await new Promise((resolve) => {
          setTimeout(resolve, 100);
        });
      }
      return [gl.frames() - before[0]!, gl.draws() - before[1]!];
    });
    expect(still).toEqual([0, 0]);

    /** Ten changes a second, of towns and of heat, which comes and goes. */
    const change = async (times: number) => {
      await page.evaluate(changes, times);
      await quiet(page);
      return page.evaluate(() => window.mapHarness.gl.live());
    };
    const changes = async (count: number) => {
      const { state } = window.mapHarness;
      const towns = Object.keys(state.frame.byTown);
      for (let i = 0; i < count; i++) {
        const code = towns[i % towns.length]!;
        const row = state.frame.byTown[code]!;
        const cell = Object.keys(state.frame.heat)[i % 40]!;
        // What rises changes, and the heat that is drawn in its place now and then.
        if (i % (count / 2) === count / 2 - 1) state.heat = !state.heat;
        state.frame = {
          ...state.frame,
          byTown: {
            ...state.frame.byTown,
            [code]: { ...row, open: (row.open * 7 + i + 1) % 40, tiers: { ...row.tiers, red: (i * 7) % 30 } },
          },
          heat: { ...state.frame.heat, [cell]: state.frame.heat[cell]! + 5 },
        };
        await new Promise((resolve) => {
          setTimeout(resolve, 100);
        });
      }
    };
    const first = await change(CHANGES);
    const draws = await page.evaluate(() => window.mapHarness.gl.draws());
    const second = await change(CHANGES);
    expect(second).toEqual(first);
    expect(await page.evaluate(() => window.mapHarness.gl.draws())).toBeGreaterThan(draws);

    await page.evaluate((count) => {
      window.mapHarness.state.alerts = window.mapHarness.crowd(count);
    }, CROWD);
    // All of them are there: single red ones, the rest counted.
    await page.waitForFunction(
      (least) => {
        const marks = window.mapHarness.layout()?.marks;
        if (!marks) return false;
        return marks.singles.length + marks.clusters.reduce((sum, { keys }) => sum + keys.length, 0) > least;
      },
      CROWD * 0.6,
      { polling: 500 },
    );
    expect(await page.locator('[data-cluster]').count()).toBeGreaterThan(5);
    expect(await page.evaluate(() => window.mapHarness.gl.live())).toEqual(second);
  });

  it('has colours for each theme, without WebGL and with it', async () => {
    const page = kept;
    await quiet(page);
    const night = await ground(page);
    await page.evaluate(() => {
      document.querySelector('.scene')!.setAttribute('data-seen', '');
      document.documentElement.dataset['theme'] = 'day';
    });
    // Another theme is another scene, on a canvas of its own.
    await page.waitForSelector('.scene:not([data-seen])', { state: 'attached' });
    await drawn(page);
    await quiet(page);
    const { different } = await compare(page, night, await ground(page));
    expect(different).toBeGreaterThan(0.2);
    await page.context().close();
  });

  it('builds itself anew after a lost context, and shows the plain map meanwhile', async () => {
    const page = await open('quality=low');
    await drawn(page);
    await page.evaluate(() => {
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.scene canvas')) {
        const gl = canvas.getContext('webgl2') ?? canvas.getContext('webgl');
        gl?.getExtension('WEBGL_lose_context')?.loseContext();
      }
    });
    await page.waitForSelector('[data-state=lost] .ground');
    await drawn(page);
    expect(await page.evaluate(() => window.mapHarness.log.events)).toEqual(['ready', 'lost', 'restored']);
    const [town] = await places(page);
    await page.mouse.click(town!.x, town!.y);
    expect(await opened(page)).toEqual({ kind: 'town', code: town!.code });
    await page.context().close();
  });

  it('opens a heat cell by key at any time, and under a pointer once it is large enough to aim at', async () => {
    const page = await open('quality=low', MIDDLE);
    await drawn(page);
    // Heat is there for who asks.
    expect(await page.locator('[data-cell]').count()).toBe(0);
    await page.click('[data-sign=heat-button] button');
    await page.waitForSelector('[data-cell]', { state: 'attached' });
    expect(await page.locator('[data-raised]').count()).toBe(0);
    const spot = () =>
      page.$eval('[data-cell]', (e) => ({
        code: e.getAttribute('data-cell')!,
        x: Number(e.getAttribute('data-x')),
        y: Number(e.getAttribute('data-y')),
        says: e.getAttribute('aria-label')!,
      }));
    const heat = await page.evaluate(() => window.mapHarness.state.frame.heat);
    await page.focus('[data-cell]');
    const hottest = await spot();
    expect(heat[hottest.code]).toBe(Math.max(...Object.values(heat)));
    expect(hottest.says).toContain(`${heat[hottest.code]} 件`);
    await page.keyboard.press('ArrowRight');
    const second = await spot();
    expect(second.code).not.toBe(hottest.code);
    await page.keyboard.press('Enter');
    expect(await opened(page)).toEqual({ kind: 'cell', code: second.code });
    // Far away, a finger means the town.
    await page.mouse.click(hottest.x, hottest.y);
    expect((await opened(page))!.kind).not.toBe('cell');

    const towns = await page.evaluate(() => Object.keys(window.mapHarness.state.frame.byTown));
    let hit = 0;
    for (const scope of towns.slice(0, LONG ? 3 : 2)) {
      await page.evaluate((code) => {
        window.mapHarness.state.frame = { ...window.mapHarness.state.frame, scope: code, latest: {} };
      }, scope);
      await quiet(page);
      await page.focus('[data-cell]');
      for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'ArrowRight']) {
        await page.focus('[data-cell]');
        await page.keyboard.press(key);
        const { code, x, y } = await spot();
        await page.mouse.click(x, y);
        const target = (await opened(page))!;
        // A name that lies over the cell means its town.
        if (target.kind === 'cell') {
          expect(target.code).toBe(code);
          hit++;
        }
      }
    }
    expect(hit).toBeGreaterThan(2);
    await page.context().close();
  });

  it('goes where the focus is, back when there is none, and draws a line for a moment when an alert is dispatched', async () => {
    const page = (kept = await open('quality=high'));
    await drawn(page);
    await quiet(page);
    const rest = await places(page);
    await page.evaluate(() => {
      const { state } = window.mapHarness;
      state.focus = Object.values(state.frame.latest)[0];
    });
    /** Waits until the first town is so far from its place at rest, CSS pixels. */
    const until = (least: number, most: number) =>
      page.waitForFunction(
        ({ first, from, to }) => {
          const e = document.querySelector(`[data-town="${first.code}"]`);
          // A town that has left the picture is as far away as can be.
          const off = e
            ? Math.hypot(Number(e.getAttribute('data-x')) - first.x, Number(e.getAttribute('data-y')) - first.y)
            : 1e9;
          return off >= from && off <= to;
        },
        { first: rest[0]!, from: least, to: most },
      );
    await until(30, 1e9);
    await page.evaluate(() => {
      window.mapHarness.state.focus = undefined;
    });
    await until(0, 0.5);

    await page.evaluate(() => {
      const { state } = window.mapHarness;
      const alert = Object.values(state.frame.latest).find((a) => a.stage === 'raised')!;
      state.frame = {
        ...state.frame,
        latest: { ...state.frame.latest, [alert.alertId]: { ...alert, stage: 'dispatched' } },
      };
    });
    await page.waitForSelector('[data-flight] path', { state: 'attached' });
    await page.waitForSelector('[data-flight]', { state: 'detached' });
  });

  it('comes home after an alarm, whatever happens on the way', async () => {
    const page = kept;
    await drawn(page);
    await quiet(page);
    const rest = await places(page);
    const [first, second] = await page.evaluate(() => Object.keys(window.mapHarness.state.frame.latest));
    const look = (key: string | undefined) =>
      page.evaluate((wanted) => {
        const { state } = window.mapHarness;
        state.focus = wanted === undefined ? undefined : state.frame.latest[wanted];
      }, key);
    /** On the way, or there already where the machine draws but a picture or two of a flight. */
    const underWay = () =>
      page.waitForFunction(
        (from) => {
          const at = document.querySelector(`[data-town="${from.code}"]`);
          const moved = at
            ? Math.hypot(Number(at.getAttribute('data-x')) - from.x, Number(at.getAttribute('data-y')) - from.y)
            : 1e9;
          return moved > 8;
        },
        rest[0]!,
        { polling: 'raf' },
      );
    const home = async (expected: typeof rest) => {
      await page.waitForFunction(
        (towns) =>
          document.querySelector('[data-state=drawn][data-still=true]') !== null &&
          towns.every(({ code, x, y }) => {
            const at = document.querySelector(`[data-town="${code}"]`);
            return (
              at !== null &&
              Math.abs(Number(at.getAttribute('data-x')) - x) < 0.6 &&
              Math.abs(Number(at.getAttribute('data-y')) - y) < 0.6
            );
          }),
        expected,
        { polling: 200 },
      );
      // The call-out is there again, and the names with it.
      await page.waitForSelector('.callout');
    };

    // A second alarm interrupts the first.
    await look(first);
    await underWay();
    await look(second);
    await underWay();
    await look(undefined);
    await home(rest);
    // Nothing lies on anything else after a flight, either.
    expect((await collisions(page)).faults).toEqual([]);

    // The context is lost in flight.
    await look(first);
    await underWay();
    await page.evaluate(() => {
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.scene canvas'))
        (canvas.getContext('webgl2') ?? canvas.getContext('webgl'))?.getExtension('WEBGL_lose_context')?.loseContext();
    });
    await page.waitForSelector('[data-state=lost]');
    await look(undefined);
    await home(rest);

    if (!LONG) {
      await page.context().close();
      return;
    }

    // The scope changes in flight, there and back.
    await look(first);
    await underWay();
    const scope = await page.evaluate(() => {
      const { state } = window.mapHarness;
      const town = Object.keys(state.frame.byTown)[4]!;
      state.frame = { ...state.frame, scope: town };
      return town;
    });
    expect(scope).toHaveLength(9);
    await look(undefined);
    await page.evaluate(() => {
      const { state, made } = window.mapHarness;
      state.frame = { ...state.frame, scope: made.frame.scope };
    });
    await home(rest);

    // The page is hidden in flight: it draws nothing, and has arrived when it is seen again.
    await look(first);
    await underWay();
    const seen = (visible: boolean) =>
      page.evaluate(
        (state) => {
          Object.defineProperty(document, 'visibilityState', { configurable: true, value: state });
          document.dispatchEvent(new Event('visibilitychange'));
        },
        visible ? 'visible' : 'hidden',
      );
    await seen(false);
    await look(undefined);
    await seen(true);
    await home(rest);

    // Quality drops in flight, and while the alert is looked at: the scene is built anew, and still comes home.
    const calm = await open('quality=low');
    await drawn(calm);
    const flatRest = await places(calm);
    await calm.context().close();
    await look(first);
    await underWay();
    await page.evaluate(() => {
      window.mapHarness.state.quality = 'low';
    });
    await drawn(page);
    await look(undefined);
    await home(flatRest);
    await page.context().close();
  });

  /** What lies on something else: names, marks, clusters, signs, call-out and its line. */
  const collisions = (page: Page) =>
    page.evaluate(() => {
      const origin = document.querySelector('.overlay')!.getBoundingClientRect();
      type Named = { name: string; left: number; top: number; right: number; bottom: number };
      const boxes: Named[] = [];
      for (const element of document.querySelectorAll('.label:not(.gone), .cluster, .callout, .signs > li')) {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        const name = `${element.className} ${element.textContent.trim()}`;
        boxes.push({
          name,
          left: left - origin.left,
          top: top - origin.top,
          right: right - origin.left,
          bottom: bottom - origin.top,
        });
      }
      const { marks, leader } = window.mapHarness.layout()!;
      for (const { at, key } of marks.singles)
        boxes.push({ name: key, left: at.x - 4, right: at.x + 4, top: at.y - 4, bottom: at.y + 4 });
      const faults: string[] = [];
      const { innerWidth, innerHeight } = window;
      boxes.forEach((a, i) => {
        if (a.left < -1 || a.top < -1 || a.right > innerWidth + 1 || a.bottom > innerHeight + 1)
          faults.push(`${a.name} is outside`);
        for (const b of boxes.slice(i + 1)) {
          const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (across > 1 && down > 1) faults.push(`${a.name} lies on ${b.name}`);
        }
        const seams = window.mapHarness.state.seams;
        if (seams?.x.some((x) => a.left < x - 0.5 && a.right > x + 0.5)) faults.push(`${a.name} lies on a seam`);
        if (!a.name.startsWith('label')) return;
        (leader ?? []).slice(1).forEach((to, at) => {
          const from = leader![at]!;
          if (
            Math.min(from.x, to.x) < a.right - 1 &&
            Math.max(from.x, to.x) > a.left + 1 &&
            Math.min(from.y, to.y) < a.bottom - 1 &&
            Math.max(from.y, to.y) > a.top + 1
          )
            faults.push(`the line of the call-out runs through ${a.name}`);
        });
      });
      return {
        faults,
        names: document.querySelectorAll('.label:not(.gone)').length,
        callout: document.querySelectorAll('.callout').length,
      };
    });

  it('lays no name, mark, cluster, sign or call-out on another, whatever the scope, the size and the crowd', async () => {
    const pair = [
      ['alerts=76&lang=en', 620, 380],
      ['alerts=300&variant=city', 1040, 600],
    ] as const;
    const more = [
      ['alerts=76', 1040, 600],
      ['alerts=760&variant=tenfold', 1040, 600],
      ['alerts=300&variant=city&lang=en', 1000, 520],
      ['alerts=200&variant=province', 1500, 860],
      ['alerts=60&variant=manyTowns', 1040, 600],
      ['alerts=0&variant=empty', 620, 380],
    ] as const;
    const [[query0, width0, height0]] = pair;
    const page = await open(`plain&quality=high&${query0}`, { width: width0, height: height0 });
    for (const [query, width, height] of LONG ? [...pair, ...more] : pair) {
      if (query !== query0) {
        await page.setViewportSize({ width, height });
        await page.goto(`${site.origin}/?plain&quality=high&rem=1.74&${query}`);
      }
      await page.waitForFunction(
        () =>
          document.querySelector('.signs li[style*=translate]') !== null && window.mapHarness.layout() !== undefined,
      );
      await page.evaluate(() => document.fonts.ready);
      await pause(page, 100);
      const { faults: found, names, callout } = await collisions(page);
      expect({ query, found }).toEqual({ query, found: [] });
      // Names give way, but most of them are there.
      expect(names).toBeGreaterThanOrEqual(query.includes('manyTowns') ? 30 : 11);
      expect(callout).toBe(query.includes('empty') ? 0 : 1);
    }
    // Seams: the land crosses them, nothing that is read does.
    await page.goto(`${site.origin}/?plain&quality=high&rem=1.74&alerts=76`);
    await page.setViewportSize({ width: 1500, height: 860 });
    await page.waitForSelector('.callout');
    await page.evaluate(() => {
      window.mapHarness.state.seams = { x: [500, 1000], y: [] };
    });
    await pause(page, 300);
    expect((await collisions(page)).faults).toEqual([]);
    await page.context().close();
  });

  it('works without WebGL, and by keyboard', async () => {
    const page = await open('quality=high', undefined, 1, plainBrowser);
    await page.waitForSelector('[data-state=absent] .ground');
    for (const { code, x, y } of (await places(page)).slice(0, 5)) {
      await page.mouse.click(x, y);
      expect(await opened(page)).toEqual({ kind: 'town', code });
    }
    await page.focus('[data-town="330110110"]');
    await page.keyboard.press('Enter');
    expect(await opened(page)).toEqual({ kind: 'town', code: '330110110' });
    await page.context().close();
  });

  it('made no error and asked no other origin, in all of this', () => {
    expect(faults.flat()).toEqual([]);
  });
});
