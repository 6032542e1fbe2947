import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { ms, row } from '../measure.ts';
import type { BenchServer } from '../serverProcess.ts';

/** The desk at a PC, over so many open cases: what must come before it can be worked at, and how its lists open and scroll. */
const SIZE = { width: 1366, height: 768 };
/** Those of an admin that have cases in a district of the bench. */
const LISTS = ['open', 'done', 'mine'] as const;
const ROUNDS = 4;
const WHEEL_MS = 8_000;
const NOTCH_PX = 120;
const NOTCH_MS = 50;
/** Texts and faces of the page that are sent packed already. */
const PACKED = /\.(woff2|png|webp)$/;

const kib = (bytes: number) => `${(bytes / 1024).toFixed(0)} KiB`;
const READABLE = '[role="option"][data-case]';

/** @param cases how many are open at least */
export async function desk(browser: Browser, { url }: BenchServer, cases: number): Promise<void> {
  const page = await browser.newPage({ viewport: SIZE, bypassCSP: true });
  page.setDefaultTimeout(120_000);
  await loading(page, url);
  await lists(page, cases);
  await scrolling(page, cases);
  await page.context().close();
}

/** Everything that has come, a cold cache, when the first cases of *my work* can be read; as a server would send it packed. */
async function loading(page: Page, url: string): Promise<void> {
  const sent: { bytes: number; path: string }[] = [];
  const pending: Promise<void>[] = [];
  page.on('requestfinished', (request) => {
    const { pathname } = new URL(request.url());
    pending.push(
      request.response().then(async (response) => {
        const body = await response!.body();
        sent.push({ path: pathname, bytes: PACKED.test(pathname) ? body.length : gzipSync(body, { level: 9 }).length });
      }),
    );
  });
  await page.goto(`${url}/desk/mine`);
  await page.locator(READABLE).first().waitFor();
  await Promise.all(pending.splice(0));
  page.removeAllListeners('requestfinished');
  const sum = (test: (path: string) => boolean) =>
    sent.filter(({ path }) => test(path)).reduce((total, { bytes }) => total + bytes, 0);
  row(
    'Sent before my work can be read, gzip',
    kib(sum(() => true)),
    `${sent.length} answers: code and styles ${kib(sum((path) => /\.(js|css)$/.test(path)))}, fonts ${kib(sum((path) => /\.woff2$/.test(path)))}`,
  );
}

/** From the press on a list to its first rows, in the page. */
async function lists(page: Page, cases: number): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const list of LISTS) {
      const took = await page.evaluate<number | null>(`new Promise((done) => {
        const link = document.querySelector('[data-list="${list}"]');
        if (!link) { done(null); return; }
        let changed = false;
        const seen = new MutationObserver(() => { changed = true; });
        seen.observe(document.querySelector('.desk, main, body'), { childList: true, subtree: true, attributeFilter: ['data-case'] });
        const start = performance.now();
        link.click();
        const look = () => {
          if (changed && location.pathname.endsWith('${list}') && document.querySelector('${READABLE}')) { seen.disconnect(); done(performance.now() - start); }
          else if (performance.now() - start > 5000) done(-1);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      })`);
      // The first round fetches and compiles.
      if (took !== null && round > 0) times.push(took);
      await sleep(200);
    }
  const known = times.filter((time) => time >= 0).sort((a, b) => a - b);
  row(
    `A list of the desk opens, ${cases.toLocaleString('en')} cases open`,
    ms(known[known.length >> 1]!),
    `median of ${known.length}; the longest ${ms(known.at(-1)!)}${known.length < times.length ? `; ${times.length - known.length} NOT SEEN` : ''}`,
  );
}

async function scrolling(page: Page, cases: number): Promise<void> {
  await page.locator('[data-list="open"]').click();
  await page.locator(READABLE).first().waitFor();
  await page.locator(READABLE).first().hover();
  await page.evaluate(`window.scrolled = new Promise((done) => {
    const times = []; let on = true;
    window.stopScroll = () => { on = false; };
    const step = (time) => {
      times.push(time);
      if (on) { requestAnimationFrame(step); return; }
      const gaps = times.slice(1).map((t, i) => t - times[i]).sort((a, b) => a - b);
      done({ pictures: gaps.length, ms: times.at(-1) - times[0], p95: gaps[Math.floor(gaps.length * 0.95)], longest: gaps.at(-1) });
    };
    requestAnimationFrame(step);
  });0`);
  for (const until = performance.now() + WHEEL_MS; performance.now() < until;) {
    await page.mouse.wheel(0, NOTCH_PX);
    await sleep(NOTCH_MS);
  }
  const said = await page.evaluate<{ pictures: number; ms: number; p95: number; longest: number }>(
    'window.stopScroll(), window.scrolled',
  );
  row(
    `Pictures a second, a list of ${cases.toLocaleString('en')} cases scrolled by wheel`,
    ((said.pictures * 1000) / said.ms).toFixed(1),
    `95 % of the pauses under ${ms(said.p95)}, the longest ${ms(said.longest)}`,
  );
}
