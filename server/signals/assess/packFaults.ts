import { Ajv, type ErrorObject } from 'ajv';
import { CHANNELS, TIERS } from '../../../contract/codes.ts';
import {
  INDICATOR_PATTERN,
  PLAIN_VARIABLES,
  RulePackSchema,
  TEXT_FIELDS,
  type PackFault,
  type PackIndicator,
  type RulePack,
} from '../../../contract/rulePack.ts';
import { isThousandths } from '../../../common/decimal.ts';
import { parseDay, parseRfc3339 } from '../../../common/regionTime.ts';
import { faultsToTell, pointer, quote, schemaFault } from '../../platform/schemaFaults.ts';
import type { PackContext } from './compiledPack.ts';
import { conditionFaults } from './conditions.ts';
import { whenAsked } from '../../../common/whenAsked.ts';
import { TRUSTED } from '../../../common/trustedSchemas.ts';

/** What is wrong with a rule pack (signals §2), each fault with its path. Pure. */

const validator = whenAsked(() => {
  const ajv = new Ajv({ allErrors: true, ...TRUSTED, verbose: true, code: { optimize: false } });
  ajv.addFormat('date-time', (text) => parseRfc3339(text) !== undefined);
  return ajv.compile(RulePackSchema);
});

/** JSON nested deeper than any pack is. */
const MOST_NESTED = 64;
const INDICATOR = new RegExp(INDICATOR_PATTERN);

/** The faults of a pack, none if it can be compiled; at most 50, and one more that counts the rest. */
export function packFaults(json: unknown, context: PackContext): PackFault[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return [{ path: '', problem: 'a rule pack is a JSON object' }];
  if (isNestedDeeper(json, MOST_NESTED)) return [{ path: '', problem: `is nested deeper than ${MOST_NESTED} levels` }];
  const validate = validator();
  const faults = validate(json) ? ruleFaults(json, context) : (validate.errors ?? []).map(formFault);
  return faultsToTell(faults, (more) => ({ path: '', problem: `and ${more} further faults` }));
}

function isNestedDeeper(json: object, most: number): boolean {
  let level: unknown[] = [json];
  for (let depth = 0; level.length; depth++) {
    if (depth > most) return true;
    level = level.flatMap((value): unknown[] => (typeof value === 'object' && value ? Object.values(value) : []));
  }
  return false;
}

function formFault(error: ErrorObject): PackFault {
  const { path, problem } = schemaFault(error, 'a rule pack');
  return { path, problem };
}

/** What the schema cannot say. */
function ruleFaults(pack: RulePack, { region, tiers, indicators: known }: PackContext): PackFault[] {
  const faults: PackFault[] = [];
  const fault = (path: string, problem: string) => void faults.push({ path, problem });
  const decimals = (path: string, value: number) => {
    if (!isThousandths(value)) fault(path, `${value} has more than 3 decimals`);
  };

  if (region !== undefined && pack.region !== region)
    fault('/region', `is ${pack.region}, but the pack is for ${region}`);
  decimals('/watch', pack.watch);
  for (const [code, { cap }] of Object.entries(pack.channels)) {
    const path = `/channels/${pointer(code)}`;
    if (!(CHANNELS as readonly string[]).includes(code))
      fault(path, `there is no such channel: it must be one of ${CHANNELS.join(', ')}`);
    decimals(`${path}/cap`, cap);
  }
  for (const [code, indicator] of Object.entries(pack.indicators)) {
    const path = `/indicators/${pointer(code)}`;
    if (code.length > 60 || !INDICATOR.test(code))
      fault(path, `${quote(code)} is no code: small letters, digits, dots and hyphens, at most 60`);
    const stored = known?.get(code);
    if (stored && stored.kind !== indicator.kind)
      fault(
        `${path}/kind`,
        `is ${indicator.kind}, but another version has ${stored.kind}: a code never changes its kind`,
      );
    if (!Object.hasOwn(pack.channels, indicator.channel))
      fault(`${path}/channel`, `${indicator.channel} is not among the channels of this pack`);
    faults.push(...indicatorFaults(indicator, path));
  }

  const variables = new Set([
    ...PLAIN_VARIABLES,
    ...Object.keys(pack.indicators).map((code) => `indicator:${code}`),
    ...Object.keys(pack.channels).map((code) => `channel:${code}`),
  ]);
  const ids = new Set<string>();
  pack.tiers.forEach(({ id, tier, when }, i) => {
    const path = `/tiers/${i}`;
    if (ids.has(id)) fault(`${path}/id`, `${id} is the id of another rule`);
    ids.add(id);
    if (tiers && !tiers.includes(tier))
      fault(`${path}/tier`, `${tier} is not a tier of the region: it uses ${tiers.join(', ')}`);
    const before = pack.tiers[i - 1]?.tier;
    if (before !== undefined && TIERS.indexOf(tier) < TIERS.indexOf(before))
      fault(`${path}/tier`, `${tier} is graver than ${before} of the rule before: the gravest come first`);
    faults.push(...conditionFaults(when, `${path}/when`, (variable) => variables.has(variable)));
  });
  pack.tests?.forEach(({ day }, i) => {
    if (parseDay(day) === undefined) fault(`/tests/${i}/day`, `${day} is no date`);
  });
  return faults;
}

function indicatorFaults(indicator: PackIndicator, path: string): PackFault[] {
  const faults: PackFault[] = [];
  const fault = (at: string, problem: string) => void faults.push({ path: `${path}/${at}`, problem });
  const [needed, other] =
    indicator.kind === 'state' ? (['validDays', 'windowDays'] as const) : (['windowDays', 'validDays'] as const);
  if (indicator[needed] === undefined)
    fault(needed, `is missing: ${indicator.kind === 'state' ? 'a state' : 'an event'} has it`);
  if (indicator[other] !== undefined)
    fault(other, `${indicator.kind === 'state' ? 'a state' : 'an event'} has ${needed} instead`);
  indicator.points.forEach(([threshold, points], i) => {
    if (!isThousandths(threshold)) fault(`points/${i}/0`, `${threshold} has more than 3 decimals`);
    if (!isThousandths(points)) fault(`points/${i}/1`, `${points} has more than 3 decimals`);
    const before = indicator.points[i - 1];
    if (!before) return;
    if (threshold <= before[0])
      fault(`points/${i}/0`, `the threshold ${threshold} is not above ${before[0]}, the one before`);
    if (points < before[1])
      fault(`points/${i}/1`, `${points} points are fewer than ${before[1]}, those of the step before`);
  });
  for (const [language, text] of Object.entries(indicator.text))
    for (const [, field] of text.matchAll(/\{([^}]*)\}/g))
      if (!(TEXT_FIELDS as readonly string[]).includes(field!))
        fault(
          `text/${language}`,
          `{${field}} is unknown: a text may name ${TEXT_FIELDS.map((one) => `{${one}}`).join(' ')}`,
        );
  return faults;
}
