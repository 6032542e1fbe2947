import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type gcoordModule from 'gcoord';
import { describe, expect, it } from 'vitest';
import type { Boundaries } from '../../../contract/boundaries.ts';
import type { Crs } from '../../../contract/codes.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { importBoundaries } from '../../../tools/geo/importMap.ts';
import { ImportError } from '../../../tools/geo/importProblems.ts';
import { misfits, ringsOf, sphericalKm2, winding, type P } from '../../support/geometry.ts';
import { BLUE_REGION, TEST_PACKS } from '../../support/packs.ts';

const gcoord = createRequire(import.meta.url)('gcoord') as (typeof gcoordModule)['default'];
const HOME = fileURLToPath(new URL('../../../assets/geo/330110/', import.meta.url));
const yuhang = JSON.parse(readFileSync(`${HOME}region.json`, 'utf8')) as RegionPack;
const schematic = JSON.parse(readFileSync(`${HOME}boundaries.geojson`, 'utf8')) as Boundaries;

const FIELDS = { code: 'code', name: 'name' };
interface Feature {
  type: 'Feature';
  properties: Record<string, unknown> | null;
  geometry: unknown;
}
const collection = (features: unknown[], more: object = {}) =>
  JSON.stringify({ type: 'FeatureCollection', ...more, features });

describe('a file as licensed data come', () => {
  /** The schematic as a file in another system, each point moved alike wherever it occurs. */
  function inSystem(crs: Crs): string {
    const move = (point: P) => {
      if (crs === 'GCJ02' || crs === 'BD09') return gcoord.transform([point[0]!, point[1]!], gcoord.WGS84, gcoord[crs]);
      return point;
    };
    return collection(
      schematic.features.map((f) => ({
        ...f,
        geometry: { type: 'Polygon', coordinates: ringsOf(f.geometry).map((ring) => ring.map(move)) },
      })),
    );
  }

  it.each(['CGCS2000', 'WGS84', 'GCJ02', 'BD09'] as const)(
    '%s is taken to CGCS2000, every town kept, neighbours still fitting',
    (crs) => {
      const { boundaries, warnings } = importBoundaries(inSystem(crs), yuhang, crs, FIELDS);
      expect(warnings).toEqual([]);
      expect(misfits(boundaries)).toEqual([]);
      boundaries.features.forEach((feature, i) => {
        const was = ringsOf(schematic.features[i]!.geometry)[0]!,
          is = ringsOf(feature.geometry)[0]!;
        expect(feature.properties.code).toBe(yuhang.towns[i]!.code);
        expect(sphericalKm2(is) / sphericalKm2(was)).toBeCloseTo(1, 2);
        expect(winding(feature.properties.label, is)).toBe(1);
        const strays = is.filter(
          ([x, y]) => !was.some(([u, v]) => Math.abs(x! - u!) < 1.5e-5 && Math.abs(y! - v!) < 1.5e-5),
        );
        expect(strays).toEqual([]);
      });
    },
  );

  it('with the wrong system named, it lies elsewhere by hundreds of metres', () => {
    const right = importBoundaries(inSystem('GCJ02'), yuhang, 'GCJ02', FIELDS).boundaries.features[0]!;
    const wrong = importBoundaries(inSystem('GCJ02'), yuhang, 'WGS84', FIELDS).boundaries.features[0]!;
    expect(Math.abs(wrong.properties.label[0] - right.properties.label[0])).toBeGreaterThan(0.003);
  });

  it('is simplified along borders: a tenfold finer file comes out small, and still fits', () => {
    const finer = (ring: P[]) =>
      ring.slice(1).flatMap((b, i) => {
        const a = ring[i]!;
        // Counted from the same end for both neighbours, so that they get the same points.
        const [from, to] = a.join() < b.join() ? [a, b] : [b, a];
        const points = Array.from({ length: 9 }, (_, k) => [
          from[0]! + ((to[0]! - from[0]!) * (k + 1)) / 10 + 2e-6 * Math.sin(k * 2.4 + from[0]! * 1e5),
          from[1]! + ((to[1]! - from[1]!) * (k + 1)) / 10,
        ]);
        return [a, ...(from === a ? points : points.reverse())];
      });
    const text = collection(
      schematic.features.map((f) => ({
        ...f,
        geometry: {
          type: 'Polygon',
          coordinates: ringsOf(f.geometry).map((ring) => {
            const fine = finer(ring);
            return [...fine, fine[0]];
          }),
        },
      })),
    );
    const { boundaries } = importBoundaries(text, yuhang, 'WGS84', FIELDS);
    expect(misfits(boundaries)).toEqual([]);
    expect(JSON.stringify(boundaries).length).toBeLessThan(text.length / 10);
    boundaries.features.forEach((f, i) =>
      expect(
        sphericalKm2(...ringsOf(f.geometry)) / sphericalKm2(...ringsOf(schematic.features[i]!.geometry)),
      ).toBeCloseTo(1, 2),
    );
  });
});

/** Three towns: two squares side by side above an oblong. */
const plan: RegionPack = {
  ...(JSON.parse(readFileSync(`${TEST_PACKS}/${BLUE_REGION}/region.json`, 'utf8')) as RegionPack),
  towns: [
    { code: '370102901', name: { 'zh-CN': '泉东街道', en: 'Quandong' }, seat: [117.03, 36.675], areaKm2: 24.8 },
    { code: '370102902', name: { 'zh-CN': '泉西街道', en: 'Quanxi' }, seat: [117.07, 36.665], areaKm2: 24.8 },
    { code: '370102903', name: { 'zh-CN': '泉南镇', en: 'Quannan' }, seat: [117.06, 36.635], areaKm2: 49.6 },
  ],
};
const box = (left: number, bottom: number, right: number, top: number) => [
  [left, bottom],
  [right, bottom],
  [right, top],
  [left, top],
  [left, bottom],
];
const EAST = box(117, 36.65, 117.05, 36.7),
  WEST = box(117.05, 36.65, 117.1, 36.7);
const SOUTH = [
  [117, 36.6],
  [117.1, 36.6],
  [117.1, 36.65],
  [117.05, 36.65],
  [117, 36.65],
  [117, 36.6],
];
const feature = (properties: Record<string, unknown> | null, ...rings: unknown[]): Feature => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Polygon', coordinates: rings },
});
const good = (): Feature[] => [
  feature({ code: '370102901', name: '泉东街道' }, EAST),
  feature({ code: '370102902', name: '泉西街道' }, WEST),
  feature({ code: '370102903', name: '泉南镇' }, SOUTH),
];
const run = (features: unknown[], fields = FIELDS) => importBoundaries(collection(features), plan, 'WGS84', fields);
const codes = (features: unknown[], fields = FIELDS) =>
  run(features, fields).boundaries.features.map((f) => f.properties.code);
const ALL = ['370102901', '370102902', '370102903'];

describe('features are joined to towns', () => {
  const named = (...names: unknown[]) => good().map((f, i) => ({ ...f, properties: { name: names[i] } }));
  it.each([
    ['by code, in any order', good().reverse()],
    ['by 12-digit code', good().map((f) => ({ ...f, properties: { code: `${String(f.properties!['code'])}000` } }))],
    ['by a code that is a number', good().map((f) => ({ ...f, properties: { code: Number(f.properties!['code']) } }))],
    ['by name', named('泉东街道', '泉西街道', '泉南镇')],
    ['by name without 街道 and 镇', named('泉东', '泉西', '泉南')],
    ['by name with another suffix', named('泉东街道办事处', '泉西镇', '泉南乡')],
    ['by name with the region before it', named('历下区泉东街道', '济南市历下区泉西', '济南市历下区泉南镇')],
    ['by name with spaces in it', named(' 泉东 街道', '泉西街道 ', '泉南镇')],
    ['by name when the code is unknown', good().map((f) => ({ ...f, properties: { ...f.properties, code: 'T-1' } }))],
  ])('%s', (_, features) => {
    expect(codes(features)).toEqual(ALL);
  });

  it('by the fields that are said', () => {
    const features = good().map((f) => ({
      ...f,
      properties: { XZQDM: f.properties!['code'], XZQMC: f.properties!['name'], name: 'layer 1' },
    }));
    expect(codes(features, { code: 'XZQDM', name: 'XZQMC' })).toEqual(ALL);
  });

  it('several features of a town become one shape, without the border between them', () => {
    const halves = [
      feature({ name: '泉南' }, box(117, 36.6, 117.05, 36.65)),
      feature({ name: '泉南' }, box(117.05, 36.6, 117.1, 36.65)),
    ];
    const { boundaries } = run([...good().slice(0, 2), ...halves]);
    const south = boundaries.features[2]!.geometry;
    expect(south.type).toBe('Polygon');
    expect(sphericalKm2(...ringsOf(south))).toBeCloseTo(sphericalKm2(SOUTH), 6);
    expect(ringsOf(south).flat().map(String)).not.toContain('117.05,36.6');
  });

  it('a town of several parts stays one, its name on the largest', () => {
    const island = box(117.12, 36.66, 117.13, 36.67);
    const { boundaries } = run([
      good()[0],
      { ...good()[1], geometry: { type: 'MultiPolygon', coordinates: [[island], [WEST]] } },
      good()[2],
    ]);
    const west = boundaries.features[1]!;
    expect(west.geometry.type).toBe('MultiPolygon');
    expect(winding(west.properties.label, WEST)).toBe(1);
    expect(sphericalKm2(...ringsOf(boundaries.outline!))).toBeCloseTo(sphericalKm2(EAST, WEST, SOUTH, island), 6);
  });

  it('a town inside another, in its hole, stays there', () => {
    const hole = box(117.06, 36.66, 117.08, 36.68);
    const within = {
      ...plan,
      towns: [
        ...plan.towns,
        {
          code: '370102904',
          name: { 'zh-CN': '泉心街道', en: 'Quanxin' },
          seat: [117.07, 36.67] as [number, number],
          areaKm2: 3.97,
        },
      ],
    };
    const { boundaries, warnings } = importBoundaries(
      collection([good()[0], feature({ name: '泉西' }, WEST, hole), good()[2], feature({ name: '泉心' }, hole)]),
      within,
      'WGS84',
      FIELDS,
    );
    expect(misfits(boundaries)).toEqual([]);
    expect(warnings).toEqual([]);
    const [outer, inner] = ringsOf(boundaries.features[1]!.geometry);
    expect(sphericalKm2(outer!)).toBeGreaterThan(0);
    expect(sphericalKm2(inner!)).toBeLessThan(0);
  });

  it('winding, heights and a byte order mark of the source do not matter', () => {
    const turned = good().map((f) => ({
      ...f,
      geometry: {
        type: 'Polygon',
        coordinates: (f.geometry as { coordinates: number[][][] }).coordinates.map((ring) =>
          [...ring].reverse().map((p) => [...p, 12.5]),
        ),
      },
    }));
    const { boundaries } = importBoundaries(`\uFEFF${collection(turned)}`, plan, 'WGS84', FIELDS);
    expect(boundaries.features.map((f) => sphericalKm2(...ringsOf(f.geometry)) > 0)).toEqual([true, true, true]);
    expect(misfits(boundaries)).toEqual([]);
  });

  it('an old-style crs member in degrees is fine', () => {
    expect(() =>
      importBoundaries(
        collection(good(), { crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::4490' } } }),
        plan,
        'CGCS2000',
        FIELDS,
      ),
    ).not.toThrow();
  });
});

describe('a faulty file is refused with a sentence', () => {
  const first = (change: (f: Feature) => unknown) => collection([change(good()[0]!), ...good().slice(1)]);
  const ring = (...points: unknown[]) => first((f) => ({ ...f, geometry: { type: 'Polygon', coordinates: [points] } }));
  const CALL = 'Feature 1 (泉东街道, 370102901)';
  const cases: [string, string, string][] = [
    ['no JSON', '{"type": "Feat', 'The file is not JSON: '],
    ['another JSON', '{"towns": []}', 'The file is not a GeoJSON FeatureCollection.'],
    ['no features', collection([]), 'The file has no features.'],
    [
      'in metres, by its own word',
      collection(good(), { crs: { type: 'name', properties: { name: 'EPSG:4549' } } }),
      'The file says that it is in EPSG:4549: convert it to degrees of longitude and latitude first.',
    ],
    ['a town missing', collection(good().slice(1)), 'There is no feature for 泉东街道 (370102901).'],
    [
      'an unknown town',
      collection([...good(), feature({ code: '370103001', name: '大观园街道' }, box(117.2, 36.6, 117.3, 36.7))]),
      'Feature 4 (大观园街道, 370103001) is no town of region 370102 济南市历下区.',
    ],
    [
      'the region itself among the towns',
      collection([...good(), feature({ name: '历下区' }, box(117, 36.6, 117.1, 36.7))]),
      'Feature 4 (历下区) is no town of region 370102',
    ],
    [
      'code and name of different towns',
      first((f) => ({ ...f, properties: { code: '370102901', name: '泉西' } })),
      'Feature 1 (泉西, 370102901) has the code of 泉东街道 (370102901), but the name of 泉西街道 (370102902).',
    ],
    [
      'neither code nor name',
      first((f) => ({ ...f, properties: { XZQMC: '泉东街道' } })),
      'Feature 1 has neither "code" nor "name" among its properties (XZQMC): say which to read with --code-field or --name-field.',
    ],
    [
      'no properties',
      first((f) => ({ ...f, properties: null })),
      'Feature 1 has neither "code" nor "name" among its properties (there are none)',
    ],
    ['no feature but null', collection([null, ...good()]), 'Feature 1: it has no geometry.'],
    ['no geometry', first((f) => ({ ...f, geometry: null })), `${CALL}: it has no geometry.`],
    [
      'a line',
      first((f) => ({ ...f, geometry: { type: 'LineString', coordinates: EAST } })),
      `${CALL}: its geometry is a LineString, not a Polygon or MultiPolygon.`,
    ],
    [
      'an empty polygon',
      first((f) => ({ ...f, geometry: { type: 'Polygon', coordinates: [] } })),
      `${CALL}: it has no rings.`,
    ],
    [
      'an empty multipolygon',
      first((f) => ({ ...f, geometry: { type: 'MultiPolygon', coordinates: [] } })),
      `${CALL}: its geometry has no coordinates.`,
    ],
    [
      'a ring that is no list',
      first((f) => ({ ...f, geometry: { type: 'Polygon', coordinates: ['ring'] } })),
      `${CALL}: ring 1 is no list of positions.`,
    ],
    [
      'a position that is none',
      ring(...EAST.slice(0, 2), [117.05, '36.7'], ...EAST.slice(3)),
      `${CALL}: ring 1, position 3 is not [lng, lat]: [117.05,"36.7"].`,
    ],
    [
      'a position that is null',
      ring(...EAST.slice(0, 2), null, ...EAST.slice(3)),
      `${CALL}: ring 1, position 3 is not [lng, lat]: null.`,
    ],
    [
      'too few positions',
      ring([117, 36.65], [117.05, 36.65], [117, 36.65]),
      `${CALL}: ring 1 has 3 positions, and a ring needs at least 4.`,
    ],
    [
      'a ring that is open',
      ring(...EAST.slice(0, 4)),
      `${CALL}: ring 1 is not closed: it begins at [117, 36.65] and ends at [117, 36.7].`,
    ],
    [
      'a ring without area',
      ring([117, 36.65], [117.05, 36.65], [117.02, 36.65], [117, 36.65]),
      `${CALL}: ring 1 has no area.`,
    ],
    [
      'a ring that crosses itself',
      ring([117, 36.65], [117.05, 36.7], [117.05, 36.65], [117, 36.71], [117, 36.65]),
      `${CALL}: ring 1 crosses itself near [117.0`,
    ],
    [
      'a ring that runs back on itself',
      ring([117, 36.65], [117.05, 36.65], [117.05, 36.7], [117.05, 36.75], [117.05, 36.7], [117, 36.7], [117, 36.65]),
      `${CALL}: ring 1 runs back along itself near [117.05, 36.7`,
    ],
    [
      'a hole that crosses the border',
      first((f) => ({ ...f, geometry: { type: 'Polygon', coordinates: [EAST, box(117.04, 36.66, 117.06, 36.67)] } })),
      `${CALL}: ring 1 and ring 2 cross near [117.05, 36.6`,
    ],
    [
      'a hole outside',
      first((f) => ({ ...f, geometry: { type: 'Polygon', coordinates: [EAST, box(116.9, 36.66, 116.95, 36.67)] } })),
      `${CALL}: ring 2 is a hole, but lies outside ring 1.`,
    ],
    [
      'a fault in a part',
      first((f) => ({ ...f, geometry: { type: 'MultiPolygon', coordinates: [[EAST], [EAST.slice(0, 3)]] } })),
      `${CALL}: part 2, ring 1 has 3 positions`,
    ],
    [
      'degrees swapped',
      collection(
        good().map((f) => ({
          ...f,
          geometry: {
            type: 'Polygon',
            coordinates: (f.geometry as { coordinates: number[][][] }).coordinates.map((r) =>
              r.map(([x, y]) => [y, x]),
            ),
          },
        })),
      ),
      `${CALL}: ring 1, position 1 is not on earth: [36.65, 117] (are longitude and latitude swapped?).`,
    ],
    [
      'metres',
      ring([500000, 4057000], [505000, 4057000], [505000, 4062000], [500000, 4057000]),
      `${CALL}: ring 1, position 1 is not on earth: [500000, 4057000] (are these metres?).`,
    ],
    [
      'another place',
      collection(
        good().map((f) => ({
          ...f,
          geometry: {
            type: 'Polygon',
            coordinates: (f.geometry as { coordinates: number[][][] }).coordinates.map((r) =>
              r.map(([x, y]) => [x! - 3, y!]),
            ),
          },
        })),
      ),
      'Every town lies more than 20 km from where its seat is',
    ],
    [
      'towns that overlap',
      collection([feature({ name: '泉东' }, box(117, 36.65, 117.06, 36.7)), ...good().slice(1)]),
      '泉东街道 and 泉西街道 overlap by 5.0 km² near [117.0',
    ],
    [
      'two towns of one shape',
      collection([good()[0], feature({ name: '泉西' }, EAST), good()[2]]),
      '泉东街道 and 泉西街道 overlap by 25 km²',
    ],
    [
      'a town over another',
      collection([...good().slice(0, 2), feature({ name: '泉南' }, box(116.9, 36.5, 117.2, 36.8))]),
      '泉东街道 and 泉南镇 overlap by 25 km²',
    ],
  ];
  it.each(cases)('%s', (_, text, sentence) => {
    let problems: readonly string[] = [];
    try {
      importBoundaries(text, plan, 'WGS84', FIELDS);
    } catch (error) {
      expect(error).toBeInstanceOf(ImportError);
      problems = (error as ImportError).problems;
    }
    expect(problems.map((problem) => problem.slice(0, sentence.length))).toContain(sentence);
  });

  it('tells all faults at once', () => {
    const features = [feature({ name: '泉东' }, EAST.slice(0, 3)), feature({ name: '东泉' }, WEST)];
    expect(() => run(features)).toThrow(
      /Feature 1.*3 positions[^]*Feature 2 \(东泉\) is no town[^]*no feature for 泉西街道 \(370102902\), 泉南镇 \(370102903\)/,
    );
  });

  it('names two towns of one stem as a question', () => {
    const twins = {
      ...plan,
      towns: plan.towns.map((town, i) => ({
        ...town,
        name: { ...town.name, 'zh-CN': ['余杭街道', '余杭镇', '泉南镇'][i]! },
      })),
    };
    expect(() => importBoundaries(collection([feature({ name: '余杭' }, EAST)]), twins, 'WGS84', FIELDS)).toThrow(
      'Feature 1 (余杭) may be 余杭街道 or 余杭镇: give it its code, or its full name.',
    );
    expect(
      importBoundaries(
        collection([feature({ name: '余杭街道' }, EAST), feature({ name: '余杭镇' }, WEST), good()[2]]),
        twins,
        'WGS84',
        FIELDS,
      ).boundaries.features,
    ).toHaveLength(3);
  });
});

describe('borders that two people drew', () => {
  /** Each ring with points of its own, up to 4 m off, so that no border is shared. */
  function shaky(): string {
    let state = 7;
    const shake = () => {
      state = (state * 1103515245 + 12345) & 0x7fffffff;
      return (state / 0x7fffffff - 0.5) * 8e-5;
    };
    return collection(
      schematic.features.map((f) => {
        const ring = ringsOf(f.geometry)[0]!
          .slice(1)
          .map(([x, y]) => [x! + shake(), y! + shake()]);
        return { ...f, geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]]] } };
      }),
    );
  }

  it('are let pass with one warning, each town kept, under one outline', () => {
    const { boundaries, warnings } = importBoundaries(shaky(), yuhang, 'WGS84', FIELDS);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      / overlap by 0\.0\d+ km² near .*: a sliver, let pass, and \d+ smaller ones between others\.$/,
    );
    const total = (map: Boundaries) => sphericalKm2(...map.features.flatMap((f) => ringsOf(f.geometry)));
    expect(total(boundaries) / total(schematic)).toBeCloseTo(1, 3);
    expect(boundaries.outline!.type).toBe('Polygon');
    expect(ringsOf(boundaries.outline!)).toHaveLength(1);
    expect(sphericalKm2(...ringsOf(boundaries.outline!)) / total(schematic)).toBeCloseTo(1, 2);
  });
});

describe('what a person should look at is told, and let pass', () => {
  it('a sliver between towns', () => {
    const { warnings } = run([feature({ name: '泉东' }, box(117, 36.65, 117.0502, 36.7)), ...good().slice(1)]);
    expect(warnings.join()).toMatch(/泉东街道 and 泉西街道 overlap by 0\.099 km² near .*: a sliver, let pass\./);
  });

  it('a seat outside', () => {
    const moved = {
      ...plan,
      towns: plan.towns.map((town, i) => (i === 0 ? { ...town, seat: [117.03, 36.75] as [number, number] } : town)),
    };
    expect(importBoundaries(collection(good()), moved, 'WGS84', FIELDS).warnings).toEqual([
      'The seat of 泉东街道 lies 5.6 km outside its boundaries.',
    ]);
  });

  it('an area far from what the pack says', () => {
    const small = { ...plan, towns: plan.towns.map((town, i) => (i === 1 ? { ...town, areaKm2: 8 } : town)) };
    expect(importBoundaries(collection(good()), small, 'WGS84', FIELDS).warnings).toEqual([
      '泉西街道 measures 24.8 km², and the region pack says 8 km².',
    ]);
  });

  it('a hole in the region', () => {
    const hole = box(117.06, 36.66, 117.065, 36.665);
    const { warnings } = run([good()[0], feature({ name: '泉西' }, WEST, hole), good()[2]]);
    expect(warnings).toEqual([expect.stringMatching(/^Between the towns there is a hole of 0\.25 km² near \[117\.06/)]);
  });
});
