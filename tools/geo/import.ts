import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CRS, type Crs } from '../../contract/codes.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { RegionPackError } from '../../server/region/check.ts';
import type { MapOverlay } from '../../server/region/overlay.ts';
import { findPack } from '../../server/region/packs.ts';
import { tileTemplate } from './baseMap.ts';
import { importBoundaries } from './importMap.ts';
import { ImportError } from './importProblems.ts';
import { parseReviewNumber } from './reviewNumber.ts';
import { toText } from './shapes.ts';
import { replaceFolder } from './store.ts';

/** `npm run geo:import`: from arguments to files; everything thoughtful is in importMap.ts. */

export const USAGE = `npm run geo:import -- --region 330110 --file X.geojson --crs GCJ02 --review-number "GS(2026)1234号"

导入本单位获准使用的镇街边界(GeoJSON),下次启动起地图即用该边界并显示审图号。
  --region         六位区划代码
  --file           GeoJSON 文件(FeatureCollection,Polygon 或 MultiPolygon)
  --crs            文件的坐标系:CGCS2000、WGS84、GCJ02(高德、腾讯)或 BD09(百度)
  --review-number  审图号,如 "GS(2026)1234号"、"浙S(2026)12号"
  --name-field     镇街名称所在的属性(默认 name)
  --code-field     镇街代码所在的属性(默认 code,9 位或 12 位)
  --base-map-tiles        自有底图:XYZ 模板(含 {z} {x} {y})或 WMTS(KVP)地址
  --base-map-attribution  底图的署名
  --data-dir       数据目录(默认 DATA_DIR 或 .data)
有任何问题时逐条说明,不写入任何文件,退出码为 1。

Imports the boundaries (GeoJSON) that this site is licensed to use; from the next start the map
shows them with their review number (审图号).
  --region         6-digit division code
  --file           GeoJSON file (FeatureCollection of Polygon or MultiPolygon)
  --crs            what its coordinates are in: ${CRS.join(', ')} (GCJ02: Amap, Tencent; BD09: Baidu)
  --review-number  the map's 审图号, such as "GS(2026)1234号" or "浙S(2026)12号"
  --name-field     property with the town's name (default name)
  --code-field     property with the town's code, 9 or 12 digits (default code)
  --base-map-tiles        the site's own base map: an XYZ template with {z} {x} {y}, or a WMTS address (KVP)
  --base-map-attribution  whose it is, shown on the map
  --data-dir       where the program keeps its data (default DATA_DIR, else .data)
Whatever is wrong is told, a sentence each; then nothing is written, and the exit code is 1.
`;

const OPTIONS = {
  region: { type: 'string' },
  file: { type: 'string' },
  crs: { type: 'string' },
  'review-number': { type: 'string' },
  'name-field': { type: 'string', default: 'name' },
  'code-field': { type: 'string', default: 'code' },
  'base-map-tiles': { type: 'string' },
  'base-map-attribution': { type: 'string' },
  'data-dir': { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

interface Io {
  env: Readonly<Record<string, string | undefined>>;
  now: number;
  out: (text: string) => void;
  err: (text: string) => void;
}

/** Runs the command. @returns the exit code */
export function runImport(args: readonly string[], { env, now, out, err }: Io): 0 | 1 {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    if (values.help) {
      out(USAGE);
      return 0;
    }
    const wish = checked(values);
    const dataDir = resolve(values['data-dir'] ?? env['DATA_DIR'] ?? '.data');
    const { pack } = findPack(wish.region, { assetsDir: join(PROJECT_ROOT, 'assets/geo'), dataDir });
    const { boundaries, warnings } = importBoundaries(readText(wish.file), pack, wish.crs, {
      code: values['code-field'],
      name: values['name-field'],
    });
    const overlay: MapOverlay = {
      kind: 'licensed',
      reviewNumber: wish.reviewNumber,
      importedAt: toRfc3339(now),
      crs: wish.crs,
      file: basename(wish.file),
      ...(wish.baseMap && { baseMap: wish.baseMap }),
    };
    const text = toText(boundaries);
    const folder = join(dataDir, 'geo', pack.code);
    replaceFolder(folder, { 'boundaries.geojson': text, 'map.json': `${JSON.stringify(overlay, null, 2)}\n` });
    for (const warning of warnings) err(`Warning: ${warning}\n`);
    out(
      `${pack.towns.length} towns, ${Math.ceil(Buffer.byteLength(text) / 1024)} KiB, written to ${folder}. The map shows them, with ${wish.reviewNumber}, from the next start.\n`,
    );
    return 0;
  } catch (error) {
    const problems =
      error instanceof ImportError || error instanceof RegionPackError ? error.problems : [(error as Error).message];
    for (const problem of problems) err(`${problem}\n`);
    err('Nothing was written.\n');
    return 1;
  }
}

interface Wish {
  region: string;
  file: string;
  crs: Crs;
  reviewNumber: string;
  baseMap?: { tiles: string; attribution: string };
}
type Values = Readonly<Record<string, string | boolean | undefined>>;

/** What is asked for, or every fault of the arguments at once. @throws ImportError */
function checked(values: Values): Wish {
  const problems: string[] = [];
  const needed = (name: string): string => {
    const value = values[name];
    if (typeof value === 'string' && value.trim()) return value.trim();
    problems.push(`--${name} is missing (npm run geo:import -- --help says more).`);
    return '';
  };
  const region = needed('region'),
    file = needed('file'),
    system = needed('crs'),
    number = needed('review-number');
  const crs = CRS.find((name) => name === system.toUpperCase().replace(/[-_ ]/g, ''));
  if (system && !crs) problems.push(`--crs is ${system}, and must be one of ${CRS.join(', ')}.`);
  const reviewNumber = parseReviewNumber(number);
  if (number && !reviewNumber)
    problems.push(`--review-number "${number}" does not look like a 审图号, such as GS(2026)1234号 or 浙S(2026)12号.`);

  const tiles = values['base-map-tiles'],
    attribution = values['base-map-attribution'];
  let baseMap: Wish['baseMap'];
  if (typeof tiles === 'string' && typeof attribution === 'string') {
    try {
      baseMap = { tiles: tileTemplate(tiles), attribution: attribution.trim() };
    } catch (error) {
      problems.push((error as Error).message);
    }
  } else if (tiles !== undefined || attribution !== undefined) {
    problems.push('--base-map-tiles and --base-map-attribution go together.');
  }
  if (problems.length || !crs || !reviewNumber) throw new ImportError(problems);
  return { region, file, crs, reviewNumber, ...(baseMap && { baseMap }) };
}

function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new ImportError([`${file} cannot be read: ${(cause as Error).message}.`]);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ImportError([`${file} is not UTF-8 text: save it as UTF-8 (many tools here write GBK).`]);
  }
}
