import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import type { Letters } from '../../contract/letters.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import type { Supervisions } from '../../contract/supervision.ts';
import { hashToken, mintToken } from '../../server/access/secret.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { launchChromium } from '../../testing/browser.ts';
import { event, raised } from '../support/events.ts';
import { watchPage } from '../support/harnessPage.ts';
import { loadPack } from '../support/packs.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';

/** Supervisions, letters to print and how units do, in real Chromium (docs/casework.md §7 to §9). One server for all. */

const TOWN = '330110010';
const UNIT = loadPack('330110').units!.find(({ code }) => code === 'brigade')!;
const GRANTS = {
  admin: { role: 'admin', scope: '330110' },
  leader: { role: 'leader', scope: '330110' },
  officer: { role: 'officer', scope: '330110' },
  handler: { role: 'handler', scope: '330110', unit: UNIT.code },
} as const;
type Who = keyof typeof GRANTS;
const tokens = Object.fromEntries(Object.keys(GRANTS).map((who) => [who, mintToken()])) as Record<Who, string>;
const dir = mkdtempSync(join(tmpdir(), 'oversight-'));
const DAY = 86_400_000;
/** A Monday; no holiday is near. */
let skew = Date.parse('2026-11-16T09:00:00+08:00') - Date.now();
const now = () => Date.now() + skew;
let server: RunningServer;
let browser: Browser;
let faults: string[] = [];

async function later(ms: number): Promise<void> {
  skew += ms;
  writeFileSync(join(dir, 'clock'), String(skew));
  await until('the clock is set', async () => {
    const { body } = await ask<Frame>('admin', '/snapshot?scope=330110&window=all');
    return Math.abs(Date.parse(body.at) - now()) < 30_000;
  });
}
beforeAll(async () => {
  writeFileSync(join(dir, 'clock'), String(skew));
  writeFileSync(
    join(dir, 'access.json'),
    JSON.stringify({
      tokens: Object.entries(GRANTS).map(([name, grant]) => ({ name, ...grant, hash: hashToken(tokens[name as Who]) })),
    }),
  );
  [browser, server] = await Promise.all([
    launchChromium({ drawing: 'plain' }),
    startServer({
      DATA_DIR: join(dir, 'data'),
      LEASE_MS: '300',
      ACCESS_FILE: join(dir, 'access.json'),
      CLOCK_FILE: join(dir, 'clock'),
      NODE_OPTIONS: `--import ${join(PROJECT_ROOT, 'tests/support/clock.mjs')}`,
    }),
  ]);
  // What began before casework is on is left alone.
  await until('the clock runs', async () =>
    /^wagewatch_clock_cases\{/m.test(await (await fetch(`${server.url}/metrics`)).text()),
  );
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function ask<T>(who: Who, path: string, body?: object): Promise<{ status: number; body: T }> {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${tokens[who]}`,
      ...(body
        ? { 'content-type': path === '/events' ? 'application/cloudevents-batch+json' : 'application/json' }
        : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}
const detail = async (alertId: string) => (await ask<AlertDetail>('admin', `/alerts/${alertId}?scope=330110`)).body;
async function act(who: Who, alertId: string, body: object): Promise<void> {
  const { stage, eventsTotal } = await detail(alertId);
  const done = await ask(who, `/alerts/${alertId}/actions?scope=330110`, {
    expect: { stage, events: eventsTotal },
    ...body,
  });
  expect(done.status).toBe(200);
}
/** Alerts that stand dispatched to the brigade. */
async function dispatched(...alertIds: string[]): Promise<void> {
  const at = now();
  await ask('admin', '/events', [
    ...alertIds.map((alertId) =>
      raised(at, {
        alertId,
        town: TOWN,
        tier: 'red',
        enterprise: { name: `某${alertId}建筑劳务有限公司` },
        workers: 12,
      }),
    ),
    ...alertIds.map((alertId) =>
      event('wage.alert.dispatched', at + 1, { alertId, platform: UNIT.platform, unit: UNIT.name['zh-CN'] }),
    ),
  ]);
  await until('they are counted', async () => (await detail(alertIds.at(-1)!)).stage === 'dispatched');
}
async function open(
  who: Who,
  path: string,
  { width = 1366, height = 768 } = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  faults = watchPage(page, server.url);
  await page.request.post(`${server.url}/api/v1/access/session`, {
    data: { token: tokens[who] },
    headers: { 'x-wagewatch': '1' },
  });
  await page.goto(`${server.url}${path}${path.includes('?') ? '&' : '?'}lang=zh-CN&theme=day`);
  return { context, page };
}
const shots = process.env.SHOTS;
const shoot = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`) });
};
/** How many sheets of paper a page prints to, and how large they are, in points. */
async function printed(page: Page, name: string): Promise<{ sheets: number; sizes: string[] }> {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  if (shots) writeFileSync(join(shots, `${name}.pdf`), pdf);
  const text = pdf.toString('latin1');
  const sizes = [...text.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(
    ([, width, height]) => `${Math.round(Number(width))}×${Math.round(Number(height))}`,
  );
  return { sheets: [...text.matchAll(/\/Type \/Page\b/g)].length, sizes: [...new Set(sizes)] };
}
const A4 = '595×842';

it('a leader issues, changes and drops what the clock has prepared; who is too late is told what has changed', async () => {
  await dispatched('S1', 'S2');
  await later(20 * DAY);
  const drafts = async () => (await ask<Supervisions>('leader', '/supervisions?scope=330110')).body.items;
  await until('both have a draft', async () => (await drafts()).length === 2);
  const { context, page } = await open('leader', '/desk/supervisions');
  await page.click('[data-letter="S1"]');
  await page.waitForSelector('[data-as-it-stands]:has-text("待受理")');
  await page.fill('#draft-text', '请三日内办结，并说明逾期原因。');
  // Somebody else says something meanwhile.
  await act('officer', 'S1', { action: 'note', text: '企业已到场说明' });
  await page.click('[data-decide]');
  await page.waitForSelector('[data-changed]');
  expect(await page.innerText('[data-changed]')).toContain('批注');
  await shoot(page, 'supervision-changed');
  await page.click('[data-decide]');
  await page.waitForSelector('[data-decided]');
  expect(await page.innerText('[data-decided]')).toMatch(/督〔2026〕1号/);
  await page.click('[data-letter="S2"]');
  await page.click('[data-drop]');
  await page.click('[data-decide]');
  expect(await page.innerText('[data-draft-pane] .fault')).toBe('请填写');
  await page.fill('#draft-reason', '已到场办理');
  await page.click('[data-decide]');
  await page.waitForSelector('[data-decided]');
  expect(await drafts()).toEqual([]);
  expect(faults.filter((fault) => !fault.includes('409'))).toEqual([]);
  await context.close();
}, 90_000);

it('whom it is to answers it in the form of the case, and the answer stands beside it', async () => {
  const { context, page } = await open('handler', '/desk/supervisions/open', { width: 390, height: 844 });
  await page.selectOption('[data-filter-level]', 'circular');
  await page.click('[data-letter="S1"]');
  await shoot(page, 'supervision-phone');
  await page.click('[data-answer]');
  await page.fill('#field-text', '已约谈项目经理，工资于今日补发');
  await page.click('form.acting button[type=submit]');
  await page.waitForSelector('.thanks');
  const { body } = await ask<Letters>('officer', '/letters?scope=330110&kind=supervised');
  expect(body.items).toMatchObject([
    { alertId: 'S1', state: 'answered', number: '督〔2026〕1号', answer: { text: '已约谈项目经理，工资于今日补发' } },
  ]);
  await page.goto(`${server.url}/desk/supervisions/answered?lang=zh-CN&theme=day`);
  await page.selectOption('[data-filter-level]', 'circular');
  await page.click('[data-letter="S1"]');
  expect(await page.innerText('[data-answer-text]')).toContain('工资于今日补发');
  expect(await axeFaults(page)).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
}, 60_000);

it('a letter is printed on one sheet of A4, with its number, whom it is to, the facts, what is demanded, and the office', async () => {
  const { context, page } = await open('officer', '/desk/supervisions/answered');
  await page.selectOption('[data-filter-level]', 'circular');
  await page.click('[data-letter="S1"]');
  await shoot(page, 'supervisions');
  await page.click('[data-print]');
  const words = await page.innerText('[data-letter-sheet]');
  for (const said of [
    '余杭区根治欠薪工作专班',
    '通报',
    '督〔2026〕1号',
    '余杭区劳动保障监察大队：',
    '请三日内办结',
    '某S1建筑劳务有限公司',
    '12 人',
    '盖章',
  ])
    expect(words.replaceAll(/[\u2066-\u2069]/g, '')).toContain(said);
  await shoot(page, 'letter');
  expect(await printed(page, 'letter')).toEqual({ sheets: 1, sizes: [A4] });
  await page.click('.paper-bar [lang="en"]');
  await page.waitForSelector('[data-letter-sheet]:has-text("Circular")');
  await shoot(page, 'letter-en');
  expect(faults).toEqual([]);
  await context.close();
}, 60_000);

it('tells how units have done, with the cases behind each figure, sorted, as CSV, on a telephone and on paper', async () => {
  await dispatched('P1', 'P2', 'P3');
  await act('handler', 'P1', { action: 'accept' });
  await act('handler', 'P2', { action: 'accept' });
  await act('handler', 'P1', { action: 'handle', outcome: 'no-arrears' });
  await act('officer', 'P1', { action: 'audit', verdict: 'returned', note: '缺发放凭证' });
  const { context, page } = await open('officer', '/desk/performance');
  const row = '[data-unit="brigade"]';
  await page.waitForSelector(`${row} [data-figure="returned"]`);
  const figure = async (column: string) =>
    (await page.innerText(`${row} [data-figure="${column}"]`)).replaceAll(/\s+/g, ' ');
  expect(await figure('received')).toBe('5');
  expect(await figure('accepted')).toBe('2 / 2 100%');
  expect(await figure('returned')).toBe('1 / 1 100%');
  expect(await figure('open')).toBe('5');
  // S1 and S2 wait to be accepted.
  expect(await figure('overdue')).toBe('2');
  await page.click(`${row} [data-figure="overdue"]`);
  await page.waitForSelector('[data-cases] [data-behind]');
  const behind = await page.$$eval('[data-behind]', (all) => all.map((one) => one.getAttribute('data-behind')));
  expect(behind.sort()).toEqual(['S1', 'S2']);
  await page.click('th:nth-child(2) button');
  expect(await page.getAttribute('tbody tr:first-child', 'data-unit')).toBe('brigade');
  await shoot(page, 'performance');
  expect(await axeFaults(page)).toEqual([]);
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('[data-csv]')]);
  const csv = readFileSync(await file.path(), 'utf8');
  expect(csv.startsWith('\uFEFF单位,月份,接收')).toBe(true);
  expect(csv).toContain('余杭区劳动保障监察大队,合计,5,2,2,');
  const paper = await printed(page, 'performance');
  expect(paper.sizes).toEqual([A4]);
  // A table also on paper, and not a card for each unit.
  expect(paper.sheets).toBeLessThanOrEqual(3);
  await page.setViewportSize({ width: 390, height: 844 });
  const wide = await page.evaluate(() => document.querySelector('.page')!.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await shoot(page, 'performance-phone');
  expect(faults).toEqual([]);
  await context.close();
}, 60_000);

it('prints a closed case as one file of A4 with all that has happened, and marks one that is open', async () => {
  await act('handler', 'P1', { action: 'handle', outcome: 'paid-in-full', note: '工资已全额发放' });
  const at = now();
  await ask('admin', '/events', [
    ...Array.from({ length: 230 }, (_, i) =>
      event('wage.case.noted', at + i, {
        alertId: 'P1',
        text: `走访记录第 ${i + 1} 次`,
        ...(i === 7
          ? {
              attachments: [
                { digest: `sha256:${'0f'.repeat(32)}`, name: '工资发放表.pdf', type: 'application/pdf', bytes: 24_680 },
              ],
            }
          : {}),
      }),
    ),
    event('wage.wages.recovered', at + 300, { alertId: 'P1', amountFen: 1_250_000, workers: 12 }),
  ]);
  await until('all is counted', async () => (await detail('P1')).recoveredFen > 0);
  const { context, page } = await open('officer', '/desk/archive/330110/P1');
  await page.waitForSelector('[data-not-archived]');
  await act('officer', 'P1', { action: 'audit', verdict: 'effective' });
  await act('officer', 'P1', { action: 'close', resolution: '已办结，归档' });
  await page.goto(`${server.url}/desk?case=330110/P1&lang=zh-CN&theme=day`);
  await page.click('[data-archive-link]');
  await page.waitForSelector('[data-archive]');
  expect(await page.$('[data-not-archived]')).toBeNull();
  const { eventsTotal } = await detail('P1');
  expect((await page.$$('[data-event]')).length).toBe(eventsTotal);
  const words = (await page.innerText('[data-archive]')).replaceAll(/[\u2066-\u2069]/g, '');
  for (const said of [
    '欠薪预警案卷',
    '某P1建筑劳务有限公司',
    'officer 于',
    '走访记录第 1 次',
    '走访记录第 230 次',
    '工资发放表.pdf',
    `sha256:${'0f'.repeat(32)}`,
    '12 人 · 12,500 元',
    '退回重办 · 缺发放凭证',
    '已办结，归档',
    `全卷共 ${eventsTotal} 项记录`,
  ])
    expect(words).toContain(said);
  await shoot(page, 'archive');
  const paper = await printed(page, 'archive');
  expect(paper.sizes).toEqual([A4]);
  expect(paper.sheets).toBeGreaterThan(3);
  expect(faults).toEqual([]);
  await context.close();
}, 60_000);
