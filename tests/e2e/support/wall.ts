import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { watchPage } from '../../support/harnessPage.ts';
import { loadAxe, VIOLATIONS_ALONE } from './axe.ts';

/** The wall of a running server in real Chromium, WebGL in software. */

/** No more than the wall needs to be looked at: it stays where it is, at full brightness, in low quality. */
export const STILL = { rotate: 'off', brightness: '100', shift: 'off', quality: 'low' } as const;

export interface Wall {
  page: Page;
  /** Console errors, exceptions, and requests to another origin, as they come. */
  faults: string[];
}

/** Opens the wall and waits until it is live with all its panels there. `scripts` run in the page before its own. */
export async function openWall(
  browser: Browser,
  url: string,
  query: Record<string, string> = {},
  options: BrowserContextOptions = {},
  scripts: readonly string[] = [],
): Promise<Wall> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, ...options });
  const page = await context.newPage();
  // Drawn in software on a busy machine, a page takes its time; nothing here asserts one.
  page.setDefaultTimeout(120_000);
  for (const content of scripts) await page.addInitScript({ content });
  const faults = watchPage(page, url);
  page.on('websocket', (socket) => {
    if (!socket.url().startsWith(`${url.replace('http', 'ws')}/`)) faults.push(`socket: ${socket.url()}`);
  });
  await page.goto(`${url}/wall?${new URLSearchParams({ ...STILL, ...query }).toString()}`);
  await live(page);
  await page.waitForFunction(
    () =>
      document.querySelector('.slot') !== null &&
      [...document.querySelectorAll('.slot')].every((slot) => slot.childElementCount > 0) &&
      !document.querySelector('[aria-busy="true"]'),
  );
  return { page, faults };
}

export const live = (page: Page) => page.waitForSelector('[data-health="live"]');

/** The value of a headline figure as it is told to a screen reader, which does not roll: `累计预警 3,446 件`. */
export async function headline(page: Page, key: string): Promise<number> {
  const words = await page.textContent(`[data-headline="${key}"] .said`);
  return Number(/[\d,]+(\.\d+)?/.exec(words ?? '')?.[0].replaceAll(',', ''));
}

/** Waits until a headline figure has a value. */
export async function headlineIs(page: Page, key: string, value: number): Promise<void> {
  await page.waitForFunction(
    ([name, wanted]) => {
      const words = document.querySelector(`[data-headline="${name}"] .said`)?.textContent ?? '';
      return /[\d,]+(\.\d+)?/.exec(words)?.[0].replaceAll(',', '') === wanted;
    },
    [key, String(value)] as const,
  );
}

/** Pixels in the exact red of red alerts on the map's canvas of points. */
export const redPixels = (page: Page) =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.overlay > canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i] === 255 && data[i + 1] === 77 && data[i + 2] === 94 && data[i + 3] === 255) count++;
    return count;
  });

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

async function axeFaults(page: Page, options: object, part = 'html'): Promise<string[]> {
  await loadAxe(page);
  return page.evaluate(
    async ({ root, given }) => {
      const axe = (
        window as unknown as { axe: { run(root: string, options: object): Promise<{ violations: Violation[] }> } }
      ).axe;
      const { violations } = await axe.run(root, given);
      return violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.html.slice(0, 160)}: ${node.failureSummary.slice(0, 260)}`),
      );
    },
    { root: part, given: { ...VIOLATIONS_ALONE, ...options } },
  );
}

/** What axe finds wrong with the contrast of text (WCAG AA: 4.5 : 1, large text 3 : 1), of the whole page or of what a selector names. */
export const contrastFaults = (page: Page, part?: string) => axeFaults(page, { runOnly: ['color-contrast'] }, part);

/** What axe finds wrong with the page as it stands, by all its rules, best practice included. */
export const accessFaults = (page: Page) =>
  axeFaults(page, { rules: { 'label-content-name-mismatch': { enabled: true } } });
