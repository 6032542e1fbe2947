import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { EVENT_TYPES, TIERS, type EventType, type SignalEventType } from '../../../contract/codes.ts';
import {
  envelope,
  EVENT_DATA,
  EXTENSION_NAME,
  KNOWN_ATTRIBUTES,
  MAX_FUTURE_MS,
  MIN_TIME_MS,
  REQUIRED_ATTRIBUTES,
  type WageEvent,
} from '../../../contract/events.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { contains, isTownCode } from '../../../common/divisions.ts';
import { normalEnterprise } from '../../../common/identity.ts';
import { parseRfc3339, toRfc3339 } from '../../../common/regionTime.ts';
import { MAX_TERM_MS, MIN_TERM_MS } from '../../../common/termBounds.ts';
import { whenAsked } from '../../../common/whenAsked.ts';
import type { StoredEvent } from '../../alerts/state.ts';
import type { Accepted } from './chunk.ts';
import type { ObservationRecord, RegistrationRecord } from '../observations/entry.ts';
import { jsonText } from './jsonText.ts';
import { toWgs84 } from './position.ts';
import { signalRecord, type IndicatorChannels } from './signalRecord.ts';
import { TRUSTED } from '../../../common/trustedSchemas.ts';

/** What validation must know of a region. */
export interface RegionRules {
  towns: Pick<ReadonlySet<string>, 'has'>;
  tiers: ReadonlySet<string>;
}

/** The rules of regions by code. */
export function rulesOf(packs: readonly RegionPack[]): (region: string) => RegionRules | undefined {
  const rules = new Map(
    packs.map(({ code, towns, tiers }): [string, RegionRules] => [
      code,
      { towns: new Set(towns.map((town) => town.code)), tiers: new Set(tiers.map(({ tier }) => tier)) },
    ]),
  );
  return (region) => rules.get(region);
}

/** The rules of what has been counted before: a region may have had any tier and, within it, any town. */
export function everRulesOf(packs: readonly RegionPack[]): (region: string) => RegionRules | undefined {
  const rules = new Map(
    packs.map(({ code }): [string, RegionRules] => [
      code,
      { towns: { has: (town) => isTownCode(town) && contains(code, town) }, tiers: new Set(TIERS) },
    ]),
  );
  return (region) => rules.get(region);
}

export type Validated =
  | { ok: true; region: string; accepted: Accepted }
  | { ok: true; region: string; signal: RegistrationRecord | ObservationRecord }
  | { ok: false; problem: string; id?: string; source?: string };

/** @param wellFormedText whether it is known that no string of the value holds a lone surrogate */
export type Validator = (value: unknown, now: number, wellFormedText?: boolean) => Validated;

const EARLIEST_TEXT = '2000-01-01T00:00:00Z';

/** By event type: the fields of `data` that are times. */
const TERMS = Object.fromEntries(
  EVENT_TYPES.map((type) => [
    type,
    Object.entries(EVENT_DATA[type].properties as Record<string, { format?: string }>)
      .filter(([, { format }]) => format === 'date-time')
      .map(([name]) => name),
  ]),
) as Record<EventType, string[]>;

function termProblem(at: number): string | undefined {
  if (at < MIN_TERM_MS) return `is before the year 2000: a term lies in the years 2000 to 2100`;
  return at > MAX_TERM_MS ? `is after the year 2100: a term lies in the years 2000 to 2100` : undefined;
}

/** `parseRfc3339` that knows the last two texts: an event seldom has more, and each is asked for twice. */
function rememberTimes(): (text: string) => number | undefined {
  let lastText = '';
  let beforeText = '';
  let last: number | undefined;
  let before: number | undefined;
  return (text) => {
    if (text === lastText) return last;
    if (text === beforeText) return before;
    beforeText = lastText;
    before = last;
    lastText = text;
    return (last = parseRfc3339(text));
  };
}

/**
 * @param regionRules the rules of a region, or undefined if there is no such region here
 * @param indicators the codes that the stored versions of a region's rule pack know
 */
export function createValidator(
  regionRules: (region: string) => RegionRules | undefined,
  indicators: (region: string) => IndicatorChannels | undefined = () => undefined,
): Validator {
  const times = rememberTimes();
  const ajv = whenAsked(() =>
    new Ajv({ ...TRUSTED, allErrors: false, verbose: true }).addFormat('date-time', {
      validate: (text: string) => times(text) !== undefined,
    }),
  );
  const check = new Map<string, () => ValidateFunction>(
    EVENT_TYPES.map((type) => [type, whenAsked(() => ajv().compile(envelope(type)))]),
  );

  /** A problem is a text, so that nothing is made for events that have none. */
  function checked(value: unknown, now: number, wellFormedText: boolean): string | Extract<Validated, { ok: true }> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return `an event must be a JSON object, this is ${kindOf(value)}`;
    }
    const loose = value as Record<string, unknown>;
    const hasExtensions = unsetNulls(loose);
    if (loose.type === undefined) return '/type is missing';
    const validate = typeof loose.type === 'string' ? check.get(loose.type)?.() : undefined;
    if (!validate) return `/type ${quote(loose.type)} is unknown: it must be one of ${EVENT_TYPES.join(', ')}`;
    if (!validate(value)) return describe(validate.errors![0]!);
    if (hasExtensions)
      for (const name in loose) {
        if (!KNOWN_ATTRIBUTES.has(name) && !EXTENSION_NAME.test(name)) {
          return `/${name.slice(0, 50)} is no CloudEvents attribute: names of extensions are lower-case letters and digits`;
        }
      }

    const event = value as WageEvent<EventType>;
    const time = times(event.time)!;
    if (time > now + MAX_FUTURE_MS)
      return `/time ${event.time} is more than 5 minutes in the future: it is now ${toRfc3339(now)}`;
    if (time < MIN_TIME_MS) return `/time ${event.time} is before ${EARLIEST_TEXT}`;

    const code = event.data.region;
    const rules = regionRules(code);
    if (!rules) return `/data/region ${code} is unknown here`;
    if ('town' in event.data && event.data.town !== undefined && !rules.towns.has(event.data.town)) {
      return `/data/town ${event.data.town} is no town of region ${code}`;
    }
    // A lone surrogate has no UTF-8: it would be stored as U+FFFD, and two different ids would become one.
    if (!wellFormedText && !wellFormed(event))
      return 'a string holds a lone surrogate (\\ud800…\\udfff), which is no character';
    if (isSignal(event)) {
      const signal = signalRecord(event, time, indicators(code));
      return 'problem' in signal ? signal.problem : { ok: true, region: code, signal };
    }

    const { alertId, region, ...data } = event.data;
    if ('tier' in data && data.tier !== undefined && !rules.tiers.has(data.tier)) {
      return `/data/tier ${data.tier} is not used by region ${region}: it uses ${[...rules.tiers].join(', ')}`;
    }
    for (const name of TERMS[event.type]) {
      const text = (data as Record<string, unknown>)[name];
      const problem = typeof text === 'string' ? termProblem(times(text)!) : undefined;
      if (problem !== undefined) return `/data/${name} ${text as string} ${problem}`;
    }
    if ('location' in data && data.location !== undefined) data.location = toWgs84(data.location);
    if ('enterprise' in data && data.enterprise !== undefined) data.enterprise = normalEnterprise(data.enterprise);
    return {
      ok: true,
      region,
      accepted: { alertId, event: { type: event.type, time, source: event.source, id: event.id, data } as StoredEvent },
    };
  }

  return (value, now, wellFormedText = false) => {
    const result = checked(value, now, wellFormedText);
    return typeof result === 'string' ? { ok: false, problem: result, ...namedOf(value) } : result;
  };
}

function isSignal(event: WageEvent<EventType>): event is WageEvent<SignalEventType> {
  return event.type === 'wage.subject.registered' || event.type === 'wage.signal.observed';
}

/**
 * An attribute that is null is unset (CloudEvents JSON format 1.0.2 §2.2). What must be there stays, and is refused.
 * @returns whether there are names that CloudEvents itself does not define
 */
function unsetNulls(event: Record<string, unknown>): boolean {
  let others = false;
  for (const name in event) {
    if (event[name] === null && mayBeUnset(name)) delete event[name];
    else if (!KNOWN_ATTRIBUTES.has(name)) others = true;
  }
  return others;
}

function mayBeUnset(name: string): boolean {
  return KNOWN_ATTRIBUTES.has(name)
    ? !REQUIRED_ATTRIBUTES.has(name)
    : name === 'data_base64' || EXTENSION_NAME.test(name);
}

/** How an event, good or bad, calls itself. */
export function namedOf(value: unknown): { id?: string; source?: string } {
  const { id, source } = (value ?? {}) as { id?: unknown; source?: unknown };
  const named: { id?: string; source?: string } = {};
  if (typeof id === 'string') named.id = id.slice(0, 500);
  if (typeof source === 'string') named.source = source.slice(0, 500);
  return named;
}

/** Whether every string of a JSON value has a UTF-8 form; the schema has bounded how deep it is. */
function wellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object') return true;
  for (const name in value) if (!wellFormed((value as Record<string, unknown>)[name])) return false;
  return true;
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

function quote(value: unknown): string {
  const text = jsonText(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** One sentence for one fault: where, and what was expected. */
function describe(error: ErrorObject): string {
  const at = error.instancePath || '';
  switch (error.keyword) {
    case 'required':
      return `${at}/${(error.params as { missingProperty: string }).missingProperty} is missing`;
    case 'additionalProperties':
      return `${at}/${(error.params as { additionalProperty: string }).additionalProperty.slice(0, 50)} is not a field of this event`;
    case 'enum':
      return `${at} ${quote(error.data)} is unknown: it must be one of ${(error.params as { allowedValues: string[] }).allowedValues.join(', ')}`;
    case 'const':
      return `${at} must be ${quote((error.params as { allowedValue: unknown }).allowedValue)}, it is ${quote(error.data)}`;
    case 'format':
      return `${at} ${quote(error.data)} is no RFC 3339 time with an offset, such as 2026-11-21T18:24:07+08:00`;
    case 'type':
      return `${at || 'the event'} must be of type ${String((error.params as { type: string }).type)}, it is ${kindOf(error.data)}`;
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
      return `${at} ${error.message ?? 'is out of range'}, it is ${quote(error.data)}`;
    case 'maxLength':
    case 'minLength':
      return `${at} ${error.message ?? 'has a wrong length'}, it has ${[...(error.data as string)].length}`;
    case 'pattern':
      return `${at} ${quote(error.data)} must match ${(error.params as { pattern: string }).pattern}`;
    default:
      return `${at} ${error.message ?? 'is not valid'}`;
  }
}
