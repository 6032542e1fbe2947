import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openHarness, watchPage, type HarnessPage } from '../support/harnessPage.ts';

/** The map in real Chromium, WebGL in software, built and served as the product is. */

// window.mapHarness is typed by tests/harness/map/main.ts, which one program of types holds as well.

const CONFIG = fileURLToPath(new URL('../harness/map/vite.config.ts', import.meta.url));
let site: HarnessPage;
const faults: string[][] = [];

/** Software rendering on a busy machine takes its time; nothing here asserts a time. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

beforeAll(async () => {
  site = await openHarness(CONFIG);
});
afterAll(async () => {
  await site.close();
});

async function open(
  query: string,
  size = { width: 1040, height: 620 },
  ratio = 1,
  prepare?: (page: Page) => Promise<void>,
): Promise<Page> {
  const context = await site.browser.newContext({ viewport: size, deviceScaleFactor: ratio });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  faults.push(watchPage(page, site.origin));
  await prepare?.(page);
  await page.goto(`${site.origin}/?rem=1.74&${query}`);
  return page;
}
const drawn = (page: Page) => page.waitForSelector('[data-state=drawn]');
const pause = (page: Page, ms: number) => page.waitForTimeout(ms);
/** Waits until nothing has been drawn for a while, however slow the machine is. */
const quiet = (page: Page) =>
  page.evaluate(async () => {
    const { gl } = window.mapHarness;
    for (let last = -1; last !== gl.draws();) {
      last = gl.draws();
      await new Promise((resolve) => {
        setTimeout(resolve, 1200);
      });
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
  await page.addStyleTag({ content: '.overlay { visibility: hidden }' });
  await pause(page, 300);
  return (await page.screenshot()).toString('base64');
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
    const wall = await open('quality=high');
    await drawn(wall);
    await quiet(wall);
    const plain = await open('plain&quality=high');
    await plain.waitForSelector('.ground');
    const { lit, different } = await compare(plain, await ground(wall), await ground(plain));
    // Something is drawn, and it differs only along its edges (anti-aliasing, walls).
    expect(lit).toBeGreaterThan(0.25);
    expect(different).toBeLessThan(0.04);
    await wall.context().close();
    await plain.context().close();
  });

  for (const ratio of [1, 2]) {
    it(`selects the very town whose centre is clicked, at three sizes and pixel ratio ${ratio}`, async () => {
      const page = await open('quality=high', { width: 740, height: 441 }, ratio);
      await drawn(page);
      for (const size of [
        { width: 740, height: 441 },
        { width: 1040, height: 620 },
        { width: 1480, height: 900 },
      ]) {
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

  it('draws only when something changes, frees what it replaces, and takes 5,000 points', async () => {
    const page = await open('quality=low');
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

    /** Ten changes a second, of towns and of heat. */
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
        state.frame = {
          ...state.frame,
          byTown: { ...state.frame.byTown, [code]: { ...row, open: (row.open * 7 + i + 1) % 40 } },
          heat: { ...state.frame.heat, [cell]: state.frame.heat[cell]! + 5 },
        };
        await new Promise((resolve) => {
          setTimeout(resolve, 100);
        });
      }
    };
    const first = await change(20);
    const draws = await page.evaluate(() => window.mapHarness.gl.draws());
    const second = await change(30);
    expect(second).toEqual(first);
    expect(await page.evaluate(() => window.mapHarness.gl.draws())).toBeGreaterThan(draws);

    await page.evaluate(() => {
      window.mapHarness.state.alerts = window.mapHarness.crowd(5000);
    });
    // Thousands of pixels in the red of red alerts.
    await page.waitForFunction(
      () => {
        const canvas = document.querySelector<HTMLCanvasElement>('.overlay > canvas')!;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let i = 0; i < data.length; i += 4)
          if (data[i] === 255 && data[i + 1] === 77 && data[i + 2] === 94) count++;
        return count > 3000;
      },
      undefined,
      { polling: 500 },
    );
    expect(await page.evaluate(() => window.mapHarness.gl.live())).toEqual(second);
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
    const page = await open('quality=low', { width: 1040, height: 620 });
    await drawn(page);
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
    for (const scope of towns.slice(0, 3)) {
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

  it('goes where the focus is, back when there is none, and flies a line when an alert is dispatched', async () => {
    const page = await open('quality=high');
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
    await page.waitForSelector('.flights .comet', { state: 'attached' });
    await page.waitForSelector('.flights .comet', { state: 'detached' });
    await page.context().close();
  });

  it('works without WebGL, and by keyboard', async () => {
    const page = await open('quality=high', undefined, 1, async (p) => {
      await p.addInitScript(() => {
        const original = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function get(
          this: HTMLCanvasElement,
          kind: string,
          ...rest: unknown[]
        ) {
          return kind.startsWith('webgl') ? null : (Reflect.apply(original, this, [kind, ...rest]) as null);
        } as typeof original;
      });
    });
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
