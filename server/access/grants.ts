import { ROLE_RULES, TOWN_ROLES, type AccessRole } from '../../contract/roles.ts';
import { regionOfCode } from '../../common/divisions.ts';
import type { Unit } from '../../contract/region.ts';
import { unitsIn } from '../../common/units.ts';
import { unitOfPlatform } from '../../contract/codes.ts';
import { AccessError } from './accessError.ts';

/** The divisions that are shown here, as far as somebody's rights depend on them. */
export interface Divisions {
  known(scope: string): boolean;
  /** The units of the region that a scope is, or lies in. */
  units(scope: string): readonly Unit[];
}

/** What somebody is let in as, and where. */
export interface Grant {
  role: AccessRole;
  scope: string;
  /** The code of a unit. */
  unit?: string | undefined;
}

/** Checks that somebody of a role can have a scope and a unit. @throws AccessError 400 `scope` or `unit` */
export function checkGrant({ role, scope, unit }: Grant, divisions: Divisions): void {
  if (scope.length === 9 && !TOWN_ROLES.includes(role)) {
    throw new AccessError(
      400,
      `${scope} is a town, but the role ${role} is for a whole region: give its 6-digit code`,
      { parameter: 'scope' },
    );
  }
  if (!divisions.known(scope)) throw new AccessError(400, `scope ${scope} is not known here`, { parameter: 'scope' });
  const problem = unitFault({ role, scope, unit }, divisions.units(scope));
  if (problem !== undefined) throw new AccessError(400, `unit ${problem}`, { parameter: 'unit' });
}

/**
 * What is wrong with the unit of a grant, as a clause without its subject, or undefined.
 * @param units those of the region that the scope is, or lies in
 */
export function unitFault({ role, scope, unit }: Grant, units: readonly Unit[]): string | undefined {
  const rule = ROLE_RULES[role].unit;
  if (unit === undefined)
    return rule === 'must' ? `is missing: a ${role} belongs to a unit of the region's pack` : undefined;
  if (rule === 'none') return `is given, but somebody of the role ${role} belongs to none`;
  const of = (codes: readonly Unit[]) => codes.map(({ code }) => code).join(', ');
  if (units.length === 0) return `is ${unit}, but the pack of region ${regionOfCode(scope)} names no units`;
  if (!units.some(({ code }) => code === unit))
    return `is ${unit}, but region ${regionOfCode(scope)} has the units ${of(units)}`;
  const here = unitsIn(units, scope);
  if (!here.some(({ code }) => code === unit))
    return `is ${unit}, which is not there for ${scope}${here.length ? `: those that are, are ${of(here)}` : ''}`;
  return undefined;
}

/**
 * What is wrong with the platform that a token is to speak for, as a clause without its subject, or undefined: `other:` names a unit of the
 * platform `other`.
 * @param units those of the region that the scope is
 */
export function platformFault(platform: string | undefined, units: readonly Unit[]): string | undefined {
  const code = platform === undefined ? undefined : unitOfPlatform(platform);
  const there = units.filter((unit) => unit.platform === 'other').map((unit) => unit.code);
  if (code === undefined || there.includes(code)) return undefined;
  const has = there.length
    ? `has ${there.map((one) => `other:${one}`).join(', ')}`
    : 'has no unit of the platform other';
  return `is ${platform}, but the pack of its region ${has}`;
}
