import type { Browser } from 'playwright-core';
import { launchChromium } from '../../testing/browser.ts';

/** The one of this process, which test files have in turn: they share the program, and nothing that is opened in it. */
let kept: Promise<Browser> | undefined;

/**
 * A Chromium without WebGL. Each file's pages have contexts of their own, which `close` ends; the program stays for the next
 * file, as its start costs as much as a page.
 */
export async function takeChromium(): Promise<Browser> {
  let browser = await kept;
  if (!browser?.isConnected()) {
    // The process of the tests is told to end, and given little time to: at its exit, it ends Chromium and removes its files.
    if (!kept) process.once('SIGTERM', () => process.exit());
    browser = await (kept = launchChromium({ drawing: 'plain' }));
  }
  const taken = browser;
  const close = async () => {
    await Promise.all(taken.contexts().map((context) => context.close()));
  };
  return new Proxy(taken, {
    get(target, name) {
      if (name === 'close') return close;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
