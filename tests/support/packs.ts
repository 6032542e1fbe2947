import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RegionPack } from '../../contract/region.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { loadRegionPacks } from '../../server/region/packs.ts';

/**
 * Region packs for tests, in the shape of `assets/geo`: hand the folder over as `assetsDir`.
 * `370102` uses red, yellow and blue (as Shandong does) and has three made-up towns.
 */
export const TEST_PACKS = fileURLToPath(new URL('./packs', import.meta.url));
export const BLUE_REGION = '370102';

/** A region pack that the project ships. */
export function loadPack(code: string): RegionPack {
  return loadRegionPacks({ assetsDir: join(PROJECT_ROOT, 'assets/geo'), dataDir: tmpdir(), codes: [code] }).get(code)!;
}
