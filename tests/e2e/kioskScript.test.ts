import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { until } from '../support/server.ts';

/** scripts/kiosk.sh with real Chromium: two screens, a browser that dies, an end without leftovers. */

const SCRIPT = join(PROJECT_ROOT, 'scripts/kiosk.sh');
/**
 * A kiosk is for the whole Chromium: that one, where there is one. The one without windows is started on Debian by a script that
 * stays beside it, so that who ends what was started does not end the browser: here, the program itself.
 */
function kioskBrowser(): string | undefined {
  const named = process.env.CHROMIUM;
  if (!named?.endsWith('chromium-headless-shell')) return named;
  return ['/usr/bin/chromium', '/usr/lib/chromium/chromium-headless-shell'].find((file) => existsSync(file)) ?? named;
}
/** Ids of running programs with `text` in their command lines (not this one's). */
function running(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return pid !== process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    });
}

it('shows a page on each of two screens, starts a browser again that died, and ends with all of them', async () => {
  const opened: string[] = [];
  const http = createServer((request, response) => {
    opened.push(request.url ?? '');
    // A proxy in front of a server that is not up yet: a browser opened now would stay on this page.
    const asked = opened.filter((one) => one === '/healthz').length;
    response.statusCode = request.url === '/healthz' && asked <= 3 ? 502 : 200;
    response.end('<title>kiosk</title>');
  });
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  const home = mkdtempSync(join(tmpdir(), 'kiosk-'));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const browser = kioskBrowser();
  const script = spawn(SCRIPT, [`${url}/one`, `${url}/two`], {
    env: {
      PATH: process.env.PATH,
      HOME: home,
      KIOSK_HOME: home,
      KIOSK_FLAGS: '--headless --no-sandbox --disable-gpu',
      KIOSK_SCREENS: '800x600+0+0 640x480+800+0',
      ...(browser ? { CHROMIUM: browser } : {}),
    },
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolve) => script.once('exit', resolve));
  onTestFinished(async () => {
    script.kill('SIGTERM');
    await ended;
    http.close();
    http.closeAllConnections();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  const count = (path: string) => opened.filter((one) => one === path).length;
  await until('both pages are opened', () => count('/one') === 1 && count('/two') === 1, 50_000);
  const first = opened.findIndex((one) => one !== '/healthz');
  expect(opened.slice(0, first).length).toBeGreaterThan(3);

  const browsers = running(`--user-data-dir=${home}/screen-1`).filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--kiosk'),
  );
  expect(browsers.length).toBeGreaterThan(0);
  process.kill(Math.min(...browsers), 'SIGKILL');
  await until('it is opened again', () => count('/one') === 2, 50_000);
  expect(count('/two')).toBe(1);

  script.kill('SIGTERM');
  expect(await ended).toBe(0);
  await until('no browser is left', () => running(home).length === 0);
}, 120_000);

it('says what is wrong with an address', async () => {
  const script = spawn(SCRIPT, ['wall.example.cn'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  script.stderr.on('data', (part: Buffer) => {
    said += part.toString();
  });
  expect(await new Promise((resolve) => script.once('close', resolve))).toBe(2);
  expect(said).toBe('kiosk: "wall.example.cn" is no address: it begins with http:// or https://\n');
});
