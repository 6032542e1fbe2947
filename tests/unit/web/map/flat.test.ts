import { describe, expect, it } from 'vitest';
import { flatPlace, freeNames, ringsPath } from '../../../../web/map/flat.ts';
import { mapNotice } from '../../../../web/map/texts.ts';

const square = {
  polygons: [
    [
      [
        [0.5, 0.5],
        [0.6, 0.5],
        [0.6, 0.6],
        [0.5, 0.6],
        [0.5, 0.5],
      ],
    ],
  ],
} as const;
const towns = [{ polygons: square.polygons.map((rings) => rings.map((ring) => [...ring])) }];

describe('a flat map', () => {
  it('holds the land in the middle of its room, north up, and is drawn as closed paths', () => {
    const place = flatPlace(towns, { width: 200, height: 120 }, { top: 10, right: 10, bottom: 10, left: 10 })!;
    // 100 px of height are left; the square takes them, in the middle of the width.
    const [x, y] = [place(0.5, 0.5), place(0.6, 0.6)];
    expect([x.x, x.y, y.x, y.y].map(Math.round)).toEqual([50, 10, 150, 110]);
    const d = ringsPath(
      [
        [
          [0.5, 0.5],
          [0.6, 0.5],
          [0.5, 0.5],
        ],
      ],
      (a, b) => ({ x: a * 10, y: b * 10 }),
    );
    expect(d).toBe('M5.0 5.0L6.0 5.0L5.0 5.0Z');
  });

  it('has no places without land or without room', () => {
    const padding = { top: 10, right: 10, bottom: 10, left: 10 };
    expect(flatPlace([], { width: 200, height: 100 }, padding)).toBeUndefined();
    expect(flatPlace(towns, { width: 20, height: 100 }, padding)).toBeUndefined();
    expect(flatPlace(towns, { width: 200, height: 20 }, padding)).toBeUndefined();
  });

  it('leaves out the name that would lie over another, or not whole on the picture', () => {
    const size = { width: 300, height: 200 };
    const name = (code: string, x: number, y: number) => ({ code, name: '某街', x, y });
    const codes = (names: Parameters<typeof freeNames>[0]) => freeNames(names, size, 15, 'zh-CN').map((n) => n.code);
    expect(codes([name('a', 100, 100), name('b', 110, 105)])).toEqual(['a']);
    expect(codes([name('a', 100, 100), name('b', 100, 130), name('c', 160, 100)])).toEqual(['a', 'b', 'c']);
    expect(
      codes([name('left', 10, 100), name('right', 295, 100), name('top', 100, 5), name('foot', 100, 195)]),
    ).toEqual([]);
  });
});

describe('the notice of a map', () => {
  it('is the number of its review where it is licensed, else that it is a sketch', () => {
    expect(mapNotice(undefined, 'en')).toBe('');
    expect(mapNotice({ kind: 'licensed', reviewNumber: 'GS(2026)0001' }, 'zh-CN')).toContain('GS(2026)0001');
    expect(mapNotice({ kind: 'schematic' }, 'en')).toBe(mapNotice({ kind: 'licensed' }, 'en'));
  });
});
