import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePanels, seamsOf } from '../../../../web/shell/layout/seams.ts';
import { SHIFT_EVERY_MS, SHIFT_PX, shiftAt } from '../../../../web/shell/layout/pixelShift.ts';
import { chooseShape, FAR, isFar, rootSize, SHAPES, type ShapeName } from '../../../../web/shell/layout/shapes.ts';
import {
  FAR_LAYOUTS,
  gridOf,
  LAYOUTS,
  type Layout,
  layoutOf,
  SLOTS,
  TIMED_FAR_LAYOUTS,
  TIMED_LAYOUTS,
} from '../../../../web/wall/layouts.ts';
import { barColumn, panelGrid } from '../../../../web/wall/panelGrid.ts';
import { QualityJudge } from '../../../../web/wall/quality.ts';

const NAMES = Object.keys(LAYOUTS) as ShapeName[];
const ALL: [string, Layout][] = [
  ...Object.entries(LAYOUTS).map(([name, layout]): [string, Layout] => [name, layout]),
  ...Object.entries(FAR_LAYOUTS).map(([name, layout]): [string, Layout] => [`${name}, far`, layout]),
  ...Object.entries(TIMED_LAYOUTS).map(([name, layout]): [string, Layout] => [`${name}, timed`, layout]),
  ...Object.entries(TIMED_FAR_LAYOUTS).map(([name, layout]): [string, Layout] => [`${name}, far, timed`, layout]),
];
/** Rows of a grid's areas; throws unless every area is one rectangle, or the browser would drop the whole template. */
function rowsOf({ areas, columns, rows }: ReturnType<typeof gridOf>): string[][] {
  const cells = areas.match(/"[^"]+"/g)!.map((row) => row.slice(1, -1).split(' '));
  for (const slot of new Set(cells.flat().filter((cell) => cell !== '.'))) {
    const found = cells.flatMap((row, y) => row.flatMap((cell, x) => (cell === slot ? [[x, y] as const] : [])));
    const xs = found.map(([x]) => x),
      ys = found.map(([, y]) => y);
    const area = (Math.max(...xs) - Math.min(...xs) + 1) * (Math.max(...ys) - Math.min(...ys) + 1);
    expect(found, slot).toHaveLength(area);
  }
  const tracks = (text: string) =>
    text
      .replace(/\([^()]*(\([^()]*(\([^()]*\)[^()]*)*\)[^()]*)*\)/g, (inner) => inner.replaceAll(' ', ''))
      .split(' ')
      .reduce((sum, part) => sum + Number(/^repeat\((\d+),/.exec(part)?.[1] ?? 1), 0);
  expect(new Set(cells.map((row) => row.length))).toEqual(new Set([tracks(columns)]));
  expect(cells).toHaveLength(tracks(rows));
  return cells;
}

describe('layouts', () => {
  it('name slots that have a panel', () => {
    const panels = readdirSync(new URL('../../../../web/panels', import.meta.url), { recursive: true })
      .map(String)
      .filter((path) => path.endsWith('Panel.vue'))
      .map((path) => path.split('/'))
      .filter(([folder, file]) => file?.toLowerCase() === `${folder!.toLowerCase()}panel.vue`)
      .map(([folder]) => folder);
    for (const slot of SLOTS) expect([...panels, 'map'], slot).toContain(slot);
  });

  it.each(ALL)('%s shows each of its panels once, as one rectangle', (_name, layout) => {
    const grid = gridOf(layout);
    expect(new Set(rowsOf(grid).flat())).toEqual(new Set(grid.slots));
    const sums = new Set(layout.columns.map(({ stack }) => stack.reduce((sum, [, tracks]) => sum + tracks, 0)));
    expect(sums.size).toBe(1);
  });

  it.each(ALL)('%s says what is worst, where, and who must act', (_name, layout) => {
    expect(gridOf(layout).slots).toEqual(expect.arrayContaining(['headline', 'map', 'towns', 'agenda']));
  });

  it('leave out by distance, not by shape: industries, rates and recovered stand or turn wherever there is room', () => {
    for (const name of NAMES.filter((one) => one !== 'phone')) {
      const { slots } = gridOf(LAYOUTS[name]);
      expect(slots.includes('pages') || slots.includes('industries'), name).toBe(true);
    }
  });

  it.each([
    [1366, 768, 'small'],
    [1920, 1080, 'wide16'],
    [3840, 2160, 'wide16'],
    [1920, 1200, 'wide16'],
    [2560, 1080, 'wide21'],
    [3840, 1080, 'wide32'],
    [7680, 2160, 'wide32'],
    [5760, 1080, 'wide48'],
    [1080, 1920, 'portrait'],
    [7680, 4320, 'wide16'],
    [390, 844, 'phone'],
    [844, 390, 'phone'],
    [1024, 768, 'small'],
  ] as const)('%d × %d is %s', (width, height, name) => {
    expect(chooseShape(width, height)).toBe(name);
  });

  it('is 10 px a rem at the design size, and never so large that the design would not fit', () => {
    for (const name of NAMES) expect(rootSize(...SHAPES[name].design, SHAPES[name])).toBe(10);
    expect(rootSize(3840, 2160, SHAPES.wide16)).toBe(20);
    expect(1.5 * rootSize(1920, 1080, SHAPES.wide16, true)).toBeGreaterThanOrEqual(22);
    expect(rootSize(3840, 1080, SHAPES.wide32, true)).toBeCloseTo(10 * FAR);
    fc.assert(
      fc.property(fc.integer({ min: 600, max: 8000 }), fc.integer({ min: 500, max: 4500 }), (width, height) => {
        const layout = SHAPES[chooseShape(width, height)];
        const rem = rootSize(width, height, layout);
        expect((layout.design[0] / 10) * rem).toBeLessThanOrEqual(width + 1);
        expect((layout.design[1] / 10) * rem).toBeLessThanOrEqual(height + 1);
      }),
    );
  });

  it('is read from afar where it was said, else from 32:9 on; a phone never is', () => {
    expect(NAMES.filter((name) => isFar('auto', name))).toEqual(['wide32', 'wide48']);
    expect(NAMES.filter((name) => isFar('far', name))).toEqual(NAMES.filter((name) => name !== 'phone'));
    expect(NAMES.filter((name) => isFar('near', name))).toEqual([]);
    expect(layoutOf('small', true)).toBe(FAR_LAYOUTS.wide16);
    expect(layoutOf('wide32', false)).toBe(LAYOUTS.wide32);
    expect(layoutOf('small', false, true)).toBe(TIMED_LAYOUTS.small);
    expect(layoutOf('small', true, true)).toBe(TIMED_FAR_LAYOUTS.small);
    expect(layoutOf('wide48', true, true)).toBe(FAR_LAYOUTS.wide48);
  });

  it('holds on near a bound, and lets go beyond it', () => {
    const bound = 2.05;
    expect(chooseShape(1000 * bound * 1.01, 1000, 'wide16')).toBe('wide16');
    expect(chooseShape(1000 * bound * 0.99, 1000, 'wide21')).toBe('wide21');
    expect(chooseShape(1000 * bound * 1.05, 1000, 'wide16')).toBe('wide21');
    expect(chooseShape(1080, 1920, 'wide48')).toBe('portrait');
    expect(chooseShape(1600, 870, 'wide16')).toBe('wide16');
    fc.assert(
      fc.property(
        fc.integer({ min: 600, max: 8000 }),
        fc.integer({ min: 500, max: 4500 }),
        fc.constantFrom(...NAMES),
        (w, h, from) => {
          const chosen = chooseShape(w, h, from);
          // Asked again at the same size, the answer stands: no flicker.
          expect(chooseShape(w, h, chosen)).toBe(chosen);
        },
      ),
    );
  });
});

describe('a wall of several panels', () => {
  it('has its seams where the panels meet', () => {
    expect(seamsOf(parsePanels('3x1'), 5760, 1080)).toEqual({ x: [1920, 3840], y: [] });
    expect(seamsOf(parsePanels('2x2'), 3840, 2160)).toEqual({ x: [1920], y: [1080] });
    expect(seamsOf(undefined, 1920, 1080)).toEqual({ x: [], y: [] });
  });

  it('puts every slot into one panel, all but the map, which may go on below', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 800, max: 7680 }),
        fc.integer({ min: 600, max: 4320 }),
        fc.boolean(),
        fc.constantFrom(0, 14, 20),
        (columns, rows, width, height, far, bar) => {
          if (columns * rows === 1) return;
          const panels = { columns, rows };
          const rem = rootSize(width, height, SHAPES[chooseShape(width, height)], far, panels);
          expect(width / rem / columns).toBeGreaterThanOrEqual(43.9);
          expect(height / rem / rows).toBeGreaterThanOrEqual(31.9);
          const grid = panelGrid(panels, { width: width / rem, height: height / rem }, 13.2, 0, bar);
          const cells = rowsOf(grid);
          expect(grid.slots).toEqual(expect.arrayContaining(['headline', 'map', 'towns', 'agenda']));
          if (bar > 0) {
            // The room of the time bar is empty, and only there is it.
            const lines = cells[0]!.length / columns;
            const foot = cells.at(-2)!.slice(barColumn(panels) * lines, (barColumn(panels) + 1) * lines);
            if (Number.isInteger(lines)) expect(new Set(foot)).toEqual(new Set(['.']));
          }
          // Each panel has a clear line at either edge, and the same number of tracks.
          const perRow = cells.length / rows;
          expect(Number.isInteger(perRow)).toBe(true);
          for (let row = 0; row < rows; row++) {
            for (const edge of [row * perRow, (row + 1) * perRow - 1])
              expect(cells[edge]!.every((cell) => cell === '.' || cell === 'map')).toBe(true);
          }
          for (const slot of grid.slots.filter((one) => one !== 'map')) {
            const at = cells.flatMap((line, y) => (line.includes(slot) ? [Math.floor(y / perRow)] : []));
            expect(new Set(at).size, slot).toBe(1);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives what turns its least height, or leaves it out where there is none to give', () => {
    const tracks = (height: number) => {
      const cells = rowsOf(panelGrid({ columns: 2, rows: 1 }, { width: 261, height }, 16.2));
      return cells.filter((line) => line.includes('pages')).length;
    };
    // 3840 × 1080 from afar: three of twelve by weight, which cut the texts of tiers and recovered.
    expect(tracks(73.47)).toBe(4);
    expect(tracks(32)).toBe(0);
  });

  it('keeps the ticker above the time bar, and not the stages, where there is room for one of them', () => {
    const slots = (bar: number) =>
      panelGrid({ columns: 2, rows: 1 }, { width: 261, height: 73.47 }, 19.8, 0, bar).slots.filter((slot) =>
        ['agenda', 'stages', 'ticker'].includes(slot),
      );
    expect(slots(0)).toEqual(['agenda', 'stages', 'ticker']);
    expect(slots(14.2)).toEqual(['agenda', 'ticker']);
  });

  it.each(['', '1x1', '0x3', '9x1', '1x9', '3x', 'x', '3x1x2', '3×1'])('is not one of %j', (text) => {
    expect(parsePanels(text)).toBeUndefined();
  });
});

describe('quality', () => {
  it('goes low after two slow measurements in a row, and stays', () => {
    const judge = new QualityJudge();
    const slow = Array<number>(20).fill(120),
      quick = Array<number>(20).fill(16.7);
    judge.measure(slow);
    judge.measure(quick);
    judge.measure(slow);
    expect([judge.low, judge.suspicious]).toEqual([false, true]);
    judge.measure(slow);
    judge.measure(quick);
    expect(judge.low).toBe(true);
  });
  it('is not fooled by one long frame, or by none', () => {
    const judge = new QualityJudge();
    for (let i = 0; i < 5; i++) {
      judge.measure([16, 16, 900, 16, 16]);
      judge.measure([]);
    }
    expect(judge.low).toBe(false);
  });
});

describe('pixel shift', () => {
  it('stays within 4 px, moves every three minutes by no more than that, and averages out', () => {
    const places = Array.from({ length: 16 }, (_, i) => shiftAt(1e12 + i * SHIFT_EVERY_MS));
    for (const [i, { x, y }] of places.entries()) {
      expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(SHIFT_PX);
      const next = places[(i + 1) % places.length]!;
      expect(Math.abs(next.x - x) + Math.abs(next.y - y)).toBe(SHIFT_PX);
    }
    expect(places.reduce((sum, { x }) => sum + x, 0)).toBe(0);
    expect(places.reduce((sum, { y }) => sum + y, 0)).toBe(0);
  });
});
