import type { RegionPack, Unit } from '../contract/region.ts';
import type { Tier } from '../contract/codes.ts';

const plain = (text: string) => text.normalize('NFKC').replace(/\p{White_Space}+/gu, '');

/** The unit that an event means: that whose code or zh-CN name its text equals, whatever its width and white space; undefined for none. */
export function unitOf({ units = [] }: Pick<RegionPack, 'units'>, text: string | undefined): Unit | undefined {
  if (text === undefined) return undefined;
  const given = plain(text);
  return units.find(({ code, name }) => code === given || plain(name['zh-CN']) === given);
}

/**
 * Where an alert goes by the pack (docs/casework.md §3): the first unit of the rule's kind and platform that is there for its town; one
 * that is there for the whole region where no other is. Undefined where the pack does not say.
 */
export function unitFor(
  { units = [], dispatch }: Pick<RegionPack, 'units' | 'dispatch'>,
  tier: Tier,
  town: string,
): Unit | undefined {
  const rule = dispatch?.[tier];
  if (!rule) return undefined;
  const there = units.filter(({ platform, kind }) => platform === rule.platform && kind === rule.unit);
  return there.find(({ towns }) => towns?.includes(town)) ?? there.find(({ towns }) => !towns);
}
