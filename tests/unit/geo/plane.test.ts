import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meet, meetings } from '../../../tools/geo/crossings.ts';
import { bending } from '../../../tools/geo/noise.ts';
import { overlaps } from '../../../tools/geo/overlaps.ts';
import { distance, resample, signedArea, sinusoidal, type Point } from '../../../tools/geo/plane.ts';
import { cellsOf, fitOutline, type Site } from '../../../tools/geo/powerDiagram.ts';
import { roughen } from '../../../tools/geo/roughen.ts';
import type { Shape } from '../../../tools/geo/shapes.ts';
import { sphericalKm2, winding } from '../../support/geometry.ts';

const point = (size: number) =>
  fc.tuple(fc.integer({ min: 0, max: size }), fc.integer({ min: 0, max: size })) as fc.Arbitrary<Point>;

describe('the projection', () => {
  it('keeps areas, and comes back', () => {
    const projection = sinusoidal([120, 30]);
    fc.assert(
      fc.property(
        fc.double({ min: 119, max: 121, noNaN: true }),
        fc.double({ min: 29, max: 31, noNaN: true }),
        (lng, lat) => {
          const box: Point[] = [
            [lng, lat],
            [lng + 0.1, lat],
            [lng + 0.1, lat + 0.1],
            [lng, lat + 0.1],
            [lng, lat],
          ];
          // Parallels are straight in this projection, meridians nearly so.
          expect(signedArea(box.map((p) => projection.toPlane(p))) / sphericalKm2(box)).toBeCloseTo(1, 5);
          const [x, y] = projection.toDegrees(projection.toPlane([lng, lat]));
          expect(Math.abs(x - lng) + Math.abs(y - lat)).toBeLessThan(1e-9);
        },
      ),
    );
  });
});

describe('meetings of segments', () => {
  it('finds what comparing each with each finds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(point(12), { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 }),
        (lines) => {
          const segments = lines.flatMap((line, n) =>
            line
              .slice(1)
              .map((b, i) => ({ a: line[i]!, b, n }))
              .filter(({ a, b }) => a.join() !== b.join()),
          );
          let crossings = 0,
            along = 0;
          segments.forEach((s, i) =>
            segments.slice(0, i).forEach((t) => {
              const kind = meet(s.a, s.b, t.a, t.b);
              if (kind === 'cross') crossings++;
              if (kind === 'overlap') along++;
            }),
          );
          const found = meetings(lines);
          expect(found.filter(({ kind }) => kind === 'cross')).toHaveLength(crossings);
          expect(found.filter(({ kind }) => kind === 'overlap')).toHaveLength(along);
        },
      ),
    );
  });

  it('tells crossing, touching, running along and going on apart', () => {
    const kinds = (...lines: Point[][]) => meetings(lines).map(({ kind }) => kind);
    expect(
      kinds(
        [
          [0, 0],
          [2, 2],
        ],
        [
          [0, 2],
          [2, 0],
        ],
      ),
    ).toEqual(['cross']);
    expect(
      kinds(
        [
          [0, 0],
          [2, 0],
        ],
        [
          [1, 0],
          [1, 2],
        ],
      ),
    ).toEqual(['touch']);
    expect(
      kinds(
        [
          [0, 0],
          [2, 0],
        ],
        [
          [1, 0],
          [3, 0],
        ],
      ),
    ).toEqual(['overlap']);
    expect(
      kinds(
        [
          [0, 0],
          [2, 0],
        ],
        [
          [2, 0],
          [3, 1],
        ],
      ),
    ).toEqual([]);
    expect(
      kinds([
        [0, 0],
        [2, 0],
        [2, 2],
        [0, 0],
      ]),
    ).toEqual([]);
    expect(
      kinds([
        [0, 0],
        [2, 0],
        [1, 0],
      ]),
    ).toEqual(['overlap']);
    expect(
      kinds([
        [0, 0],
        [2, 0],
        [2, 2],
        [1, 0],
        [0, 2],
      ]),
    ).toEqual(['touch', 'touch']);
  });
});

describe('the power diagram', () => {
  const SQUARE: Point[] = [
    [0, 0],
    [20, 0],
    [20, 20],
    [0, 20],
  ];
  const sites = fc.uniqueArray(fc.record({ at: point(20), weight: fc.integer({ min: 0, max: 9 }) }), {
    minLength: 1,
    maxLength: 8,
    selector: ({ at }) => at.join(),
  }) as fc.Arbitrary<Site[]>;

  it('gives each point to the site with the least power', () => {
    fc.assert(
      fc.property(
        sites,
        fc.double({ min: 0.001, max: 19.999, noNaN: true }),
        fc.double({ min: 0.001, max: 19.999, noNaN: true }),
        (all, x, y) => {
          const power = ({ at, weight }: Site) => distance(at, [x, y]) ** 2 - weight;
          const least = Math.min(...all.map(power));
          const cells = cellsOf(all, SQUARE);
          cells.forEach((cell, i) => {
            if (power(all[i]!) > least + 1e-6) expect(winding([x, y], [...cell, cell[0] ?? [0, 0]])).toBe(0);
          });
          expect(cells.reduce((sum, cell) => sum + signedArea(cell), 0)).toBeCloseTo(400, 6);
        },
      ),
    );
  });

  it('is fitted to areas, seats inside', () => {
    const seats: Point[] = [
      [5, 5],
      [15, 6],
      [9, 15],
    ];
    const areas = [60, 140, 200];
    const fitted = fitOutline(
      seats.map((seat, i) => ({ seat, area: areas[i]!, clearance: 1 })),
      seats.map((at) => ({ at, weight: 1 })),
      SQUARE,
    );
    cellsOf(fitted, SQUARE).forEach((cell, i) => {
      expect(signedArea(cell)).toBeCloseTo(areas[i]!, 1);
      expect(winding(seats[i]!, [...cell, cell[0]!])).toBe(1);
    });
  });
});

describe('the hand', () => {
  const hand = { stride: 5, detail: 0.3, roughness: 0.2 };
  const line: Point[] = [
    [0, 0],
    [10, 3],
    [14, 12],
  ];

  it('keeps the ends of a border, and draws it the same from either', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const drawn = roughen(line, seed, hand);
        expect([drawn[0], drawn.at(-1)]).toEqual([line[0], line.at(-1)]);
        expect(roughen(line.toReversed(), seed, hand)).toEqual(drawn.toReversed());
        expect(drawn.length).toBeGreaterThan(30);
      }),
      { numRuns: 20 },
    );
  });

  it('keeps to the line when it is steady', () => {
    const steady = roughen(line, 1, { ...hand, roughness: 0 });
    const points = resample(line, 0.05);
    for (const p of steady) expect(Math.min(...points.map((q) => distance(p, q)))).toBeLessThan(1);
  });

  it('bends the plane without changing areas much', () => {
    const bend = bending(5, 8, 1.5);
    const ring = resample(
      [
        [0, 0],
        [30, 0],
        [30, 30],
        [0, 30],
        [0, 0],
      ],
      0.2,
    );
    expect(signedArea(ring.map(bend)) / 900).toBeCloseTo(1, 1);
    expect(Math.max(...ring.map((p) => distance(p, bend(p))))).toBeLessThan(4);
    expect(Math.max(...ring.map((p) => distance(p, bend(p))))).toBeGreaterThan(0.3);
  });
});

describe('overlaps', () => {
  const box = (left: number, bottom: number, right: number, top: number): Shape => [
    [
      [
        [left, bottom],
        [right, bottom],
        [right, top],
        [left, top],
        [left, bottom],
      ],
    ],
  ];

  it('measures those of any boxes as arithmetic does', () => {
    const side = fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(side, side, side, side, ([ax, aw], [ay, ah], [bx, bw], [by, bh]) => {
        const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx),
          height = Math.min(ay + ah, by + bh) - Math.max(ay, by);
        const found = overlaps([box(ax, ay, ax + aw, ay + ah), box(bx, by, bx + bw, by + bh)]);
        if (width <= 0 || height <= 0) expect(found).toEqual([]);
        else {
          expect(found).toHaveLength(1);
          expect(found[0]!.areaKm2).toBeCloseTo(width * height, 6);
          expect(found[0]!.widthKm).toBeCloseTo((width * height) / (width + height), 6);
        }
      }),
    );
  });

  it('lets an enclave be', () => {
    const [[outer]] = box(0, 0, 9, 9) as [[Point[]]],
      [[inner]] = box(3, 3, 6, 6) as [[Point[]]];
    expect(overlaps([[[outer, inner]], [[inner]]])).toEqual([]);
    expect(overlaps([[[outer]], [[inner]]])[0]!.areaKm2).toBeCloseTo(9, 6);
  });
});
