import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegionPack } from '../../contract/region.ts';
import { loadPack } from './packs.ts';

/** A region that handles its alerts here: its shipped pack has units, dispatch and terms by stage (docs/casework.md). */
export const casePack = (more: Partial<RegionPack> = {}): RegionPack => ({ ...loadPack('330110'), ...more });

/** Puts a site's own pack into its folder, as a site does. */
export function writeSitePack(dataDir: string, pack: RegionPack = casePack()): void {
  const folder = join(dataDir, 'regions', pack.code);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'region.json'), JSON.stringify(pack));
}
