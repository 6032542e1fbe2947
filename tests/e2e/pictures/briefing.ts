import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { HOUR_MS } from '../../../common/regionTime.ts';
import { launchChromium } from '../../../testing/browser.ts';
import { openIn, openPast, present, toolsGone, type Dress } from './dresses.ts';
import { contactSheet } from './sheet.ts';
import { briefingOf, startShown } from './shown.ts';

/**
 * `npm run pictures:briefing`: pictures of every page of a briefing of the demonstration, at all shapes, themes and languages, and contact
 * sheets of them, for somebody to look at. `--out` names the folder, `--url` a server that runs already; `--only`, `--sizes`,
 * `--themes`, `--langs` and `--pages` say which of them; `--hours` sets the
 * server's clock: on a Monday morning there is little to see of this week.
 */
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(tmpdir(), 'briefing-pictures') },
    url: { type: 'string' },
    only: { type: 'string', default: 'pages,time,compare,live,overview,list,follow,presenter,print' },
    sizes: { type: 'string', default: '1920x1080,3840x2160,1366x768,1024x768,1600x1200,1180x820,820x1180' },
    themes: { type: 'string', default: 'day,night' },
    langs: { type: 'string', default: 'zh,en' },
    pages: { type: 'string' },
    hours: { type: 'string', default: '0' },
  },
});
const out = resolve(values.out);
const only = new Set(values.only.split(','));
const wanted = values.pages?.split(',');
const say = (line: string) => process.stdout.write(`${line}\n`);
mkdirSync(out, { recursive: true });

const nameOf = (scene: string, { width, height, theme, lang }: Dress) => `${scene}-${width}x${height}-${theme}-${lang}`;
/** Pictures of one scene in one dress; in the end they lie on a sheet. */
class Scene {
  readonly #name: string;
  readonly #across: number;
  readonly #files: string[] = [];
  constructor(scene: string, dress: Dress) {
    this.#name = nameOf(scene, dress);
    this.#across = dress.width > dress.height ? 3 : 4;
  }
  async take(page: Page, name: string): Promise<void> {
    const file = join(out, `${this.#name}-${name}.png`);
    await page.screenshot({ path: file });
    this.#files.push(file);
  }
  async end(): Promise<void> {
    if (this.#files.length > 1) await contactSheet(this.#files, this.#across, join(out, `sheet-${this.#name}.png`));
    say(`${this.#name}: ${this.#files.length}`);
  }
}

const rest = (page: Page, ms = 150) => page.waitForTimeout(ms);
async function takePages(page: Page, scene: Scene): Promise<void> {
  await toolsGone(page);
  const n = Number(await page.getAttribute('.briefing', 'data-pages'));
  for (let i = 0; i < n; i++) {
    if (i > 0) await page.keyboard.press('PageDown');
    const name = (await page.getAttribute('.tile.on', 'data-tile'))!;
    if (wanted && !wanted.includes(name)) continue;
    await rest(page);
    await scene.take(page, `${String(i + 1).padStart(2, '0')}-${name}`);
  }
  await scene.end();
  await page.context().close();
}

const SCENES: Record<string, (browser: Browser, url: string, id: string, dress: Dress) => Promise<void>> = {
  async pages(browser, url, id, dress) {
    await takePages(await openIn(browser, url, `/briefing/${id}`, dress), new Scene('pages', dress));
  },
  async live(browser, url, _id, dress) {
    const path = '/briefing/live?scope=330110&window=today&deck=daily';
    await takePages(await openIn(browser, url, path, dress), new Scene('live', dress));
  },
  async time(browser, url, id, dress) {
    const page = await openIn(browser, url, `/briefing/${id}`, dress);
    await openPast(page);
    await rest(page, 1_500);
    await takePages(page, new Scene('time', dress));
  },
  async compare(browser, url, id, dress) {
    const page = await openIn(browser, url, `/briefing/${id}?vs=week`, dress);
    await page.waitForSelector('[data-side="b"]', { state: 'attached' });
    await takePages(page, new Scene('compare', dress));
  },
  async overview(browser, url, id, dress) {
    const page = await openIn(browser, url, `/briefing/${id}?page=2`, dress);
    const scene = new Scene('overview', dress);
    await page.keyboard.press('o');
    await toolsGone(page);
    await scene.take(page, 'all');
    await scene.end();
    await page.context().close();
  },
  async list(browser, url, id, dress) {
    const scene = new Scene('list', dress);
    const page = await openIn(browser, url, '/briefing', dress);
    await rest(page, 500);
    await scene.take(page, 'kept');
    await page.context().close();
    const deck = await openIn(browser, url, `/briefing/${id}?page=2`, dress);
    await deck.mouse.move(300, 300);
    await scene.take(deck, 'tools');
    await deck.click('.tile.on [data-figure="open"]');
    await deck.waitForSelector('[data-total]');
    await rest(deck, 400);
    await scene.take(deck, 'alerts');
    await deck.keyboard.press('Escape');
    await deck.waitForSelector('[data-total]', { state: 'detached' });
    await deck.keyboard.press('c');
    await deck.waitForSelector('dialog');
    await rest(deck, 400);
    await scene.take(deck, 'compare');
    await scene.end();
    await deck.context().close();
  },
  async follow(browser, url, id, dress) {
    const scene = new Scene('follow', dress);
    const page = await openIn(browser, url, `/briefing/${id}?follow=on`, dress);
    await page.waitForSelector('[data-pointer]');
    await toolsGone(page);
    await scene.take(page, 'drawn');
    await scene.end();
    await page.context().close();
  },
  async presenter(browser, url, id, dress) {
    const scene = new Scene('presenter', dress);
    const page = await openIn(browser, url, `/briefing/${id}/presenter`, dress);
    await page.waitForSelector('[data-mine="true"][data-link="live"]');
    await rest(page, 300);
    await scene.take(page, 'view');
    await scene.end();
    await page.context().close();
  },
  async print(browser, url, id, dress) {
    const page = await openIn(browser, url, `/briefing/${id}`, dress);
    const name = join(out, nameOf('print', dress));
    writeFileSync(`${name}.pdf`, await page.pdf({ preferCSSPageSize: true, printBackground: true }));
    await page.context().close();
    execFileSync('pdftoppm', ['-r', '110', '-png', `${name}.pdf`, name]);
    const sheets = readdirSync(out).filter(
      (file) => file.startsWith(`${nameOf('print', dress)}-`) && file.endsWith('.png'),
    );
    await contactSheet(
      sheets.sort().map((file) => join(out, file)),
      3,
      join(out, `sheet-${nameOf('print', dress)}.png`),
    );
    say(`${nameOf('print', dress)}: ${sheets.length}`);
  },
};
/** Printed sheets are alike on all screens; who presents sits at one screen. */
const ONCE: Record<string, readonly string[]> = {
  print: ['1920x1080'],
  live: ['1920x1080', '820x1180'],
  overview: ['1920x1080', '1024x768', '820x1180'],
  list: ['1920x1080', '1366x768', '820x1180'],
};

const server = values.url === undefined ? await startShown(say, Number(values.hours) * HOUR_MS) : undefined;
const url = values.url ?? server!.url;
const browser = await launchChromium({ drawing: 'plain' });
try {
  const { id } = await briefingOf(url);
  const presented = only.has('follow') || only.has('presenter') ? await present(browser, url, id) : undefined;
  for (const scene of Object.keys(SCENES).filter((name) => only.has(name)))
    for (const size of values.sizes.split(',')) {
      if (ONCE[scene] && !ONCE[scene].includes(size)) continue;
      const [width = 0, height = 0] = size.split('x').map(Number);
      for (const theme of values.themes.split(','))
        for (const lang of values.langs.split(',')) {
          // Paper has one theme.
          if (scene === 'print' && theme !== values.themes.split(',')[0]) continue;
          await SCENES[scene]!(browser, url, id, { width, height, theme, lang });
        }
    }
  await presented?.context().close();
  say(`pictures in ${out}`);
} finally {
  await browser.close();
  await server?.stop();
}
