import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Boundaries } from '../../../contract/boundaries.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { loadRegionPacks } from '../../../server/region/packs.ts';
import { tileTemplate } from '../../../tools/geo/baseMap.ts';
import { runImport } from '../../../tools/geo/import.ts';
import { parseReviewNumber } from '../../../tools/geo/reviewNumber.ts';

const ASSETS = fileURLToPath(new URL('../../../assets/geo', import.meta.url));
const FILE = join(ASSETS, '330110/boundaries.geojson');
const NOW = Date.UTC(2026, 10, 21, 4);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'import-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function run(...args: string[]) {
  let out = '',
    err = '';
  const code = runImport(args, {
    env: { DATA_DIR: join(dir, 'data') },
    now: NOW,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}
const whole = (change: Record<string, string | undefined> = {}): string[] =>
  Object.entries({ region: '330110', file: FILE, crs: 'GCJ02', 'review-number': 'GS(2026)1234号', ...change }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`--${name}`, value]),
  );
const load = () => loadRegionPacks({ assetsDir: ASSETS, dataDir: join(dir, 'data'), codes: ['330110'] });

describe('geo:import', () => {
  it('writes boundaries and their record, which the next start of the server takes', () => {
    const drawn = load();
    const { code, out } = run(...whole());
    expect(code).toBe(0);
    expect(out).toMatch(
      /^20 towns, \d+ KiB, written to .*330110\. The map shows them, with GS\(2026\)1234号, from the next start\.\n$/,
    );
    expect(readdirSync(join(dir, 'data/geo'))).toEqual(['330110']);
    expect(JSON.parse(readFileSync(join(dir, 'data/geo/330110/map.json'), 'utf8'))).toEqual({
      kind: 'licensed',
      reviewNumber: 'GS(2026)1234号',
      importedAt: '2026-11-21T12:00:00+08:00',
      crs: 'GCJ02',
      file: 'boundaries.geojson',
    });
    const now = load();
    expect(now.get('330110')!.map).toEqual({ kind: 'licensed', reviewNumber: 'GS(2026)1234号' });
    expect(now.get('330110')!.towns).toEqual(drawn.get('330110')!.towns);
    expect(now.boundaries('330110')!.etag).not.toBe(drawn.boundaries('330110')!.etag);
  });

  it('replaces what was imported before, base map and all', () => {
    expect(
      run(
        ...whole({
          'base-map-tiles': 'http://maps.site/wmts?SERVICE=WMTS&LAYER=img',
          'base-map-attribution': '本市影像',
        }),
      ).code,
    ).toBe(0);
    expect(load().get('330110')!.map.baseMap).toEqual({
      tiles: 'http://maps.site/wmts?SERVICE=WMTS&LAYER=img&TILEMATRIX={z}&TILECOL={x}&TILEROW={y}&REQUEST=GetTile',
      attribution: '本市影像',
    });
    expect(run(...whole({ 'review-number': '审图号:浙S(2026)12号', crs: 'gcj-02' })).code).toBe(0);
    expect(load().get('330110')!.map).toEqual({ kind: 'licensed', reviewNumber: '浙S(2026)12号' });
    expect(readdirSync(join(dir, 'data/geo'))).toEqual(['330110']);
  });

  it('writes to --data-dir before DATA_DIR', () => {
    expect(run(...whole({ 'data-dir': join(dir, 'other') })).code).toBe(0);
    expect(existsSync(join(dir, 'other/geo/330110/map.json'))).toBe(true);
    expect(existsSync(join(dir, 'data'))).toBe(false);
  });

  it('takes a region of the site itself', () => {
    const pack = {
      ...(JSON.parse(readFileSync(join(ASSETS, '330110/region.json'), 'utf8')) as RegionPack),
      name: { 'zh-CN': '本区', en: 'Ours' },
    };
    mkdirSync(join(dir, 'data/regions/330110'), { recursive: true });
    writeFileSync(
      join(dir, 'data/regions/330110/region.json'),
      // Without units, which would be there for the town that is left out.
      JSON.stringify({ ...pack, towns: pack.towns.slice(0, 19), units: undefined, dispatch: undefined }),
    );
    expect(run(...whole()).err).toContain('(黄湖镇, 330110113) is no town of region 330110 本区.');
  });

  it('prints its usage in Chinese and English', () => {
    const { code, out } = run('--help');
    expect(code).toBe(0);
    expect(out).toContain('审图号,如');
    expect(out).toContain('Whatever is wrong is told');
  });

  const put = (name: string, content: string | Buffer) => {
    writeFileSync(join(dir, name), content);
    return join(dir, name);
  };
  it.each<[string, () => string[], string]>([
    ['no arguments', () => [], '--region is missing (npm run geo:import -- --help says more).\n--file is missing'],
    ['no review number', () => whole({ 'review-number': undefined }), '--review-number is missing'],
    [
      'a review number that is none',
      () => whole({ 'review-number': '12345' }),
      '--review-number "12345" does not look like a 审图号',
    ],
    ['no system', () => whole({ crs: undefined }), '--crs is missing'],
    [
      'an unknown system',
      () => whole({ crs: 'EPSG:3857' }),
      '--crs is EPSG:3857, and must be one of CGCS2000, WGS84, GCJ02, BD09.',
    ],
    ['an unknown region', () => whole({ region: '999999' }), 'There is no region pack for 999999'],
    ['a region that is a path', () => whole({ region: '../330110' }), 'is no region'],
    ['no such file', () => whole({ file: join(dir, 'none.geojson') }), 'none.geojson cannot be read: ENOENT'],
    ['a folder for a file', () => whole({ file: dir }), 'cannot be read: EISDIR'],
    [
      'GBK text',
      () => whole({ file: put('gbk.geojson', Buffer.from([0x7b, 0x22, 0xc1, 0xd9, 0xc6, 0xbd, 0x22, 0x7d])) }),
      'is not UTF-8 text: save it as UTF-8 (many tools here write GBK).',
    ],
    ['no GeoJSON', () => whole({ file: put('x.geojson', '[]') }), 'The file is not a GeoJSON FeatureCollection.'],
    [
      'tiles without attribution',
      () => whole({ 'base-map-tiles': '/t/{z}/{x}/{y}.png' }),
      '--base-map-tiles and --base-map-attribution go together.',
    ],
    [
      'tiles without a place for x',
      () => whole({ 'base-map-tiles': 'http://a/{z}/{y}.png', 'base-map-attribution': 'a' }),
      '--base-map-tiles lacks {x}',
    ],
    ['an unknown argument', () => [...whole(), '--review', 'x'], "Unknown option '--review'"],
  ])('%s: says so, exits with 1 and writes nothing', (_, args, sentence) => {
    const { code, out, err } = run(...args());
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain(sentence);
    expect(err.endsWith('\nNothing was written.\n')).toBe(true);
    expect(existsSync(join(dir, 'data'))).toBe(false);
  });

  it('leaves an earlier import as it was when a later one is faulty', () => {
    run(...whole());
    const before = readFileSync(join(dir, 'data/geo/330110/boundaries.geojson'), 'utf8');
    const cut = JSON.parse(readFileSync(FILE, 'utf8')) as Boundaries;
    cut.features.pop();
    expect(run(...whole({ file: put('cut.geojson', JSON.stringify(cut)), 'review-number': 'GS(2027)1号' })).code).toBe(
      1,
    );
    expect(readFileSync(join(dir, 'data/geo/330110/boundaries.geojson'), 'utf8')).toBe(before);
    expect(load().get('330110')!.map.reviewNumber).toBe('GS(2026)1234号');
  });
});

describe('审图号', () => {
  it.each([
    'GS(2019)1822号',
    'GS(2016)2923号',
    'GS京(2022)0145号',
    '浙S(2021)36号',
    '浙杭S〔2023〕12号',
    'GS [2020] 第5号',
  ])('%s is one', (text) => {
    expect(parseReviewNumber(text)).toBe(text);
  });
  it('may have the wide brackets of Chinese text', () => {
    expect(parseReviewNumber('GS\uFF082016\uFF092923号')).toBe('GS\uFF082016\uFF092923号');
  });
  it('may come with the word before it', () => {
    expect(parseReviewNumber(' 审图号:GS(2019)1822号 ')).toBe('GS(2019)1822号');
  });
  it.each([
    '',
    '无',
    '1234',
    'GS1234号',
    'GS(19)1822号',
    'GS(2019)号',
    'GS(2019)1822',
    'ICP备12345号',
    'GS(2019)1822号<script>',
  ])('"%s" is none', (text) => {
    expect(parseReviewNumber(text)).toBeUndefined();
  });
});

describe('the address of a base map', () => {
  it.each([
    ['http://maps.site/{z}/{x}/{y}.png', 'http://maps.site/{z}/{x}/{y}.png'],
    ['/tiles/{z}/{x}/{y}.webp', '/tiles/{z}/{x}/{y}.webp'],
    [
      'https://m.site/wmts?service=WMTS&request=GetTile&layer=vec&tilematrix={TileMatrix}&tilerow={TileRow}&tilecol={TileCol}',
      'https://m.site/wmts?service=WMTS&request=GetTile&layer=vec&tilematrix={z}&tilerow={y}&tilecol={x}',
    ],
    [
      'https://m.site/wmts?service=WMTS&request=GetTile&layer=vec',
      'https://m.site/wmts?service=WMTS&request=GetTile&layer=vec&TILEMATRIX={z}&TILECOL={x}&TILEROW={y}',
    ],
  ])('%s', (given, template) => {
    expect(tileTemplate(given)).toBe(template);
  });
  it.each(['ftp://a/{z}/{x}/{y}', '//a/{z}/{x}/{y}', 'javascript:{z}{x}{y}', 'http://a/{z} {x} {y}', 'http://a/tiles'])(
    '%s is refused',
    (given) => {
      expect(() => tileTemplate(given)).toThrow('--base-map-tiles');
    },
  );
});
