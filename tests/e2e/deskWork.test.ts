import type { BrowserContextOptions } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import type { AlertList } from '../../contract/rest.ts';
import { TOWN, UNIT } from '../support/accessTable.ts';
import { loadPack } from '../support/packs.ts';
import { until } from '../support/server.ts';
import { clueRules, registration } from '../support/signals.ts';
import { axeFaults } from './support/axe.ts';
import { peopled, withQuery } from './support/peopled.ts';
import { shoot } from './support/shots.ts';

/** Reporting a clue and raising by hand, by people in real Chromium (docs/casework.md §6). */

const PACK = loadPack('330110');
const { seat } = PACK.towns.find(({ code }) => code === TOWN)!;
const GRANTS = {
  admin: { role: 'admin', scope: '330110' },
  handler: { role: 'handler', scope: '330110', unit: UNIT.code },
  officer: { role: 'officer', scope: '330110' },
  leader: { role: 'leader', scope: '330110' },
} as const;
const { ask, told, send, ...people } = peopled(GRANTS);

beforeAll(async () => {
  await told('admin', '/api/v1/rules?region=330110', clueRules('c.1'));
  await told('admin', '/api/v1/rules/c.1/activate?region=330110', { why: 'a test', settle: true });
  await send(
    registration(1, '某木酒店管理有限公司', { town: TOWN, industry: 'H' }),
    registration(2, '某木装饰有限公司', { town: '330110001' }),
  );
  const suggested = async () => {
    const path = `/api/v1/subjects/suggest?q=${encodeURIComponent('某木')}`;
    const { status, body } = await ask<{ items: unknown[] }>('officer', path);
    return status === 200 && body.items.length === 2;
  };
  await until('the register is known', suggested, 60_000);
}, 120_000);

const open = (
  who: keyof typeof GRANTS,
  path: string,
  more: BrowserContextOptions = {},
  query = 'lang=zh-CN&theme=day',
) => people.open(who, withQuery(path, query), { viewport: { width: 390, height: 844 }, ...more });
const alertsOf = async (name: string) =>
  (await told<AlertList>('officer', `/api/v1/alerts?scope=330110&q=${encodeURIComponent(name)}`)).items;

it('a handler reports on the phone: an employer of the register, at their position, and is told of the alert', async () => {
  const geolocation = { longitude: seat[0], latitude: seat[1], accuracy: 20 };
  const { context, page, faults } = await open('handler', '/desk', { geolocation, permissions: ['geolocation'] });
  await page.click('.search .report');
  await page.fill('#clue-employer', '某木');
  await page.waitForSelector('[data-suggestion]');
  await shoot(page, 'report-phone-suggest');
  await page.click('[data-suggestion]:has-text("酒店")');
  expect(await page.inputValue('#clue-town')).toBe(TOWN);
  await page.click('[data-locate]');
  await page.waitForSelector('text=精度约 20 米');
  // What is missing is said, and nothing is sent.
  await page.click('[data-clue-send]');
  expect(await page.innerText('.fault')).toBe('请填写');
  await page.fill('#clue-text', '店面已关，门口十余名员工称两个月未发工资');
  await page.fill('#clue-workers', '12');
  await page.fill('#clue-amount', '96,000.5');
  await shoot(page, 'report-phone');
  await page.click('[data-clue-send]');
  await page.waitForSelector('[data-clue-done]');
  await shoot(page, 'report-phone-done');
  await page.click('[data-clue-alert]');
  await page.waitForSelector('[data-case-view] h1:has-text("某木酒店")');
  const [alert] = await alertsOf('某木酒店');
  expect(alert).toMatchObject({ workers: 12, amountFen: 9_600_050, town: TOWN, channel: 'grid' });
  expect(faults).toEqual([]);
  await context.close();
}, 60_000);

it('keeps what is typed through a reload and a lost network, sends it once, and the map tells the town', async () => {
  const { context, page } = await open('officer', '/desk/report');
  await page.fill('#clue-employer', '某门头面馆');
  await page.selectOption('#clue-industry', 'H');
  await page.click('[data-open-map]');
  await page.waitForSelector('[data-place-map] path.town');
  const box = (await page.locator('[data-place-map]').boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForSelector('[data-place-map] .pin');
  const town = await page.inputValue('#clue-town');
  expect(PACK.towns.map(({ code }) => code)).toContain(town);
  await page.fill('#clue-text', '老板失联');
  await shoot(page, 'report-phone-map');
  await page.reload();
  expect(await page.inputValue('#clue-text')).toBe('老板失联');
  expect(await page.inputValue('#clue-town')).toBe(town);
  await context.setOffline(true);
  await page.click('[data-clue-send]');
  await page.waitForSelector('text=联网后自动提交');
  await context.setOffline(false);
  await page.waitForSelector('[data-clue-done]', { timeout: 30_000 });
  expect(await page.innerText('[data-clue-done]')).toContain('SG-');
  const subject = await told<{ counting: unknown[] }>(
    'officer',
    `/api/v1/subjects/${encodeURIComponent('N:某门头面馆')}?region=330110`,
  );
  expect(subject.counting).toHaveLength(1);
  await context.close();
}, 60_000);

it('says why a position cannot be used: outside the district, and without HTTPS', async () => {
  const away = { longitude: 121.4737, latitude: 31.2304 };
  const { context, page } = await open('handler', '/desk/report', { geolocation: away, permissions: ['geolocation'] });
  await page.click('[data-locate]');
  await page.waitForSelector('[data-said="outside"]');
  await context.close();
  const plain = await open('handler', '/desk/report');
  await plain.page.addInitScript(() => {
    Object.defineProperty(window, 'isSecureContext', { value: false });
  });
  await plain.page.reload();
  await plain.page.waitForSelector('[data-said="insecure"]');
  expect(await plain.page.locator('[data-locate]').count()).toBe(0);
  await plain.context.close();
  // A leader reads and supervises: clues are not theirs to report.
  const leader = await open('leader', '/desk/report');
  await leader.page.waitForSelector('[role=alert]:has-text("经办人")');
  await leader.context.close();
}, 60_000);

it('is read by everybody: no fault for axe, nothing wider than the page', async () => {
  const all = [
    [390, 844, 'lang=en&theme=night'],
    [1366, 768, 'lang=zh-CN&theme=day'],
    [390, 844, 'lang=zh-CN&theme=day'],
    [1366, 768, 'lang=en&theme=day'],
    [820, 1180, 'lang=zh-CN&theme=night'],
  ] as const;
  // Both themes and languages, the smallest and the most usual size; `npm run test:layouts` has the rest.
  for (const [width, height, query] of process.env['LAYOUTS'] === 'long' ? all : all.slice(0, 2)) {
    const { context, page } = await open('officer', '/desk/report', { viewport: { width, height } }, query);
    await page.fill('#clue-employer', '某木');
    await page.click('[data-clue-send]');
    await page.click('[data-open-map]');
    await page.waitForSelector('[data-place-map] path.town');
    expect(await axeFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await shoot(page, `report-${width}-${query.slice(5, 7)}`);
    await context.close();
  }
}, 90_000);

it('an officer raises by hand: what is open of the employer comes first, and another one all the same', async () => {
  const { context, page, faults } = await open('officer', '/desk', { viewport: { width: 1366, height: 768 } });
  const fill = async (amount: string) => {
    await page.click('[data-raise-begin]');
    await page.fill('#raise-employer', '某石餐饮店');
    await page.selectOption('#raise-town', TOWN);
    await page.selectOption('#raise-industry', 'H');
    await page.selectOption('#raise-tier', 'orange');
    await page.selectOption('#raise-channel', 'hotline');
    await page.fill('#raise-workers', '6');
    await page.fill('#raise-amount', amount);
  };
  await page.click('[data-raise-begin]');
  await page.click('[data-raise-send]');
  expect(await page.locator('[data-raise] .fault').count()).toBe(7);
  expect(await axeFaults(page)).toEqual([]);
  await fill('21600');
  await page.fill('#raise-text', '热线来电反映两个月未发');
  await shoot(page, 'desk-raise');
  await page.click('[data-raise-send]');
  await page.waitForSelector('[data-case-view] h1:has-text("某石餐饮店")');
  const [first] = await alertsOf('某石餐饮店');
  expect(first).toMatchObject({
    tier: 'orange',
    amountFen: 2_160_000,
    alertId: expect.stringMatching(/^DK-/) as string,
  });
  await fill('500');
  await page.click('[data-raise-send]');
  await page.waitForSelector('[data-raise-open]');
  await shoot(page, 'desk-raise-open');
  expect(await page.innerText('[data-raise-open]')).toContain('某石餐饮店');
  await page.click('[data-raise-another]');
  await page.waitForSelector('[data-case-view] h1:has-text("某石餐饮店")');
  expect((await alertsOf('某石餐饮店')).map(({ amountFen }) => amountFen).sort()).toEqual([2_160_000, 50_000]);
  expect(faults).toEqual([]);
  await context.close();
  // It is not a handler's to do.
  const handler = await open('handler', '/desk?raise=');
  await handler.page.waitForSelector('[data-list]');
  expect(await handler.page.locator('[data-raise], [data-raise-begin]').count()).toBe(0);
  await handler.context.close();
}, 60_000);

it('a list is narrowed, the filter saved, counted, renamed, put in order, and there on another PC', async () => {
  const { context, page } = await open('officer', '/desk/open', { viewport: { width: 1366, height: 768 } });
  const rows = () => page.$$eval('[data-case]', (all) => all.map((one) => one.getAttribute('data-case')!));
  await page.waitForSelector('[data-case^="DK-"]');
  const all = (await rows()).length;
  await page.click('[data-filter-open]');
  await page.click('[data-filter-tier="orange"]');
  await page.waitForFunction((n) => document.querySelectorAll('[data-case]').length < n, all);
  const orange = await rows();
  expect(orange.every((id) => id.startsWith('DK-'))).toBe(true);
  const name = async (text: string) => {
    await page.fill('[data-filter-name]', text);
    await page.click('[data-filter-save]');
  };
  await name(' ');
  expect(await page.innerText('[data-filters] [role=alert]')).toBe('请填写名称');
  await name('某橙色');
  await page.waitForSelector(`[data-saved-filter="某橙色"] b:has-text("${orange.length}")`, { timeout: 30_000 });
  await name('某橙色二');
  expect(await page.innerText('[data-filters] [role=alert]')).toContain('某橙色');
  await page.selectOption('[data-filter="due"]', 'week');
  await name('某本周');
  await page.waitForSelector('[data-saved-filter="某本周"]');
  await page.click('[data-saved-manage]');
  await page.click('[data-saved-filter="某本周"] [data-up]');
  await page.waitForSelector('[data-saved] li:first-child[data-saved-filter="某本周"]');
  await page.click('[data-saved-filter="某橙色"] [data-rename]');
  await page.fill('[data-saved-filter="某橙色"] input', '某橙色预警');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-saved-filter="某橙色预警"]');
  expect(await axeFaults(page)).toEqual([]);
  await shoot(page, 'desk-filters');
  await context.close();
  const other = await open('officer', '/desk', { viewport: { width: 1366, height: 768 } });
  await other.page.click('[data-saved-filter="某橙色预警"] a');
  await other.page.waitForFunction((n) => document.querySelectorAll('[data-case]').length === n, orange.length);
  expect(await other.page.$$eval('[data-saved-filter]', (all) => all.length)).toBe(2);
  await other.page.click('[data-saved-manage]');
  await other.page.click('[data-saved-filter="某本周"] [data-remove]');
  await other.page.waitForSelector('[data-saved-filter="某本周"]', { state: 'detached' });
  await other.context.close();
}, 90_000);

it('a case is assigned to somebody of the unit, chosen by name', async () => {
  const [alert] = await alertsOf('某木酒店');
  const { context, page } = await open('officer', `/desk?case=330110/${alert!.alertId}`, {
    viewport: { width: 1366, height: 768 },
  });
  await page.click('[data-case-view] [aria-haspopup=menu]');
  await page.click('[data-deed="assign"]');
  await page.selectOption('#field-person', { label: 'handler' });
  await shoot(page, 'desk-assign');
  await page.click('form.acting button[type=submit]');
  await page.waitForSelector('.thanks');
  const detail = await told<{ person?: string; people?: Record<string, string> }>(
    'officer',
    `/api/v1/alerts/${alert!.alertId}?scope=330110`,
  );
  expect(detail.people![detail.person!]).toBe('handler');
  await context.close();
}, 60_000);
