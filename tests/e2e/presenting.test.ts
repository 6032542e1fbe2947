import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Briefing } from '../../contract/briefings.ts';
import type { Frame } from '../../contract/frame.ts';
import type { ClientEvents, ServerEvents } from '../../contract/protocol.ts';
import { takeChromium } from '../support/chromium.ts';
import { startProxy, type TcpProxy } from '../faults/support/tcpProxy.ts';
import { asking } from '../support/asking.ts';
import { raised } from '../support/events.ts';
import { letIn, writeAccess } from '../support/letIn.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';
import { openAs } from './support/peopled.ts';

/**
 * A briefing presented in real Chromium: the presenter's page, the presenter's view and a follower in contexts of their own, the
 * follower over a network that can be cut; one of now; then a display.
 */

/** All are to be in step again within so long, ms. */
const IN_STEP_MS = 2_000;
const { tokens, entries } = letIn({
  admin: { role: 'admin', scope: '330110' },
  leader: { role: 'leader', scope: '330110' },
  officer: { role: 'officer', scope: '330110' },
  display: { role: 'display', scope: '330110' },
} as const);
const dir = mkdtempSync(join(tmpdir(), 'presenting-'));
let server: RunningServer;
let browser: Browser;
let proxy: TcpProxy;
let made: Briefing;
const env = (port?: string) => ({
  ACCESS_FILE: writeAccess(dir, entries),
  DATA_DIR: join(dir, 'data'),
  FILES_DIR: join(dir, 'files'),
  LEASE_MS: '500',
  ...(port === undefined ? {} : { PORT: port }),
});
const { ask, send } = asking(tokens, () => server.url);

beforeAll(async () => {
  [browser, server] = await Promise.all([takeChromium(), startServer(env())]);
  proxy = await startProxy([Number(new URL(server.url).port)]);
  await send(
    raised(Date.now() - 2_000, { alertId: 'R1', tier: 'red', enterprise: { name: '某密字建筑劳务公司' } }),
    raised(Date.now() - 1_000, { alertId: 'O1', tier: 'orange', enterprise: { name: '某密字建筑劳务公司' } }),
  );
  await until(
    'they are counted',
    async () => (await ask<Frame>('admin', '/api/v1/snapshot?scope=330110&window=24h')).body.totals.raised === 2,
  );
  made = (await ask<Briefing>('leader', '/api/v1/briefings', { scope: '330110', window: '24h', title: '区长周例会' }))
    .body;
  const pages = made.pages.map((one) => (one.page === 'situation' ? { ...one, remark: '请专班说明两件红色' } : one));
  await ask('leader', `/api/v1/briefings/${made.id}`, { pages }, { method: 'PUT' });
}, 120_000);
afterAll(async () => {
  await browser.close();
  await proxy.close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

const open = async (who: keyof typeof tokens, path: string, url = server.url) => {
  const { page } = await openAs(browser, url, tokens[who], path, { viewport: { width: 1366, height: 768 } });
  page.setDefaultTimeout(30_000);
  return page;
};
const nowOn = (page: Page) => page.getAttribute('[data-page]', 'data-page').then(Number);
const inStep = (page: Page, n: number, timeout = IN_STEP_MS) =>
  page.waitForSelector(`[data-page="${n}"]`, { state: 'attached', timeout });

/**
 * Until the server answers whoever follows the briefing anew. Those who were away have their two seconds from then on: how long its
 * process takes to start on a busy machine is no matter of theirs.
 */
async function answersAgain(): Promise<void> {
  const token = tokens.officer;
  await until('a new follower is answered', async () => {
    const socket: Socket<ServerEvents, ClientEvents> = io(`${server.url}/wall`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { token },
    });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.on('connect', resolve);
        socket.on('connect_error', reject);
      });
      return !('problem' in (await socket.emitWithAck('follow', { briefing: made.id })));
    } catch {
      return false;
    } finally {
      socket.disconnect();
    }
  });
}

it('presents: pages, black, pointer and pen, in step through reloads, a lost network and a restart of the server', async () => {
  const show = await open('leader', `/briefing/${made.id}?page=1`);
  await show.waitForSelector('[data-present]', { state: 'attached' });
  await show.mouse.move(400, 300);
  await show.click('[data-present]');
  await show.waitForSelector('[data-used]', { state: 'attached' });
  const [view, follower] = await Promise.all([
    open('leader', `/briefing/${made.id}/presenter`),
    open('officer', `/briefing/${made.id}?follow=1`, `http://127.0.0.1:${proxy.port}`),
  ]);
  await Promise.all([
    view.waitForSelector('[data-mine="true"][data-link="live"]'),
    follower.waitForSelector('[data-link="live"]', { state: 'attached' }),
  ]);
  expect(await follower.textContent('[data-said]')).toContain('leader');

  // Turned by a key here, by a button there; who follows cannot.
  await show.keyboard.press('ArrowRight');
  await Promise.all([inStep(view, 2), inStep(follower, 2)]);
  expect(await view.innerText('[data-notes]')).toBe('请专班说明两件红色');
  expect(await view.getAttribute('.then [data-mini]', 'data-mini')).toBe('map');
  expect(await view.innerText('[data-used]')).toMatch(/^\d\d:\d\d$/);
  // On a larger screen all of it is larger, and this page and the next lie as they did.
  const usual = view.viewportSize()!;
  for (const [width, height] of [
    [3840, 2160],
    [1400, 1050],
  ] as const) {
    await view.setViewportSize({ width, height });
    await view.waitForFunction(
      (font) => parseFloat(getComputedStyle(document.querySelector('[data-black]')!).fontSize) >= font,
      Math.max(18, (width * 22) / 1920),
    );
    const shares = () =>
      view.$$eval('[data-mini]', (all) =>
        all.flatMap((box) => {
          const [outer, page] = [box, box.querySelector('.sheet')!].map((one) => one.getBoundingClientRect());
          return [page!.width / outer!.width, page!.height / outer!.height].map((share) => share.toFixed(2));
        }),
      );
    await until('the pages fill their boxes', async () => (await shares()).every((share) => share === '1.00'));
    const letters = await view.$$eval('[data-mini] .sheet > *', (all) =>
      all.map(
        (one) =>
          parseFloat(getComputedStyle(one).width) / parseFloat(getComputedStyle(document.documentElement).fontSize),
      ),
    );
    expect(letters[0]).toBeCloseTo(192, 0);
  }
  await view.setViewportSize(usual);
  await view.click('[data-turn="next"]');
  await Promise.all([inStep(show, 3), inStep(follower, 3)]);
  await follower.keyboard.press('End');
  await show.keyboard.press('b');
  await Promise.all([view.waitForSelector('.dark'), follower.waitForSelector('.blackout')]);
  expect(await nowOn(follower)).toBe(3);
  await view.keyboard.press('b');
  await follower.waitForSelector('.blackout', { state: 'detached' });

  // The pointer, where it is; the pen, and one stroke back.
  await show.bringToFront();
  await show.keyboard.press('l');
  await show.mouse.move(683, 384);
  const dot = await (await follower.waitForSelector('[data-pointer]')).boundingBox();
  expect(Math.hypot(dot!.x + dot!.width / 2 - 683, dot!.y + dot!.height / 2 - 384)).toBeLessThan(6);
  await show.keyboard.press('p');
  await follower.waitForSelector('[data-pointer]', { state: 'detached' });
  for (const y of [300, 400]) {
    await show.mouse.move(300, y);
    await show.mouse.down();
    await show.mouse.move(600, y + 40, { steps: 8 });
    await show.mouse.up();
  }
  const strokes = (page: Page, n: number) =>
    page.waitForFunction(
      (count) => document.querySelectorAll('.tile.on [data-stroke], .here [data-stroke]').length === count,
      n,
      { timeout: IN_STEP_MS },
    );
  await Promise.all([strokes(follower, 2), strokes(view, 2)]);
  await show.keyboard.press('z');
  await Promise.all([strokes(follower, 1), strokes(view, 1), strokes(show, 1)]);
  await show.keyboard.press('Escape');

  // Each is loaded anew; the follower's network is lost and comes back.
  await show.reload();
  await show.waitForSelector('[data-used]', { state: 'attached' });
  await inStep(show, 3);
  await strokes(show, 1);
  proxy.cut();
  await follower.waitForSelector('[data-link="lost"]', { state: 'attached' });
  await show.keyboard.press('ArrowRight');
  await show.keyboard.press('ArrowRight');
  await inStep(view, 5);
  expect(await nowOn(follower)).toBe(3);
  proxy.mend();
  await inStep(follower, 5);
  // A cable that is pulled out: nobody is told that the line is dead.
  proxy.hang();
  await show.keyboard.press('ArrowLeft');
  await inStep(view, 4);
  proxy.mend();
  await inStep(follower, 4);

  // In mid-page the server dies; the presenter goes on meanwhile.
  const { port } = new URL(server.url);
  await server.kill('SIGKILL');
  await show.waitForSelector('[data-link="lost"]', { state: 'attached' });
  await show.keyboard.press('ArrowRight');
  server = await startServer(env(port));
  await answersAgain();
  await Promise.all([show, view, follower].map((page) => inStep(page, 5)));
  await strokes(view, 0);
  await view.click('[data-turn="back"]');
  await view.click('[data-turn="back"]');
  await Promise.all([inStep(show, 3), inStep(follower, 3), strokes(follower, 1)]);

  // It is on paper, too.
  await show.emulateMedia({ media: 'print' });
  const printed = await show.$$eval('[data-stroke]', (paths) =>
    paths.map((path) => [getComputedStyle(path).visibility, path.getBoundingClientRect().width > 10]),
  );
  expect(printed).toEqual([['visible', true]]);
  expect(await axeFaults(view)).toEqual([]);

  // Compared, the page is another than was drawn on: it has no strokes, and takes none, until it stands by itself again.
  await show.emulateMedia({ media: 'screen' });
  await show.keyboard.press('p');
  await show.waitForSelector('[data-tool="pen"][aria-pressed="true"]');
  await show.keyboard.press('c');
  await show.click('dialog button[type="submit"]');
  await show.waitForSelector('.tile.on [data-side], .tile.on [data-nothing]');
  await Promise.all([show, view, follower].map((page) => strokes(page, 0)));
  expect(await show.getAttribute('[data-tool="pen"]', 'aria-pressed')).toBe('false');
  expect(await view.isDisabled('[data-tool="clear"]')).toBe(true);
  await show.keyboard.press('c');
  await show.click('dialog [data-end]');
  await show.waitForURL((at) => at.searchParams.get('vs') === null || at.searchParams.get('vs') === 'off');
  await Promise.all([show, view, follower].map((page) => strokes(page, 1)));
  for (const page of [show, view, follower]) await page.context().close();
});

it('of now is presented on live figures: page, moment of the time bar and comparison are in step, on a display as well', async () => {
  const at = '/briefing/live?scope=330110&window=24h&deck=weekly&theme=day';
  const show = await open('leader', `${at}&page=2`);
  await show.waitForSelector('[data-present]', { state: 'attached' });
  await show.mouse.move(400, 300);
  await show.click('[data-share]');
  const link = new URL(await show.inputValue('[data-link-of="follow"]'));
  await show.click('dialog .close');
  await show.click('[data-present]');
  await show.waitForSelector('[data-used]', { state: 'attached' });
  const [follower, view, display] = await Promise.all([
    open('officer', link.pathname + link.search),
    open('leader', '/briefing/live/presenter?scope=330110&window=24h&deck=weekly'),
    open('display', '/briefing/display?turn=60&follow=on&scope=330110&deck=daily&window=week'),
  ]);
  const all = [show, follower, view, display];
  await display.waitForSelector('[data-following="true"]');
  await view.waitForSelector('[data-mine="true"][data-link="live"]');
  await show.keyboard.press('PageDown');
  await Promise.all(all.map((page) => inStep(page, 3)));
  await show.keyboard.press('PageUp');

  // What comes is there for all of them, of the same moment.
  await send(raised(Date.now(), { alertId: 'L1', tier: 'red', enterprise: { name: '某密字建筑劳务公司' } }));
  const figure = (page: Page) => page.textContent('.tile.on [data-figure="raised"] b, .here [data-figure="raised"] b');
  await until(
    'all show it, at one moment',
    async () => {
      const told = await Promise.all(
        all.map(async (page) => [
          await figure(page),
          await page.textContent('.tile.on [data-moment], .here [data-moment]'),
        ]),
      );
      return told.every(([n, moment]) => n === '3' && moment === told[0]![1]);
    },
    40_000,
  );

  // Back in time: each shows the moment that the presenter shows, and the keys of who follows move nothing.
  await show.keyboard.press('t');
  await show.waitForSelector('[data-timebar]');
  await show.waitForFunction(() => !document.querySelector('[data-message]')!.textContent.includes('正在'));
  await show.keyboard.press('ArrowLeft');
  await show.keyboard.press('ArrowLeft');
  await show.waitForSelector('[data-replay-banner][data-at]');
  await follower.keyboard.press('t');
  await follower.keyboard.press('ArrowLeft');
  const banner = (page: Page) => page.getAttribute('[data-replay-banner]', 'data-at').catch(() => null);
  const there = (page: Page) => page.waitForSelector('[data-replay-banner][data-at]');
  await Promise.all([there(follower), there(display), view.waitForSelector('[data-past]')]);
  await until('all are there', async () => {
    const moment = await banner(show);
    return (await banner(follower)) === moment && (await banner(display)) === moment;
  });
  const text = (page: Page) => page.textContent('.tile.on [data-state]');
  expect(await Promise.all([show, follower, display].map(text))).toEqual(['回放', '回放', '回放']);
  expect(await follower.locator('[data-timebar]').count()).toBe(0);
  expect(await display.evaluate(() => document.body.textContent)).not.toMatch(/密字|leader/);
  // Loaded anew it is where it was, and goes back to now for all.
  await show.reload();
  await there(show);
  expect(await banner(show)).toBe(await banner(follower));
  await show.keyboard.press('Escape');
  const gone = (page: Page) => page.waitForSelector('[data-replay-banner]', { state: 'detached' });
  await Promise.all([show, follower, display].map(gone));
  await view.waitForSelector('[data-past]', { state: 'detached' });

  // Compared with another window: so are they all, and it ends for all.
  await show.keyboard.press('c');
  await show.check('[data-kind="window"]');
  await show.selectOption('dialog select', 'month');
  await show.click('dialog button[type="submit"]');
  const side = (page: Page) => page.waitForSelector('.tile.on [data-side="b"], .here [data-side="b"]');
  await Promise.all(all.map(side));
  expect(await follower.textContent('.tile.on [data-side="b"]')).toBe('本月');
  await follower.reload();
  await side(follower);
  await show.keyboard.press('c');
  await show.click('dialog [data-end]');
  await Promise.all(all.map((page) => page.waitForSelector('[data-side="b"]', { state: 'detached', timeout: 10_000 })));

  // The pen is for this presentation alone.
  await show.keyboard.press('p');
  await show.mouse.move(300, 300);
  await show.mouse.down();
  await show.mouse.move(600, 340, { steps: 8 });
  await show.mouse.up();
  await follower.waitForSelector('.tile.on [data-stroke]', { timeout: IN_STEP_MS });
  await show.keyboard.press('Escape');
  await view.click('[data-end]');
  await follower.waitForSelector('.tile.on [data-stroke]', { state: 'detached', timeout: IN_STEP_MS });
  await display.waitForSelector('[data-following="false"]', { timeout: IN_STEP_MS });
  for (const page of all) await page.context().close();
}, 180_000);

it('is taken over by another, and the one before is told', async () => {
  const first = await open('leader', `/briefing/${made.id}?present=on`);
  await first.waitForSelector('[data-used]', { state: 'attached' });
  const second = await open('officer', `/briefing/${made.id}/presenter`);
  await second.waitForSelector('[data-begin]');
  expect(await second.innerText('[data-said]')).toContain('leader');
  await second.click('[data-begin]');
  await second.waitForSelector('[data-mine="true"]');
  await first.waitForSelector('[data-said]');
  expect(await first.innerText('[data-said]')).toContain('已接手讲解');
  expect(await first.innerText('[data-said]')).toContain('officer');
  await second.click('[data-end]');
  await second.waitForSelector('[data-mine="false"]');
  for (const page of [first, second]) await page.context().close();
});

it('is shown on a display, which turns by itself, follows who presents, and names nobody', async () => {
  const display = await open('display', '/briefing/display?turn=5&follow=on&scope=330110&deck=weekly&window=24h');
  await display.waitForSelector('.tile.on');
  const turned = new Set<number>([await nowOn(display)]);
  await until('it has turned by itself', async () => turned.add(await nowOn(display)).size > 1);
  const text = await display.evaluate(() => document.body.textContent);
  expect(text).not.toContain('密字');
  expect(text).toContain('某建筑企业');

  const view = await open('leader', `/briefing/${made.id}/presenter`);
  await view.click('[data-begin]');
  await display.waitForSelector('[data-following="true"]');
  await view.click('[data-turn="next"]');
  await view.click('[data-turn="next"]');
  await inStep(display, 3);
  const shown = await display.evaluate(() => document.body.textContent);
  expect(shown).not.toMatch(/密字|leader|请专班说明|区长周例会/);
  await view.click('[data-end]');
  await display.waitForSelector('[data-following="false"]', { timeout: IN_STEP_MS });
  for (const page of [display, view]) await page.context().close();
});

it('hands on a link to the page, which opens for whoever may', async () => {
  const page = await open('leader', `/briefing/${made.id}?page=4&theme=day`);
  await page.waitForSelector('.tile.on');
  await page.mouse.move(400, 300);
  await page.click('[data-share]');
  const link = await page.inputValue('[data-link-of="page"]');
  expect(link).toBe(`${server.url}/briefing/${made.id}?page=4`);
  expect(await page.inputValue('[data-link-of="follow"]')).toContain('?follow=on');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.click('[data-link-of="page"] + button');
  await page.waitForFunction(() => document.querySelector('.rows-form')!.textContent.includes('已复制'));
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  const other = await open('officer', new URL(link).pathname + new URL(link).search);
  await inStep(other, 4, 30_000);
  for (const one of [page, other]) await one.context().close();
});
