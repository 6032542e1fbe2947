import type { Browser, Page } from 'playwright-core';

/** Pages of a briefing as they are looked at: in a size, a theme and a language. */
export interface Dress {
  width: number;
  height: number;
  theme: string;
  lang: string;
}
/** Opens an address of the demonstration and waits until it is drawn. */
export async function openIn(browser: Browser, url: string, path: string, dress: Dress): Promise<Page> {
  const { width, height, theme, lang } = dress;
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const query = new URLSearchParams({ theme, lang });
  await page.goto(`${url}${path}${path.includes('?') ? '&' : '?'}${query.toString()}`);
  await page.waitForSelector('.tile.on, li[data-briefing], [data-turn]');
  await page.evaluate(() => document.fonts.ready);
  return page;
}
/** Tools go when nobody moves. */
export const toolsGone = (page: Page) => page.waitForFunction(() => document.querySelector('.tools.there') === null);

/** The time bar is opened, and goes to the frame before now. */
export async function openPast(page: Page): Promise<void> {
  await page.keyboard.press('t');
  await page.waitForSelector('[data-track]');
  await page.waitForFunction(() => !/正在读取|Reading/.test(document.querySelector('[data-message]')!.textContent));
  await page.keyboard.press('ArrowLeft');
  await page.waitForSelector('[data-replay-banner][data-at]');
}

/** Somebody presents, draws on the map, and points: what others see of it is looked at, too. */
export async function present(browser: Browser, url: string, id: string): Promise<Page> {
  const page = await openIn(browser, url, `/briefing/${id}?present=on&page=3`, {
    width: 1920,
    height: 1080,
    theme: 'day',
    lang: 'zh',
  });
  await page.waitForSelector('[data-used]', { state: 'attached' });
  await page.keyboard.press('p');
  await page.waitForSelector('[data-catch]');
  if ((await page.locator('.tile.on [data-stroke]').count()) === 0) {
    const map = (await page.locator('.tile.on svg.map').boundingBox())!;
    const [x, y, r] = [map.x + map.width * 0.55, map.y + map.height * 0.42, map.height * 0.16];
    await page.mouse.move(x + r, y);
    await page.mouse.down();
    for (let i = 1; i <= 40; i++)
      await page.mouse.move(x + r * Math.cos((i * Math.PI) / 19), y + r * Math.sin((i * Math.PI) / 19));
    await page.mouse.up();
  }
  await page.keyboard.press('l');
  const row = (await page.locator('.tile.on .rows .row').nth(1).boundingBox())!;
  await page.mouse.move(row.x + row.width * 0.55, row.y + row.height / 2);
  return page;
}
