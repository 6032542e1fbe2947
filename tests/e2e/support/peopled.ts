import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { takeChromium } from '../../support/chromium.ts';
import { asking } from '../../support/asking.ts';
import { watchPage } from '../../support/harnessPage.ts';
import { letIn, writeAccess, type Grants } from '../../support/letIn.ts';
import { startServer, type RunningServer } from '../../support/server.ts';

export interface Opened {
  context: BrowserContext;
  page: Page;
  /** What the page complains of, as it comes. */
  faults: string[];
}

/** Signs a page in by token, and opens a path of the server. */
export async function openAs(
  browser: Browser,
  url: string,
  token: string,
  path: string,
  options: BrowserContextOptions,
): Promise<Opened> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults = watchPage(page, url);
  await page.request.post(`${url}/api/v1/access/session`, { data: { token }, headers: { 'x-wagewatch': '1' } });
  await page.goto(`${url}${path}`);
  return { context, page, faults };
}

/** The path with more of a query. */
export const withQuery = (path: string, query: string) => `${path}${path.includes('?') ? '&' : '?'}${query}`;

/**
 * One server for the tests of a file, with people let in by token, and one Chromium in which they work. Call once, at the top
 * of the file; what a `beforeAll` below it does finds both there.
 * @param env more of the server's environment, made in the folder of the file's own
 */
export function peopled<Who extends string>(
  grants: Grants<Who | 'admin'>,
  env: (folder: string) => Record<string, string> = () => ({}),
) {
  const folder = mkdtempSync(join(tmpdir(), 'peopled-'));
  const { tokens, entries } = letIn(grants);
  let server: RunningServer;
  let browser: Browser;
  beforeAll(async () => {
    [browser, server] = await Promise.all([
      takeChromium(),
      startServer({ ACCESS_FILE: writeAccess(folder, entries), ...env(folder) }),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const url = () => server.url;
  return {
    ...asking<Who | 'admin'>(tokens, url),
    url,
    browser: () => browser,
    open: (who: Who | 'admin', path: string, options: BrowserContextOptions) =>
      openAs(browser, url(), tokens[who], path, options),
  };
}
