import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeatureCollection } from 'geojson';
import { describe, expect, it } from 'vitest';
import type { RegionAnswer } from '../../../../contract/rest.ts';
import { PROJECT_ROOT } from '../../../../server/platform/paths.ts';
import { kioskShape } from '../../../../web/kiosk/kioskShape.ts';
import { symbolPath } from '../../../../web/drill/symbolPath.ts';
import { nearest, townPicture } from '../../../../web/kiosk/townPicture.ts';
import { alertPoints } from '../../../../web/map/mapping/alertData.ts';
import { townShapes } from '../../../../web/map/mapping/townData.ts';
import { fixtureBrief } from '../../../support/webFixtures.ts';

const read = <T>(name: string) => JSON.parse(readFileSync(join(PROJECT_ROOT, 'assets/geo/330110', name), 'utf8')) as T;
const pack = read<RegionAnswer>('region.json');
const shapes = townShapes(pack, read<FeatureCollection>('boundaries.geojson'));
const numbers = (d: string) =>
  [...d.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);

describe('the map of a kiosk', () => {
  it('holds the whole of every town of the region, whatever its box, with its seat inside', () => {
    for (const { code, seat } of pack.towns) {
      for (const [width, height] of [
        [420, 180],
        [400, 340],
        [500, 520],
      ] as const) {
        const brief = {
          ...fixtureBrief(1, pack, Date.now()),
          stage: 'raised' as const,
          town: code,
          location: { lng: seat[0], lat: seat[1] },
        };
        const picture = townPicture(shapes, code, alertPoints(undefined, [brief]), { width, height });
        const own = picture.towns.at(-1)!;
        expect(own).toMatchObject({ code, own: true });
        const outline = numbers(own.d);
        for (const [x, y] of outline) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(width);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y).toBeLessThanOrEqual(height);
        }
        const [point] = picture.points;
        expect(Math.min(...outline.map(([x]) => x))).toBeLessThan(point!.x);
        expect(Math.max(...outline.map(([x]) => x))).toBeGreaterThan(point!.x);
      }
    }
    expect(townPicture(shapes, '330110999', [], { width: 400, height: 300 })).toEqual({ towns: [], points: [] });
    expect(townPicture(shapes, pack.towns[0]!.code, [], { width: 0, height: 0 })).toEqual({ towns: [], points: [] });
  });

  it('opens what is nearest to a finger, and nothing that is far', () => {
    const points = [
      { key: 'a', tier: 'red', x: 10, y: 10 },
      { key: 'b', tier: 'yellow', x: 30, y: 10 },
      { key: 'c', tier: 'orange', x: 30, y: 10 },
    ] as const;
    expect(nearest([...points], { x: 12, y: 12 }, 30)).toBe('a');
    // Of two at one place the one on top.
    expect(nearest([...points], { x: 29, y: 9 }, 30)).toBe('c');
    expect(nearest([...points], { x: 100, y: 100 }, 30)).toBeUndefined();
  });

  it('draws every tier in a shape of its own', () => {
    const shapesOf = (['red', 'orange', 'yellow', 'blue'] as const).map((tier) =>
      symbolPath(tier, { x: 50, y: 50 }, 8).replace(/[\d.-]+/g, '#'),
    );
    expect(shapesOf[0]).toMatch(/^M[^L]*(L[^L]*){2}Z$/);
    expect(shapesOf[1]).toMatch(/^M[^L]*(L[^L]*){3}Z$/);
    expect(shapesOf[2]).toContain('a');
  });
});

it('has an arrangement for every shape of screen, at 10 px a rem where it is at home', () => {
  for (const [width, height, shape] of [
    [1366, 768, 'wide'],
    [1280, 1024, 'square'],
    [1080, 1920, 'tall'],
  ] as const)
    expect(kioskShape(width, height)).toEqual({ shape, rem: 10 });
  expect(kioskShape(1920, 1080).shape).toBe('wide');
  expect(kioskShape(1920, 1080).rem).toBeGreaterThan(14);
});
