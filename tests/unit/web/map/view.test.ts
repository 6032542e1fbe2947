import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disc, toLngLat, toPlane } from '../../../../web/map/geometry.ts';
import { fitView, projector, screenBounds, unproject, type View } from '../../../../web/map/view.ts';

const views = fc.record({
  center: fc.tuple(fc.double({ min: 0.3, max: 0.9, noNaN: true }), fc.double({ min: 0.3, max: 0.7, noNaN: true })),
  zoom: fc.double({ min: 4, max: 14, noNaN: true }),
  pitch: fc.double({ min: 0, max: 55, noNaN: true }),
  bearing: fc.double({ min: -180, max: 180, noNaN: true }),
  width: fc.integer({ min: 200, max: 4000 }),
  height: fc.integer({ min: 200, max: 2200 }),
}) satisfies fc.Arbitrary<View>;

/** The matrix of mapbox-gl 1.13 (geo/transform.js, _calcMatrices) as an independent oracle, written out step by step. */
function oracle(view: View, x: number, y: number, height: number): { x: number; y: number } {
  const world = 512 * 2 ** view.zoom;
  const fov = 0.6435011087932844;
  const distance = (0.5 / Math.tan(fov / 2)) * view.height;
  let [px, py, pz] = [x * world - view.center[0] * world, y * world - view.center[1] * world, height * world];
  const angle = (-view.bearing * Math.PI) / 180;
  [px, py] = [px * Math.cos(angle) - py * Math.sin(angle), px * Math.sin(angle) + py * Math.cos(angle)];
  const pitch = (view.pitch * Math.PI) / 180;
  [py, pz] = [py * Math.cos(pitch) - pz * Math.sin(pitch), py * Math.sin(pitch) + pz * Math.cos(pitch)];
  pz -= distance;
  py = -py;
  const f = 1 / Math.tan(fov / 2);
  const clip = { x: (f / (view.width / view.height)) * px, y: f * py, w: -pz };
  return { x: ((clip.x / clip.w + 1) / 2) * view.width, y: ((1 - clip.y / clip.w) / 2) * view.height };
}

describe('view', () => {
  it('projects as mapbox-gl does', () => {
    fc.assert(
      fc.property(
        views,
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.05, noNaN: true }),
        (view, u, v, h) => {
          const reach = view.height / (512 * 2 ** view.zoom) / 2;
          const point = [view.center[0] + u * reach, view.center[1] + v * reach, h * reach] as const;
          const mine = projector(view)(...point)!;
          const theirs = oracle(view, ...point);
          expect(mine.x).toBeCloseTo(theirs.x, 3);
          expect(mine.y).toBeCloseTo(theirs.y, 3);
        },
      ),
    );
  });

  it('unprojects what it projects, at any height', () => {
    fc.assert(
      fc.property(
        views,
        fc.double({ min: -0.5, max: 0.5, noNaN: true }),
        fc.double({ min: -0.5, max: 0.5, noNaN: true }),
        fc.double({ min: 0, max: 0.05, noNaN: true }),
        (view, u, v, h) => {
          const reach = view.height / (512 * 2 ** view.zoom);
          const height = h * reach;
          const screen = projector(view)(view.center[0] + u * reach, view.center[1] + v * reach, height)!;
          const back = projector(view)(...unproject(view, screen, height)!, height)!;
          expect(back.x).toBeCloseTo(screen.x, 4);
          expect(back.y).toBeCloseTo(screen.y, 4);
        },
      ),
    );
  });

  it('has nothing above the horizon', () => {
    const view: View = { center: [0.8, 0.4], zoom: 9, pitch: 60, bearing: 0, width: 800, height: 2000 };
    expect(unproject({ ...view, pitch: 85 }, { x: 400, y: 0 })).toBeUndefined();
    expect(unproject(view, { x: 400, y: 1000 })).toEqual([0.8, 0.4]);
  });

  it('fits a tilted slab inside its padding, touching two opposite sides', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 3000 }),
        fc.integer({ min: 300, max: 2000 }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        fc.double({ min: 0, max: 0.05, noNaN: true }),
        (width, height, pitch, slab) => {
          const points = disc(120, 30.3, 900).map(([lng, lat]) => toPlane(lng, lat));
          const extent = points[0]![0] - points[24]![0];
          const padding = { top: 40, right: 30, bottom: 20, left: 10 };
          const view = fitView(points, slab * extent, { width, height }, padding, pitch);
          const box = screenBounds(points, slab * extent, view)!;
          expect(box.left).toBeGreaterThan(padding.left - 1.5);
          expect(box.top).toBeGreaterThan(padding.top - 1.5);
          expect(box.right).toBeLessThan(width - padding.right + 1.5);
          expect(box.bottom).toBeLessThan(height - padding.bottom + 1.5);
          const slackX = width - padding.left - padding.right - (box.right - box.left);
          const slackY = height - padding.top - padding.bottom - (box.bottom - box.top);
          expect(Math.min(slackX, slackY)).toBeLessThan(1.5);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes to the plane and back', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: -84, max: 84, noNaN: true }),
        (lng, lat) => {
          const back = toLngLat(toPlane(lng, lat));
          expect(back.lng).toBeCloseTo(lng, 8);
          expect(back.lat).toBeCloseTo(lat, 8);
        },
      ),
    );
  });
});
