import { areaOf } from '../../common/divisions.ts';
import { unitOf } from '../../common/units.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { Lang } from './lang.ts';

export { shortName } from '../../common/shortName.ts';

/** Name of the area of a pack in which a town or region lies; the code itself where it lies in none. */
export function placeName(pack: Pick<RegionPack, 'towns'> | undefined, code: string, lang: Lang): string {
  return (pack && areaOf(pack, code)?.name[lang]) || code;
}

/** A unit by its name: events may give its code, or its zh-CN name. What is no unit of the pack stays as it is written. */
export function unitName(pack: Pick<RegionPack, 'units'> | undefined, unit: string, lang: Lang): string {
  return (pack && unitOf(pack, unit)?.name[lang]) ?? unit;
}

/**
 * A unit as it is called on its own district's wall: in English, where names are long, without the district's name before it.
 */
export function unitHere(pack: Pick<RegionPack, 'units' | 'name'> | undefined, unit: string, lang: Lang): string {
  const name = unitName(pack, unit, lang);
  const district = pack?.name.en.split(',')[0];
  return lang === 'en' && district && name.startsWith(`${district} `) ? name.slice(district.length + 1) : name;
}
