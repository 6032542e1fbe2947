import { createServer, type Server } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { type Browser, type Page } from 'playwright-core';
import { launchChromium } from '../../testing/browser.ts';
import { build } from 'vite';

/** A harness page (tests/harness/…) built as the product is, served under a strict policy, opened in real Chromium. */

export interface HarnessPage {
  /** `http://127.0.0.1:…` */
  origin: string;
  browser: Browser;
  close: () => Promise<void>;
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};
/** What the product may be served under: no eval, no blob workers, nothing from elsewhere. */
const POLICY =
  "default-src 'self'; script-src 'self'; worker-src 'none'; connect-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'";

function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://harness').pathname));
    const file = path === '/' ? '/index.html' : path;
    readFile(join(folder, file)).then(
      (body) => {
        response.writeHead(200, {
          'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
          'content-security-policy': POLICY,
        });
        response.end(body);
      },
      () => {
        response.writeHead(404).end();
      },
    );
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(server);
    });
  });
}

/** Builds and serves the page of a Vite configuration, and starts a Chromium that draws WebGL in software. */
export async function openHarness(configFile: string): Promise<HarnessPage> {
  const folder = await mkdtemp(join(tmpdir(), 'harness-'));
  await build({
    configFile,
    logLevel: 'error',
    build: { outDir: join(folder, 'site'), emptyOutDir: true, reportCompressedSize: false },
  });
  const server = await serve(join(folder, 'site'));
  const browser = await launchChromium();
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    browser,
    close: async () => {
      await browser.close();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Notes what must not happen on a page: console errors, exceptions, requests to another origin. */
export function watchPage(page: Page, origin: string): string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => {
    faults.push(`exception: ${error.message}`);
  });
  page.on('request', (request) => {
    // What a page has made itself (`blob:`) is of its own origin.
    const url = request.url().replace(/^blob:/, '');
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) faults.push(`request: ${request.url()}`);
  });
  return faults;
}
