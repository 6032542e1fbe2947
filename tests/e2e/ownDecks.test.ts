import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import type { Briefing, BriefingAnswer } from '../../contract/briefings.ts';
import type { OwnDeck, OwnDecks } from '../../contract/ownDecks.ts';
import type { Frame } from '../../contract/frame.ts';
import { raised } from '../support/events.ts';
import { until } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';
import { outOfReach } from './support/dialogs.ts';
import { peopled } from './support/peopled.ts';

/**
 * Decks that people keep, in real Chromium: made on the page, taken for a briefing that is made and for one that there is, and given to a
 * display that an admin pairs by its code, which then turns the pages of that deck by itself and names nobody.
 */

const { ask, told, send, url, browser, open } = peopled({
  admin: { role: 'admin', scope: '330110' },
  leader: { role: 'leader', scope: '330110' },
  officer: { role: 'officer', scope: '330110' },
});
const SIZE = { viewport: { width: 1366, height: 768 } };
const decksOf = (who: 'leader' | 'officer' | 'admin') =>
  told<OwnDecks>(who, '/api/v1/briefings/decks?scope=330110').then(({ items }) => items);
const tiles = (page: Page) =>
  page.$$eval('[data-tile]', (all) => all.map((one) => (one as HTMLElement).dataset['tile']));

beforeAll(async () => {
  await send(
    raised(Date.now() - 2_000, { alertId: 'R1', tier: 'red', enterprise: { name: '某密字建筑劳务公司' } }),
    raised(Date.now() - 1_000, { alertId: 'O1', tier: 'orange', enterprise: { name: '某密字建筑劳务公司' } }),
  );
  await until(
    'they are counted',
    async () => (await ask<Frame>('admin', '/api/v1/snapshot?scope=330110&window=24h')).body.totals.raised === 2,
  );
}, 120_000);

it('is made on the page, shared, and taken for a new briefing and for one that there is', async () => {
  const { page, faults } = await open('leader', '/briefing?theme=day', SIZE);
  page.setDefaultTimeout(30_000);
  await page.click('[data-new-deck]:enabled');
  await page.waitForSelector('dialog [data-deck-scope] option:nth-child(2)', { state: 'attached' });
  await page.fill('[data-deck-name]', '区长专用');
  await page.fill('[data-deck-title]', '区长周例会');
  await page.selectOption('dialog [data-deck-window]', '24h');
  await page.selectOption('dialog [data-compare]', 'week');
  await page.check('[data-deck-shared]');
  for (const name of ['map', 'towns', 'sources', 'recovered', 'accounts', 'changes', 'outlook'])
    await page.uncheck(`[data-page-row="${name}"] input[type="checkbox"]`);
  // The loop before the situation.
  for (let i = 0; i < 4; i++) await page.click('[data-page-row="loop"] legend button:nth-of-type(1)');
  await page.fill('[data-page-row="loop"] .input >> nth=0', '先看密字办理');
  expect(await axeFaults(page)).toEqual([]);
  expect(await page.evaluate(outOfReach, '.close')).toEqual([]);
  await page.click('dialog button[type="submit"]');
  await page.waitForSelector('dialog', { state: 'detached' });
  const row = page.locator('[data-own-deck="区长专用"]');
  await row.waitFor();
  expect(await row.innerText()).toContain('4 页');
  const [deck] = await decksOf('officer');
  expect(deck).toMatchObject({ name: '区长专用', title: '区长周例会', window: '24h', compare: 'week', mine: false });

  // Chosen already: what is frozen has its pages, its title, and its comparison.
  await page.click('.make button[type="submit"]');
  await page.waitForSelector('.tile.on');
  expect(await tiles(page)).toEqual(['cover', 'loop', 'situation', 'cases']);
  const made = await told<BriefingAnswer>('leader', `/api/v1/briefings/${page.url().match(/330110-[0-9a-f]+/)![0]}`);
  expect(made).toMatchObject({ deck: deck!.deck, window: '24h', compare: 'week' });
  expect(made.title).toMatch(/^区长周例会 \d{4}-\d\d-\d\d$/);
  await page.waitForSelector('.tile.on [data-nothing], .tile.on [data-side="b"]');
  await page.keyboard.press('c');
  await page.click('[data-end]');
  await page.waitForURL(/vs=off/);
  await page.waitForSelector('.tile.on h1');
  expect(await page.innerText('.tile.on h1')).toContain('区长周例会');

  // One that was frozen with another deck takes this one over, and gives one of its own.
  const other = await told<Briefing>('officer', '/api/v1/briefings', { scope: '330110', window: '24h', deck: 'daily' });
  const { page: second } = await open('officer', `/briefing/${other.id}?theme=day`, SIZE);
  second.setDefaultTimeout(30_000);
  await second.waitForSelector('.tile.on');
  await second.mouse.move(400, 400);
  await second.click('.tools button:nth-of-type(4)');
  await second.selectOption('[data-take]', { label: '区长专用' });
  await second.selectOption('dialog [data-compare]', '');
  await second.click('dialog button[type="submit"]');
  await second.waitForSelector('dialog', { state: 'detached' });
  expect(await tiles(second)).toEqual(['cover', 'loop', 'situation', 'cases']);
  await second.keyboard.press('ArrowRight');
  expect(await second.innerText('.tile.on h1')).toBe('先看密字办理');
  await second.mouse.move(420, 400);
  await second.click('.tools button:nth-of-type(4)');
  await second.click('[data-keep-deck]');
  await second.waitForSelector('dialog [data-deck-scope] option:nth-child(2)', { state: 'attached' });
  await second.fill('[data-deck-name]', '专班晨会');
  await second.click('dialog button[type="submit"]');
  await second.waitForSelector('dialog', { state: 'detached' });
  expect((await decksOf('officer')).map(({ name }) => name).sort()).toEqual(['专班晨会', '区长专用'].sort());
  // Nobody else sees what is not shared.
  expect((await decksOf('leader')).map(({ name }) => name)).toEqual(['区长专用']);

  // A page that this version does not have is named, and the others show.
  await second.route(`**/api/v1/briefings/${other.id}`, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as BriefingAnswer;
    await route.fulfill({ response: answer, json: { ...body, pages: [{ page: 'weather', on: true }, ...body.pages] } });
  });
  await second.reload();
  await second.waitForSelector('[data-gone]');
  expect(await second.innerText('[data-gone]')).toContain('weather');
  expect(await tiles(second)).toEqual(['cover', 'loop', 'situation', 'cases']);
  await second.click('[data-gone] button');
  await second.waitForSelector('[data-gone]', { state: 'detached' });
  // A week ago is before the first data, and is told so.
  expect(faults.filter((fault) => !fault.includes('status of 400'))).toEqual([]);
  for (const one of [page, second]) await one.context().close();
});

it('is told of in the language of the page where there never was one of that name', async () => {
  const { page } = await open('leader', '/briefing/live?scope=330110&deck=nonsense&theme=day', SIZE);
  await page.waitForSelector('.problem[role="alert"]');
  expect(await page.innerText('.problem')).toMatch(/^没有这个版式[^a-z]*$/);
  await page.goto(`${url()}/briefing/live?scope=nowhere&theme=day`);
  await page.waitForSelector('.problem[role="alert"]');
  expect(await page.innerText('.problem')).not.toMatch(/[a-z]/);
  await page.context().close();
});

it('is shown by a display that is paired by its code, page after page, masked, until it is removed', async () => {
  const { page: admin } = await open('admin', '/admin/displays', SIZE);
  admin.setDefaultTimeout(30_000);
  const screen = await (await browser().newContext({ viewport: { width: 1920, height: 1080 } })).newPage();
  screen.setDefaultTimeout(30_000);
  await screen.goto(`${url()}/pair`);
  await screen.waitForSelector('[data-pairing="waiting"]');
  const code = (await screen.innerText('[data-code]')).replace(/\s/g, '');
  await admin.goto(`${url()}/admin#pair=${code}`);
  await admin.waitForSelector('dialog #code');
  await admin.fill('#d-name', '三楼走廊');
  await admin.selectOption('#d-screen', 'briefing');
  await admin.selectOption('#d-scope', '330110');
  await admin.waitForSelector('#d-deck option:has-text("区长专用")', { state: 'attached' });
  await admin.selectOption('#d-deck', { label: '区长专用' });
  await admin.selectOption('#d-turn', '10');
  await admin.selectOption('#d-window', '24h');
  expect(await admin.evaluate(outOfReach, '.close, .buttons button')).toEqual([]);
  expect(await axeFaults(admin)).toEqual([]);
  await admin.click('dialog button[type="submit"]');

  await screen.waitForURL('**/briefing/display**');
  await screen.waitForSelector('.tile.on');
  expect(await tiles(screen)).toEqual(['cover', 'loop', 'situation', 'cases']);
  const seen = new Set<string>();
  await until(
    'it has turned twice',
    async () => seen.add((await screen.getAttribute('.tile.on', 'data-tile'))!).size === 3,
    60_000,
  );
  const text = await screen.evaluate(() => document.body.textContent);
  expect(text).toContain('某建筑企业');
  expect(text).not.toMatch(/密字|区长|leader/);
  await admin.waitForSelector('[data-display="三楼走廊"][data-online="true"]');

  // Whoever keeps the deck removes it: the display says so, and shows the weekly one.
  const [deck] = (await decksOf('leader')) as [OwnDeck];
  expect((await ask('officer', `/api/v1/briefings/decks/${deck.deck}`, undefined, { method: 'DELETE' })).status).toBe(
    403,
  );
  expect((await ask('leader', `/api/v1/briefings/decks/${deck.deck}`, undefined, { method: 'DELETE' })).status).toBe(
    204,
  );
  await screen.waitForSelector('[data-gone]');
  expect(await tiles(screen)).toContain('towns');
  await admin.locator('[data-display="三楼走廊"]').getByText('修改').click();
  await admin.waitForFunction(() =>
    document.querySelector('#d-deck option:checked')?.textContent.includes('已删除或未共享'),
  );
  await admin.selectOption('#d-deck', 'daily');
  await admin.click('dialog button[type="submit"]');
  await screen.waitForURL(/deck=daily/);
  await screen.waitForSelector('.tile.on');
  expect(await screen.locator('[data-gone]').count()).toBe(0);
  for (const one of [admin, screen]) await one.context().close();
}, 180_000);
