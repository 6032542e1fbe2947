import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHIFT_EVERY_MS, SHIFT_PX, shiftAt } from '../../../../web/shell/layout/pixelShift.ts';
import { chooseShape, rootSize, SHAPES, type ShapeName } from '../../../../web/shell/layout/shapes.ts';
import { gridOf, LAYOUTS, SLOTS, TRACKS } from '../../../../web/wall/layouts.ts';
import { QualityJudge } from '../../../../web/wall/quality.ts';

const NAMES = Object.keys(LAYOUTS) as ShapeName[];

describe('layouts', () => {
  it('have a slot for every panel, and a panel for every slot', () => {
    const panels = readdirSync(new URL('../../../../web/panels', import.meta.url), { recursive: true })
      .map(String)
      .filter((path) => path.endsWith('Panel.vue'))
      .map((path) => path.split('/'))
      .filter(([folder, file]) => file?.toLowerCase() === `${folder!.toLowerCase()}panel.vue`)
      .map(([folder]) => folder);
    expect([...panels, 'map'].sort()).toEqual([...SLOTS].sort());
  });

  it.each(NAMES)('%s shows every panel once, as one rectangle', (name) => {
    const rows = gridOf(LAYOUTS[name])
      .areas.match(/"[^"]+"/g)!
      .map((row) => row.slice(1, -1).split(' '));
    expect(rows).toHaveLength(TRACKS);
    expect(new Set(rows.flat())).toEqual(new Set(SLOTS));
    for (const slot of SLOTS) {
      const cells = rows.flatMap((row, y) => row.flatMap((cell, x) => (cell === slot ? [[x, y] as const] : [])));
      const xs = cells.map(([x]) => x),
        ys = cells.map(([, y]) => y);
      const area = (Math.max(...xs) - Math.min(...xs) + 1) * (Math.max(...ys) - Math.min(...ys) + 1);
      // Otherwise the browser drops the whole template.
      expect(cells, slot).toHaveLength(area);
    }
    for (const column of LAYOUTS[name].columns)
      expect(column.stack.reduce((sum, [, tracks]) => sum + tracks, 0)).toBe(TRACKS);
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
  ] as const)('%d × %d is %s', (width, height, name) => {
    expect(chooseShape(width, height)).toBe(name);
  });

  it('is 10 px a rem at the design size, and never so large that the design would not fit', () => {
    for (const name of NAMES) expect(rootSize(...SHAPES[name].design, SHAPES[name])).toBe(10);
    expect(rootSize(3840, 2160, SHAPES.wide16)).toBe(20);
    fc.assert(
      fc.property(fc.integer({ min: 600, max: 8000 }), fc.integer({ min: 500, max: 4500 }), (width, height) => {
        const layout = SHAPES[chooseShape(width, height)];
        const rem = rootSize(width, height, layout);
        expect((layout.design[0] / 10) * rem).toBeLessThanOrEqual(width + 1);
        expect((layout.design[1] / 10) * rem).toBeLessThanOrEqual(height + 1);
      }),
    );
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
