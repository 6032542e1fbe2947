import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { RulePack, Rules } from '../../contract/rulePack.ts';
import type { SubjectList } from '../../contract/subjects.ts';
import { takeChromium } from '../support/chromium.ts';
import { watchPage } from '../support/harnessPage.ts';
import { casePack, writeSitePack } from '../support/casework.ts';
import { freshDataDir, get, post, startServer, until, type RunningServer } from '../support/server.ts';
import { observation, registration, usccOf } from '../support/signals.ts';
import { axeFaults } from './support/axe.ts';
import { STILL } from './support/wall.ts';

/** Rules as people read them and put them in force, and what is watched by them, in real Chromium. */

let server: RunningServer;
let browser: Browser;
let page: Page;
let faults: string[];
/** Raised by the rules for the employer that all is about. */
let alert: string;

beforeAll(async () => {
  const dataDir = freshDataDir();
  writeSitePack(
    dataDir,
    casePack({ sourceNames: { 'urn:test:facts': { 'zh-CN': '某区供水公司', en: 'Fictitious water company' } } }),
  );
  [browser, server] = await Promise.all([takeChromium(), startServer({ DATA_DIR: dataDir })]);
  page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  page.setDefaultTimeout(60_000);
  faults = watchPage(page, server.url);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

// Also after a test that ends at another size.
afterEach(() => page.setViewportSize({ width: 1366, height: 768 }));

const rules = () => get<Rules>(server.url, '/api/v1/rules?region=330110');
/** Nothing of the page leaves it at the side, on any screen that it is made for. */
const widths = [
  [1920, 1080],
  [1366, 768],
  [390, 844],
] as const;
async function fitsEverywhere(what: string): Promise<void> {
  for (const [width, height] of widths) {
    await page.setViewportSize({ width, height });
    const spare = await page.evaluate(() => {
      const desk = document.querySelector('.desk')!;
      return desk.clientWidth - desk.scrollWidth;
    });
    expect(spare, `${what} at ${width}`).toBeGreaterThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1366, height: 768 });
}
async function switchLanguage(): Promise<void> {
  await page.getByRole('button', { name: /^(English|中文)$/ }).click();
}

it('shows the rules as sentences with their basis, and puts a version in force once its number of alerts is confirmed', async () => {
  const { items } = await rules();
  const version = items[0]!.version;
  const pack = await get<RulePack>(server.url, `/api/v1/rules/${version}?region=330110`);

  await page.goto(server.url);
  await page.getByRole('link', { name: '预警规则' }).click();
  await page.waitForSelector('[data-rule]');
  expect(await page.locator('[data-rule]').count()).toBe(pack.tiers.length);
  expect(await page.locator('[data-rules="none"]').innerText()).toContain('没有生效的规则');
  const y9 = await page.locator('[data-rule="Y9"]').innerText();
  expect(y9).toContain('得分不少于 40，且有分来源数不少于 2');
  expect(y9).toContain('依据：本系统起始值');
  expect(await page.locator('[data-rule="R1"]').innerText()).toContain('（有“突然关停”情形，或有“欠薪逃匿”情形）');
  expect(await axeFaults(page)).toEqual([]);
  await fitsEverywhere('tiers');
  // Without rules nobody has said how often a source should speak: none is on time.
  await page.goto(`${server.url}/subjects`);
  await page.waitForSelector('.sources');
  expect(await page.innerText('.sources')).toBe('规则生效后，此处列出未按时报送的来源。');
  await page.goBack();
  await page.waitForSelector('[data-rule]');
  await switchLanguage();
  await page.waitForFunction(() =>
    document
      .querySelector('[data-rule="Y9"]')
      ?.textContent.includes('score at least 40, and channels with points at least 2'),
  );
  expect(await page.locator('[data-rule="R1"]').innerText()).toContain('“owner fled” on record');
  await switchLanguage();

  await page.getByRole('link', { name: '指标与分值' }).click();
  await page.waitForSelector('[data-indicator]');
  expect(await page.locator('[data-indicator]').count()).toBe(Object.keys(pack.indicators).length);
  expect(await page.locator('[data-indicator="water.overdue-days"]').innerText()).toMatch(/满 15 天\s*5 分/);
  expect(await page.locator('[data-indicator="wage-account.large-payment"]').innerText()).toContain('超过 50,000 元');
  expect(await axeFaults(page)).toEqual([]);
  await fitsEverywhere('indicators');

  await page.getByRole('link', { name: '版本与记录' }).click();
  const row = page.locator(`[data-version="${version}"]`);
  await row.getByText('检验').click();
  await page.waitForSelector('[data-tested]');
  expect(await page.locator('[data-tested]').innerText()).toContain(`${pack.tests!.length} 个用例全部通过`);
  await page.keyboard.press('Escape');
  await row.locator('[data-activate]').click();
  await page.fill('#a-why', '某区开始使用规则');
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: '测算' }).click();
  await page.waitForFunction(() => document.querySelector('.raises')?.textContent.includes('发出 0 件预警'));
  expect((await rules()).active).toBeUndefined();
  await page.getByRole('button', { name: '确认启用' }).click();
  await page.waitForSelector(`[data-version="${version}"][data-state="active"]`);
  expect((await rules()).active).toBe(version);
  const history = await page.locator('[data-history]').innerText();
  expect(history).toContain('某区开始使用规则');
  expect(history).toContain('启用时发出预警 0 件');
  expect(await page.locator('[data-rules="none"]').count()).toBe(0);
  await fitsEverywhere('versions');
  expect(faults).toEqual([]);
});

it('shows what is watched, the gravest first, and what is looked for', async () => {
  const hours = (n: number) => new Date(Date.now() - n * 3_600_000).toISOString();
  const observed = (id: string, n: number, indicator: string, more: object) => ({
    specversion: '1.0',
    id,
    source: 'urn:test:facts',
    type: 'wage.signal.observed',
    time: hours(2),
    data: { region: '330110', indicator, enterprise: { uscc: usccOf(n) }, ...more },
  });
  const events = [
    registration(1, '某甲建筑有限公司', { town: '330110010', location: { lng: 120.041, lat: 30.371 } }),
    ...['某乙服装厂', '某丙餐饮店'].map((name, i) => registration(i + 2, name)),
    observed('p1', 1, 'petition.received', { workers: 12, text: '某工人反映拖欠工资' }),
    observed('w1', 1, 'water.overdue-days', { value: 65, ref: '某户号' }),
    observed('w2', 2, 'water.overdue-days', { value: 20 }),
    // Too old to count.
    { ...observed('w0', 1, 'electricity.overdue-days', { value: 40 }), time: hours(60 * 24) },
  ];
  expect((await post(server.url, events)).status).toBe(202);
  alert = await until('the alert is raised', async () => {
    const { items } = await get<{ items: { alertId: string }[] }>(server.url, '/api/v1/alerts?scope=330110');
    return items[0]?.alertId;
  });

  await page.goto(server.url);
  await page.getByRole('link', { name: '监测对象' }).click();
  await page.waitForFunction(() => document.querySelectorAll('[data-subject] .speaks').length === 3);
  const rows = () => page.locator('[data-subject]').evaluateAll((all) => all.map((row) => row.textContent));
  const [first, second] = await rows();
  expect(first).toMatch(/某甲建筑有限公司.*水费逾期 30.*信访 15/);
  expect(first).toContain('红色');
  expect(first).toContain('12 人');
  expect(second).toContain('某乙服装厂');
  // Whoever reads scores is told what does not speak.
  const silent = await page.innerText('.sources');
  expect(silent).toContain('工资专户从未报送');
  expect(silent).not.toMatch(/水费|其他/);
  expect(await axeFaults(page)).toEqual([]);
  await fitsEverywhere('list');

  await page.fill('#s-q', '某乙');
  await page.waitForFunction(() => document.querySelector('[data-total]')?.textContent.includes('共 1 个'));
  await page.waitForURL('**/subjects?*q=*');
  const file = await page.getAttribute('a[download]', 'href');
  expect(await (await fetch(server.url + file!)).text()).toMatch(/某乙服装厂/);
  expect(await (await fetch(server.url + file!)).text()).not.toMatch(/某甲/);
  await page.fill('#s-q', '');
  await page.waitForFunction(() => document.querySelectorAll('[data-subject] .speaks').length === 3);
  expect(faults).toEqual([]);
});

it('shows where those on the watch list are: a press on a cell or a town is a filter, and the list has as many', async () => {
  await page.click('[data-map-toggle]');
  await page.waitForSelector('[data-heat] [data-cell]');
  expect(await page.innerText('[data-heat-total]')).toBe('关注名单内 1 个');
  expect(await page.locator('[data-heat] [data-cell]').getAttribute('aria-label')).toMatch(/^良渚街道 本格关注 1 个$/);
  expect(await axeFaults(page)).toEqual([]);
  await fitsEverywhere('heat');
  await page.locator('[data-heat] [data-cell]').press('Enter');
  await page.waitForURL('**/subjects?*cell=88*');
  await page.waitForFunction(() => document.querySelectorAll('[data-subject]').length === 1);
  await page.click('[data-cell-filter]');
  await page.click('[data-heat-town="330110010"]');
  await page.waitForURL('**/subjects?*scope=330110010*');
  await page.click('[data-heat-town="330110010"]');
  await page.click('[data-map-toggle]');
  await page.selectOption('#s-watch', '');
  await page.waitForFunction(() => document.querySelectorAll('[data-subject] .speaks').length === 3);
  expect(faults).toEqual([]);
});

it('asks for the map as often as for the list while somebody types, and shows it without a drawing and without figures', async () => {
  const other = await page.context().newPage();
  try {
    const asked = { subjects: new Set<string>(), heat: new Set<string>() };
    other.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname === '/api/v1/subjects') asked.subjects.add(searchParams.get('q') ?? '');
      if (pathname === '/api/v1/subjects/heat') asked.heat.add(searchParams.get('q') ?? '');
    });
    await other.route('**/boundaries', (route) => route.fulfill({ status: 404 }));
    await other.goto(`${server.url}/subjects?map=on`);
    // Discs around the seats stand in for towns that nobody has drawn.
    await other.waitForSelector('[data-heat] [data-cell]');
    await other.locator('#s-q').pressSequentially('某甲建筑');
    await other.waitForURL('**/subjects?*q=*');
    await until('the map was asked for what was typed', () => asked.heat.has('某甲建筑'));
    expect([...asked.heat].filter((q) => !asked.subjects.has(q))).toEqual([]);

    await other.route('**/api/v1/subjects/heat*', (route) => route.fulfill({ status: 503 }));
    await other.reload();
    await other.waitForSelector('[data-heat] .problem:not(:empty)');
    expect(await other.locator('[data-heat] .town').count()).toBeGreaterThan(1);
  } finally {
    await other.close();
  }
});

it('shows the portrait of one: what speaks with the facts behind it, what has lapsed, its alert', async () => {
  await page.selectOption('#s-tier', 'red');
  await page.waitForFunction(() => document.querySelectorAll('[data-subject]').length === 1);
  // The rules come late: until then the portrait must not say that nothing was found.
  await page.route('**/api/v1/rules?*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await route.continue();
  });
  await page.getByRole('link', { name: '某甲建筑有限公司' }).click();
  await page.waitForSelector('[data-portrait] [data-alert]');
  const portrait = page.locator('[data-portrait]');
  expect(await portrait.innerText()).toContain('符合规则 R2');
  await page.unroute('**/api/v1/rules?*');
  expect(await portrait.locator('[data-sentence]').innerText()).toBe('符合下列条件的：涉及人数不少于 10。');
  const water = page.locator('[data-channel="water"]');
  expect(await water.innerText()).toContain('水费逾期 65 天');
  expect(await water.innerText()).toContain('30 / 30 分');
  await water.locator('summary').click();
  const bill = await water.locator('[data-observation="w1"]').innerText();
  for (const part of ['某户号', '某区供水公司']) expect(bill).toContain(part);
  // One without a name is shown as it calls itself.
  expect(await portrait.innerText()).toMatch(/登记更新\s+\S+ · \W?urn:/);
  const petition = page.locator('[data-channel="petition"]');
  await petition.locator('summary').click();
  expect(await petition.innerText()).toContain('某工人反映拖欠工资');
  expect(await page.locator('[data-channel="tax"]').innerText()).toContain('没有数据不等于没有风险');
  await page.locator('[data-lapsed="expired"] summary').click();
  expect(await page.locator('[data-lapsed="expired"]').innerText()).toContain('电费逾期');
  expect(await page.locator('[role="slider"]').getAttribute('aria-valuetext')).toMatch(/45 分$/);
  expect(await page.locator('[data-alert]').getAttribute('data-alert')).toBe(alert);
  expect(await axeFaults(page)).toEqual([]);
  await fitsEverywhere('portrait');
  await switchLanguage();
  await page.waitForFunction(() => document.querySelector('[data-portrait]')?.textContent.includes('65 days overdue'));
  expect(await portrait.innerText()).toContain('Fictitious water company');
  await switchLanguage();
  await page.goBack();
  await page.waitForFunction(() => document.querySelector<HTMLSelectElement>('#s-tier')?.value === 'red');
  expect(faults).toEqual([]);
});

it('leads from an alert to its rule and its facts, and from its employer to the assessment and the portrait', async () => {
  // In the alert: the rule in words, with its basis, and what stands behind each reason.
  await page.goto(`${server.url}/wall/alerts/330110/${alert}?${new URLSearchParams(STILL).toString()}`);
  await page.waitForSelector('[data-alert-rule]');
  const rule = await page.locator('[data-alert-rule]').innerText();
  expect(rule).toContain('红色：涉及人数不少于 10。');
  expect(rule).toContain('依据：《最高人民法院');
  const reasons = page.locator('.reasons .bars li', { hasText: '信访' });
  await reasons.locator('summary').click();
  expect(await reasons.locator('[data-observation]').innerText()).toContain('某工人反映拖欠工资');
  await page.locator('.reasons .portrait').click();
  await page.waitForSelector('[data-portrait]');
  await page.goBack();

  // Its employer: the assessment in short, what does not speak, and the way to the portrait.
  await page.locator('.layer .enterprise .more').first().click();
  await page.waitForSelector('[data-assessment] .sources');
  const assessment = page.locator('[data-assessment]');
  expect(await assessment.locator('.score').innerText()).toMatch(/45\s*分\s*▲\s*红色\s*关注名单/);
  const speaks = await assessment.locator('[data-speaks]').evaluateAll((all) => all.map((one) => one.textContent));
  expect(speaks).toEqual(['水费欠缴30', '信访投诉15']);
  expect(await assessment.locator('.sources').innerText()).toContain('工资专户从未报送');
  await assessment.locator('.portrait').click();
  await page.waitForSelector('[data-portrait]');
  expect(await page.innerText('[data-portrait] h2')).toBe('某甲建筑有限公司');
  expect(faults).toEqual([]);
});

it('shows who is in no register by the name that was observed, with the code that tells who it is', async () => {
  const uscc = usccOf(77);
  const fact = observation('water.overdue-days', { uscc, name: '某未登记服装厂' }, { value: 31 });
  expect((await post(server.url, [fact])).status).toBe(202);
  await until('it is watched', async () => {
    const { items } = await get<SubjectList>(
      server.url,
      '/api/v1/subjects?region=330110&q=%E6%9C%AA%E7%99%BB%E8%AE%B0',
    );
    return items.length === 1;
  });
  await page.goto(`${server.url}/subjects/U:${uscc}`);
  await page.waitForSelector('[data-portrait] .facts');
  expect(await page.innerText('[data-portrait] h2')).toBe('某未登记服装厂');
  const portrait = await page.innerText('[data-portrait]');
  expect(portrait).toContain(uscc);
  expect(portrait).toContain('没有登记信息');
  expect(faults).toEqual([]);
});
