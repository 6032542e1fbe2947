import { Ajv } from 'ajv';
import { EVENT_DATA, type WageEvent } from '../../../contract/events.ts';
import type { SignalEventType } from '../../../contract/codes.ts';
import type { PackTest, TestResult } from '../../../contract/rulePack.ts';
import { parseDay, parseRfc3339 } from '../../../common/regionTime.ts';
import { assess } from '../assess/assess.ts';
import type { CompiledPack } from '../assess/compiledPack.ts';
import { compareRank, NO_UNTIL, type Observation } from '../assess/observation.ts';
import { NameIndex, type UsccKey } from '../assess/names.ts';
import { nameKey, type SubjectKey } from '../../../common/subjectKey.ts';
import type { ObservationRecord, RegistrationRecord } from '../../streams/observations/entry.ts';
import { whenAsked } from '../../../common/whenAsked.ts';
import { signalRecord } from '../../streams/intake/signalRecord.ts';
import { TRUSTED } from '../../../common/trustedSchemas.ts';

/** Runs the tests that a pack carries (signals §2): the same way as events go, but for Redis. Pure. */

const schemas = whenAsked(() => {
  const ajv = new Ajv({ ...TRUSTED, code: { optimize: false } });
  return {
    'wage.subject.registered': ajv.compile(EVENT_DATA['wage.subject.registered']),
    'wage.signal.observed': ajv.compile(EVENT_DATA['wage.signal.observed']),
  };
});

/** What became of each test of a pack. */
export function runPackTests(pack: CompiledPack): TestResult[] {
  return (pack.source.tests ?? []).map((test) => {
    const problems = problemsOf(test, pack);
    return { name: test.name, ok: problems.length === 0, problems };
  });
}

class TestFault extends Error {}

function problemsOf(test: PackTest, pack: CompiledPack): string[] {
  try {
    return differences(test, pack);
  } catch (error) {
    if (error instanceof TestFault) return [error.message];
    throw error;
  }
}

function differences({ day, settledAt, events, expect }: PackTest, pack: CompiledPack): string[] {
  const records = withoutRepeats(events.map((event, i) => recordOf(event, i, pack)));
  const registration = registrationOf(records);
  const observations = records.flatMap((record) => (record.type === 'observed' ? [observationOf(record, pack)] : []));
  const settled = settledAt === undefined ? -Infinity : parseRfc3339(settledAt)!;
  const found = assess(observations, registration?.data, settled, pack, parseDay(day)!);
  const actual: Record<string, unknown> = { ...found, tier: found.tier ?? null, rule: found.rule ?? null };
  return Object.entries(expect)
    .filter(([name, wanted]) => actual[name] !== wanted)
    .map(([name, wanted]) => `${name} is ${JSON.stringify(actual[name])}, not ${JSON.stringify(wanted)}`);
}

/** An event of a test with what it may leave out. */
function recordOf(
  given: Record<string, unknown>,
  i: number,
  pack: CompiledPack,
): RegistrationRecord | ObservationRecord {
  const at = `events[${i}]`;
  const { type = 'wage.signal.observed', id = `test-${i}`, source = 'urn:test:pack', time, data } = given;
  if (type !== 'wage.signal.observed' && type !== 'wage.subject.registered')
    throw new TestFault(`${at}.type must be wage.subject.registered or wage.signal.observed`);
  const ms = typeof time === 'string' ? parseRfc3339(time) : undefined;
  if (ms === undefined) throw new TestFault(`${at}.time must be a time such as 2026-11-20T09:00:00+08:00`);
  if (typeof id !== 'string' || typeof source !== 'string') throw new TestFault(`${at}: id and source must be texts`);
  const named = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
  const whole = {
    region: pack.region,
    ...('enterprise' in named || 'project' in named ? {} : { enterprise: { name: SUBJECT } }),
    ...named,
  };
  const validate = schemas()[type];
  if (!validate(whole)) {
    const [error] = validate.errors!;
    throw new TestFault(`${at}.data${error!.instancePath.replaceAll('/', '.')} ${error!.message ?? 'is not valid'}`);
  }
  const event = { specversion: '1.0', id, source, type, time: time as string, data: whole };
  const channels = new Map(pack.indicators.map(({ code }) => [code, pack.source.indicators[code]!]));
  const record = signalRecord(event as unknown as WageEvent<SignalEventType>, ms, channels);
  if ('problem' in record) throw new TestFault(`${at}: ${record.problem}`);
  return record;
}

/** Whom a test is about that names nobody. */
const SUBJECT = '某企业';

/** The same `(source, id)` again is a repeat (contract §1). */
function withoutRepeats<T extends { source: string; id: string }>(records: readonly T[]): T[] {
  const seen = new Set<string>();
  return records.filter(({ source, id }) => seen.size < seen.add(JSON.stringify([source, id])).size);
}

/**
 * The registration that holds for the subject of a test. A test is about one subject; its names may be joined by the registrations
 * in it (signals §1). Then that of the uscc holds.
 */
function registrationOf(records: readonly (RegistrationRecord | ObservationRecord)[]): RegistrationRecord | undefined {
  const holding = new Map<SubjectKey, RegistrationRecord>();
  for (const record of records) {
    if (record.type !== 'registered') continue;
    const held = holding.get(record.key);
    if (!held || compareRank(record, held) > 0) holding.set(record.key, record);
  }
  const names = new NameIndex();
  for (const [key, { data }] of holding)
    if (key.startsWith('U:') && data.status === 'active') names.set(key as UsccKey, nameKey(data.enterprise.name));
  const [subject, ...others] = new Set(records.map(({ key }) => names.subjectOf(key)));
  if (others.length)
    throw new TestFault(`the events are about ${others.length + 1} subjects: ${[subject, ...others].join(', ')}`);
  return subject && holding.get(subject);
}

function observationOf(record: ObservationRecord, pack: CompiledPack): Observation {
  const { indicator, ref, time, source, id, value, amountFen, workers, until = NO_UNTIL } = record;
  const { number } = pack.indicators.find(({ code }) => code === indicator)!;
  return { indicator: number, ref, time, source, id, value, amountFen, workers, until };
}
