import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { TOWN, UNIT } from '../support/accessTable.ts';
import { event, raised } from '../support/events.ts';
import { until } from '../support/server.ts';
import { peopled, withQuery } from './support/peopled.ts';
import { shoot } from './support/shots.ts';

/** Rows of the desk stay where they are while somebody chooses among them, and say figures whole (docs/casework.md §6). */

const GRANTS = {
  admin: { role: 'admin', scope: '330110' },
  handler: { role: 'handler', scope: '330110', unit: UNIT.code },
  officer: { role: 'officer', scope: '330110' },
} as const;
const { detail, open, send } = peopled(GRANTS);
const HOUR = 3_600_000;
const ROWS = 14;
/** As wide as codes are. */
const USCC = '91330110MA2BWWWW0W';

/** An alert with the unit, accepted, and due so many hours from now. */
async function due(alertId: string, hours: number, more: object = {}): Promise<void> {
  const time = Date.now() - 60_000;
  const dueAt = new Date(Date.now() + hours * HOUR).toISOString();
  await send(
    raised(time, { alertId, town: TOWN, enterprise: { name: `某${alertId}有限公司` }, ...more }),
    event('wage.alert.dispatched', time + 1, {
      alertId,
      platform: UNIT.platform,
      unit: UNIT.name['zh-CN'],
      dueAt,
    }),
    event('wage.alert.accepted', time + 2, { alertId, unit: UNIT.code }),
  );
  // One that is late is urged at once.
  await until('it is counted', async () => ((await detail(alertId)).eventsTotal ?? 0) >= 3);
}
const placeOf = async (page: Page, alertId: string) => {
  const { x, y } = (await page.locator(`[data-case="${alertId}"]`).boundingBox())!;
  return { x, y };
};
const heads = (page: Page) =>
  page.$$eval('.cases .head', (all) => all.map((one) => one.textContent.replace(/\s+/g, ' ').trim()));
/** Which case lies under the middle of a row's tick. */
const under = (page: Page, { x, y }: { x: number; y: number }) =>
  page.evaluate(
    ([left, top]) =>
      document
        .elementFromPoint(left! + 30, top! + 36)
        ?.closest('[data-case]')
        ?.getAttribute('data-case'),
    [x, y],
  );

const SIZES = [
  [1366, 768],
  [1920, 1080],
  [390, 844],
] as const;
const ALL = SIZES.flatMap(([width, height]) =>
  (['zh-CN', 'en'] as const).map((lang) => [width, height, lang] as const),
);
/** `npm run test:layouts` has them all. */
const LOOKED_AT = process.env.LAYOUTS === 'long' ? ALL : [ALL[0]!, ALL.at(-1)!];

it('a row that is marked stays in its place when the bar and the heads of groups come', async () => {
  for (let i = 0; i < ROWS; i++) await due(`P${i}`, 24 * 30 + i);
  let late = 0;
  // The smallest first: later, late rows fill it, and the second head is not drawn.
  for (const [width, height, lang] of [[360, 640, 'en'] as const, ...LOOKED_AT]) {
    const name = `${width} ${lang}`;
    const { context, page } = await open('handler', withQuery('/desk/unit', `lang=${lang}&theme=day`), {
      viewport: { width, height },
    });
    // Rows are there with their heads, or not at all.
    const before = await page.waitForFunction(() => {
      const row = document.querySelector<HTMLElement>('[data-case]');
      return row && row.getClientRects().length > 0 && document.querySelectorAll('.cases .head').length;
    });
    expect([name, (await before.jsonValue()) as number]).toEqual([name, 1 + Math.min(late, 1)]);
    const rows = await page.$$eval('[data-case]', (all) => all.map((one) => one.getAttribute('data-case')!));
    const seen: string[] = [];
    for (const id of rows) if ((await under(page, await placeOf(page, id))) === id) seen.push(id);
    expect([name, seen.length > 3]).toEqual([name, true]);
    const places = await Promise.all(seen.map((id) => placeOf(page, id)));
    const same = async (when: string) => {
      for (const [i, id] of seen.entries()) {
        expect([name, when, id, await placeOf(page, id)]).toEqual([name, when, id, places[i]]);
        // Nor does anything lie over it: the next press there is on that row.
        expect([name, when, await under(page, places[i]!)]).toEqual([name, when, id]);
      }
    };
    await page.click(`[data-case="${seen[1]}"] .tick`);
    await page.waitForSelector('[data-batch="urge"], .batch .button');
    await same('the bar is there');
    await page.waitForSelector('[data-batch="note"]');
    await same('the bar is full');
    await shoot(page, `places-${width}-${lang}`);
    // Another alert is late: a head, or one more below it.
    const was = await heads(page);
    const counted = async (n: number) =>
      Number((await page.innerText('[data-list="unit"]')).replace(/\D/g, '')) === n && (await heads(page));
    for (let i = 0; i < 2; i++) {
      await due(`L${late++}`, -1);
      await until('the page counts it', () => counted(ROWS + late));
    }
    await same('another group has come');
    // The last row can be brought above the bar.
    // Not by a key: where it rests a case is opened, and on a telephone that takes the list's place.
    const scroll = (to: number) => page.$eval('.scroller', (one, top) => one.scrollTo({ top }), to);
    // In one look: rows are drawn anew while it moves.
    const end = () =>
      page.evaluate(() => {
        document.querySelector('.scroller')!.scrollTo({ top: 1e6 });
        const last = [...document.querySelectorAll('[data-case]')].at(-1);
        const { x, y } = last?.getBoundingClientRect() ?? { x: 0, y: 0 };
        return last !== undefined && document.elementFromPoint(x + 30, y + 36)?.closest('[data-case]') === last;
      });
    await until('the last row is free', end);
    // Once nothing is chosen and the pointer rests, the list is put in order.
    await scroll(0);
    await page.click('.batch .line > .button:last-child');
    await until('it is put in order', async () => (await heads(page)).join() !== was.join(), 15_000);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await context.close();
  }
}, 180_000);

it.each([
  [640, 360],
  [180, 320],
])(
  'at %i × %i, a telephone on its side or with texts twice as large, the heads go and the list has the screen',
  async (width, height) => {
    await due('L1', 24 * 50);
    const { context, page } = await open('officer', withQuery('/desk/open', 'lang=en&theme=day'), {
      viewport: { width, height },
    });
    await page.waitForSelector('.scroller .row');
    await page.mouse.move(width / 2, 40);
    await page.mouse.wheel(0, 2_000);
    const share = () =>
      page.$eval('.scroller', (one) => {
        const { top, bottom } = one.getBoundingClientRect();
        return (Math.min(innerHeight, bottom) - Math.max(0, top)) / innerHeight;
      });
    await until('the list has come up', async () => (await share()) > 0.75);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    const cut = await page.$$eval('.scroller .when', (all) =>
      all.filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.textContent),
    );
    expect(cut).toEqual([]);
    await context.close();
  },
);

it('says amounts whole in the narrowest row, and a code whole where it is typed', async () => {
  await due('W1', 24 * 40, {
    enterprise: { name: '某名称很长很长很长很长很长很长的建筑劳务工程有限责任公司', uscc: USCC },
    workers: 12_345,
    amountFen: 12_345_678_901,
  });
  for (const [width, height, lang] of LOOKED_AT) {
    const name = `${width} ${lang}`;
    const { context, page } = await open('officer', withQuery('/desk/open', `lang=${lang}&theme=day`), {
      viewport: { width, height },
    });
    await page.fill('.search input', 'W1');
    await page.waitForSelector('[data-case="W1"]');
    const cut = await page.$$eval('[data-case="W1"] .whole, [data-case="W1"] .when', (all) =>
      all
        .filter((one) => {
          const box = one.getBoundingClientRect();
          const within = one.parentElement!.getBoundingClientRect();
          return one.scrollWidth > one.clientWidth + 1 || box.right > within.right + 1;
        })
        .map((one) => one.textContent),
    );
    expect([name, cut]).toEqual([name, []]);
    expect(await page.getAttribute('[data-case="W1"] .who', 'title')).toContain('有限责任公司');
    await page.click('[data-raise-begin]');
    await page.fill('#raise-uscc', USCC);
    await page.fill('#raise-amount', '12,345,678,901.23');
    const narrow = await page.$$eval('#raise-uscc, #raise-amount', (all) =>
      all.filter((one) => one.scrollWidth > one.clientWidth).map(({ id }) => id),
    );
    expect([name, narrow]).toEqual([name, []]);
    await page.goto(new URL(withQuery('/desk/open', `lang=${lang}&theme=day&case=330110/W1`), page.url()).href);
    await page.waitForSelector('.pairs .code');
    const codes = await page.$$eval('.pairs .code', (all) =>
      all.map((one) => ({ code: one.textContent, cut: one.scrollWidth > one.clientWidth })),
    );
    expect([name, codes.filter(({ cut: cutOff }) => cutOff)]).toEqual([name, []]);
    expect(JSON.stringify(codes)).toContain(USCC);
    await shoot(page, `raise-${width}-${lang}`);
    await context.close();
  }
}, 120_000);
