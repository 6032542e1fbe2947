import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { ms, row } from '../measure.ts';

/** A list of so many alerts, scrolled as a hand would. */
const WHEEL_MS = 10_000;
/** A notch of a wheel, CSS px, and the pause between two. */
const NOTCH_PX = 120;
const NOTCH_MS = 50;
/** Far jumps: places in the list, as shares of its length. */
const JUMPS = [0.5, 0.98, 0.25, 0.75, 0.1];

interface Scrolled {
  pictures: number;
  ms: number;
  p95: number;
  longest: number;
  bones: number;
}

/** Pictures from now until `window.stopScroll` is called, and the share of them in which a row still to be read was in view. */
const WATCH = `window.scrolled = new Promise((done) => {
  const times = []; let bones = 0; let on = true;
  window.stopScroll = () => { on = false; };
  const grid = document.querySelector('.layer [role="grid"]');
  const step = (time) => {
    times.push(time);
    const box = grid.getBoundingClientRect();
    if ([...grid.querySelectorAll('.bone')].some((bone) => { const { top, bottom } = bone.getBoundingClientRect(); return bottom > box.top + 44 && top < box.bottom; })) bones++;
    if (on) { requestAnimationFrame(step); return; }
    const gaps = times.slice(1).map((t, i) => t - times[i]).sort((a, b) => a - b);
    done({ pictures: gaps.length, ms: times.at(-1) - times[0], p95: gaps[Math.floor(gaps.length * 0.95)], longest: gaps.at(-1), bones: bones / times.length });
  };
  requestAnimationFrame(step);
});0`;

/** Scrolls to a place as the scroll bar does; ms until its rows are there to be read. */
const jump = (share: number) => `new Promise((done) => {
  const grid = document.querySelector('.layer [role="grid"]');
  const start = performance.now();
  grid.scrollTop = grid.scrollHeight * ${share};
  const look = () => {
    const box = grid.getBoundingClientRect();
    const seen = [...grid.querySelectorAll('[role="row"][aria-selected]')].filter((row) => { const { top, bottom } = row.getBoundingClientRect(); return bottom > box.top + 44 && top < box.bottom; });
    if (seen.length > 3 && seen.every((row) => row.dataset.alert)) done(performance.now() - start);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(() => requestAnimationFrame(look));
})`;

/** The list that is open on the page, scrolled by wheel and by far jumps. */
export async function scrolling(page: Page, rows: number): Promise<void> {
  const grid = page.locator('.layer [role="grid"]');
  await grid.locator('[role="row"][data-alert]').first().waitFor();
  // All of them are counted, and the list is as long.
  await page.waitForFunction(`Number(document.querySelector('.layer [role="grid"]')?.ariaRowCount) > ${rows}`);
  await grid.hover();
  await page.evaluate(WATCH);
  const until = performance.now() + WHEEL_MS;
  let notches = 0;
  for (; performance.now() < until; notches++) {
    await page.mouse.wheel(0, NOTCH_PX);
    await sleep(NOTCH_MS);
  }
  const said = await page.evaluate<Scrolled>('window.stopScroll(), window.scrolled');
  row(
    `Pictures a second, a list of ${rows.toLocaleString('en')} scrolled by wheel`,
    ((said.pictures * 1000) / said.ms).toFixed(1),
    `${notches} notches; 95 % of the pauses under ${ms(said.p95)}, the longest ${ms(said.longest)}; rows still to be read in ${(said.bones * 100).toFixed(0)} % of the pictures`,
  );
  const times: number[] = [];
  for (const share of JUMPS) {
    times.push(await page.evaluate<number>(jump(share)));
    await sleep(500);
  }
  times.sort((a, b) => a - b);
  row(
    '  far jumps by the scroll bar, rows readable after',
    ms(times[times.length >> 1]!),
    `median of ${times.length}; the longest ${ms(times.at(-1)!)}`,
  );
}
