import { normalName } from './identity.ts';
import type { RegionPack, Unit } from '../contract/region.ts';
import type { Tier } from '../contract/codes.ts';

/** Codes of a pack's units by what events may call them: their codes, and their names as names are compared. Plain data. */
export type UnitNames = Readonly<Record<string, string>>;
export function unitNames({ units = [] }: Pick<RegionPack, 'units'>): UnitNames {
  return Object.fromEntries(
    units.flatMap(({ code, name }) => [
      [normalName(name['zh-CN']), code],
      [code, code],
    ]),
  );
}

/** The unit that an event means: that whose code or zh-CN name its text equals, whatever its width and white space; undefined for none. */
export function unitOf({ units = [] }: Pick<RegionPack, 'units'>, text: string | undefined): Unit | undefined {
  if (text === undefined) return undefined;
  const given = normalName(text);
  return units.find(({ code, name }) => code === given || normalName(name['zh-CN']) === given);
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

/** The units that somebody of a scope (a region or one of its towns) can be of: a town has its own and those of the whole region. */
export function unitsIn(units: readonly Unit[] | undefined, scope: string): readonly Unit[] {
  if (scope.length === 6) return units ?? [];
  return (units ?? []).filter(({ towns }) => !towns || towns.includes(scope));
}

/** So many texts are remembered of a region: its units are few, and all are said again and again. */
const MAX_TEXTS = 2_000;

/** `unitOf` for many texts: the codes of the units that they mean. */
export function createUnitFinder(pack: Pick<RegionPack, 'units'>): (text: string | undefined) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (text) => {
    if (text === undefined) return undefined;
    if (known.has(text)) return known.get(text);
    if (known.size === MAX_TEXTS) known.clear();
    const code = unitOf(pack, text)?.code;
    known.set(text, code);
    return code;
  };
}
