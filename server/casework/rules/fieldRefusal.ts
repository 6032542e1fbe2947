import type { GivenAction } from '../../../contract/casework.ts';
import { OUTCOMES } from '../../../contract/codes.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { contains } from '../../../common/divisions.ts';
import { parseRfc3339 } from '../../../common/regionTime.ts';
import { unitNames, unitOf } from '../../../common/units.ts';
import { isSameTurn } from '../../alerts/turn.ts';
import type { AlertState, Turn } from '../../alerts/state.ts';
import { isTheirs, type Actor } from './mayAct.ts';
import type { Refusal } from './refusal.ts';

/** What the fields of an action are judged by. */
export interface FieldRules {
  actor: Actor;
  pack: Pick<RegionPack, 'code' | 'towns' | 'tiers' | 'units' | 'outcomes'>;
  /** Somebody who is let in, by their id. */
  member: (id: string) => Omit<Actor, 'id'> | undefined;
  /** Epoch ms. */
  now: number;
}
type AlertAction = Exclude<GivenAction, { action: 'raise' }>;
type FieldsOf<A extends GivenAction['action']> = GivenAction<A>['fields'];

/**
 * Why what an action carries will not do, where the action itself may be done; undefined where it will.
 * @param turn whose turn it is, and was before
 */
export function fieldRefusal(
  given: AlertAction,
  alert: AlertState,
  rules: FieldRules,
  turn?: Turn,
): Refusal | undefined {
  const { pack } = rules;
  switch (given.action) {
    case 'dispatch':
      return wrongUnit(given.fields, alert, pack) ?? pastTerm(given.fields.dueAt, rules);
    case 'transfer':
      return (
        wrongUnit(given.fields, alert, pack) ??
        newTerm(given.fields, alert, turn, pack) ??
        pastTerm(given.fields.dueAt, rules)
      );
    case 'reopen':
      if ((given.fields.unit ?? alert.unit) === undefined || (given.fields.platform ?? alert.platform) === undefined)
        return {
          status: 422,
          rule: 'where-to',
          parameter: given.fields.platform ? 'unit' : 'platform',
          detail: 'the alert was never dispatched, so reopen must say to which platform and unit it goes',
        };
      if ((given.fields.unit === undefined) !== (given.fields.platform === undefined))
        return {
          status: 422,
          rule: 'where-to',
          parameter: given.fields.platform ? 'unit' : 'platform',
          detail: 'reopen names both platform and unit, or neither: a unit belongs to its platform',
        };
      return wrongUnit(given.fields, alert, pack) ?? pastTerm(given.fields.dueAt, rules);
    case 'accept':
      return (
        unknownUnit(given.fields.unit, pack) ??
        foreignUnit(given.fields.unit, rules) ??
        wrongPerson(given.fields.person, alert, rules)
      );
    case 'assign':
      return wrongPerson(given.fields.person, alert, rules);
    case 'handle':
      return unknownOutcome(given.fields.outcome, pack);
    case 'audit':
      return given.fields.verdict === 'returned' && !given.fields.note?.trim()
        ? {
            status: 422,
            rule: 'what-is-missing',
            parameter: 'note',
            detail: 'an audit that returns an alert must say in its note what is missing',
          }
        : undefined;
    case 'amend':
      return amendRefusal(given.fields, rules);
    case 'extend':
    case 'supervise':
      return pastTerm(given.fields.dueAt, rules);
    case 'recover':
    case 'close':
    case 'note':
    case 'attach':
    case 'urge':
    case 'answer':
      return undefined;
  }
}

/** The same for an alert that is to be raised. */
export function raiseRefusal({ town, tier }: FieldsOf<'raise'>, rules: FieldRules): Refusal | undefined {
  return wrongTown(town, rules) ?? unknownTier(tier, rules.pack);
}

function unknownUnit(unit: string | undefined, pack: FieldRules['pack']): Refusal | undefined {
  if (unit === undefined || !pack.units || unitOf(pack, unit)) return undefined;
  return {
    status: 422,
    rule: 'unknown-unit',
    parameter: 'unit',
    detail: `${quote(unit)} is no unit of region ${pack.code}: it has ${few(pack.units.map(({ code }) => code))}`,
  };
}

/** A unit works for its platform, and in its towns where it has some. */
function wrongUnit(
  { platform, unit }: { platform?: string | undefined; unit?: string | undefined },
  { facts: { town } }: AlertState,
  pack: FieldRules['pack'],
): Refusal | undefined {
  const unknown = unknownUnit(unit, pack);
  const known = unitOf(pack, unit);
  if (unknown || !known) return unknown;
  if (known.platform !== platform)
    return {
      status: 422,
      rule: 'unit-platform',
      parameter: 'platform',
      detail: `unit ${known.code} is of the platform ${known.platform}, not of ${quote(platform ?? '')}`,
    };
  if (known.towns && !known.towns.includes(town))
    return {
      status: 422,
      rule: 'unit-town',
      parameter: 'unit',
      detail: `unit ${known.code} is for ${few(known.towns)}, and not for the alert’s town ${town}`,
    };
  return undefined;
}

/**
 * Whoever sends an alert to where it is, or back to where it was, would give it another term: that is an extension. What an audit
 * returned may be sent to its unit again.
 */
function newTerm(
  { platform, unit, dueAt }: FieldsOf<'transfer'>,
  alert: AlertState,
  turn: Turn | undefined,
  pack: FieldRules['pack'],
): Refusal | undefined {
  const units = unitNames(pack);
  const isIt = (one: { platform?: string; unit?: string }) => isSameTurn({ platform, unit }, one, units);
  const refusal = (detail: string, parameter = 'dueAt'): Refusal => ({
    status: 422,
    rule: 'extension',
    parameter,
    detail,
  });
  if (isIt(alert)) {
    if (dueAt !== undefined) return refusal('a transfer to the unit that has it sets no other term: extend it');
    if (alert.returned) return undefined;
    return refusal('it is with this unit already: only an alert that an audit returned is sent there again', 'unit');
  }
  if (dueAt === undefined) return undefined;
  for (let before = turn?.before; before; before = before.before)
    if (isIt(before))
      return refusal('it was with this unit before, which goes on with the term that it had: extend it there');
  return undefined;
}

function foreignUnit(unit: string | undefined, { actor, pack }: FieldRules): Refusal | undefined {
  if (unit === undefined || actor.role !== 'handler' || unitOf(pack, unit)?.code === actor.unit) return undefined;
  return { status: 403, rule: 'unit', parameter: 'unit', detail: 'a handler accepts for their own unit' };
}

/** Somebody who is to work on it must be let in, and be able to. */
function wrongPerson(id: string | undefined, alert: AlertState, rules: FieldRules): Refusal | undefined {
  const { actor, pack } = rules;
  if (id === undefined || id === actor.id) return undefined;
  const person = rules.member(id);
  if (!person)
    return {
      status: 422,
      rule: 'unknown-person',
      parameter: 'person',
      detail: `nobody who is let in here has the id ${quote(id)}`,
    };
  const refusal = (detail: string): Refusal => ({ status: 422, rule: 'person', parameter: 'person', detail });
  if (!['handler', 'officer', 'admin'].includes(person.role))
    return refusal(`somebody of the role ${person.role} does not work on alerts`);
  if (actor.role === 'handler' && person.unit !== actor.unit)
    return { ...refusal('a handler hands on within their unit'), status: 403 };
  if (!isTheirs(alert, person, pack)) return refusal('the alert is not in their scope, or not their unit’s');
  return undefined;
}

function unknownOutcome(outcome: string, { outcomes = [] }: FieldRules['pack']): Refusal | undefined {
  const known = [...OUTCOMES, ...outcomes.map(({ code }) => code)];
  if (known.includes(outcome)) return undefined;
  return {
    status: 422,
    rule: 'outcome',
    parameter: 'outcome',
    detail: `${quote(outcome)} is no outcome: it must be one of ${known.join(', ')}`,
  };
}

function pastTerm(dueAt: string | undefined, { now }: FieldRules): Refusal | undefined {
  if (dueAt === undefined || parseRfc3339(dueAt)! > now) return undefined;
  return {
    status: 422,
    rule: 'past',
    parameter: 'dueAt',
    detail: `dueAt ${dueAt} is past: a term ends in time to come`,
  };
}

function amendRefusal(facts: FieldsOf<'amend'>, rules: FieldRules): Refusal | undefined {
  if (Object.keys(facts).every((name) => name === 'reason'))
    return { status: 422, rule: 'nothing-amended', parameter: 'action', detail: 'amend must carry at least one fact' };
  return (
    (facts.town === undefined ? undefined : wrongTown(facts.town, rules)) ??
    (facts.tier === undefined ? undefined : unknownTier(facts.tier, rules.pack))
  );
}

function wrongTown(town: string, { actor, pack }: FieldRules): Refusal | undefined {
  if (!pack.towns.some(({ code }) => code === town))
    return { status: 422, rule: 'town', parameter: 'town', detail: `${town} is no town of region ${pack.code}` };
  if (actor.role === 'admin' || contains(actor.scope, town)) return undefined;
  return {
    status: 403,
    rule: 'town',
    parameter: 'town',
    detail: `town ${town} is not in the scope ${actor.scope}`,
  };
}

function unknownTier(tier: string, { code, tiers }: FieldRules['pack']): Refusal | undefined {
  if (tiers.some((rule) => rule.tier === tier)) return undefined;
  return {
    status: 422,
    rule: 'tier',
    parameter: 'tier',
    detail: `${tier} is not used by region ${code}: it uses ${tiers.map((rule) => rule.tier).join(', ')}`,
  };
}

/** So many units are named in a sentence. */
const NAMED = 40;
const few = (codes: readonly string[]) =>
  codes.length > NAMED ? `${codes.slice(0, NAMED).join(', ')} and ${codes.length - NAMED} more` : codes.join(', ');
const quote = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
