import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isUpper, isRegionCode } from '../../common/divisions.ts';
import type { RegionPack } from '../../contract/region.ts';
import { boxOf } from './box.ts';
import { parseBoundaries, parseOverlay, parsePack, RegionPackError } from './check.ts';
import { withOverlay } from './overlay.ts';

/** The regions this server knows. */
export interface RegionPacks {
  get(code: string): RegionPack | undefined;
  /** In the order asked for, what lies in a region after it. */
  list(): RegionPack[];
  /** Those whose events are counted here: all but cities and provinces, which are the sum of others. */
  counted(): RegionPack[];
  /** GeoJSON (contract/boundaries.ts) as text with a strong ETag, quotes included; undefined for a region that has no drawing. */
  boundaries(code: string): { body: string; etag: string } | undefined;
}

interface Loaded {
  pack: RegionPack;
  drawing: { body: string; etag: string } | undefined;
}

/**
 * Reads the region packs, once, at the start.
 *
 * A pack is `<assetsDir>/<code>/region.json`, or `<dataDir>/regions/<code>/region.json`, which goes
 * before the former: a site may set its own terms, or have a region we do not ship. Boundaries are
 * `boundaries.geojson` beside the pack, unless the site has imported its own (`<dataDir>/geo/<code>/`,
 * see docs/geo.md): then those, with their review number in `map`.
 *
 * @param assetsDir the folder of the shipped packs (`assets/geo`)
 * @param codes regions that must be there, with all that lie in them; those in `<dataDir>/regions` come in addition
 * @throws RegionPackError naming each file and field at fault
 */
export function loadRegionPacks(where: PackFolders & { codes: readonly string[] }): RegionPacks {
  const loaded = new Map<string, Loaded>();
  const problems: string[] = [];
  const wanted = new Set([...where.codes, ...siteRegions(where.dataDir)]);
  // A set goes on with what is added to it meanwhile: cities of a province, districts of a city.
  for (const code of wanted) {
    try {
      const region = load(code, where);
      loaded.set(code, region);
      if (isUpper(region.pack)) for (const child of region.pack.towns) wanted.add(child.code);
    } catch (error) {
      if (!(error instanceof RegionPackError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length) throw new RegionPackError(problems.sort());
  const list = () => [...loaded.values()].map(({ pack }) => pack);
  return {
    get: (code) => loaded.get(code)?.pack,
    list,
    counted: () => list().filter((pack) => !isUpper(pack)),
    boundaries: (code) => loaded.get(code)?.drawing,
  };
}

function siteRegions(dataDir: string): string[] {
  const dir = join(dataDir, 'regions');
  if (!existsSync(dir)) return [];
  return readdirSync(dir).filter((name) => isRegionCode(name) && existsSync(join(dir, name, 'region.json')));
}

/** Where packs may lie: those shipped, and the site's own. */
export interface PackFolders {
  assetsDir: string;
  dataDir: string;
}

/**
 * A region's pack and the folder it was found in (the site's before the shipped one).
 * @throws RegionPackError
 */
export function findPack(code: string, { assetsDir, dataDir }: PackFolders): { pack: RegionPack; home: string } {
  if (!isRegionCode(code)) {
    throw new RegionPackError([`"${code}" is no region: a region is a 6-digit division code such as 330110`]);
  }
  const files = [join(dataDir, 'regions', code), join(assetsDir, code)].map((dir) => join(dir, 'region.json'));
  const file = files.find((candidate) => existsSync(candidate));
  if (file === undefined) {
    throw new RegionPackError([`There is no region pack for ${code}: neither ${files.join(' nor ')} exists`]);
  }
  return { pack: parsePack(read(file), file, code), home: dirname(file) };
}

function load(code: string, folders: PackFolders): Loaded {
  const { pack, home } = findPack(code, folders);
  const { assetsDir, dataDir } = folders;
  const imported = join(dataDir, 'geo', code);
  const overlayFile = join(imported, 'map.json');
  if (existsSync(overlayFile)) {
    const overlaid = withOverlay(pack, parseOverlay(read(overlayFile), overlayFile));
    return drawn(overlaid, join(imported, 'boundaries.geojson'));
  }
  if (existsSync(join(imported, 'boundaries.geojson'))) {
    throw new RegionPackError([
      `${join(imported, 'boundaries.geojson')} has no map.json beside it, so its review number (审图号) is unknown: import it with npm run geo:import`,
    ]);
  }
  const file = [home, join(assetsDir, code)]
    .map((dir) => join(dir, 'boundaries.geojson'))
    .find((candidate) => existsSync(candidate));
  return drawn(pack, file);
}

/** A pack with its drawing, if there is one, and the box of its positions. */
function drawn(pack: RegionPack, file: string | undefined): Loaded {
  const body = file === undefined ? undefined : read(file);
  const boundaries = body === undefined ? undefined : parseBoundaries(body, file!, pack);
  return {
    pack: { ...pack, box: pack.box ?? boxOf(pack, boundaries) },
    drawing:
      body === undefined ? undefined : { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` },
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new RegionPackError([`${file} cannot be read: ${(cause as Error).message}`]);
  }
}
