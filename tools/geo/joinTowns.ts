import type { RegionPack, Town } from '../../contract/region.ts';

/** Which town of a region a feature of somebody's file is: by code, else by name. */

export interface Fields {
  code: string;
  name: string;
}
type Properties = Record<string, unknown>;

const SUFFIX = /(街道办事处|街道|地区办事处|镇人民政府|镇|乡)$/u;

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value).normalize('NFKC').replace(/\s+/gu, '')
    : '';
}

/** How a feature is called in a sentence: its place in the file, and what is written on it. */
export function callFeature(index: number, properties: Properties, fields: Fields): string {
  const said = [text(properties[fields.name]), text(properties[fields.code])].filter(Boolean).join(', ');
  return `Feature ${index + 1}${said ? ` (${said})` : ''}`;
}

/**
 * Finds towns by what is written on features. Codes may be the 12-digit ones of the statistics (ending
 * in 000); names may come with the region's before them, and without 街道, 镇 or 乡.
 */
export function townFinder(
  pack: RegionPack,
  fields: Fields,
): (properties: Properties) => { town: Town } | { problem: string } {
  const byCode = new Map(pack.towns.map((town) => [town.code, town]));
  const byName = new Map(pack.towns.map((town) => [text(town.name['zh-CN']), town]));
  const byStem = new Map<string, Town[]>();
  for (const [name, town] of byName) {
    const stem = name.replace(SUFFIX, '');
    byStem.set(stem, [...(byStem.get(stem) ?? []), town]);
  }
  const whole = text(pack.name['zh-CN']);
  const regionNames = [whole, whole.replace(/^.*?[省市州盟](?=.{2})/u, '')];

  const named = (name: string): Town[] => {
    const prefix = regionNames.find((region) => name.startsWith(region) && name.length > region.length) ?? '';
    for (const candidate of [name, name.slice(prefix.length)]) {
      const town = byName.get(candidate);
      if (town) return [town];
      const alike = byStem.get(candidate.replace(SUFFIX, '')) ?? byStem.get(candidate);
      if (alike) return alike;
    }
    return [];
  };

  return (properties) => {
    const code = text(properties[fields.code]),
      name = text(properties[fields.name]);
    const coded = byCode.get(code) ?? (/^\d{9}000$/.test(code) ? byCode.get(code.slice(0, 9)) : undefined);
    const alike = name ? named(name) : [];
    if (coded) {
      const [other] = alike;
      if (other && !alike.includes(coded)) {
        return {
          problem: `has the code of ${coded.name['zh-CN']} (${coded.code}), but the name of ${other.name['zh-CN']} (${other.code})`,
        };
      }
      return { town: coded };
    }
    if (alike.length === 1) return { town: alike[0]! };
    if (alike.length > 1)
      return {
        problem: `may be ${alike.map((town) => town.name['zh-CN']).join(' or ')}: give it its code, or its full name`,
      };
    if (!code && !name)
      return {
        problem: `has neither "${fields.code}" nor "${fields.name}" among its properties (${Object.keys(properties).slice(0, 12).join(', ') || 'there are none'}): say which to read with --code-field or --name-field`,
      };
    return { problem: `is no town of region ${pack.code} ${pack.name['zh-CN']}` };
  };
}
