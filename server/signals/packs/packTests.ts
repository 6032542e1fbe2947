import { Ajv } from 'ajv';
import { EVENT_DATA, type WageEvent } from '../../../contract/events.ts';
import type { SignalEventType } from '../../../contract/codes.ts';
import type { PackTest, TestResult } from '../../../contract/rulePack.ts';
import { parseDay, parseRfc3339 } from '../../../common/regionTime.ts';
import { assess } from '../assess/assess.ts';
import type { CompiledPack } from '../assess/compiledPack.ts';
import { compareRank, NO_UNTIL, type Observation } from '../assess/observation.ts';
import { NameIndex } from '../assess/names.ts';
import { nameKey } from '../../../common/subjectKey.ts';
import type { ObservationRecord, RegistrationRecord } from '../../streams/observations/entry.ts';
import { signalRecord } from '../../streams/intake/signalRecord.ts';

/** Runs the tests that a pack carries (signals §2): the same way as events go, but for Redis. Pure. */

const ajv = new Ajv({ strict: false });
const schemas = {
  'wage.subject.registered': ajv.compile(EVENT_DATA['wage.subject.registered']),
  'wage.signal.observed': ajv.compile(EVENT_DATA['wage.signal.observed']),
};

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
  const records = events.map((event, i) => recordOf(event, i, pack));
  oneSubject(records);
  const registration = records
    .filter((record): record is RegistrationRecord => record.type === 'registered')
    .sort(compareRank)
    .at(-1);
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
  const validate = schemas[type];
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

/** A test is about one subject: its names may be joined by the registrations in it (signals §1). */
function oneSubject(records: readonly (RegistrationRecord | ObservationRecord)[]): void {
  const names = new NameIndex();
  for (const record of records)
    if (record.type === 'registered' && record.key.startsWith('U:') && record.data.status === 'active')
      names.set(record.key as `U:${string}`, nameKey(record.data.enterprise.name));
  const subjects = new Set(records.map(({ key }) => names.subjectOf(key)));
  if (subjects.size > 1)
    throw new TestFault(`the events are about ${subjects.size} subjects: ${[...subjects].join(', ')}`);
}

function observationOf(record: ObservationRecord, pack: CompiledPack): Observation {
  const { indicator, ref, time, source, id, value, amountFen, workers, until = NO_UNTIL } = record;
  const { number } = pack.indicators.find(({ code }) => code === indicator)!;
  return { indicator: number, ref, time, source, id, value, amountFen, workers, until };
}
