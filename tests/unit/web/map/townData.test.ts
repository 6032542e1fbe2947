import fc from 'fast-check';
import type { FeatureCollection } from 'geojson';
import { describe, expect, it } from 'vitest';
import boundaries from '../../../../assets/geo/330110/boundaries.geojson?raw';
import { fixture } from '../../../support/webFixtures.ts';
import { inPolygons, toPlane } from '../../../../web/map/geometry.ts';
import {
  graveSteps,
  labelName,
  STEPS,
  townEdges,
  townFigures,
  townShapes,
} from '../../../../web/map/mapping/townData.ts';
import { worstArea } from '../../../../web/map/mapping/worst.ts';

const { frame, pack } = fixture();
const drawn = JSON.parse(boundaries) as FeatureCollection;

describe('steps of places', () => {
  const places = fc.uniqueArray(
    fc.record({
      code: fc.stringMatching(/^[0-9]{3}$/),
      tiers: fc.record({ red: fc.nat(3), orange: fc.nat(6), yellow: fc.nat(9) }, { requiredKeys: [] }),
    }),
    { selector: ({ code }) => code, maxLength: 40 },
  );

  it('stand out most where the worst place is, and nowhere more than that', () => {
    fc.assert(
      fc.property(places, (list) => {
        const steps = graveSteps(list);
        const worst = worstArea(list.map(({ code, tiers }) => ({ code, tiers, overdue: 0 })));
        expect(steps.get(worst?.code ?? '')).toBe(worst && STEPS);
        for (const [a, step] of steps) {
          expect([1, 2, 3, 4]).toContain(step);
          const of = (code: string) => list.find((place) => place.code === code)!.tiers;
          for (const [b, other] of steps) {
            const [x, y] = [of(a), of(b)];
            const graver = (x.red ?? 0) - (y.red ?? 0) || (x.orange ?? 0) - (y.orange ?? 0);
            if (graver > 0) expect(step).toBeGreaterThanOrEqual(other);
            if (graver === 0) expect(step).toBe(other);
            // The highest step is the gravest's own.
            if (step === STEPS && other === STEPS) expect(graver).toBe(0);
          }
        }
        for (const { code, tiers } of list) expect(steps.has(code)).toBe((tiers.red ?? 0) + (tiers.orange ?? 0) > 0);
      }),
    );
  });

  it('use all steps as soon as there are so many kinds of places', () => {
    const of = (...pairs: [red: number, orange: number][]) => [
      ...graveSteps(pairs.map(([red, orange], i) => ({ code: `${i}`, tiers: { red, orange } }))).values(),
    ];
    expect(of([0, 9], [1, 0])).toEqual([STEPS, 3]);
    expect(of([2, 0], [1, 4], [0, 9], [0, 1], [0, 1]).sort()).toEqual([1, 1, 2, 3, 4]);
    expect(of()).toEqual([]);
  });
});

describe('towns', () => {
  it('have the shape of the boundaries, with the label inside', () => {
    const shapes = townShapes(pack, drawn);
    expect(shapes.map((s) => s.code)).toEqual(pack.towns.map((t) => t.code));
    for (const shape of shapes) expect(inPolygons(shape.anchor, shape.polygons)).toBe(true);
  });

  it('get a disc around their seat where the boundaries lack them', () => {
    const some = { ...drawn, features: drawn.features.slice(1) };
    const missing = drawn.features[0]!.properties!['code'] as string;
    const town = pack.towns.find((t) => t.code === missing)!;
    const shape = townShapes(pack, some).find((s) => s.code === missing)!;
    expect(inPolygons(toPlane(...town.seat), shape.polygons)).toBe(true);
    expect(townShapes(pack, undefined)).toHaveLength(20);
  });

  it('have no figure where it may be withheld', () => {
    const code = pack.towns[0]!.code;
    const byTown = { ...frame.byTown, [code]: { ...frame.byTown[code]!, open: 0 } };
    const openOf = (more: object) => townFigures(pack, { ...frame, byTown, ...more }, 'zh-CN')[0]!.open;
    expect([openOf({}), openOf({ withheld: 5 })]).toEqual([0, undefined]);
  });

  it('show the open alerts of the frame, and nothing for towns outside its scope', () => {
    const only = pack.towns[3]!.code;
    const figures = townFigures(pack, { ...frame, byTown: { [only]: frame.byTown[only]! } }, 'zh-CN');
    expect(figures.filter((f) => f.open !== undefined).map((f) => [f.code, f.open])).toEqual([
      [only, frame.byTown[only]!.open],
    ]);
  });

  it('have labels that are shortened without becoming unreadable', () => {
    expect(labelName({ name: '临平街道', shortName: '临平' }, false, 'zh-CN')).toBe('临平街道');
    expect(labelName({ name: '一二三四五六七八九十街道', shortName: '一二三四五六七八九十' }, false, 'zh-CN')).toBe(
      '一二三四五六七八…',
    );
    expect(labelName({ name: 'Linping Subdistrict', shortName: 'Linping' }, false, 'en')).toBe('Linping');
  });

  it('share each edge once: inner and outer edges add up to all corners', () => {
    const square = (x: number): [number, number][] => [
      [x, 0],
      [x + 1, 0],
      [x + 1, 1],
      [x, 1],
      [x, 0],
    ];
    const town = (code: string, x: number) => ({
      code,
      coordinates: [[square(x)]],
      polygons: [],
      anchor: [0, 0] as const,
      bounds: [0, 0, 0, 0] as [number, number, number, number],
    });
    const { inner, outer } = townEdges([town('a', 0), town('b', 1)]);
    const count = (lines: unknown[][]) => lines.reduce((sum, line) => sum + line.length - 1, 0);
    expect([count(inner), count(outer)]).toEqual([1, 6]);
  });
});
