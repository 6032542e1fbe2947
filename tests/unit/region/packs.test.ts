import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Boundaries } from '../../../contract/boundaries.ts';
import type { RegionPack, Unit } from '../../../contract/region.ts';
import { RegionPackError } from '../../../server/region/check.ts';
import { loadRegionPacks } from '../../../server/region/packs.ts';
import { BLUE_REGION, TEST_PACKS } from '../../support/packs.ts';

const ASSETS = fileURLToPath(new URL('../../../assets/geo', import.meta.url));
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'packs-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

function put(path: string, content: unknown): void {
  const file = join(dataDir, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}
const blue = () => JSON.parse(readFileSync(join(TEST_PACKS, BLUE_REGION, 'region.json'), 'utf8')) as RegionPack;
const load = (codes: string[], assetsDir = TEST_PACKS) => loadRegionPacks({ assetsDir, dataDir, codes });

/** Three squares in a row, one a town. */
function squares(pack = blue()): Boundaries {
  return {
    type: 'FeatureCollection',
    features: pack.towns.map((town, i) => ({
      type: 'Feature',
      properties: { code: town.code, name: town.name['zh-CN'], label: [117.05 + i / 10, 36.65] },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [117 + i / 10, 36.6],
            [117.1 + i / 10, 36.6],
            [117.1 + i / 10, 36.7],
            [117 + i / 10, 36.7],
            [117 + i / 10, 36.6],
          ],
        ],
      },
    })),
  };
}

describe('region packs', () => {
  it('loads the shipped region with its towns, tiers and sources', () => {
    const packs = load(['330110'], ASSETS);
    const pack = packs.get('330110');
    expect(pack?.towns).toHaveLength(20);
    expect(pack?.tiers.map((rule) => rule.tier)).toEqual(['red', 'orange', 'yellow']);
    expect(pack?.map).toEqual({ kind: 'schematic' });
    expect(pack?.sources.length).toBeGreaterThanOrEqual(5);
    expect(packs.list()).toEqual([pack]);
  });

  it('lets the pack decide the tiers', () => {
    expect(
      load([BLUE_REGION])
        .get(BLUE_REGION)
        ?.tiers.map((rule) => rule.tier),
    ).toEqual(['red', 'yellow', 'blue']);
  });

  it('knows nothing of a region it was not asked for', () => {
    const packs = load([BLUE_REGION]);
    expect(packs.get('330110')).toBeUndefined();
    expect(packs.boundaries('330110')).toBeUndefined();
    expect(packs.boundaries(BLUE_REGION)).toBeUndefined();
  });

  it("loads a site's own region besides, and puts a site's pack before the shipped one", () => {
    put('regions/370199/region.json', {
      ...blue(),
      code: '370199',
      towns: blue().towns.map((t) => ({ ...t, code: t.code.replace('370102', '370199') })),
    });
    put(`regions/${BLUE_REGION}/region.json`, { ...blue(), tiers: [{ tier: 'red', termHours: 1, platform: 'other' }] });
    const packs = load([BLUE_REGION]);
    expect(packs.list().map((pack) => pack.code)).toEqual([BLUE_REGION, '370199']);
    expect(packs.get(BLUE_REGION)?.tiers).toEqual([{ tier: 'red', termHours: 1, platform: 'other' }]);
  });

  it('gives boundaries with an ETag that is strong and follows the content', () => {
    put(`regions/${BLUE_REGION}/region.json`, blue());
    put(`regions/${BLUE_REGION}/boundaries.geojson`, squares());
    const first = load([]).boundaries(BLUE_REGION)!;
    expect(JSON.parse(first.body)).toEqual(squares());
    expect(first.etag).toMatch(/^"[\w-]{43}"$/);
    expect(load([]).boundaries(BLUE_REGION)).toEqual(first);
    put(`regions/${BLUE_REGION}/boundaries.geojson`, JSON.stringify(squares(), null, 1));
    expect(load([]).boundaries(BLUE_REGION)!.etag).not.toBe(first.etag);
  });

  it('overlays what a site has imported, with its review number and base map', () => {
    const overlay = {
      kind: 'licensed',
      reviewNumber: 'GS(2026)1234号',
      importedAt: '2026-11-21T08:00:00+08:00',
      crs: 'GCJ02',
      file: 'a.geojson',
      baseMap: { tiles: '/tiles/{z}/{x}/{y}.png', attribution: '©' },
    };
    put(`geo/${BLUE_REGION}/map.json`, overlay);
    put(`geo/${BLUE_REGION}/boundaries.geojson`, squares());
    const packs = load([BLUE_REGION]);
    expect(packs.get(BLUE_REGION)?.map).toEqual({
      kind: 'licensed',
      reviewNumber: 'GS(2026)1234号',
      baseMap: overlay.baseMap,
    });
    expect(JSON.parse(packs.boundaries(BLUE_REGION)!.body)).toEqual(squares());
  });
});

describe('a faulty pack is refused with the file and the field', () => {
  const pack = (change: { [K in keyof RegionPack]?: RegionPack[K] | undefined }) => () =>
    put(`regions/${BLUE_REGION}/region.json`, { ...blue(), ...change });
  const shape = (change: (value: Boundaries) => unknown) => () => {
    put(`regions/${BLUE_REGION}/region.json`, blue());
    put(`regions/${BLUE_REGION}/boundaries.geojson`, change(squares()) ?? '');
  };
  const withTown = (index: number, change: object) =>
    pack({ towns: blue().towns.map((town, i) => (i === index ? { ...town, ...change } : town)) });
  const unit = (code: string, name: string): Unit => ({
    code,
    name: { 'zh-CN': name, en: code },
    platform: 'other',
    kind: 'other',
  });
  const cases: [string, () => void, RegExp][] = [
    ['no JSON', () => put(`regions/${BLUE_REGION}/region.json`, '{"code": '), /region\.json is not JSON/],
    ['a missing field', pack({ title: undefined }), /region\.json: title is missing/],
    ['a missing name', withTown(1, { name: { 'zh-CN': '泉西街道' } }), /region\.json: towns\[1\]\.name\.en is missing/],
    [
      'an unknown tier',
      pack({ tiers: [{ tier: 'green' as 'red', termHours: 1, platform: 'other' }] }),
      /tiers\[0\]\.tier must be equal to one of the allowed values \(red, orange, yellow, blue\)/,
    ],
    ['a tier twice', pack({ tiers: [blue().tiers[0]!, blue().tiers[0]!] }), /tiers: red is there twice/],
    ['a code that is not the folder', pack({ code: '370103' }), /code is 370103, but the folder is for 370102/],
    ['a town twice', withTown(1, { code: '370102901' }), /towns: 370102901 is there twice/],
    ['two towns of one name', withTown(1, { name: blue().towns[0]!.name }), /towns: the name 泉东街道 is there twice/],
    [
      'a town of elsewhere',
      withTown(2, { code: '330110001' }),
      /towns\[2\]\.code 330110001 does not begin with the region's code 370102/,
    ],
    [
      'a seat with the numbers swapped',
      withTown(0, { seat: [36.6, 117] }),
      /towns\[0\]\.seat is not \[lng, lat\] in degrees: \[36\.6, 117\]/,
    ],
    [
      "a name for a source of the program's own",
      pack({ sourceNames: { 'urn:wagewatch:desk': { 'zh-CN': '某处', en: 'Somewhere' } } }),
      /sourceNames: urn:wagewatch:desk is the program's own/,
    ],
    [
      'a source named in one language',
      pack({ sourceNames: { 'urn:site:water': { 'zh-CN': '某供水公司' } as never } }),
      /sourceNames\.urn:site:water\.en is missing/,
    ],
    ['an area of nothing', withTown(0, { areaKm2: 0 }), /towns\[0\]\.areaKm2 must be > 0/],
    [
      'two units whose names are one to events',
      pack({ units: [unit('a', '某 街道（东）中队'), unit('b', '某街道(东)中队')] }),
      /units\[1\]\.name "某街道\(东\)中队" and units\[0\]\.name "某 街道（东）中队" are one to events/,
    ],
    [
      'a unit that is called what another has as its code',
      pack({ units: [unit('brigade', '某大队'), unit('b', 'ｂｒｉ gade')] }),
      /units\[1\]\.name "ｂｒｉ gade" and units\[0\]\.code "brigade" are one to events/,
    ],
    [
      'a unit twice',
      pack({ units: [unit('a', '某中队'), unit('a', '某中队')] }),
      /units\[1\]\.code a is there twice: units\[0\] has it, too\n.*units\[1\]\.name 某中队 is there twice: units\[0\] has it, too/,
    ],
    ['licensed without review number', pack({ map: { kind: 'licensed' } }), /map\.reviewNumber is missing/],
    [
      'a town not drawn',
      shape((b) => ({ ...b, features: b.features.slice(1) })),
      /boundaries\.geojson: town 370102901 泉东街道 is not drawn/,
    ],
    [
      'a town drawn twice',
      shape((b) => ({ ...b, features: [...b.features, b.features[0]] })),
      /town 370102901 is drawn twice/,
    ],
    [
      'a shape without label',
      shape((b) => {
        delete (b.features[0]!.properties as { label?: unknown }).label;
        return b;
      }),
      /features\[0\]\.properties\.label is missing/,
    ],
    [
      'boundaries without a review number',
      () => put(`geo/${BLUE_REGION}/boundaries.geojson`, squares()),
      /no map\.json beside it.*审图号/,
    ],
    [
      'an overlay without boundaries',
      () =>
        put(`geo/${BLUE_REGION}/map.json`, {
          kind: 'licensed',
          reviewNumber: 'x',
          importedAt: '2026-11-21T08:00:00Z',
          crs: 'WGS84',
          file: 'a',
        }),
      /boundaries\.geojson cannot be read/,
    ],
    [
      'an overlay with a wrong time',
      () =>
        put(`geo/${BLUE_REGION}/map.json`, {
          kind: 'licensed',
          reviewNumber: 'x',
          importedAt: 'yesterday',
          crs: 'WGS84',
          file: 'a',
        }),
      /map\.json: importedAt must match format "date-time"/,
    ],
  ];
  it.each(cases)('%s', (_, prepare, expected) => {
    prepare();
    expect(() => load([BLUE_REGION])).toThrow(RegionPackError);
    expect(() => load([BLUE_REGION])).toThrow(expected);
  });

  it.each([
    ['33011', /"33011" is no region/],
    ['../etc', /is no region/],
    ['999999', /no region pack for 999999/],
  ])('region %s', (code, expected) => {
    expect(() => load([code])).toThrow(expected);
  });

  it('tells the faults of all packs at once, and counts them where they are many', () => {
    expect(() => load(['999999', '999998'])).toThrow(/999998[^]*999999/);
    const many = Array.from({ length: 25 }, (_, i) => String(999_900 + i));
    expect(() => load(many)).toThrow(/999919.*\nand 5 further faults$/);
  });
});
