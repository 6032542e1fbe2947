import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { takeChromium } from '../support/chromium.ts';
import { build, preview, type PreviewServer } from 'vite';

/** The harness page of the panels in a real browser. */
export interface PanelsPage {
  /** A page with nothing shown yet, `prepare`d before its scripts run; what it writes to its console as a warning or an error goes to `complaints`. */
  open(options?: BrowserContextOptions, prepare?: (page: Page) => Promise<void>): Promise<Page>;
  complaints: string[];
  close(): Promise<void>;
}

const CONFIG = fileURLToPath(new URL('../harness/panels/vite.config.ts', import.meta.url));

export async function servePanels(): Promise<PanelsPage> {
  const outDir = await mkdtemp(join(tmpdir(), 'panels-'));
  let server: PreviewServer | undefined;
  let browser: Browser | undefined;
  const complaints: string[] = [];
  const close = async () => {
    await browser?.close();
    await server?.close();
    await rm(outDir, { recursive: true, force: true });
  };
  try {
    await build({ configFile: CONFIG, logLevel: 'error', build: { outDir, emptyOutDir: true, minify: false } });
    server = await preview({
      configFile: CONFIG,
      logLevel: 'error',
      build: { outDir },
      preview: { host: '127.0.0.1', port: 0 },
    });
    const url = server.resolvedUrls!.local[0]!;
    browser = await takeChromium();
    const chrome = browser;
    const open = async (options: BrowserContextOptions = {}, prepare?: (page: Page) => Promise<void>) => {
      const context = await chrome.newContext({ viewport: { width: 1600, height: 1200 }, ...options });
      const page = await context.newPage();
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await prepare?.(page);
      await page.goto(url);
      await page.waitForFunction(() => 'panelsHarness' in window);
      return page;
    };
    return { open, complaints, close };
  } catch (error) {
    await close();
    throw error;
  }
}
