import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { standBeside } from '../../../../web/wall/alarmPlace.ts';

/** Screens with the size of 1rem on them, and the map's box. */
const SCREENS = [
  { width: 1920, height: 1080, rem: 10, map: { left: 440, top: 200, right: 1480, bottom: 780 } },
  { width: 1366, height: 768, rem: 7.9, map: { left: 340, top: 150, right: 1020, bottom: 560 } },
  { width: 3840, height: 1080, rem: 10, map: { left: 1100, top: 180, right: 2600, bottom: 1060 } },
  { width: 1080, height: 1920, rem: 10, map: { left: 20, top: 300, right: 1060, bottom: 820 } },
] as const;

describe('the card of an alarm', () => {
  it('is never outside the screen, never over its point, and its line leaves from its edge', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SCREENS),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        fc.integer({ min: 30, max: 56 }),
        ({ rem, map, ...screen }, across, down, high) => {
          const card = { width: 74 * rem, height: high * rem };
          const point = { x: map.left + across * (map.right - map.left), y: map.top + down * (map.bottom - map.top) };
          const { left, top, from } = standBeside(card, screen, rem, point, map, 5 * rem);
          expect(left >= rem && top >= rem).toBe(true);
          expect(
            left + card.width <= screen.width - rem + 0.01 && top + card.height <= screen.height - rem + 0.01,
          ).toBe(true);
          const fits =
            point.x + 5 * rem + card.width <= screen.width - rem ||
            point.x - 5 * rem - card.width >= rem ||
            point.y + 5 * rem + card.height <= screen.height - rem ||
            point.y - 5 * rem - card.height >= rem;
          const over = point.x > left && point.x < left + card.width && point.y > top && point.y < top + card.height;
          if (fits) expect(over).toBe(false);
          const { x, y } = from!;
          expect(x >= left && x <= left + card.width && y >= top && y <= top + card.height).toBe(true);
          if (!over)
            expect(
              [x - left, left + card.width - x, y - top, top + card.height - y].some(
                (gap) => Math.abs(gap) < 5 * rem + 0.01,
              ),
            ).toBe(true);
        },
      ),
    );
  });

  it('has room beside its point on every wall, the map having flown to it', () => {
    for (const { rem, map, ...screen } of SCREENS) {
      const card = { width: 74 * rem, height: 52 * rem };
      const point = { x: (map.left + map.right) / 2, y: (map.top + map.bottom) / 2 };
      const { left, top } = standBeside(card, screen, 1.6 * rem, point, map, 5 * rem);
      expect(point.x > left && point.x < left + card.width && point.y > top && point.y < top + card.height).toBe(false);
    }
  });

  it('lies on no seam of a wall of several panels where there is room beside it', () => {
    const screen = { width: 3840, height: 1080 };
    const map = { left: 1100, top: 180, right: 2600, bottom: 1060 };
    fc.assert(
      fc.property(fc.integer({ min: 1150, max: 2550 }), fc.integer({ min: 250, max: 1000 }), (x, y) => {
        const { left, top } = standBeside({ width: 740, height: 520 }, screen, 16, { x, y }, map, 50, {
          x: [1280, 2560],
          y: [],
        });
        for (const seam of [1280, 2560]) expect(left < seam && left + 740 > seam).toBe(false);
        expect(x > left && x < left + 740 && y > top && y < top + 520).toBe(false);
      }),
    );
  });

  it('stands in the middle where there is no map, and a list leaves the map free where it can', () => {
    expect(
      standBeside({ width: 400, height: 300 }, { width: 1000, height: 700 }, 10, undefined, undefined, 50),
    ).toEqual({
      left: 300,
      top: 200,
    });
    const map = { left: 100, top: 0, right: 500, bottom: 700 };
    expect(standBeside({ width: 400, height: 300 }, { width: 1000, height: 700 }, 10, undefined, map, 50).left).toBe(
      500,
    );
  });
});
