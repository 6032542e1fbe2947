import type { RegionPack } from '../../../contract/region.ts';

/** Whether cases of a region are worked on here: then its terms are watched. */
export function hasCasework({ units, terms }: Pick<RegionPack, 'units' | 'terms'>): boolean {
  return units !== undefined && terms !== undefined;
}
