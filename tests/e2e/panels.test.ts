import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WINDOWS } from '../../contract/codes.ts';
import type { Harness, Scene } from '../harness/panels/main.ts';
import { faultsOfBoxes } from './boxes.ts';
import { cutTexts } from './support/deckFaults.ts';
import { slotSizes } from './slotSizes.ts';
import { SHAPES, type ShapeName } from '../../web/shell/layout/shapes.ts';
import { servePanels, type PanelsPage } from './panelsPage.ts';
import { until } from '../support/server.ts';
import { loadAxe } from './support/axe.ts';

declare global {
  interface Window {
    panelsHarness: Harness;
  }
}

/** `npm run test:layouts`: every box with every kind of data in both languages; else each kind in one of them. */
const LONG = process.env['LAYOUTS'] === 'long';
/** Longer than the pause between two updates of a chart, and than its movement. */
const SETTLED_MS = 1_200;
const LISTS = ['headline', 'towns', 'sources', 'agenda', 'stages', 'ticker', 'tiers', 'industries', 'successRate'];
const CHARTS = ['recovered', 'trend'];
const ALL = [...LISTS, ...CHARTS];
type Boxes = Pick<Scene, 'sizes' | 'width' | 'height' | 'rem'>;
const all = (width: number, height: number, rem: number): Boxes => ({ sizes: {}, width, height, rem });
/** The boxes that panels have on every wall, and some that they have on none. */
const BOXES: [string, Boxes][] = [
  ...(Object.keys(SHAPES) as ShapeName[]).map((name): [string, Boxes] => [name, { sizes: slotSizes(name), rem: 10 }]),
  ['300 × 160 on a small screen', all(300, 160, 7.11)],
  ['narrow and tall', all(360, 400, 10)],
];

let panels: PanelsPage;
let page: Page;
const show = (scene: Scene, on = page) => on.evaluate((made) => window.panelsHarness.show(made), scene as never);
const settle = (on = page) => on.waitForTimeout(SETTLED_MS);
const frames = (n: number) =>
  page.evaluate(async (count) => {
    for (let i = 0; i < count; i++) await new Promise((done) => requestAnimationFrame(done));
  }, n);

beforeAll(async () => {
  panels = await servePanels();
  page = await panels.open();
});
afterAll(() => panels.close());
beforeEach(() => {
  panels.complaints.length = 0;
});

describe('in every box, state and language', () => {
  it.each(BOXES)('%s: nothing overflows, is cut or overlaps', async (name, boxes) => {
    const faults: string[] = [];
    const number = BOXES.findIndex((box) => box[0] === name);
    for (const lang of ['zh-CN', 'en'] as const) {
      const scenes = [
        { state: 'normal', variant: 'normal', window: '30d' },
        { state: 'normal', variant: 'tenfold', window: '365d' },
        { state: 'stale', variant: 'manyTowns', window: '24h' },
        { state: 'normal', variant: 'empty', window: 'all' },
        ...(name === 'wide16'
          ? ([
              { state: 'empty', variant: 'empty', window: '7d' },
              { state: 'loading', variant: 'normal', window: '7d' },
            ] as const)
          : []),
      ] as const;
      // From box to box, a kind of data changes its language.
      for (const scene of scenes.filter((_, i) => LONG || (i + number) % 2 === (lang === 'en' ? 1 : 0))) {
        await show({ ...scene, ...boxes, lang, panels: LISTS, quality: 'low' });
        await frames(3);
        for (const fault of await page.evaluate(faultsOfBoxes, '[data-panel]'))
          faults.push(`${lang} ${scene.variant} ${scene.state} ${fault}`);
      }
      // Two windows in each box, all of them over the boxes.
      const window = WINDOWS[(number * 2 + (lang === 'en' ? 1 : 0)) % WINDOWS.length]!;
      for (const variant of [lang === 'en' ? 'tenfold' : 'normal'] as const) {
        await show({ state: 'normal', variant, window, lang, ...boxes, panels: CHARTS, quality: 'low' });
        await page.waitForTimeout(600);
        for (const fault of await page.evaluate(faultsOfBoxes, '[data-panel]'))
          faults.push(`${lang} ${variant} ${window} ${fault}`);
      }
    }
    expect(faults).toEqual([]);
    expect(panels.complaints).toEqual([]);
  });

  it.each(['zh-CN', 'en'] as const)('%s: axe finds nothing to object to, contrast included', async (lang) => {
    await loadAxe(page);
    const found: string[] = [];
    // In the short form, each state in one language.
    const states = lang === 'en' ? (['normal', 'empty', 'loading'] as const) : (['normal', 'stale'] as const);
    for (const state of states.filter((one) => LONG || one !== 'normal' || lang === 'zh-CN')) {
      await show({
        state,
        variant: 'normal',
        window: '30d',
        lang,
        sizes: {},
        rem: 10,
        width: 440,
        height: 230,
        panels: ALL,
        quality: 'low',
      });
      await frames(10);
      // Stale figures are dimmed on purpose: only their contrast is excused.
      found.push(
        ...(await page
          .evaluate(async (dimmed) => {
            const axe = (
              window as unknown as {
                axe: {
                  run(
                    root: Element,
                    options: object,
                  ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
                };
              }
            ).axe;
            const { violations } = await axe.run(document.querySelector('.board')!, {
              resultTypes: ['violations'],
              rules: { 'scrollable-region-focusable': { enabled: false }, 'color-contrast': { enabled: !dimmed } },
            });
            return violations.flatMap(({ id, nodes }) =>
              nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`),
            );
          }, state === 'stale')
          .then((list) => list.map((text) => `${state} ${text}`))),
      );
    }
    expect(found).toEqual([]);
  });
});

describe('updates', () => {
  const scene: Scene = {
    sizes: {},
    state: 'normal',
    variant: 'normal',
    window: '30d',
    lang: 'zh-CN',
    rem: 10,
    width: 640,
    height: 260,
    panels: ALL,
    quality: 'high',
  };

  it('happen in the same charts, whatever changes', async () => {
    await show(scene);
    await settle();
    const before = await page.evaluate(() => window.panelsHarness.charts());
    expect(before.every(Boolean)).toBe(true);
    expect(before).toHaveLength(2);
    for (const next of [
      { variant: 'tenfold' },
      { window: 'all' },
      { lang: 'en' },
      { state: 'stale', keep: true },
      { state: 'empty', keep: true },
      { variant: 'empty' },
      { state: 'loading', keep: true },
      { width: 900, height: 300 },
      { rem: 14 },
      scene,
    ] as Scene[]) {
      await show({ ...scene, ...next });
      await frames(2);
      expect(await page.evaluate(() => window.panelsHarness.charts())).toEqual(before);
    }
    expect(panels.complaints).toEqual([]);
  });

  it('lead to the very picture that a new chart shows', async () => {
    const drawing = (on: Page) =>
      on.evaluate(() =>
        [...document.querySelectorAll('.echarts-host svg')].map((svg) =>
          [...svg.querySelectorAll('path, text')]
            // Ids differ, and so does what is still there but not seen.
            .map((shape) =>
              [
                shape.getAttribute('d'),
                shape.textContent,
                shape.getAttribute('fill'),
                shape.getAttribute('stroke'),
                shape.getAttribute('transform'),
              ].join(' '),
            )
            .sort(),
        ),
      );
    await show({ ...scene, window: '24h', width: 900, height: 300, rem: 12 });
    await page.waitForTimeout(200);
    await show({ ...scene, window: 'all', variant: 'tenfold' });
    await page.waitForTimeout(300);
    await show({ ...scene, window: '24h', width: 900, height: 220 });
    await settle();
    // Everything at once: figures move to new places in a box that becomes another.
    const last: Scene = { ...scene, window: 'all', lang: 'en', width: 640, height: 160, rem: 7.11 };
    await show(last);
    await settle();
    const updated = await drawing(page);
    const fresh = await panels.open();
    await show(last, fresh);
    await settle(fresh);
    const made = await drawing(fresh);
    await fresh.context().close();
    expect(updated[0]!.length).toBeGreaterThan(10);
    expect(updated).toEqual(made);
  });

  it('that change no figure change nothing on the page', async () => {
    await show(scene);
    await settle();
    const [options, mutations] = await page.evaluate(async () => {
      const told = window.panelsHarness.countUpdates();
      let changed = 0;
      const observer = new MutationObserver((records) => {
        changed += records.length;
      });
      observer.observe(document.querySelector('.board')!, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
      for (let second = 1; second <= 5; second++) {
        await window.panelsHarness.change((frame) => {
          frame.seq++;
        });
        window.panelsHarness.board.now += 1_000;
        await new Promise((done) => setTimeout(done, 150));
      }
      observer.disconnect();
      return [told(), changed];
    });
    expect(mutations).toBe(0);
    expect(options).toBe(0);
  });

  it('come to a chart twice a second at most, and the last one is drawn', async () => {
    // By a clock that the test turns: what the page does in a second is the same on any machine.
    const timed = await panels.open({}, (made) => made.clock.install({ time: 0 }));
    await timed.clock.pauseAt(60_000);
    await show(scene, timed);
    await timed.clock.runFor(SETTLED_MS);
    const sum = () => timed.textContent('[data-panel=recovered] .value');
    expect(await sum()).toBe('216.53万元');
    // Charts are code that comes by itself, which no clock of the page speeds up.
    await until('both charts are there', async () => {
      await timed.clock.runFor(50);
      return (await timed.evaluate(() => window.panelsHarness.options().length).catch(() => 0)) === 2;
    });
    await timed.evaluate(() => {
      Object.assign(window, { told: window.panelsHarness.countUpdates() });
    });
    for (let patch = 0; patch < 20; patch++) {
      await timed.evaluate(() =>
        window.panelsHarness.change((frame) => {
          const last = Object.keys(frame.series).sort().at(-1)!;
          frame.series[last]!.recoveredFen += 1_000_000;
          frame.totals.recoveredFen += 1_000_000;
        }),
      );
      await timed.clock.runFor(50);
    }
    await timed.clock.runFor(700);
    // Two charts: at once, after half a second, and after another half, which has the last patch.
    expect(await timed.evaluate(() => (window as unknown as { told(): number }).told())).toBe(2 * 3);
    expect(await sum()).toBe('236.53万元');
    const shown = await timed.evaluate(() =>
      (window.panelsHarness.options()[0]!.series as { data: unknown[] }[])[0]!.data.at(-1),
    );
    const fen = await timed.evaluate(
      () => Object.entries(window.panelsHarness.board.frame!.series).sort().at(-1)![1].recoveredFen,
    );
    expect(shown).toBeCloseTo(fen / 1_000_000, 9);
    await timed.context().close();
  });

  it('move for 600 ms when figures change, and not at all at low quality, on resizing or with reduced motion', async () => {
    const raise = (on: Page) =>
      on.evaluate(async () => {
        await window.panelsHarness.change((frame) => {
          Object.values(frame.series).forEach((step) => {
            step.recoveredFen += 5_000_000;
          });
        });
        await new Promise((done) => setTimeout(done, 700));
        return window.panelsHarness.animations();
      });
    const none = { animation: false, animationDuration: 0, animationDurationUpdate: 600 };
    await show(scene);
    await settle();
    expect(await raise(page)).toEqual([
      { ...none, animation: true },
      { ...none, animation: true },
    ]);
    await show({ width: 700, keep: true });
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => window.panelsHarness.animations())).toEqual([none, none]);
    await show({ quality: 'low', keep: true });
    expect(await raise(page)).toEqual([none, none]);
    const calm = await panels.open({ reducedMotion: 'reduce' });
    await show(scene, calm);
    await settle(calm);
    expect(await raise(calm)).toEqual([none, none]);
    await calm.context().close();
  });
});

describe('by hand', () => {
  const scene: Scene = {
    sizes: {},
    state: 'normal',
    variant: 'normal',
    window: '30d',
    lang: 'en',
    rem: 10,
    width: 440,
    height: 330,
    panels: ALL,
    quality: 'high',
  };
  const opened = () => page.evaluate(() => window.panelsHarness.opened.splice(0));

  it('everything countable opens, by pointer and by keyboard', async () => {
    await show(scene);
    await frames(3);
    await opened();
    // The last line of the towns turns the page. Found once: a press changes none of them.
    const buttons = await page.locator('[data-panel] button:visible:not([data-fold])').elementHandles();
    const n = buttons.length;
    for (const button of buttons) {
      // Where a finger would press it; that it can be pressed there shows in what opens.
      const [x, y] = await button.evaluate((node): [number, number] => {
        const element = node as HTMLElement;
        element.scrollIntoView({ block: 'nearest' });
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return [(left + right) / 2, (top + bottom) / 2];
      });
      await page.mouse.click(x, y);
      // What was pressed has the focus.
      await page.keyboard.press('Enter');
    }
    const targets = await opened();
    expect(targets).toHaveLength(2 * n);
    for (let i = 0; i < targets.length; i += 2) expect(targets[i]).toEqual(targets[i + 1]);
    expect([...new Set(targets.map((target) => target.kind))].sort()).toEqual([
      'alert',
      'channel',
      'headline',
      'industry',
      'stage',
      'tier',
      'town',
    ]);
    const codes = (kind: string) => [
      ...new Set(targets.filter((target) => target.kind === kind).map((target) => target.code)),
    ];
    expect([...codes('stage')].sort()).toEqual(['accepted', 'audited', 'dispatched', 'handled', 'raised']);
    expect(codes('headline')).toEqual(
      expect.arrayContaining([
        'open',
        'dueToday',
        'overdue',
        'raised',
        'successRate',
        'recoveredFen',
        'recoveredWorkers',
        'enterprisesPaid',
        'closed',
      ]),
    );
    expect(codes('tier')).toEqual(['red', 'orange', 'yellow']);
    expect(codes('channel')).toEqual(expect.arrayContaining(['water', 'opinion', 'tax']));
  });

  it('a chart is read step by step with the arrow keys', async () => {
    await show(scene);
    await settle();
    const chart = page.locator('[data-panel=trend] [role=slider]');
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    const last = await chart.getAttribute('aria-valuetext');
    expect(last).toMatch(/^21 Nov: Red \d+ Orange \d+ Yellow \d+, recovered ¥/);
    await page.keyboard.press('ArrowLeft');
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^20 Nov:/);
    expect(await page.locator('[data-panel=trend] .cursor').count()).toBe(1);
    await page.keyboard.press('Home');
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^23 Oct:/);
    // The axis becomes shorter than the place of the cursor: no error, no cursor out of the plot.
    await page.keyboard.press('End');
    await show({ ...scene, window: '7d' });
    await settle();
    expect(panels.complaints).toEqual([]);
    await chart.blur();
    expect(await page.locator('[data-panel=trend] .cursor').count()).toBe(0);
  });

  it('towns: the gravest stay on show; the last line, a key or the town that is shown turns the page', async () => {
    await show({ ...scene, panels: [] });
    await show({ ...scene, height: 230, variant: 'manyTowns', panels: ['towns'] });
    await frames(3);
    const towns = () =>
      page
        .locator('[data-panel=towns] [data-town]')
        .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.town));
    const first = await towns();
    expect(first.length).toBeGreaterThan(4);
    await page.evaluate(() => {
      window.panelsHarness.board.now += 3_600_000;
    });
    await frames(3);
    expect(await towns()).toEqual(first);
    await page.locator('[data-panel=towns] [data-fold]').click();
    await frames(3);
    const second = await towns();
    expect(second.filter((code) => first.includes(code))).toEqual([]);
    await page.locator('[data-panel=towns] [data-town]').first().focus();
    await page.keyboard.press('PageUp');
    await frames(3);
    expect(await towns()).toEqual(first);
    // A wall that shows one of the towns marks its row, on whichever page it is.
    const shown = second[2]!;
    await show({ ...scene, panels: [] });
    await show({ ...scene, height: 230, variant: 'manyTowns', panels: ['towns'] });
    await page.evaluate((code) => {
      const { board } = window.panelsHarness;
      board.region = board.frame;
      board.frame = { ...board.frame!, scope: code };
    }, shown);
    await frames(3);
    expect(await page.locator('[data-panel=towns] [aria-current]').getAttribute('data-town')).toBe(shown);
    await page.evaluate(() => {
      window.panelsHarness.board.region = undefined;
    });
  });

  it('pages turn by the clock, in step on all screens, and stay for whoever uses them', async () => {
    await show({ ...scene, panels: [] });
    await show({ ...scene, panels: ['pages'] });
    await page.evaluate(() => {
      const { board } = window.panelsHarness;
      board.now -= board.now % 90_000;
    });
    await frames(3);
    const title = () => page.locator('[data-panel=pages] h2').textContent();
    const later = async (ms: number) => {
      await page.evaluate((by) => {
        window.panelsHarness.board.now += by;
      }, ms);
      await frames(3);
      return title();
    };
    expect([await title(), await later(29_000), await later(1_000), await later(30_000), await later(30_000)]).toEqual([
      'Alert tiers',
      'Alert tiers',
      'Industries',
      'Wages recovered',
      'Alert tiers',
    ]);
    await page.locator('[data-panel=pages] button[aria-label="Industries"]').click();
    expect([await title(), await later(30_000), await later(30_000)]).toEqual([
      'Industries',
      'Industries',
      'Industries',
    ]);
  });

  it.each(['zh-CN', 'en'] as const)(
    '%s: who must act is said whole, on every wall that is read from near',
    async (lang) => {
      for (const name of ['small', 'wide16', 'wide21', 'wide32', 'portrait'] as const) {
        await show({ ...scene, lang, panels: [] });
        await show({ ...scene, sizes: slotSizes(name), rem: 10, lang, panels: ['agenda'] });
        // As offices are called: the district's brigade, for a town with a name of four characters.
        await page.evaluate(() =>
          window.panelsHarness.change((frame) => {
            for (const brief of Object.values(frame.agenda!)) brief.unit = '余杭区劳动保障监察大队';
          }),
        );
        await frames(3);
        const cut = await page.$$eval('[data-panel="agenda"] .where', (all) =>
          all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent),
        );
        expect({ name, cut }).toEqual({ name, cut: [] });
        expect(await page.locator('[data-panel="agenda"] .where').count()).toBeGreaterThan(3);
      }
    },
  );

  it('what is late is loud by inversion, and nothing is loud where nothing is late', async () => {
    await show({ ...scene, panels: [] });
    await show({ ...scene, panels: ['headline', 'agenda'], width: 1040, height: 300 });
    await frames(3);
    const loud = () =>
      page.evaluate(() => {
        const invert = getComputedStyle(document.documentElement).getPropertyValue('--invert-ground').trim();
        const probe = document.createElement('i');
        probe.style.background = invert;
        document.body.append(probe);
        const colour = getComputedStyle(probe).backgroundColor;
        probe.remove();
        return [...document.querySelectorAll<HTMLElement>('[data-panel] *')].filter(
          (element) => getComputedStyle(element).backgroundColor === colour,
        ).length;
      });
    expect(await loud()).toBeGreaterThan(2);
    expect(await page.locator('[data-headline="overdue"]').getAttribute('class')).toContain('loud');
    // Its figure is the largest, and its column is not turned around: that is what a chosen tab looks like.
    const tiles = await page.$$eval('.headline', (all) =>
      all.map((tile) => ({
        key: (tile as HTMLElement).dataset.headline,
        size: parseFloat(getComputedStyle(tile.querySelector('.figure')!).fontSize),
        ground: getComputedStyle(tile).backgroundColor,
      })),
    );
    const [late, ...others] = [...tiles].sort((a, b) => b.size - a.size);
    expect(late!.key).toBe('overdue');
    for (const other of others) expect(late!.size).toBeGreaterThan(other.size * 1.1);
    expect(new Set(tiles.map(({ ground }) => ground)).size).toBe(1);
    await page.evaluate(() =>
      window.panelsHarness.change((frame) => {
        frame.totals.overdue = 0;
        for (const brief of Object.values(frame.agenda!)) brief.overdue = false;
      }),
    );
    await frames(3);
    expect(await loud()).toBe(0);
  });

  it.each(['zh-CN', 'en'] as const)(
    '%s: on no wall is a line of the headline or of what was closed cut',
    async (lang) => {
      const faults: string[] = [];
      // Few workers, and many; comparisons that say much. The columns of 16:9 hold one line, and two digits of workers in English; the title has more.
      const scenes = [
        ['30d', 51, 7],
        ['year', 1_234, 56],
        ['1h', 11, 2],
      ] as const;
      for (const name of Object.keys(SHAPES) as ShapeName[])
        for (const [span, workers, enterprisesPaid] of scenes) {
          const recoveredWorkers = name === 'wide16' ? Math.min(51, workers) : workers;
          await show({ ...scene, panels: [] });
          await show({ ...scene, lang, window: span, panels: ['headline', 'stages'], sizes: slotSizes(name), rem: 10 });
          await page.evaluate(
            ([people, employers, few]) =>
              window.panelsHarness.change((frame) => {
                Object.assign(frame.totals, { recoveredWorkers: people, enterprisesPaid: employers });
                if (few) Object.assign(frame.totals, { raised: 10, effective: 8, falseAlarm: 1, successRate: 8 / 9 });
                if (few)
                  Object.assign(frame.compare.previous!, { raised: 2, effective: 1, falseAlarm: 1, successRate: 0.5 });
              }),
            [recoveredWorkers, enterprisesPaid, span === '1h'] as const,
          );
          await page.waitForFunction(
            (n) => document.querySelector('.paid')?.textContent.includes(n),
            String(enterprisesPaid),
          );
          await frames(3);
          for (const fault of await page.evaluate(cutTexts, '[data-panel]')) faults.push(`${name} ${span}: ${fault}`);
        }
      expect(faults).toEqual([]);
    },
  );

  it.each(['zh-CN', 'en'] as const)('%s: the sentence is set in smaller letters before it is cut', async (lang) => {
    const rem = 7.93;
    const sizes = (width: number): Record<string, [number, number]> => ({ sentence: [width * rem, 4.8 * rem] });
    const line = async () => {
      await frames(3);
      return page.locator('.sentence .line').evaluate((element, px) => {
        const cut = element.scrollHeight > element.clientHeight;
        return { cut, rem: Math.round((10 * parseFloat(getComputedStyle(element).fontSize)) / px) / 10 };
      }, rem);
    };
    await show({ ...scene, panels: [] });
    await show({ ...scene, lang, rem, window: 'month', panels: ['sentence'], sizes: sizes(150) });
    await page.evaluate(() =>
      window.panelsHarness.change((frame) => {
        const today = frame.at.slice(0, 10);
        Object.values(frame.byTown).forEach((town, i) => {
          town.days = { [today]: i < 2 ? 1_112 : 1 };
        });
        Object.assign(frame.totals, { overdue: 1_112, successRate: 0.811, effective: 81, falseAlarm: 19 });
        Object.assign(frame.compare.previous!, { successRate: 0.687, effective: 68, falseAlarm: 32 });
      }),
    );
    expect(await line()).toEqual({ cut: false, rem: lang === 'en' ? 1.5 : 1.8 });
    await show({ keep: true, sizes: sizes(110) });
    expect((await line()).rem).toBe(1.5);
    await show({ keep: true, sizes: sizes(200) });
    expect(await line()).toEqual({ cut: false, rem: lang === 'en' ? 1.8 : 2.2 });
  });

  it('zero is quiet: neither a tier without open alerts nor a window without wages recovered has a colour', async () => {
    await show({ ...scene, panels: [] });
    await show({ ...scene, panels: ['tiers', 'trend'] });
    await frames(3);
    const colour = (selector: string) => page.locator(selector).evaluate((element) => getComputedStyle(element).color);
    const token = (name: string) =>
      page.evaluate((variable) => {
        const probe = document.createElement('i');
        probe.style.color = `var(${variable})`;
        document.body.append(probe);
        const { color } = getComputedStyle(probe);
        probe.remove();
        return color;
      }, name);
    const red = '[data-panel=tiers] .line:first-child';
    const money = '[data-panel=trend] .money';
    expect(await colour(`${red} .open`)).toBe(await token('--red'));
    expect(await colour(money)).toBe(await token('--green'));
    await page.evaluate(() =>
      window.panelsHarness.change((frame) => {
        frame.byTier.red = { ...frame.byTier.red!, open: 0, raised: 0 };
        frame.totals.recoveredFen = 0;
      }),
    );
    await frames(3);
    const quiet = await token('--text-3');
    expect(await page.locator(`${red} .open`).innerText()).toBe('0');
    expect([await colour(`${red} .open`), await colour(`${red} .raised`), await colour(money)]).toEqual([
      quiet,
      quiet,
      quiet,
    ]);
    // The others keep theirs.
    expect(await colour('[data-panel=tiers] .line:nth-child(2) .open')).toBe(await token('--orange'));
  });
});
