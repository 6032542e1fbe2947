import fc from 'fast-check';
import type { FeatureCollection } from 'geojson';
import { describe, expect, it } from 'vitest';
import boundaries from '../../../../assets/geo/330110/boundaries.geojson?raw';
import city from '../../../../assets/geo/330100/boundaries.geojson?raw';
import { leaderTo, segments } from '../../../../web/map/callout.ts';
import { inPolygons } from '../../../../web/map/geometry.ts';
import { townShapes } from '../../../../web/map/mapping/townData.ts';
import { flowSigns } from '../../../../web/map/overlay/signs.ts';
import { arrange, NO_SEAMS, onSeam, type Land } from '../../../../web/map/room.ts';
import { fitView, projector, unproject } from '../../../../web/map/view.ts';
import { fixturePack } from '../../../support/webFixtures.ts';

const landOf = (shapes: ReturnType<typeof townShapes>, height: number): Land => ({
  polygons: shapes.flatMap(({ polygons }) => polygons),
  height,
});
const LANDS: Land[] = [
  landOf(townShapes(fixturePack(), JSON.parse(boundaries) as FeatureCollection), 4e-5),
  landOf(townShapes(fixturePack('city'), JSON.parse(city) as FeatureCollection), 1e-4),
  landOf(townShapes(fixturePack('province'), undefined), 0),
];

describe('room for the call-out', () => {
  it('is found beside any land at any size: inside the map, off the land, off the seams', () => {
    fc.assert(
      fc.property(
        fc.nat(LANDS.length - 1),
        fc.integer({ min: 560, max: 2400 }),
        fc.integer({ min: 420, max: 1100 }),
        fc.boolean(),
        (index, width, height, seamed) => {
          const land = LANDS[index]!;
          const padding = { top: 16, right: 20, bottom: 44, left: 20 };
          const size = { width: 270, height: 136 };
          // Half a map must be wide enough for it.
          const seams = seamed && width > 700 ? { x: [Math.round(width / 2)], y: [] } : NO_SEAMS;
          const { view, callout } = arrange(land, { width, height }, padding, land.height ? 40 : 0, size, seams);
          expect(callout).toBeDefined();
          const { left, top, right, bottom } = callout!;
          expect(left >= 20 - 0.1 && top >= 16 - 0.1 && right <= width - 20 + 0.1 && bottom <= height - 44 + 0.1).toBe(
            true,
          );
          expect(onSeam(callout!, seams)).toBe(false);
          const project = projector(view);
          const corners = land.polygons.flatMap(([ring]) =>
            ring!.flatMap(([x, y]) => [0, land.height].map((z) => project(x, y, z)!)),
          );
          expect(corners.some(({ x, y }) => x > left && x < right && y > top && y < bottom)).toBe(false);
          expect(corners.every(({ x, y }) => x > -1 && y > -1 && x < width + 1 && y < height - 43)).toBe(true);
          for (let i = 0; i <= 12; i++) {
            for (let j = 0; j <= 8; j++) {
              const at = { x: left + ((right - left) * i) / 12, y: top + ((bottom - top) * j) / 8 };
              expect(inPolygons(unproject(view, at)!, land.polygons)).toBe(false);
            }
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('costs no more land than it must: without a call-out the land fills the map', () => {
    const [land] = LANDS;
    const size = { width: 1040, height: 600 };
    const padding = { top: 16, right: 20, bottom: 44, left: 20 };
    const outline = land!.polygons.flatMap((polygon) => [...polygon[0]!]);
    const full = fitView(outline, land!.height, size, padding, 40);
    expect(arrange(land!, size, padding, 40, undefined)).toEqual({ view: full });
    const beside = arrange(land!, size, padding, 40, { width: 270, height: 136 }).view;
    expect(beside.zoom).toBeLessThanOrEqual(full.zoom + 1e-6);
    expect(beside.zoom).toBeGreaterThan(full.zoom - 0.5);
  });
});

describe('the line of the call-out', () => {
  const callout = { left: 100, top: 20, right: 300, bottom: 120 };

  it('runs from its edge to the place, in angles', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 130, max: 600 }), (x, y) => {
        const line = leaderTo(callout, [{ x, y }], [])!;
        expect(line.at(-1)).toEqual({ x, y });
        const [from] = line;
        expect(from!.x >= 100 && from!.x <= 300 && from!.y >= 20 && from!.y <= 120).toBe(true);
        for (const [a, b] of segments(line)) expect(a.x === b.x || a.y === b.y).toBe(true);
      }),
    );
  });

  it('goes round marks where it can', () => {
    const end = { x: 500, y: 400 };
    const straight = leaderTo(callout, [end], [])!;
    const corner = straight.at(-2)!;
    const mark = { left: corner.x - 8, right: corner.x + 8, top: corner.y - 8, bottom: corner.y + 8 };
    expect(leaderTo(callout, [end], [mark])!.at(-2)).not.toEqual(corner);
  });
});

describe('the signs below the land', () => {
  it('stand in rows: none over another, off the map or on a seam', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 20, max: 220 }), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 300, max: 1600 }),
        fc.option(fc.integer({ min: 60, max: 1400 }), { nil: undefined }),
        (widths, width, seam) => {
          const seams = seam !== undefined && seam < width - 240 && seam > 240 ? { x: [seam], y: [] } : NO_SEAMS;
          const { boxes, height } = flowSigns(widths, 28, { width, height: 500 }, 8, 20, seams);
          expect(boxes).toHaveLength(widths.length);
          boxes.forEach((box, i) => {
            expect(box.right - box.left).toBeCloseTo(widths[i]!);
            expect(box.left >= 0 && box.right <= width && box.bottom <= 500 && box.top >= 500 - height - 0.1).toBe(
              true,
            );
            expect(onSeam(box, seams)).toBe(false);
            for (const other of boxes.slice(i + 1))
              expect(
                box.right <= other.left ||
                  other.right <= box.left ||
                  box.bottom <= other.top ||
                  other.bottom <= box.top,
              ).toBe(true);
          });
        },
      ),
    );
  });

  it('leave nothing over on a row of its own: of all ways with as few rows, the longest row is shortest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 20, max: 220 }), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 240, max: 1600 }),
        (widths, width) => {
          const { boxes } = flowSigns(widths, 28, { width, height: 500 }, 8, 20, NO_SEAMS);
          const tops = [...new Set(boxes.map(({ top }) => top))];
          const longest = Math.max(...boxes.map(({ right }) => right));
          // Every way to break the row, each bit a break.
          for (let breaks = 0; breaks < 1 << (widths.length - 1); breaks++) {
            const rows = [[widths[0]!]];
            widths.slice(1).forEach((one, i) => (breaks & (1 << i) ? rows.push([one]) : rows.at(-1)!.push(one)));
            const needed = Math.max(...rows.map((row) => 8 + row.reduce((a, b) => a + b, 0) + 20 * (row.length - 1)));
            if (needed > width - 8) continue;
            expect(rows.length).toBeGreaterThanOrEqual(tops.length);
            if (rows.length === tops.length && rows.length > 1) expect(needed).toBeGreaterThanOrEqual(longest - 1.01);
          }
        },
      ),
    );
    // As on a wall of 1366 × 768, where the button for the heat had a row of its own: a little closer, and all is one row.
    const signs = [48, 48, 48, 170, 110, 130, 50, 60];
    const { boxes } = flowSigns(signs, 25, { width: 780, height: 500 }, 7, 18, NO_SEAMS);
    expect(new Set(boxes.map(({ top }) => top)).size).toBe(1);
  });
});
