/**
 * Division codes (GB/T 2260 and its extension): a region has 6 digits, a town 9. A code that ends in `00` names a city,
 * one in `0000` a province; what is left of it without them begins the codes of all divisions in it.
 */

/** How codes are written: those of regions, of towns, and of either. For schemas and route parameters. */
export const REGION_PATTERN = '^[0-9]{6}$';
export const TOWN_PATTERN = '^[0-9]{9}$';
export const DIVISION_PATTERN = '^[0-9]{6}([0-9]{3})?$';

const REGION = new RegExp(REGION_PATTERN);
const TOWN = new RegExp(TOWN_PATTERN);
const DIVISION = new RegExp(DIVISION_PATTERN);
/** Whether a text is written as the code of a region. */
export const isRegionCode = (text: string): boolean => REGION.test(text);
/** Whether a text is written as the code of a town. */
export const isTownCode = (text: string): boolean => TOWN.test(text);
/** Whether a text is written as the code of a region or a town. */
export const isDivisionCode = (text: string): boolean => DIVISION.test(text);

/** What the codes of all divisions within `code` begin with: 330000 → 33, 330100 → 3301, 330110 → 330110. */
export function prefixOf(code: string): string {
  return code.length === 6 ? code.replace(/(00){1,2}$/, '') : code;
}

/** Whether `division` is `scope` itself or lies within it. */
export function contains(scope: string, division: string): boolean {
  return division === scope || (scope.length === 6 && division.length >= 6 && division.startsWith(prefixOf(scope)));
}

/** The region of a region or town. */
export function regionOfCode(code: string): string {
  return code.slice(0, 6);
}

/** Whether a pack's areas are regions themselves: that of a city or province, whose figures are the sum of theirs. */
export function isUpper(pack: { towns: readonly { code: string }[] }): boolean {
  return pack.towns[0]?.code.length === 6;
}

/** The area of a pack in which a town or region lies, if it lies in any. */
export function areaOf<T extends { code: string }>(pack: { towns: readonly T[] }, division: string): T | undefined {
  return pack.towns.find(({ code }) => contains(code, division));
}

export type Level = 'province' | 'city' | 'district';

/** What kind of division a region is, by its code. */
export function levelOf(code: string): Level {
  return code.endsWith('0000') ? 'province' : code.endsWith('00') ? 'city' : 'district';
}

/** The smallest of several regions in which another lies. */
export function parentOf<T extends { code: string }>(regions: readonly T[], region: string): T | undefined {
  return regions
    .filter(({ code }) => code !== region && contains(code, region))
    .sort((a, b) => prefixOf(b.code).length - prefixOf(a.code).length)[0];
}
