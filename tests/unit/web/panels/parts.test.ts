import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computed, shallowRef } from 'vue';
import { moneyTick, moneyUnit } from '../../../../common/charts/moneyAxis.ts';
import { nameWidth } from '../../../../web/panels/parts/nameWidth.ts';
import { gridOf, pagesOf, sliceOf } from '../../../../web/panels/parts/paging.ts';
import { same, stable } from '../../../../web/panels/parts/stable.ts';

describe('paging', () => {
  const least = { width: 38, height: 2.6, gap: 2.4 };

  it('every item is on some page, pages are full, and nothing is on more columns than there is room for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200 }),
        fc.double({ min: 5, max: 400, noNaN: true }),
        fc.double({ min: 2, max: 120, noNaN: true }),
        fc.integer({ min: 1, max: 3 }),
        (count, width, height, spread) => {
          const grid = gridOf({ width, height }, count, least, spread);
          expect(
            grid.columns === 1 || grid.columns * least.width + (grid.columns - 1) * least.gap <= width + 1e-3,
          ).toBe(true);
          expect(grid.rows === 1 || height / grid.rows >= least.height * 0.92 - 1e-6).toBe(true);
          const pages = pagesOf(count, grid);
          const seen = new Set<number>();
          for (let page = 0; page < pages; page++) {
            const { from, to } = sliceOf(page, count, grid);
            expect(to - from).toBe(Math.min(count, grid.columns * grid.rows));
            for (let i = from; i < to; i++) seen.add(i);
          }
          expect(seen.size).toBe(count);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('shows 20 towns of a 440 × 230 panel on three pages, and 60 on nine', () => {
    const grid = gridOf({ width: 44, height: 18.8 }, 20, least);
    expect(grid).toEqual({ columns: 1, rows: 7 });
    expect(pagesOf(20, grid)).toBe(3);
    expect(pagesOf(60, grid)).toBe(9);
    expect(sliceOf(2, 20, grid)).toEqual({ from: 13, to: 20 });
  });

  it('has no more rows than items, which then stand wide apart', () => {
    expect(gridOf({ width: 60, height: 90 }, 12, least)).toEqual({ columns: 1, rows: 12 });
    expect(gridOf({ width: 60, height: 90 }, 0, least)).toEqual({ columns: 1, rows: 1 });
  });

  it('moves rows a little closer rather than page for the last two', () => {
    expect(gridOf({ width: 104, height: 25.4 }, 20, least)).toEqual({ columns: 2, rows: 10 });
  });
});

describe('a stable value', () => {
  it('is compared by content', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(same(a, structuredClone(a))).toBe(true);
        const byName = ([x]: [string, unknown], [y]: [string, unknown]) => (x < y ? -1 : 1);
        // JSON knows no −0, and neither has a frame.
        const text = (value: unknown) =>
          JSON.stringify(value, (_, v: unknown) =>
            v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort(byName)) : v,
          );
        if (text(a) !== text(b)) expect(same(a, b)).toBe(false);
      }),
    );
    expect(same({ a: undefined }, {})).toBe(false);
    expect(same([undefined], [0])).toBe(false);
  });

  it('stays the same object until its content changes, and wakes nobody before', () => {
    const source = shallowRef({ shown: 1, other: 1 });
    const view = stable(() => ({ shown: source.value.shown }));
    let woken = 0;
    const reader = computed(() => {
      woken++;
      return view.value.shown;
    });
    const first = view.value;
    expect(reader.value).toBe(1);
    source.value = { shown: 1, other: 2 };
    expect(reader.value).toBe(1);
    expect(view.value).toBe(first);
    expect(woken).toBe(1);
    source.value = { shown: 2, other: 2 };
    expect(reader.value).toBe(2);
    expect(woken).toBe(2);
  });
});

describe('the look', () => {
  it('has the column of names as wide as the longest, within bounds', () => {
    expect(nameWidth(['闲林街道', '百丈镇'])).toBe('4.2em');
    expect(nameWidth([])).toBe('3.2em');
    expect(nameWidth(['一'.repeat(40)])).toBe('24em');
  });
});

describe('a money axis', () => {
  it('is in one unit, that of its size', () => {
    expect(moneyTick(20, moneyUnit(16_000_000, 'zh-CN'))).toBe('20万');
    expect(moneyTick(1.5, moneyUnit(3e10, 'zh-CN'))).toBe('1.5亿');
    expect(moneyTick(5_000, moneyUnit(400_000, 'zh-CN'))).toBe('5,000');
    expect(moneyTick(0.25, moneyUnit(6e7, 'en'))).toBe('¥0.25M');
    expect(moneyTick(0, moneyUnit(6e7, 'en'))).toBe('0');
    expect(moneyUnit(0, 'zh-CN').unit).toBe('万');
  });
});
