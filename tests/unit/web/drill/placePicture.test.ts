import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { FeatureCollection } from 'geojson';
import { describe, expect, it } from 'vitest';
import type { RegionAnswer } from '../../../../contract/rest.ts';
import { haversine } from '../../../../server/lists/geo.ts';
import { PROJECT_ROOT } from '../../../../server/platform/paths.ts';
import { countBelow } from '../../../../web/drill/fold.ts';
import { placePicture, RINGS_M } from '../../../../web/drill/placePicture.ts';
import { toPlane } from '../../../../web/map/geometry.ts';
import type { AlertPoint } from '../../../../web/map/mapping/alertData.ts';
import { townShapes } from '../../../../web/map/mapping/townData.ts';

const read = <T>(name: string) => JSON.parse(readFileSync(join(PROJECT_ROOT, 'assets/geo/330110', name), 'utf8')) as T;
const shapes = townShapes(read<RegionAnswer>('region.json'), read<FeatureCollection>('boundaries.geojson'));
const ROOM = { margin: 24, mark: 10, label: 26 };
const LOCATION = { lng: 120.03, lat: 30.37 };
const point = (lng: number, lat: number, n: number): AlertPoint => {
  const [x, y] = toPlane(lng, lat);
  return {
    key: `330110/A${n}`,
    tier: (['blue', 'yellow', 'orange', 'red'] as const)[n % 4]!,
    town: '330110010',
    x,
    y,
    raisedAt: '',
  };
};
const around = fc.array(fc.tuple(fc.integer({ min: -120, max: 120 }), fc.integer({ min: -120, max: 120 })), {
  maxLength: 40,
});
const sizes = fc.record({ width: fc.integer({ min: 200, max: 900 }), height: fc.integer({ min: 200, max: 900 }) });
const picture = (points: AlertPoint[], size: { width: number; height: number }) =>
  placePicture(shapes, { town: '330110010', location: LOCATION }, points, size, ROOM);

describe('the kilometre around an alert', () => {
  it('has honest rings: who is nearer than a ring tells, by the distance that the server measures, lies inside it', () => {
    fc.assert(
      fc.property(around, sizes, (steps, size) => {
        for (const [dx, dy] of steps) {
          const [lng, lat] = [LOCATION.lng + dx / 10_000, LOCATION.lat + dy / 10_000];
          const metres = haversine(LOCATION.lng, LOCATION.lat, lng, lat);
          const { centre, rings, marks } = picture([point(lng, lat, 1)], size);
          const [mark] = marks;
          if (!mark) continue;
          for (const ring of rings) {
            const shown = (Math.hypot(mark.x - centre.x, mark.y - centre.y) / ring.r) * ring.metres;
            expect(Math.abs(shown - metres)).toBeLessThan(4);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('holds both rings whole, at the scale of a kilometre whatever its shape', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const { centre, rings } = picture([], size);
        expect(rings.map(({ metres }) => metres)).toEqual([...RINGS_M]);
        const outer = rings.at(-1)!.r;
        expect(outer).toBeCloseTo(Math.min(size.width, size.height) / 2 - ROOM.margin, 6);
        expect(centre).toEqual({ x: size.width / 2, y: size.height / 2 });
        expect(rings[0]!.r).toBeCloseTo(outer / 2, 6);
      }),
    );
  });

  it('counts every neighbour in sight once, as a mark or under the alert itself, and no mark lies on another', () => {
    fc.assert(
      fc.property(around, (steps) => {
        const size = { width: 520, height: 480 };
        const points = steps.map(([dx, dy], n) => point(LOCATION.lng + dx / 40_000, LOCATION.lat + dy / 40_000, n));
        const { marks, here, centre } = picture(points, size);
        expect(marks.reduce((sum, { n }) => sum + n, here)).toBe(points.length);
        const places = [centre, ...marks];
        places.forEach((a, i) => {
          for (const b of places.slice(i + 1))
            expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(2 * ROOM.mark - 1e-6);
        });
      }),
    );
  });

  it('gives those at one place the gravest of their tiers', () => {
    const at = (n: number) => point(LOCATION.lng + 0.005, LOCATION.lat, n);
    // As `alertPoints` gives them: the gravest last.
    const { marks } = picture([at(0), at(1), at(3)], { width: 500, height: 500 });
    expect(marks).toMatchObject([{ tier: 'red', n: 3 }]);
  });

  it('puts the labels of the rings where no neighbour lies, if there is such a place', () => {
    const { rings, centre } = picture([], { width: 500, height: 500 });
    expect(rings[1]!.label).toEqual({ x: centre.x, y: centre.y - rings[1]!.r });
    const north = point(LOCATION.lng, LOCATION.lat + 0.009, 3);
    expect(picture([north], { width: 500, height: 500 }).rings[1]!.label.y).toBeGreaterThan(centre.y);
  });

  it('shows the own town over its neighbours, and no town that is out of sight', () => {
    const { towns } = picture([], { width: 500, height: 500 });
    expect(towns.length).toBeLessThan(shapes.length / 2);
    const own = towns.findIndex((town) => town.own);
    if (own >= 0) expect(own).toBe(towns.length - 1);
  });
});

describe('what is below the fold', () => {
  it('is each part that is not wholly above the edge, and has a height', () => {
    const parts = [
      { top: 0, bottom: 100 },
      { top: 100, bottom: 201 },
      { top: 180, bottom: 260 },
      { top: 300, bottom: 300 },
      { top: 400, bottom: 500 },
    ];
    expect(countBelow(parts, 200)).toBe(2);
    expect(countBelow(parts, 1_000)).toBe(0);
  });
});
