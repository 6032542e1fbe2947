import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { AlertDetail } from '../../contract/rest.ts';
import type { Rules } from '../../contract/rulePack.ts';
import { loadPack } from '../support/packs.ts';
import { BATCH, until } from '../support/server.ts';
import { registration, usccOf } from '../support/signals.ts';
import { peopled } from './support/peopled.ts';
import * as pictures from './support/shots.ts';
import { STILL } from './support/wall.ts';

/**
 * One red alert from the observation to the archive, by everybody who has a part in it: a source, a wall, an admin who puts the
 * rules in force, a handler on a telephone, a leader, an officer. With `SHOTS=<folder>` each step is kept as a picture.
 */

const PACK = loadPack('330110');
const TOWN = '330110010';
const { platform, unit: kind } = PACK.dispatch!.red!;
/** To which the pack sends what is red in that town. */
const UNIT = PACK.units!.find(
  (unit) => unit.kind === kind && unit.platform === platform && (unit.towns?.includes(TOWN) ?? true),
)!;
const { told, open: openAs } = peopled({
  admin: { name: '某管理员', role: 'admin', scope: '330110' },
  source: { name: '某信访来源', role: 'ingest', scope: '330110' },
  wall: { name: '大厅屏', role: 'display', scope: '330110' },
  handler: { name: '某甲', role: 'handler', scope: '330110', unit: UNIT.code },
  officer: { name: '某乙', role: 'officer', scope: '330110' },
  leader: { name: '某丙', role: 'leader', scope: '330110' },
});
type Who = Parameters<typeof openAs>[0];
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1366, height: 768 };
const WALL = { width: 1920, height: 1080 };
let step = 0;

async function open(who: Who, path: string, viewport: typeof DESK): Promise<Page> {
  const { page } = await openAs(who, path, { viewport });
  page.setDefaultTimeout(60_000);
  return page;
}
/** Keeps a picture of the step, once nothing moves. */
const shoot = (page: Page, name: string) => pictures.shoot(page, `story-${++step}-${name}`, 1_200);
const desk = (who: Who, alertId: string, viewport: typeof DESK) =>
  open(who, `/desk?case=330110/${alertId}&lang=zh-CN&theme=day`, viewport);
const field = (name: string) => `#field-${name}`;
/** Begins an action that is not the next step: beside it, or under *more*. */
async function deed(page: Page, action: string): Promise<void> {
  await page.waitForSelector('.deeds .menu');
  if (!(await page.locator(`[data-deed="${action}"]`).count())) await page.click('.deeds .menu > button');
  await page.click(`[data-deed="${action}"]`);
}
async function send(page: Page): Promise<void> {
  await page.click('form.acting button[type=submit]');
  await page.waitForSelector('.thanks');
}

it('a red alert goes from the observation to the archive', async () => {
  const { items } = await told<Rules>('admin', '/api/v1/rules?region=330110');
  const activate = `/api/v1/rules/${items[0]!.version}/activate?region=330110`;
  const { raises } = await told<{ raises: number }>('admin', activate, { why: '某区开始使用规则' });
  await told('admin', activate, { why: '某区开始使用规则', raises });
  const wall = await open('wall', `/wall?${new URLSearchParams({ ...STILL, window: 'today' }).toString()}`, WALL);
  await wall.waitForSelector('[data-health="live"]');

  // What a source observes, the rules judge; what is red rings on the wall, and goes to the unit by itself.
  const facts = (id: string, indicator: string, more: object) => ({
    specversion: '1.0',
    id,
    source: 'urn:test:story',
    type: 'wage.signal.observed',
    time: new Date().toISOString(),
    data: { region: '330110', indicator, enterprise: { uscc: usccOf(1) }, ...more },
  });
  await told(
    'source',
    '/api/v1/events',
    [
      registration(1, '某甲建筑有限公司', { town: TOWN, location: { lng: 120.041, lat: 30.371 } }),
      facts('s1', 'petition.received', { workers: 12, amountFen: 26_258_000, text: '某工人反映两个月未发工资' }),
      facts('s2', 'water.overdue-days', { value: 65, ref: '某户号' }),
    ],
    { headers: { 'content-type': BATCH } },
  );
  await wall.waitForSelector('[data-alarm]');
  await shoot(wall, 'wall');
  const alertId = await until('the alert is there', async () => {
    const list = await told<{ items: { alertId: string; tier: string }[] }>('admin', '/api/v1/alerts?scope=330110');
    expect(list.items[0]?.tier ?? 'red').toBe('red');
    return list.items[0]?.alertId;
  });
  const detail = () => told<AlertDetail>('admin', `/api/v1/alerts/${alertId}?scope=330110`);
  await until('it stands dispatched', async () => (await detail()).stage === 'dispatched');
  expect((await detail()).unit).toBe(UNIT.name['zh-CN']);

  // The handler finds it on the telephone, and takes it on.
  const phone = await open('handler', '/desk?lang=zh-CN&theme=day', PHONE);
  await phone.click(`[data-case="${alertId}"]`);
  await phone.waitForSelector('[data-next]');
  await shoot(phone, 'handler');
  await phone.click('[data-next]');
  await send(phone);

  // The leader puts it under supervision; the handler answers.
  const leader = await desk('leader', alertId, DESK);
  await deed(leader, 'supervise');
  await leader.check('input[value="notice"]', { force: true });
  await leader.fill(field('text'), '请三日内督促企业付清拖欠工资，并书面答复。');
  await shoot(leader, 'leader');
  await send(leader);
  expect((await detail()).supervised).toBe(true);
  await phone.click('.inbox .head');
  await phone.waitForSelector('.inbox .entry:has-text("督办")');
  await phone.keyboard.press('Escape');
  await phone.waitForSelector('[data-demand="supervised"]');
  await phone.click('[data-answer]');
  await phone.fill(field('text'), '企业已承诺本周五前付清。');
  await send(phone);

  // The wages are paid; the handler reports it with what was paid.
  await phone.click('[data-next]');
  await phone.check('input[value="paid-in-full"]', { force: true });
  await phone.fill(field('workers'), '12');
  await phone.fill(field('amount'), '262580');
  await phone.fill(field('note'), '12 人工资已全部打卡发放，凭证留存。');
  await shoot(phone, 'report');
  await send(phone);

  // An officer, who has not handled it, audits and closes.
  const officer = await desk('officer', alertId, DESK);
  await officer.click('[data-next]');
  await officer.check('input[value="effective"]', { force: true });
  await officer.fill(field('note'), '属实，已电话回访 3 名工人。');
  await shoot(officer, 'audit');
  await send(officer);
  await officer.click('[data-next]');
  await officer.fill(field('resolution'), '工资已付清，归档。');
  await send(officer);
  await shoot(officer, 'closed');
  // And the case is one file, to be printed or kept.
  await officer.click('[data-archive-link]');
  await officer.waitForSelector('[data-archive] [data-story]');
  expect(await officer.locator('[data-event]').count()).toBe(9);
  expect(await officer.locator('[data-not-archived]').count()).toBe(0);
  await shoot(officer, 'archive');

  const after = await detail();
  expect(after).toMatchObject({ stage: 'closed', verdict: 'effective', recoveredFen: 26_258_000 });
  expect(after.events.map(({ type }) => type)).toEqual([
    'wage.alert.raised',
    'wage.alert.dispatched',
    'wage.alert.accepted',
    'wage.case.supervised',
    'wage.case.answered',
    'wage.wages.recovered',
    'wage.alert.handled',
    'wage.alert.audited',
    'wage.alert.closed',
  ]);
  // The wall has it among what was recovered today.
  await wall.waitForFunction(() => document.body.innerText.includes('26.26'));
  await shoot(wall, 'recovered');
}, 300_000);
