import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { TOWN, UNIT } from '../support/accessTable.ts';
import { event, raised } from '../support/events.ts';
import { until } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';
import { peopled, withQuery } from './support/peopled.ts';
import { shoot } from './support/shots.ts';

/** The desk, worked at by people in real Chromium (docs/casework.md §6). */

const GRANTS = {
  admin: { role: 'admin', scope: '330110' },
  handler: { role: 'handler', scope: '330110', unit: UNIT.code },
  officer: { role: 'officer', scope: '330110' },
  second: { role: 'officer', scope: '330110' },
  leader: { role: 'leader', scope: '330110' },
  display: { role: 'display', scope: '330110' },
} as const;
type Who = keyof typeof GRANTS;
const { act, detail, open, send } = peopled(GRANTS);

/** An alert that stands dispatched to the unit, or where further events have led it. */
async function alertAt(alertId: string, ...more: ((time: number) => object)[]): Promise<void> {
  const time = Date.now() - 60_000;
  await send(
    raised(time, { alertId, town: TOWN, enterprise: { name: `某${alertId}有限公司` } }),
    event('wage.alert.dispatched', time + 1_000, { alertId, platform: UNIT.platform, unit: UNIT.name['zh-CN'] }),
    ...more.map((make, i) => make(time + 2_000 + i * 1_000)),
  );
  await until('it is counted', async () => ((await detail(alertId)).eventsTotal ?? 0) >= 2 + more.length);
}
const desk = (who: Who, path = '', { width = 1366, height = 768, theme = 'day' } = {}) =>
  open(who, withQuery(`/desk${path}`, `lang=zh-CN&theme=${theme}`), { viewport: { width, height } });
const caseOf = (alertId: string) => `?case=330110/${alertId}`;
const field = (name: string) => `#field-${name}`;

it('a handler accepts and reports a case, with the wages that were paid', async () => {
  await alertAt('H1');
  // What the page complains of; a network that is taken away, in other tests, is no fault.
  const { context, page, faults } = await desk('handler');
  await page.click('[data-case="H1"]');
  await page.click('[data-next]');
  await page.click('form.acting button[type=submit]');
  await page.waitForSelector('.thanks');
  expect((await detail('H1')).stage).toBe('accepted');
  await page.click('[data-next]');
  // Nothing is sent that lacks something, and it is said what.
  await page.click('form.acting button[type=submit]');
  expect(await page.innerText('[data-field="outcome"] .fault')).toBe('请填写');
  await page.check('input[value="paid-in-part"]', { force: true });
  await page.fill(field('workers'), '2');
  await page.fill(field('amount'), '8,000.5');
  await page.fill(field('note'), '约谈后已付 2 人，余款月底付清');
  await shoot(page, 'desk-handle');
  await page.click('form.acting button[type=submit]');
  await page.waitForSelector('.thanks');
  const after = await detail('H1');
  expect([after.stage, after.recoveredFen, after.recoveries.map(({ workers }) => workers)]).toEqual([
    'handled',
    800_050,
    [2],
  ]);
  expect(after.events.at(-1)).toMatchObject({
    type: 'wage.alert.handled',
    data: { outcome: 'paid-in-part', note: '约谈后已付 2 人，余款月底付清' },
  });
  // It is no longer theirs to do.
  await page.waitForSelector('[data-next]', { state: 'detached' });
  expect(faults).toEqual([]);
  await context.close();
}, 60_000);

it('of two officers on one case, the second sees what the first has done before anything is sent', async () => {
  await alertAt('O1', (time) => event('wage.alert.handled', time, { alertId: 'O1', outcome: 'no-arrears' }));
  const { context, page } = await desk('officer', caseOf('O1'));
  await page.click('[data-next]');
  await page.check('input[value="effective"]', { force: true });
  await page.fill(field('note'), '属实');
  expect((await act('second', 'O1', { action: 'note', text: '企业来电说明情况' })).status).toBe(200);
  await page.waitForSelector('[data-send-anyway]');
  expect(await page.innerText('.changed')).toContain('批注');
  await shoot(page, 'desk-changed');
  await page.click('[data-send-anyway]');
  await page.waitForSelector('.thanks');
  expect(await detail('O1')).toMatchObject({ stage: 'audited', verdict: 'effective' });
  await context.close();
}, 60_000);

it('keeps what is typed through a reload and a lost network, and sends it once', async () => {
  await alertAt('N1', (time) => event('wage.alert.accepted', time, { alertId: 'N1' }));
  const { context, page } = await desk('handler', caseOf('N1'), { width: 390, height: 844 });
  await page.click('[data-deed="note"]');
  await page.fill(field('text'), '雨中到场，门卫称明日发放');
  await page.reload();
  await page.waitForSelector('form.acting');
  expect(await page.inputValue(field('text'))).toBe('雨中到场，门卫称明日发放');
  await context.setOffline(true);
  await page.click('form.acting button[type=submit]');
  await page.waitForSelector('text=联网后自动提交');
  await shoot(page, 'desk-phone-offline');
  await context.setOffline(false);
  await page.waitForSelector('.thanks', { timeout: 30_000 });
  const notes = (await detail('N1')).events.filter(({ type }) => type === 'wage.case.noted');
  expect(notes.map(({ data }) => data)).toEqual([{ text: '雨中到场，门卫称明日发放' }]);
  await context.close();
}, 60_000);

it('does not send what no longer fits: it asks', async () => {
  await alertAt('N2', (time) => event('wage.alert.accepted', time, { alertId: 'N2' }));
  const { context, page } = await desk('handler', caseOf('N2'));
  await page.click('[data-next]');
  await page.check('input[value="unreachable"]', { force: true });
  await page.fill(field('note'), '两次上门无人');
  await context.setOffline(true);
  await page.click('form.acting button[type=submit]');
  await page.waitForSelector('text=联网后自动提交');
  expect((await act('officer', 'N2', { action: 'note', text: '企业已搬至某工业园' })).status).toBe(200);
  await context.setOffline(false);
  await page.waitForSelector('[data-send-anyway]', { timeout: 30_000 });
  expect(await page.inputValue(field('note'))).toBe('两次上门无人');
  expect((await detail('N2')).stage).toBe('accepted');
  await context.close();
}, 60_000);

it('records wages once, whatever comes between them and the result', async () => {
  const paid = async (page: Page) => {
    await page.click('[data-next]');
    await page.check('input[value="paid-in-part"]', { force: true });
    await page.fill(field('workers'), '2');
    await page.fill(field('amount'), '8000');
    await page.click('form.acting button[type=submit]');
  };
  const recoveries = async (alertId: string) =>
    (await detail(alertId)).recoveries.map(({ amountFen, workers }) => [amountFen, workers]);
  await Promise.all(
    ['W1', 'W2'].map((alertId) => alertAt(alertId, (time) => event('wage.alert.accepted', time, { alertId }))),
  );

  // Somebody writes a note after the wages and before the result.
  const first = await desk('handler', caseOf('W1'));
  let posts = 0;
  await first.page.route('**/actions?*', async (route) => {
    if (++posts === 2) expect((await act('officer', 'W1', { action: 'note', text: '企业来电' })).status).toBe(200);
    await route.continue();
  });
  await paid(first.page);
  await first.page.waitForSelector('[data-send-anyway]');
  expect(await first.page.innerText('.changed')).not.toContain('追回');
  // What is recorded is not asked for again.
  expect(await first.page.locator(field('amount')).count()).toBe(0);
  await first.page.click('[data-send-anyway]');
  await first.page.waitForSelector('.thanks');
  expect(await recoveries('W1')).toEqual([[800_000, 2]]);
  expect((await detail('W1')).stage).toBe('handled');
  await first.context.close();

  // The result arrives, and its answer is lost.
  const second = await desk('handler', caseOf('W2'));
  posts = 0;
  await second.page.route('**/actions?*', async (route) => {
    if (++posts !== 2) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await paid(second.page);
  await second.page.waitForSelector('.thanks', { timeout: 30_000 });
  expect(await recoveries('W2')).toEqual([[800_000, 2]]);
  const types = (await detail('W2')).events.map(({ type }) => type);
  expect(types.filter((type) => type === 'wage.alert.handled')).toHaveLength(1);
  await second.context.close();
}, 90_000);

it('says what is not sent yet while another case is open, and Escape throws nothing away', async () => {
  await Promise.all(
    ['E1', 'E2'].map((alertId) => alertAt(alertId, (time) => event('wage.alert.accepted', time, { alertId }))),
  );
  const { context, page } = await desk('handler', `/unit${caseOf('E1')}`);
  await page.click('[data-deed="note"]');
  await page.fill(field('text'), '明日再访');
  await page.keyboard.press('Escape');
  await page.waitForSelector('form.acting', { state: 'detached' });
  await page.click('[data-deed="note"]');
  expect(await page.inputValue(field('text'))).toBe('明日再访');
  // What is told of the line lies over the page: no row moves from under a finger.
  const places = () =>
    page.$$eval('.scroller .row, .together, .search', (all) =>
      all.map((one) => `${one.getAttribute('data-case') ?? one.className} ${one.getBoundingClientRect().top}`),
    );
  const before = await places();
  await context.setOffline(true);
  await page.click('form.acting button[type=submit]');
  await page.waitForSelector('text=联网后自动提交');
  await page.click('[data-case="E2"]');
  await page.waitForSelector('[data-unsent]');
  await page.waitForSelector('.notices .offline', { timeout: 30_000 });
  await shoot(page, 'desk-notices');
  expect(await places()).toEqual(before);
  // Nor is a row hidden for good, or a press caught that was meant for it.
  const least = await page.$eval('.scroller', (one) => parseFloat(getComputedStyle(one).paddingBottom));
  expect(least).toBeGreaterThanOrEqual((await page.$eval('.notices', (one) => one.clientHeight)) || 1);
  const caught = await page.$eval('.notices .offline', (one) => {
    const { left, top } = one.getBoundingClientRect();
    return document.elementFromPoint(left + 5, top + 5)?.closest('.notices') !== null;
  });
  expect(caught).toBe(false);
  expect(await page.innerText('[data-case-view]')).toBe('暂时无法读取：服务器没有响应');
  // On a telephone it is told below the case, and covers nothing of its form.
  await page.setViewportSize({ width: 390, height: 844 });
  const edge = (selector: string, side: 'top' | 'bottom') =>
    page.$eval(selector, (one, of) => one.getBoundingClientRect()[of], side);
  expect(await edge('.view', 'bottom')).toBeLessThanOrEqual(await edge('.notices', 'top'));
  await shoot(page, 'desk-notices-phone');
  await context.setOffline(false);
  await page.click('[data-unsent]');
  await page.waitForSelector('.thanks', { timeout: 30_000 });
  await page.waitForSelector('[data-unsent]', { state: 'detached' });
  expect((await detail('E1')).events.filter(({ type }) => type === 'wage.case.noted')).toHaveLength(1);
  await context.close();
}, 60_000);

it('is worked at by keyboard alone, and chosen cases act together', async () => {
  await Promise.all(['B1', 'B2', 'B3'].map((alertId) => alertAt(alertId)));
  const { context, page } = await desk('handler', '/unit');
  await page.waitForSelector('[data-case="B3"]');
  await page.keyboard.press('/');
  await page.keyboard.type('某B');
  await page.waitForSelector('[data-case="N2"]', { state: 'detached' });
  await page.focus('[role=listbox]');
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
  }
  await page.waitForSelector('[data-batch="accept"]');
  await page.focus('[data-batch="accept"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.batch form button[type=submit]');
  await page.focus('.batch form button[type=submit]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=成功 3 件');
  for (const alertId of ['B1', 'B2', 'B3']) expect((await detail(alertId)).stage).toBe('accepted');
  // The next step of the open case by a key, and the form by keys.
  await page.focus('[role=listbox]');
  await page.keyboard.press('Home');
  const top = await page.getAttribute('#case-0', 'data-case');
  await page.waitForSelector(`h1:has-text("某${top}有限公司")`);
  await page.waitForSelector('[data-next]');
  await page.keyboard.press('n');
  await page.waitForSelector('form.acting');
  // The third outcome: the first two say that wages were paid, and ask how much.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.thanks');
  expect((await detail(top!)).events.at(-1)!.data).toMatchObject({ outcome: 'plan-agreed' });
  await context.close();
}, 60_000);

it('tells in the inbox what an audit has sent back, with the reason and the way there, until it is done', async () => {
  await alertAt('R1');
  const step = async (who: Who, fields: { action: string; [field: string]: string }) => {
    const { stage, eventsTotal } = await detail('R1');
    expect((await act(who, 'R1', { expect: { stage, events: eventsTotal }, ...fields })).status).toBe(200);
  };
  await step('handler', { action: 'handle', outcome: 'other' });
  await step('officer', { action: 'audit', verdict: 'returned', note: '缺支付凭证' });
  for (const [lang, words, title] of [
    ['zh-CN', '审核退回', '消息'],
    ['en', 'Sent back by the audit', 'Messages'],
  ] as const) {
    const viewport = { width: 390, height: 844 };
    const { context, page } = await open('handler', withQuery('/desk', `lang=${lang}&theme=day`), { viewport });
    await page.click(`.inbox > button:has-text("${title}")`);
    const entry = page.locator(`.inbox .entry:has-text("${words}")`);
    await entry.waitFor();
    expect(await entry.innerText()).toContain('缺支付凭证');
    // By whom people know the case: the employer.
    expect(await entry.innerText()).toContain((await detail('R1')).enterprise.name);
    await shoot(page, `inbox-${lang}`);
    await entry.click();
    await page.waitForSelector('[data-case-view] h1:has-text("R1")');
    if (lang === 'en') {
      await step('handler', { action: 'handle', outcome: 'paid-in-full' });
      await page.click('.inbox > button');
      await entry.waitFor({ state: 'detached' });
    }
    await context.close();
  }
}, 60_000);

it('shows each role its lists, and a screen nothing', async () => {
  const lists = async (who: Who) => {
    const { context, page } = await desk(who);
    await page.waitForSelector('[data-list], [role=alert]');
    const found = await page.$$eval('[data-list]', (all) => all.map((one) => one.getAttribute('data-list')));
    await context.close();
    return found;
  };
  expect(await lists('handler')).toEqual(['mine', 'unit', 'waiting', 'supervised', 'done']);
  expect(await lists('officer')).toEqual(['mine', 'open', 'waiting', 'supervised', 'done']);
  expect(await lists('leader')).toEqual(['mine', 'open', 'supervised', 'done']);
  expect(await lists('display')).toEqual([]);
}, 60_000);

it('tells of the other alerts of an employer, and the whole of its credit code, where the column is narrow', async () => {
  const enterprise = { name: '某同源建筑劳务有限公司', uscc: '91330110MA2SECRET1' };
  const time = Date.now() - 60_000;
  await send(...['SAME1', 'SAME2'].map((alertId) => raised(time, { alertId, town: TOWN, tier: 'red', enterprise })));
  await until('they are counted', async () => ((await detail('SAME2')).eventsTotal ?? 0) >= 1);
  for (const width of [1366, 390]) {
    const { context, page } = await desk('officer', caseOf('SAME1'), { width, height: 768 });
    const line = await page.waitForSelector('[data-case-view] .lines button');
    // Nothing is cut, nothing stands beyond the line, and no word is divided.
    const cut = await line.evaluate((button) =>
      [...button.querySelectorAll('.what, .dim, .amount, .last')]
        .filter((part) => {
          const box = part.getBoundingClientRect();
          return (
            part.scrollWidth > part.clientWidth + 1 ||
            box.right > button.getBoundingClientRect().right + 1 ||
            box.height > 40
          );
        })
        .map((part) => part.textContent),
    );
    expect(cut, `at ${width}`).toEqual([]);
    const code = page.locator('[data-case-view] .pairs .code', { hasText: enterprise.uscc });
    expect(await code.evaluate((one) => one.scrollWidth - one.clientWidth), `at ${width}`).toBeLessThanOrEqual(0);
    await context.close();
  }
}, 60_000);

it('is read by everybody: no fault for axe, nothing wider than the page', async () => {
  const all = [
    [390, 844, 'day'],
    [1366, 768, 'night'],
    [1366, 768, 'day'],
    [820, 1180, 'night'],
  ] as const;
  // Both themes, the smallest and the most usual size; `npm run test:layouts` has the rest.
  for (const [width, height, theme] of process.env['LAYOUTS'] === 'long' ? all : all.slice(0, 2)) {
    const { context, page } = await desk('officer', caseOf('O1'), { width, height, theme });
    await page.waitForSelector('[data-case-view] h1');
    await page.click('[data-deed="note"]');
    await page.waitForSelector('form.acting');
    expect(await axeFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await shoot(page, `desk-${width}-${theme}`);
    await context.close();
  }
}, 90_000);
