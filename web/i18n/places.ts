import { areaOf } from '../../common/divisions.ts';
import type { RegionPack } from '../../contract/region.ts';
import { localName } from './index.ts';
import type { Lang } from './lang.ts';

/** Name of the area of a pack in which a town or region lies; the code itself where it lies in none. */
export function placeName(pack: Pick<RegionPack, 'towns'> | undefined, code: string, lang: Lang): string {
  return localName(pack && areaOf(pack, code)?.name, lang) || code;
}
