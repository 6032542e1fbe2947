import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import type { Letters } from '../../contract/letters.ts';
import type { Supervisions } from '../../contract/supervision.ts';
import { event, raised } from '../support/events.ts';
import { loadPack } from '../support/packs.ts';
import { until } from '../support/server.ts';
import { clockRuns, steeredClock } from '../support/steeredClock.ts';
import { axeFaults } from './support/axe.ts';
import { peopled, withQuery } from './support/peopled.ts';
import { shoot, shots } from './support/shots.ts';

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
const DAY = 86_400_000;
let clock: ReturnType<typeof steeredClock>;
const now = () => clock.now();
const { told, send, detail, url, ...people } = peopled(GRANTS, (folder) => {
  // A Monday; no holiday is near.
  clock = steeredClock(folder, Date.parse('2026-11-16T09:00:00+08:00'));
  return { DATA_DIR: join(folder, 'data'), LEASE_MS: '300', ...clock.env };
});

async function later(ms: number): Promise<void> {
  clock.set(clock.ahead() + ms);
  await until('the clock is set', async () => {
    const { at } = await told<Frame>('admin', '/api/v1/snapshot?scope=330110&window=all');
    return Math.abs(Date.parse(at) - now()) < 30_000;
  });
}
beforeAll(async () => {
  // What began before casework is on is left alone.
  await until('the clock runs', () => clockRuns(url()));
});

async function act(who: Who, alertId: string, action: { action: string; [field: string]: unknown }): Promise<void> {
  expect((await people.act(who, alertId, action)).status).toBe(200);
}
/** Alerts that stand dispatched to the brigade. */
async function dispatched(...alertIds: string[]): Promise<void> {
  const at = now();
  await send(
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
  );
  await until('they are counted', async () => (await detail(alertIds.at(-1)!)).stage === 'dispatched');
}
const open = (who: Who, path: string, { width = 1366, height = 768 } = {}) =>
  people.open(who, withQuery(path, 'lang=zh-CN&theme=day'), { viewport: { width, height } });
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
  const drafts = async () => (await told<Supervisions>('leader', '/api/v1/supervisions?scope=330110')).items;
  await until('both have a draft', async () => (await drafts()).length === 2);
  const { context, page, faults } = await open('leader', '/desk/supervisions');
  await page.click('[data-letter="S1"]');
  await page.waitForSelector('[data-as-it-stands]:has-text("待受理")');
  await page.fill('#draft-text', '请三日内办结，并说明超期原因。');
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
  const { context, page, faults } = await open('handler', '/desk/supervisions/open', { width: 390, height: 844 });
  await page.selectOption('[data-filter-level]', 'circular');
  await page.click('[data-letter="S1"]');
  await shoot(page, 'supervision-phone');
  await page.click('[data-answer]');
  await page.fill('#field-text', '已约谈项目经理，工资于今日补发');
  await page.click('form.acting button[type=submit]');
  await page.waitForSelector('.thanks');
  const body = await told<Letters>('officer', '/api/v1/letters?scope=330110&kind=supervised');
  expect(body.items).toMatchObject([
    { alertId: 'S1', state: 'answered', number: '督〔2026〕1号', answer: { text: '已约谈项目经理，工资于今日补发' } },
  ]);
  await page.goto(`${url()}/desk/supervisions/answered?lang=zh-CN&theme=day`);
  await page.selectOption('[data-filter-level]', 'circular');
  await page.click('[data-letter="S1"]');
  expect(await page.innerText('[data-answer-text]')).toContain('工资于今日补发');
  expect(await axeFaults(page)).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
}, 60_000);

it('a letter is printed on one sheet of A4, with its number, whom it is to, the facts, what is demanded, and the office', async () => {
  const { context, page, faults } = await open('officer', '/desk/supervisions/answered');
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
  // A longer one goes on to a second sheet: its facts do so as a whole.
  expect(await page.$eval('[data-letter-sheet] table', (one) => getComputedStyle(one).breakInside)).toBe('avoid');
  expect(await printed(page, 'letter')).toEqual({ sheets: 1, sizes: [A4] });
  await page.click('.paper .bar [lang="en"]');
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
  const { context, page, faults } = await open('officer', '/desk/performance');
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
  await send(
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
  );
  await until('all is counted', async () => (await detail('P1')).recoveredFen > 0);
  const { context, page, faults } = await open('officer', '/desk/archive/330110/P1');
  await page.waitForSelector('[data-not-archived]');
  await act('officer', 'P1', { action: 'audit', verdict: 'effective' });
  await act('officer', 'P1', { action: 'close', resolution: '已办结，归档' });
  await page.goto(`${url()}/desk?case=330110/P1&lang=zh-CN&theme=day`);
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
    '走访记录第 8 次 · 附件 1 个',
  ])
    expect(words).toContain(said);
  await shoot(page, 'archive');
  // Each sheet says of which file it is.
  const heads = await page.$$eval('style', (all) =>
    all.map((one) => one.textContent).filter((text) => text.includes('@top-right')),
  );
  // In the ink of paper, not in that of a dark page.
  expect(heads.join()).toContain('color: #000000');
  expect(heads).toEqual([expect.stringContaining('"欠薪预警案卷 · P1"')]);
  const paper = await printed(page, 'archive');
  expect(paper.sizes).toEqual([A4]);
  expect(paper.sheets).toBeGreaterThan(3);
  expect(faults).toEqual([]);
  await context.close();
}, 60_000);

it('does not call a supervision what was urged, nor asks to choose where there is nothing', async () => {
  await dispatched('U1');
  await act('leader', 'U1', { action: 'urge', text: '请今日反馈' });
  const { context, page, faults } = await open('handler', '/desk/supervisions/open');
  await page.selectOption('[data-filter-level]', 'urged');
  await page.click('[data-letter="U1"]');
  expect(await page.innerText('[data-answer]')).toBe('回复催办');
  await page.goto(`${url()}/desk/supervisions/ended?lang=zh-CN&theme=day`);
  await page.waitForSelector('.rows .said:has-text("没有无需回复")');
  expect(await page.innerText('.pick')).toBe('');
  expect(faults).toEqual([]);
  await context.close();
}, 60_000);
