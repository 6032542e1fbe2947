import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Browser, type Page } from 'playwright-core';
import { launchChromium, type Drawing } from '../../testing/browser.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { loadRegionPacks } from '../../server/region/packs.ts';
import { DAY_MS } from '../../common/regionTime.ts';
import { benchEvents } from '../events.ts';
import { mib, ms, row } from '../measure.ts';
import { cpuSeconds, startBenchServer, untilMetric, type BenchServer } from '../serverProcess.ts';
import { desk } from './desk.ts';
import { Feeder, LIFE_EVENTS, PLACES } from './feeder.ts';
import { grown, heapContents, type HeapContents } from './heapContents.ts';
import { kiosk } from './kiosk.ts';
import { scrolling } from './scrolling.ts';
import { cdpOf, COUNT_GPU, footprint, MARK_FIGURES, WATCH_ALARM } from './probes.ts';

/**
 * `npm run bench:web`: what the wall costs the machine it is shown on. Real server, real Chromium, drawn in software
 * unless `--gpu` (or `--emulated`); `--only` names the parts wanted; `--hours` says how much of a district's life is played to the page before its memory is compared.
 */
const { values } = parseArgs({
  options: {
    gpu: { type: 'boolean', default: false },
    emulated: { type: 'boolean', default: false },
    hours: { type: 'string', default: '1,6,24' },
    seconds: { type: 'string', default: '10' },
    only: { type: 'string', default: 'loading,rest,alarm,growth,kiosk,frames,list,desk' },
  },
});
const only = new Set(values.only.split(','));
const HOURS = values.hours.split(',').map(Number);
const SECONDS = Number(values.seconds);
const SHOWN = '?rotate=off&brightness=100&shift=off&quality=low&window=all';
/** Events an hour of the busiest district we know of, many times over: 100 alerts with their lives. */
const EVENTS_AN_HOUR = 600;
const POINTS = 5_000;
/** Open alerts that the kiosk's region has at least; a fifth of them are its town's. */
const OPEN = 250;
const ALARMS = 5;
/** Alerts in the list that is scrolled, besides the district's own. */
const ROWS = 100_000;
const pack = loadRegionPacks({ assetsDir: join(PROJECT_ROOT, 'assets/geo'), dataDir: tmpdir(), codes: ['330110'] }).get(
  '330110',
)!;
const round = (value: number, digits = 0) => value.toLocaleString('en', { maximumFractionDigits: digits });
const kib = (bytes: number) => `${round(bytes / 1024)} KiB`;

/**
 * How Chromium draws. `software`: as it sets itself up where there is no GPU, pages by the processor and WebGL by SwiftShader; `gl`: pages,
 * too, by an emulated GPU, as on a virtual machine with a graphics driver in software; `machine`: as the machine has it.
 */
const DRAWN_BY: Record<Drawing, string> = {
  software: 'in software',
  plain: 'in software, without WebGL',
  gl: 'by an emulated GPU',
  machine: 'as the machine has it',
};
const drawing: Drawing = values.gpu ? 'machine' : values.emulated ? 'gl' : 'software';

const launch = (by: Drawing = drawing): Promise<Browser> => launchChromium({ drawing: by });

/** Predicates come as text, which the pages' policy would not let run. */
async function open(browser: Browser, server: BenchServer, query = '', path = '/wall'): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, bypassCSP: true });
  page.setDefaultTimeout(120_000);
  await page.addInitScript({ content: COUNT_GPU });
  await page.addInitScript({ content: MARK_FIGURES });
  await page.goto(`${server.url}${path}${SHOWN}${query}`);
  return page;
}
const drawn = (page: Page) => page.waitForSelector('.map[data-state="drawn"]');

/** What the page asks for, in the order it does, and when the figures and all of it are there; a cold cache. */
async function loading(browser: Browser, server: BenchServer): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, bypassCSP: true });
  page.setDefaultTimeout(120_000);
  await page.addInitScript({ content: MARK_FIGURES });
  const sent: { name: string; bytes: number; end: number }[] = [];
  const pending: Promise<void>[] = [];
  page.on('requestfinished', (request) => {
    const name = new URL(request.url()).pathname;
    if (!/\.(js|css)$/.test(name)) return;
    const { startTime, responseEnd } = request.timing();
    pending.push(
      request.response().then(async (response) => {
        // As a proxy or the server itself would send it; what this server chose is in `encoding`.
        sent.push({ name, bytes: gzipSync(await response!.body(), { level: 9 }).length, end: startTime + responseEnd });
      }),
    );
  });
  await page.goto(`${server.url}/wall${SHOWN}`);
  await drawn(page);
  await page.waitForFunction('!document.querySelector(\'[aria-busy="true"]\')');
  await Promise.all(pending);
  const [figures, whole] = await page.evaluate<[number, number]>('[window.figuresAt, performance.now()]');
  const origin = await page.evaluate<number>('performance.timeOrigin');
  const before = sent.filter(({ end }) => end <= origin + figures);
  const sum = (list: typeof sent) => list.reduce((total, { bytes }) => total + bytes, 0);
  row('JavaScript and CSS, gzip', kib(sum(sent)), `${sent.length} files`);
  row('  of it before the figures are readable', kib(sum(before)), `${before.length} files`);
  row('Time to the first figures', ms(figures), 'empty cache, server on the same machine');
  row('Time to the whole wall', ms(whole), 'all panels there, the map drawn');
  await page.context().close();
}

/** Feeds for so long; if the page fails meanwhile, that is what is told, not that the feed had nobody left to feed. */
function feeding(feeder: Feeder, ms: number): Promise<void> {
  const running = feeder.run(ms);
  running.catch(() => undefined);
  return running;
}

/** Pictures a second while 5,000 open alerts are on the map and ten patches a second come. */
async function frames(browser: Browser, server: BenchServer): Promise<void> {
  for (const quality of ['low', 'high']) {
    const page = await open(browser, server, quality === 'high' ? '&quality=high' : '');
    await drawn(page);
    await sleep(2_000);
    const feeder = new Feeder(server.url, 10);
    const running = feeding(feeder, SECONDS * 1000);
    const { rate, p95, patches } = await page.evaluate<{
      rate: number;
      p95: number;
      patches: number;
    }>(`new Promise((done) => {
      const times = []; const start = performance.now();
      let patches = 0;
      const seen = new MutationObserver(() => { patches++; });
      seen.observe(document.querySelector('[data-headline="raised"] .said'), { characterData: true, childList: true, subtree: true });
      const step = (time) => {
        times.push(time);
        if (performance.now() - start < ${SECONDS * 1000}) { requestAnimationFrame(step); return; }
        const gaps = times.slice(1).map((t, i) => t - times[i]).sort((a, b) => a - b);
        seen.disconnect();
        done({ rate: 1000 * gaps.length / (times.at(-1) - times[0]), p95: gaps[Math.floor(gaps.length * 0.95)], patches });
      };
      requestAnimationFrame(step);
    })`);
    await running;
    row(
      `Pictures a second, ${quality} quality`,
      round(rate, 1),
      `95 % of the pauses under ${ms(p95)}; ${round(patches / SECONDS, 1)} changes of the first figure a second`,
    );
    await page.context().close();
  }
}

/** Share of a core that the browser takes while nothing happens but beats and the clock: the page's process, the GPU's, the browser's own. */
async function rest(server: BenchServer, by: Drawing): Promise<void> {
  const browser = await launch(by);
  const page = await open(browser, server);
  await page.waitForSelector('.map[data-state="drawn"], .map[data-state="absent"]');
  await sleep(5_000);
  const system = await browser.newBrowserCDPSession();
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  const used = () =>
    ['renderer', 'GPU', 'browser'].map((kind) =>
      processInfo.filter(({ type }) => type === kind).reduce((sum, { id }) => sum + cpuSeconds(id), 0),
    );
  const before = used();
  const draws = await page.evaluate<number>('window.probe.draws');
  await sleep(SECONDS * 2_000);
  const shares = used().map((seconds, i) => ((seconds - before[i]!) / (SECONDS * 2)) * 100);
  const [pages, gpu, main] = shares.map((share) => `${share.toFixed(1)} %`);
  row(
    `CPU of an untouched screen, ${DRAWN_BY[by]}`,
    `${shares.reduce((a, b) => a + b, 0).toFixed(1)} %`,
    `of one core: the page ${pages}, GPU process ${gpu}, the browser itself ${main}; ${(await page.evaluate<number>('window.probe.draws')) - draws} WebGL draws in ${SECONDS * 2} s`,
  );
  await browser.close();
}

/** From the moment a red alert is posted until the screen shows it, in the middle of ten patches a second. */
async function alarm(browser: Browser, server: BenchServer): Promise<void> {
  for (const quality of ['low', 'high']) {
    const page = await open(browser, server, quality === 'high' ? '&quality=high' : '');
    await drawn(page);
    const feeder = new Feeder(server.url, 10);
    const running = feeding(feeder, ALARMS * 3_000);
    const times: { card: number; point: number }[] = [];
    for (let n = 0; n < ALARMS; n++) {
      await sleep(1_500);
      await page.evaluate(WATCH_ALARM);
      const posted = Date.now();
      await feeder.red();
      await page.waitForFunction('window.alarmAt.card && window.alarmAt.point');
      const { card, point } = await page.evaluate<{ card: number; point: number }>('window.alarmAt');
      times.push({ card: card - posted, point: point - posted });
      await page.keyboard.press('Escape');
    }
    await running;
    const middle = (key: 'card' | 'point') => times.map((time) => time[key]).sort((a, b) => a - b)[ALARMS >> 1]!;
    const most = Math.max(...times.map(({ card, point }) => Math.max(card, point)));
    row(
      `A red alert's card is there after, ${quality} quality`,
      ms(middle('card')),
      `glow with it; its point after ${ms(middle('point'))}; the longest of ${ALARMS} ${ms(most)}`,
    );
    await page.context().close();
  }
}

/** What the page holds on to after so many hours of events, played as fast as it takes them. */
async function growth(browser: Browser, server: BenchServer): Promise<void> {
  const page = await open(browser, server);
  await drawn(page);
  const cdp = await cdpOf(page);
  const feeder = new Feeder(server.url, 10);
  let before: HeapContents | undefined;
  const print = async (name: string) => {
    await sleep(2_000);
    const { heap, nodes, listeners, gpu } = await footprint(page, cdp);
    const contents = await heapContents(cdp);
    row(
      name,
      mib(heap, 1),
      `held by the page ${mib(contents.held, 2)}, compiled code ${mib(contents.code, 2)}${before ? ` (most grown: ${grown(before, contents)})` : ''}; ` +
        `${round(nodes)} nodes, ${round(listeners)} listeners, ${Object.values(gpu).reduce((a, b) => a + b, 0)} GPU objects`,
    );
    before ??= contents;
  };
  // Lists, points and caches fill up first, and every place has its cell of heat.
  await feeder.lives(PLACES * LIFE_EVENTS);
  await print('Heap at the start');
  let played = 0;
  for (const hours of HOURS) {
    const started = performance.now();
    await feeder.lives((hours - played) * EVENTS_AN_HOUR);
    played = hours;
    await print(`Heap after ${hours} h of events`);
    if (performance.now() - started > 300_000) break;
  }
  await page.context().close();
}

const dataDir = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
const server = await startBenchServer(dataDir);
const browser = await launch();
try {
  process.stdout.write(
    `${cpus().length} cores (${cpus()[0]?.model}), Chromium ${browser.version()}, 1920 × 1080, drawn ${DRAWN_BY[drawing]}, low quality unless told\n`,
  );
  // A district with its history, as it is on any day.
  const stream = benchEvents({ pack, alerts: 3_446, from: Date.now() - 365 * DAY_MS, to: Date.now() - DAY_MS });
  let events = 0;
  for (let next = stream.next(); ; next = stream.next()) {
    if (next.done) {
      events = next.value.events;
      break;
    }
    await fetch(`${server.url}/api/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: next.value as BodyInit,
    });
  }
  await untilMetric(server, 'wagewatch_events_counted_total', events);
  if (only.has('loading')) await loading(browser, server);
  if (only.has('rest'))
    for (const by of values.gpu ? (['machine'] as const) : (['software', 'plain', 'gl'] as const))
      await rest(server, by);
  if (only.has('alarm')) await alarm(browser, server);
  if (only.has('growth')) await growth(browser, server);
  if (only.has('kiosk')) {
    await new Feeder(server.url, 10).open(OPEN);
    await kiosk(browser, server);
  }
  if (only.has('frames')) {
    await new Feeder(server.url, 10).open(POINTS);
    await frames(browser, server);
  }
  if (only.has('list') || only.has('desk')) await new Feeder(server.url, 10).open(ROWS);
  if (only.has('desk')) await desk(browser, server, ROWS);
  if (only.has('list')) {
    const page = await open(browser, server, '', '/wall/alerts');
    await scrolling(page, ROWS);
    await page.context().close();
  }
} finally {
  await browser.close();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
