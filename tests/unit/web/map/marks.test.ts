import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tier } from '../../../../contract/codes.ts';
import { inPolygons } from '../../../../web/map/geometry.ts';
import { alertPoints } from '../../../../web/map/mapping/alertData.ts';
import { placePoints } from '../../../../web/map/mapping/placing.ts';
import { townShapes } from '../../../../web/map/mapping/townData.ts';
import {
  boxAround,
  layoutMarks,
  meet,
  MOST_RED_OF_AREA,
  MOST_SINGLE_MARKS,
  type MarkInput,
  type MarkRoom,
} from '../../../../web/map/marks/layout.ts';
import { fixtureBrief, fixturePack } from '../../../support/webFixtures.ts';

/** Two areas side by side, 400 × 400 each. */
const areaAt = (x: number) => (x < 400 ? 'west' : 'east');
const room = (change: Partial<MarkRoom> = {}): MarkRoom => ({
  width: 800,
  height: 400,
  seams: { x: [], y: [] },
  taken: [],
  half: (tier) => ({ red: 10, orange: 8, yellow: 5, blue: 5 })[tier],
  measure: (parts) => ({ width: parts.length * 34, height: 19 }),
  gather: false,
  inside: (area, { x, y }) => x > 0 && y > 0 && x < 800 && y < 400 && areaAt(x) === area,
  anchor: (area) => ({ x: area === 'west' ? 200 : 600, y: 200 }),
  ...change,
});
const input = fc
  .record({
    x: fc.integer({ min: 12, max: 788 }),
    y: fc.integer({ min: 12, max: 388 }),
    tier: fc.constantFrom<Tier>('red', 'orange', 'yellow', 'yellow', 'blue'),
  })
  .map(({ x, y, tier }) => ({ tier, area: areaAt(x), at: { x, y }, imprecise: false }));
const inputs = (most: number) =>
  fc
    .array(input, { maxLength: most, size: 'max' })
    .map((list) => list.map((m, i): MarkInput => ({ ...m, key: `${i}` })));

describe('marks on the map', () => {
  it('never lie on one another, on what is taken, on a seam or outside their area; and all alerts are there', () => {
    fc.assert(
      fc.property(inputs(220), fc.boolean(), (list, gather) => {
        const taken = [{ left: 300, top: 0, right: 520, bottom: 60 }];
        const where = room({ gather, taken, seams: { x: [260], y: [] } });
        const { singles, clusters } = layoutMarks(list, where);
        const boxes = [
          ...singles.map(({ at, half, area }) => ({ area, box: boxAround(at, half) })),
          ...clusters.map(({ box, area }) => ({ area, box })),
        ];
        const wrong = boxes.filter(
          ({ box, area }, i) =>
            (box.left < 260 && box.right > 260) ||
            !where.inside(area, { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }) ||
            [...taken, ...boxes.slice(i + 1).map((each) => each.box)].some((other) => meet(box, other)),
        );
        expect(wrong).toEqual([]);
        expect([...singles.map(({ key }) => key), ...clusters.flatMap(({ keys }) => keys)].sort()).toEqual(
          list.map(({ key }) => key).sort(),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('stand single as long as they are few; in a city only the red ones do', () => {
    const few = Array.from({ length: 40 }, (_, i): MarkInput => ({
      key: `${i}`,
      tier: i % 4 === 0 ? 'red' : i % 4 === 1 ? 'orange' : 'yellow',
      area: 'west',
      at: { x: 30 + (i % 8) * 45, y: 40 + Math.floor(i / 8) * 70 },
      imprecise: false,
    }));
    const alone = layoutMarks(few, room());
    expect(alone.clusters).toEqual([]);
    expect(alone.singles.map(({ at }) => at)).toEqual(few.map(({ at }) => at));
    const city = layoutMarks(few, room({ gather: true }));
    expect(city.singles.every(({ tier }) => tier === 'red')).toBe(true);
    expect(city.singles).toHaveLength(10);
    expect(city.clusters.map(({ parts }) => parts)).toEqual([
      [
        { tier: 'orange', count: 10 },
        { tier: 'yellow', count: 20 },
      ],
    ]);
  });

  it('are counted where they are many, the red ones only where an area is full of them', () => {
    const many = Array.from({ length: MOST_SINGLE_MARKS + 1 }, (_, i): MarkInput => ({
      key: `${i}`,
      tier: i <= MOST_RED_OF_AREA ? 'red' : 'yellow',
      area: i < 4 ? 'east' : 'west',
      at: { x: i < 4 ? 600 : 200, y: 200 },
      imprecise: false,
    }));
    const { singles, clusters } = layoutMarks(many, room());
    expect(singles.filter(({ area }) => area === 'east')).toHaveLength(4);
    expect(singles.every(({ tier }) => tier === 'red')).toBe(true);
    expect(clusters.find(({ area }) => area === 'west')!.parts.at(-1)!.count).toBe(
      MOST_SINGLE_MARKS - MOST_RED_OF_AREA,
    );
    const full = many.map((m): MarkInput => ({ ...m, tier: 'red', area: 'west' }));
    expect(layoutMarks(full, room()).singles).toEqual([]);
  });

  it('take no time for ten times as many', () => {
    const pack = fixturePack();
    const shapes = townShapes(pack, undefined);
    const points = placePoints(
      alertPoints(
        undefined,
        Array.from({ length: 800 }, (_, i) => fixtureBrief(i, pack, 1.8e12)),
      ),
      shapes,
    );
    const list = points.map(({ key, tier, area, imprecise }, i): MarkInput => ({
      key,
      tier,
      area,
      imprecise,
      at: { x: (i * 37) % 800, y: (i * 91) % 400 },
    }));
    const { singles, clusters } = layoutMarks(list, room({ inside: () => true }));
    expect(singles.length + clusters.reduce((sum, { keys }) => sum + keys.length, 0)).toBe(points.length);
    expect(clusters.length).toBeLessThanOrEqual(pack.towns.length);
  });
});

describe('places of alerts', () => {
  const pack = fixturePack();
  const shapes = townShapes(pack, undefined);

  it('lie in the area of their alert, at its edge and hollow where the position is elsewhere', () => {
    fc.assert(
      fc.property(
        fc.nat(pack.towns.length - 1),
        fc.double({ min: 119.6, max: 120.5, noNaN: true }),
        fc.double({ min: 30.1, max: 30.6, noNaN: true }),
        (index, lng, lat) => {
          const brief = {
            ...fixtureBrief(1, pack, 1.8e12),
            stage: 'raised' as const,
            town: pack.towns[index]!.code,
            location: { lng, lat },
          };
          const [own] = alertPoints(undefined, [brief]);
          const [point] = placePoints([own!], shapes);
          const shape = shapes[index]!;
          expect(point!.area).toBe(shape.code);
          expect(inPolygons([point!.x, point!.y], shape.polygons)).toBe(true);
          expect(point!.imprecise).toBe(!inPolygons([own!.x, own!.y], shape.polygons));
          if (!point!.imprecise) expect([point!.x, point!.y]).toEqual([own!.x, own!.y]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
