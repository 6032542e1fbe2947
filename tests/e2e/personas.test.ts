import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../contract/access.ts';
import type { Persona, Personas } from '../../contract/personas.ts';
import type { AlertDetail, AlertList, Problem } from '../../contract/rest.ts';
import { unitOf } from '../../common/units.ts';
import { takeChromium } from '../support/chromium.ts';
import { watchPage } from '../support/harnessPage.ts';
import { loadPack } from '../support/packs.ts';
import { freshDataDir, startServer, until, type RunningServer } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';
import { shoot } from './support/shots.ts';

/** Whom anybody may be on an open demonstration, by a press in real Chromium and over HTTP (docs/casework.md §5). */

const URL_ = '/api/v1/personas';
const OURS = { 'x-wagewatch': '1' };
const pack = loadPack('330110');
const dataDir = freshDataDir();
let server: RunningServer;
let browser: Browser;

interface Answer<T> {
  status: number;
  body: T;
  cookie: string | undefined;
  setCookie: string | null;
}
async function ask<T>(
  path: string,
  { method = 'GET', body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer<T>> {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const setCookie = answer.headers.get('set-cookie');
  return {
    status: answer.status,
    body: (text ? JSON.parse(text) : undefined) as T,
    cookie: setCookie?.split(';')[0],
    setCookie,
  };
}
const be = async (id: string, headers: Record<string, string> = {}) =>
  ask<Personas & Problem>(URL_, { method: 'POST', body: { id }, headers });
const as = (cookie: string) => ({ cookie, ...OURS });
const session = async (cookie?: string) =>
  (await ask<Session>('/api/v1/access/session', cookie === undefined ? {} : { headers: { cookie } })).body;
const openAlerts = async (query: string, cookie?: string) =>
  (
    await ask<AlertList>(
      `/api/v1/alerts?scope=330110&open=true&limit=200&${query}`,
      cookie ? { headers: { cookie } } : {},
    )
  ).body;
const act = <T = AlertDetail & Problem & { rule?: string; choose?: string }>(
  alertId: string,
  body: object,
  headers: Record<string, string> = {},
) => ask<T>(`/api/v1/alerts/${alertId}/actions`, { method: 'POST', body, headers });
const detailOf = async (alertId: string, cookie?: string) =>
  ask<AlertDetail>(`/api/v1/alerts/${alertId}?scope=330110`, cookie ? { headers: { cookie } } : {});
const NOTE = { action: 'note', text: '已电话核实', expect: { stage: 'accepted', events: 1 } };

beforeAll(async () => {
  [browser, server] = await Promise.all([
    takeChromium(),
    startServer({
      DATA_DIR: dataDir,
      DEMO: 'on',
      DEMO_SPEED: '0.01',
      DEMO_SCALE: '0.001',
      LOG_LEVEL: 'info',
    }),
  ]);
  await until('the history is in', () => server.output().includes('history loaded'), 60_000);
  // While it is being counted, what is open in it is not open for long.
  await until('it is counted', async () => (await openAlerts('')).total === 77, 60_000);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('says what happens next about a case, and what whoever one is may do', async () => {
  const [alert] = (await openAlerts('stage=accepted&tier=red')).items;
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const faults = watchPage(page, server.url);
  await page.goto(`${server.url}/wall/alerts/330110/${alert!.alertId}?rotate=off&quality=low&brightness=100`);
  const next = await page.innerText('[data-next]');
  for (const word of ['下一步：办结反馈', '余杭区劳动保障监察大队', '须于']) expect(next).toContain(word);
  expect(await page.locator('[data-may]').count()).toBe(0);
  const chip = page.locator('.chip');
  expect(await chip.innerText()).toContain('未选择');
  await chip.click();
  await page.waitForSelector('[data-persona="leader"]');
  expect(await page.locator('[data-persona]').count()).toBe(4);
  expect(await axeFaults(page)).toEqual([]);
  await shoot(page, 'personas-390');
  await page.click('[data-persona="leader"]');
  await page.waitForSelector('[data-may]');
  expect(await page.innerText('[data-may]')).toContain('督办');
  expect(await chip.innerText()).toContain('领导');
  await shoot(page, 'case-390');
  // Esc closes the sheet, and not the page behind it.
  await chip.click();
  await page.waitForSelector('[data-persona="none"]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('[data-persona="none"]', { state: 'detached' });
  expect(await page.locator('[data-may]').count()).toBe(1);
  await page.goto(`${server.url}/personas?lang=en`);
  await page.waitForSelector('[data-persona="leader"][aria-pressed="true"]');
  expect(await page.innerText('[data-persona="handler-1"]')).toContain('Labour Inspection Brigade');
  await page.click('[data-persona="none"]');
  await page.waitForURL((url) => url.pathname !== '/personas');
  expect(faults).toEqual([]);
  await context.close();
}, 180_000);

describe('on an open demonstration', () => {
  it('four are offered: an officer, a leader, and handlers of two units', async () => {
    const { status, body } = await ask<Personas>(URL_);
    expect(status).toBe(200);
    expect(body.current).toBeUndefined();
    expect(body.items.map(({ role }) => role).sort()).toEqual(['handler', 'handler', 'leader', 'officer']);
    const units = body.items.filter(({ role }) => role === 'handler').map(({ unit }) => unit!);
    expect(new Set(units.map((unit) => unitOf(pack, unit)?.kind)).size).toBe(2);
    expect(body.items.every(({ name, scope }) => name.startsWith('某') && scope === '330110')).toBe(true);
    expect(await session()).toMatchObject({ open: true, personas: true, principal: { kind: 'everybody' } });
  });

  it('without one nobody acts, and is told where one is chosen; reading goes on', async () => {
    const [alert] = (await openAlerts('stage=accepted')).items;
    const refused = await act(alert!.alertId, NOTE);
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ rule: 'persona', choose: '/personas' });
    expect(refused.body.detail).toContain('/personas');
    expect((await act('none', NOTE)).status).toBe(403);
    const several = await ask<Problem>('/api/v1/alerts/actions', { method: 'POST', body: { actions: [NOTE] } });
    expect(several.status).toBe(403);
    const supervision = await ask<Problem>('/api/v1/supervisions/none?scope=330110', {
      method: 'POST',
      body: { do: 'drop', reason: 'x' },
    });
    expect(supervision.status).toBe(403);
    expect((await detailOf(alert!.alertId)).body.actions).toEqual([]);
  });

  it('whoever is an officer acts as that officer, by a cookie that no script can read', async () => {
    const chosen = await be('officer');
    expect(chosen.status).toBe(200);
    expect(chosen.body.current).toBe('officer');
    expect(chosen.setCookie).toMatch(/HttpOnly/);
    expect(chosen.setCookie).toMatch(/SameSite=Strict/);
    const { cookie } = chosen;
    const me = await session(cookie);
    expect(me).toMatchObject({ open: true, principal: { kind: 'persona', role: 'officer', scope: '330110' } });
    const [alert] = (await openAlerts('stage=accepted', cookie)).items;
    const seen = await detailOf(alert!.alertId, cookie);
    expect(seen.body.actions).toEqual(expect.arrayContaining(['handle', 'note', 'amend', 'urge']));
    const expected = { stage: seen.body.stage, events: seen.body.eventsTotal };
    const done = await act(alert!.alertId, { ...NOTE, expect: expected }, as(cookie!));
    expect(done.status).toBe(200);
    const event = done.body.events.find(({ type }) => type === 'wage.case.noted')!;
    expect(event.actor).toBe('persona-officer');
    expect(done.body.people!['persona-officer']).toBe(me.principal!.name);
    // What is no officer's is no officer's.
    const supervise = { action: 'supervise', level: 'notice', text: 'x', expect: { stage: 'accepted', events: 1 } };
    expect((await act(alert!.alertId, supervise, as(cookie!))).body).toMatchObject({ status: 403, rule: 'role' });
    expect((await ask('/api/v1/access/people', { headers: { cookie: cookie! } })).status).toBe(403);
  });

  it('a handler sees and touches the alerts of their own unit alone', async () => {
    const { body, cookie } = await be('handler-1');
    const { unit } = body.items.find(({ id }) => id === 'handler-1') as Persona;
    const all = (await openAlerts('stage=accepted')).items;
    const own = (await openAlerts('stage=accepted', cookie)).items;
    expect(own.length).toBeGreaterThan(0);
    expect(own.length).toBeLessThan(all.length);
    expect(new Set(own.map((item) => unitOf(pack, item.unit)?.code))).toEqual(new Set([unit]));
    const foreign = all.find((item) => unitOf(pack, item.unit)?.code !== unit)!;
    expect((await detailOf(foreign.alertId, cookie)).status).toBe(404);
    expect((await act(foreign.alertId, NOTE, as(cookie!))).status).toBe(404);
    expect((await ask('/api/v1/subjects?region=330110', { headers: { cookie: cookie! } })).status).toBe(403);
    const seen = (await detailOf(own[0]!.alertId, cookie)).body;
    expect(seen.actions).toEqual(expect.arrayContaining(['handle', 'note']));
    expect(seen.actions).not.toContain('audit');
  });

  it('takes no choice and no action from a page of another site, nor an action without the page’s header', async () => {
    const elsewhere = { origin: 'http://evil.example' };
    expect((await be('leader', elsewhere)).status).toBe(403);
    expect((await be('leader', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await be('leader', { 'x-forwarded-for': '10.0.0.9' })).status).toBe(401);
    const { cookie } = await be('leader');
    expect((await act('none', NOTE, { cookie: cookie! })).status).toBe(403);
    expect((await act('none', NOTE, { ...as(cookie!), ...elsewhere })).status).toBe(403);
    expect((await be('officer', { cookie: cookie! })).status).toBe(403);
    // A form of another site sends no JSON.
    const form = await fetch(`${server.url}${URL_}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'id=leader',
    });
    expect(form.status).toBe(415);
  });

  it('being somebody else, or nobody, ends what was seen as the one before', async () => {
    const { cookie } = await be('handler-2');
    const socket = io(`${server.url}/wall`, { transports: ['websocket'], extraHeaders: { cookie: cookie! } });
    await new Promise((resolve) => socket.on('connect', () => resolve(undefined)));
    const ended = new Promise((resolve) => socket.on('disconnect', resolve));
    const next = await be('leader', as(cookie!));
    expect(next.status).toBe(200);
    await ended;
    socket.disconnect();
    expect((await session(cookie)).principal!.kind).toBe('everybody');
    const left = await ask(URL_, { method: 'DELETE', headers: as(next.cookie!) });
    expect(left.status).toBe(204);
    expect(left.setCookie).toContain('Max-Age=0');
    expect((await session(next.cookie)).principal!.kind).toBe('everybody');
    expect((await act('none', NOTE, as(next.cookie!))).body).toMatchObject({ rule: 'persona' });
    expect((await be('nobody')).status).toBe(400);
  });

  it('nobody is a persona any more once somebody has been let in', async () => {
    const { cookie } = await be('leader');
    const code = /\/join#(wi_[\w-]{43})\n/.exec(readFileSync(join(dataDir, 'first-admin-link'), 'utf8'))![1]!;
    const joined = await ask('/api/v1/access/invite', {
      method: 'POST',
      body: { code, name: '某管理员', password: 'gu6-wanderte-Tafel' },
    });
    expect(joined.status).toBe(200);
    const admin = { cookie: joined.cookie!, ...OURS };
    expect((await ask(URL_)).status).toBe(401);
    expect((await ask(URL_, { headers: { cookie: cookie! } })).status).toBe(401);
    expect((await act('none', NOTE, as(cookie!))).status).toBe(401);
    expect((await be('leader')).status).toBe(401);
    expect((await ask(URL_, { headers: admin })).status).toBe(404);
    expect((await be('leader', admin)).status).toBe(404);
    expect(await session(joined.cookie)).toMatchObject({ open: false, principal: { kind: 'person' } });
    expect((await session(joined.cookie)).personas).toBeUndefined();
  });
});
