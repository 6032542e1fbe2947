import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import CDP from 'chrome-remote-interface';

/** A page in a real old Chromium, driven by its own protocol: the versions that office browsers are built on. */
export interface OldPage {
  open(url: string): Promise<void>;
  /** The value of an expression in the page, as JSON; promises are awaited. */
  read<T>(expression: string): Promise<T>;
  /** Waits until an expression is true in the page. @throws Error with what the page shows, and its errors, if it never is */
  until(what: string, expression: string): Promise<void>;
  /** Errors of the page since it was opened. */
  readonly errors: string[];
  screenshot(file: string): Promise<void>;
  close(): Promise<void>;
}

const WAIT_MS = 30_000;

/** Starts the Chromium of a major version (78, 80, 89, 103) with one page of the given size. */
export async function startOldBrowser(version: number, width = 1920, height = 1080): Promise<OldPage> {
  const browsers = process.env['OLD_BROWSERS'];
  if (!browsers) throw new Error('OLD_BROWSERS is not set: run the tests by npm test, which fetches the browsers');
  const profile = await mkdtemp(join(tmpdir(), 'wagewatch-old-'));
  const child = spawn(
    join(browsers, String(version), 'chromium'),
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      `--window-size=${width},${height}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(output);
      if (found) resolve(Number(found[1]));
    });
    child.once('error', reject);
    child.once('close', () => reject(new Error(`Chromium ${version} ended: ${output.slice(-2_000)}`)));
  });
  // The port answers before the browser has its first page.
  const pages = async () => (await CDP.List({ port })).filter(({ type }) => type === 'page');
  for (const end = Date.now() + WAIT_MS; (await pages()).length === 0; await sleep(50))
    if (Date.now() > end) throw new Error(`Chromium ${version} shows no page`);
  const client = await CDP({ port, local: true });
  const { Page, Runtime, Network, Emulation } = client;
  const errors: string[] = [];
  Runtime.exceptionThrown(({ exceptionDetails: { exception, text } }) => {
    errors.push(exception?.description ?? text);
  });
  await Promise.all([Page.enable(), Runtime.enable(), Network.enable({})]);
  await Emulation.setDeviceMetricsOverride({ width, height, deviceScaleFactor: 1, mobile: false });

  const read = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await Runtime.evaluate({
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as T;
  };
  return {
    errors,
    read,
    async open(url) {
      const loaded = Page.loadEventFired();
      await Page.navigate({ url });
      await loaded;
    },
    async until(what, expression) {
      for (const end = Date.now() + WAIT_MS; ; await sleep(100)) {
        if (await read<boolean>(`Boolean(${expression})`).catch(() => false)) return;
        if (Date.now() > end)
          throw new Error(
            `Chromium ${version}: not so in time: ${what}\n${errors.join('\n')}\n${await read<string>('document.body.innerText.slice(0, 500)')}`,
          );
      }
    },
    async screenshot(file) {
      const { data } = await Page.captureScreenshot({ format: 'png' });
      await writeFile(file, Buffer.from(data, 'base64'));
    },
    async close() {
      await client.close();
      child.kill();
      await ended;
      await rm(profile, { recursive: true, force: true });
    },
  };
}
