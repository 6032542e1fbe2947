import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegionPack } from '../../contract/region.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { loadRegionPacks } from '../../server/region/packs.ts';

export function loadPack330110(): RegionPack {
  return loadRegionPacks({ assetsDir: join(PROJECT_ROOT, 'assets/geo'), dataDir: tmpdir(), codes: ['330110'] }).get(
    '330110',
  )!;
}
