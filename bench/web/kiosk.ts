import type { Browser } from 'playwright-core';
import { ms, row } from '../measure.ts';
import type { BenchServer } from '../serverProcess.ts';
import { cdpOf } from './probes.ts';

/** A ten-year-old PC against the machine this runs on (screens.md: first figures within 2 s). */
const SLOWER = 6;
const STARTS = 5;
const TOWN = '330110010';
const SAID = 'kiosk bench: ';

/**
 * Says on the console when the number of open alerts, and when the list and the map are there. Whoever asks the page
 * instead runs scripts in it, which at this speed take a good part of what is measured.
 */
const SAY = `(() => {
  const has = (selector, text) => text.test(document.querySelector(selector)?.textContent ?? '');
  const waits = new Map([
    ['figures', () => has('[data-term="all"] b', /\\d/)],
    ['all', () => document.querySelector('.row[data-alert]') && document.querySelector('[data-map] .own') && has('[data-term="overdue"] b', /\\d/)],
  ]);
  const look = () => {
    for (const [name, there] of waits) if (there()) { waits.delete(name); console.debug(${JSON.stringify(SAID)} + name + ' ' + performance.now()); }
    if (waits.size) requestAnimationFrame(look);
  };
  look();
})();`;

interface Start {
  figures: number;
  all: number;
  work: number;
}

async function start(browser: Browser, url: string): Promise<Start> {
  // A context of its own: nothing is cached, neither files nor compiled scripts.
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  const cdp = await cdpOf(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.addInitScript({ content: SAY });
  const heard = (name: string) =>
    page
      .waitForEvent('console', { predicate: (message) => message.text().startsWith(SAID + name), timeout: 120_000 })
      .then((message) => Number(message.text().split(' ').at(-1)));
  const [figures, all, work] = await Promise.all([
    heard('figures'),
    heard('all'),
    heard('figures')
      .then(() => cdp.send('Performance.getMetrics'))
      .then(({ metrics }) => 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN)),
    page.goto(`${url}/kiosk/${TOWN}?brightness=100`, { waitUntil: 'commit', timeout: 120_000 }),
  ]);
  await page.context().close();
  return { figures, all, work };
}

/** How long a town's kiosk takes to show figures after a cold start, at a sixth of the speed of this machine; the middle of five. */
export async function kiosk(browser: Browser, server: BenchServer): Promise<void> {
  const starts: Start[] = [];
  for (let n = 0; n < STARTS; n++) starts.push(await start(browser, server.url));
  const sorted = (key: keyof Start) => starts.map((one) => one[key]).sort((a, b) => a - b);
  const middle = (key: keyof Start) => ms(sorted(key)[STARTS >> 1]!);
  row(
    `Kiosk, CPU ${SLOWER} times slower: time to the first figures`,
    middle('figures'),
    `${sorted('figures')
      .map((one) => ms(one))
      .join(', ')}; the page's thread worked ${middle('work')} of it`,
  );
  row('  to list, terms and map', middle('all'), 'cold start, empty cache, 1366 × 768');
}
