import fc from 'fast-check';
import type { FeatureCollection } from 'geojson';
import { describe, expect, it } from 'vitest';
import boundaries from '../../../../assets/geo/330110/boundaries.geojson?raw';
import { fixture } from '../../../support/webFixtures.ts';
import { inPolygons, toPlane } from '../../../../web/map/geometry.ts';
import {
  classBreaks,
  classOf,
  labelName,
  shortName,
  stepOf,
  STEPS,
  townEdges,
  townFigures,
  townShapes,
} from '../../../../web/map/mapping/townData.ts';

const { frame, pack } = fixture();
const drawn = JSON.parse(boundaries) as FeatureCollection;

describe('classes of open alerts', () => {
  it('cover every value, ascend, and keep none apart', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 80, size: 'max' }), (values) => {
        const breaks = classBreaks(values);
        expect(breaks.length).toBeLessThanOrEqual(5);
        expect([...breaks].sort((a, b) => a - b)).toEqual(breaks);
        for (const value of values) {
          const cls = classOf(value, breaks);
          if (value === 0) expect(cls).toBe(0);
          else {
            expect(value).toBeLessThanOrEqual(breaks[cls - 1]!);
            expect(value).toBeGreaterThan(breaks[cls - 2] ?? 0);
          }
        }
      }),
    );
  });

  it('do not let one huge town flatten the others', () => {
    const breaks = classBreaks([1, 2, 3, 4, 5, 6, 7, 8, 9, 900]);
    expect(new Set([1, 4, 8, 900].map((v) => classOf(v, breaks))).size).toBe(4);
  });

  it('are none where there is nothing', () => {
    expect(classBreaks([0, 0])).toEqual([]);
    expect(classBreaks([])).toEqual([]);
    expect(classOf(undefined, [5])).toBe(-1);
  });

  it('rise by all steps there are: the lowest, the highest, and none where nothing is open', () => {
    expect([0, 3, 9].map((value) => stepOf(value, [5, 20]))).toEqual([0, 1, STEPS]);
    expect([1, 2, 3, 4].map((value) => stepOf(value, [1, 2, 3, 4]))).toEqual([1, 2, 3, 4]);
    expect(stepOf(undefined, [5])).toBe(0);
    // One class is no class of the gravest.
    expect(stepOf(2, [2])).toBeLessThan(STEPS);
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

  it('show the open alerts of the frame, and nothing for towns outside its scope', () => {
    const only = pack.towns[3]!.code;
    const figures = townFigures(pack, { ...frame, byTown: { [only]: frame.byTown[only]! } }, 'zh-CN');
    expect(figures.filter((f) => f.open !== undefined).map((f) => [f.code, f.open])).toEqual([
      [only, frame.byTown[only]!.open],
    ]);
  });

  it('are shortened without becoming unreadable', () => {
    expect(shortName('临平街道', 'zh-CN')).toBe('临平');
    expect(shortName('百丈镇', 'zh-CN')).toBe('百丈');
    expect(shortName('某镇', 'zh-CN')).toBe('某镇');
    expect(shortName('Linping Subdistrict', 'en')).toBe('Linping');
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
