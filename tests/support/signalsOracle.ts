/**
 * A second implementation of docs/signals.md: subject keys, the name join, what is kept, and the assessment.
 *
 * It was written from the rules alone and shares no code with the program. It is slow and literal on purpose: every call
 * starts from all raw events, one sentence of the rules after another. `tests/unit/signals/oracle.test.ts` holds the
 * program against it.
 */
import { MAX_FEN, MAX_WORKERS } from '../../contract/fields.ts';
import type { Condition, IndicatorKind, PackIndicator, RulePack } from '../../contract/rulePack.ts';
import type { ObservedData, RegisteredData } from '../../contract/signals.ts';

export interface RawObservation {
  source: string;
  id: string;
  /** RFC 3339. */
  time: string;
  data: ObservedData;
}
export interface RawRegistration {
  source: string;
  id: string;
  time: string;
  data: RegisteredData;
}
interface Stamped {
  source: string;
  id: string;
  time: string;
}

export interface OracleIndicator {
  code: string;
  /** All numbers are in thousandths, but workers, fen and counts. */
  measure: bigint;
  points: bigint;
  count: bigint;
  value: bigint;
  workers: bigint;
  amountFen: bigint;
  /** ms. */
  since: number;
  until: string;
}
export interface OracleAssessment {
  score: bigint;
  tier: string | undefined;
  rule: string | undefined;
  watch: boolean;
  channels: bigint;
  channelPoints: Record<string, bigint>;
  indicators: OracleIndicator[];
  workers: bigint;
  amountFen: bigint;
  months: bigint;
}

const KEPT = 200;
const KEPT_DAYS = 400;
const DAY_MS = 86_400_000;

// §1, subject key.

/** Unicode's White_Space, as PropList.txt lists it. */
const WHITE_SPACE = new Set<number>([
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006,
  0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
]);

/** NFKC, then all White_Space taken out. */
export function oracleName(name: string): string {
  let result = '';
  for (const letter of name.normalize('NFKC')) {
    if (!WHITE_SPACE.has(letter.codePointAt(0) ?? 0)) result += letter;
  }
  return result;
}

/** The code as it is compared; undefined where it has to be rejected. */
export function oracleUscc(code: string): string | undefined {
  const plain = oracleName(code).toUpperCase();
  if (plain.length !== 18) return undefined;
  for (const letter of plain) {
    if (!'0123456789ABCDEFGHJKLMNPQRTUWXY'.includes(letter)) return undefined;
  }
  return plain;
}

/** GB 32100: weights 3^(i−1) mod 31, check (31 − Σ mod 31) mod 31. */
export function oracleUsccIsRight(plain: string): boolean {
  const symbols = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  let sum = 0n;
  for (let i = 0; i < 17; i++) sum += BigInt(symbols.indexOf(plain.charAt(i))) * 3n ** BigInt(i);
  return symbols.indexOf(plain.charAt(17)) === Number((31n - (sum % 31n)) % 31n);
}

/** The key that an event comes with; undefined where the event has to be rejected. */
export function oracleKey(data: ObservedData | RegisteredData): string | undefined {
  const given = data.enterprise?.uscc;
  const uscc = given === undefined ? undefined : oracleUscc(given);
  if (given !== undefined && uscc === undefined) return undefined;
  if (data.project !== undefined) return oracleName(data.project.id) === '' ? undefined : `P:${data.project.id}`;
  if (uscc !== undefined) return `U:${uscc}`;
  const name = oracleName(data.enterprise?.name ?? '');
  return name === '' ? undefined : `N:${name}`;
}

const instants = new Map<string, number>();
/** Epoch ms. */
function instantOf(time: string): number {
  let instant = instants.get(time);
  if (instant === undefined) instants.set(time, (instant = Date.parse(time)));
  return instant;
}

/** -1, 0 or 1 by `(time, source, id)`, strings by code unit. */
function compare(a: Stamped, b: Stamped): number {
  const times: [number, number] = [instantOf(a.time), instantOf(b.time)];
  if (times[0] !== times[1]) return times[0] < times[1] ? -1 : 1;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return 0;
}

/** Each pair of source and id once, the greatest `(time, source, id)` first. */
function distinct<T extends Stamped>(events: readonly T[]): T[] {
  const result: T[] = [];
  const seen = new Set<string>();
  for (const event of events) {
    const pair = JSON.stringify([event.source, event.id]);
    if (!seen.has(pair)) result.push(event);
    seen.add(pair);
  }
  return result.sort((a, b) => compare(b, a));
}

/** The registration of a key that holds. */
export function oracleRegistration(register: readonly RawRegistration[], key: string): RegisteredData | undefined {
  return distinct(register).find((event) => oracleKey(event.data) === key)?.data;
}

/** As whom a key answers: `N:x` as the one active registered enterprise of that name, everything else as itself. */
export function oracleOwner(register: readonly RawRegistration[], key: string): string {
  if (!key.startsWith('N:')) return key;
  const name = key.slice(2);
  const keys = new Set<string>();
  for (const event of register) {
    const own = oracleKey(event.data);
    if (own?.startsWith('U:') === true) keys.add(own);
  }
  const owners: string[] = [];
  for (const own of keys) {
    const registration = oracleRegistration(register, own);
    if (registration?.status === 'active' && oracleName(registration.enterprise.name) === name) owners.push(own);
  }
  const [only, ...others] = owners;
  return only !== undefined && others.length === 0 ? only : key;
}

// §3, assessment.

/** The zone of all regions. */
const ZONE = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});
const dates = new Map<number, string>();
/** The date of an instant in the region's zone. */
export function oracleDate(instant: number): string {
  let date = dates.get(instant);
  if (date === undefined) dates.set(instant, (date = ZONE.format(new Date(instant))));
  return date;
}
/** Days between two dates. */
function daysFrom(start: string, end: string): number {
  return (Date.parse(`${end}T00:00:00Z`) - Date.parse(`${start}T00:00:00Z`)) / DAY_MS;
}
export function daysLater(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
function ageOf(event: Stamped, day: string): number {
  return Math.max(0, daysFrom(oracleDate(instantOf(event.time)), day));
}

/** A number as it is written in decimal, without an exponent. */
function decimalWriting(value: number): string {
  const [digits = '', exponent] = String(value).split('e');
  if (exponent === undefined) return digits;
  const [whole = '', part = ''] = digits.split('.');
  const shift = Number(exponent);
  if (shift < 0) return `0.${'0'.repeat(-shift - 1)}${whole}${part}`;
  return whole + part.padEnd(shift, '0');
}
/** Thousandths of a number, rounded half up from its decimal writing. */
export function oracleThousandths(value: number): bigint {
  // Only numbers in conditions may be below 0, and they have at most 3 decimals.
  if (value < 0) return -oracleThousandths(-value);
  const [whole = '0', part = ''] = decimalWriting(value).split('.');
  const kept = BigInt(whole) * 1000n + BigInt(part.padEnd(3, '0').slice(0, 3));
  return part.length > 3 && part.charAt(3) >= '5' ? kept + 1n : kept;
}

/** Of one indicator and one subject: what is kept of its observations, whatever the pack says, but for their age. */
function within(kind: IndicatorKind, events: readonly RawObservation[]): RawObservation[] {
  const sorted = distinct(events);
  if (kind === 'event') return sorted.slice(0, KEPT);
  const refs = new Set<string>();
  const holding: RawObservation[] = [];
  for (const event of sorted) {
    const ref = event.data.ref ?? '';
    if (!refs.has(ref)) holding.push(event);
    refs.add(ref);
  }
  return holding.slice(0, KEPT);
}

/** The observations kept under a key (the one they came with), for 400 days. */
export function oracleKept(
  events: readonly RawObservation[],
  key: string,
  kinds: ReadonlyMap<string, IndicatorKind>,
  day: string,
): RawObservation[] {
  const own = events.filter((event) => oracleKey(event.data) === key);
  return [...kinds].flatMap(([code, kind]) =>
    within(
      kind,
      own.filter((event) => event.data.indicator === code),
    ).filter((event) => ageOf(event, day) <= KEPT_DAYS),
  );
}

/** The last day on which an observation counts by its indicator, whatever else holds. */
function lastDay(indicator: PackIndicator, event: RawObservation): string {
  const date = oracleDate(instantOf(event.time));
  if (indicator.kind === 'event') return daysLater(date, (indicator.windowDays ?? 0) - 1);
  const last = daysLater(date, indicator.validDays ?? 0);
  const until = event.data.until;
  return until !== undefined && until < last ? until : last;
}

function counts(indicator: PackIndicator, event: RawObservation, day: string): boolean {
  const age = ageOf(event, day);
  if (indicator.kind === 'event') return age < (indicator.windowDays ?? 0);
  if (age > (indicator.validDays ?? 0)) return false;
  if (event.data.until !== undefined && day > event.data.until) return false;
  return oracleThousandths(event.data.value ?? 1) !== 0n;
}

const greatest = (values: readonly bigint[]): bigint => values.reduce((a, b) => (b > a ? b : a), 0n);
const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);
const atMost = (limit: number, value: bigint): bigint => (value > BigInt(limit) ? BigInt(limit) : value);

function assessIndicator(code: string, indicator: PackIndicator, counting: readonly RawObservation[]): OracleIndicator {
  const values = counting.map(({ data }) => oracleThousandths(data.value ?? 1));
  const count = BigInt(counting.length);
  const value = indicator.kind === 'event' ? sum(values) : greatest(values);
  const workers = atMost(MAX_WORKERS, sum(counting.map(({ data }) => BigInt(data.workers ?? 0))));
  const amountFen = atMost(MAX_FEN, sum(counting.map(({ data }) => BigInt(data.amountFen ?? 0))));
  const measure = { count: count * 1000n, value, workers: workers * 1000n, amountYuan: amountFen * 10n }[
    indicator.measure
  ];
  let points = 0n;
  for (const [threshold, worth] of indicator.points) {
    if (oracleThousandths(threshold) <= measure) points = oracleThousandths(worth);
  }
  const newestFirst = [...counting].sort((a, b) => compare(b, a));
  const newest = newestFirst[0];
  const oldest = newestFirst[newestFirst.length - 1];
  if (newest === undefined || oldest === undefined) throw new Error('nothing counts');
  return {
    code,
    measure,
    points,
    count,
    value,
    workers,
    amountFen,
    since: instantOf(oldest.time),
    until: lastDay(indicator, newest),
  };
}

/** §2: whether a condition holds. */
export function oracleHolds(condition: Condition, variables: ReadonlyMap<string, bigint>): boolean {
  if ('all' in condition) return condition.all.every((part) => oracleHolds(part, variables));
  if ('any' in condition) return condition.any.some((part) => oracleHolds(part, variables));
  if ('not' in condition) return !oracleHolds(condition.not, variables);
  const [variable, operator, number] = condition;
  const left = variables.get(variable) ?? 0n;
  const right = oracleThousandths(number);
  switch (operator) {
    case '>=':
      return left >= right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '<':
      return left < right;
    case '==':
      return left === right;
    case '!=':
      return left !== right;
  }
}

/** Whom a key answers as, with what is known of it. */
export interface OracleSubject {
  subject: string;
  registration: RegisteredData | undefined;
  observations: RawObservation[];
}

/** §1: the subject as whom a key answers, from all raw events of a region. */
export function oracleSubject(
  observations: readonly RawObservation[],
  register: readonly RawRegistration[],
  key: string,
): OracleSubject {
  const subject = oracleOwner(register, key);
  const owners = new Map<string, string>();
  return {
    subject,
    registration: oracleRegistration(register, subject),
    observations: observations.filter(({ data }) => {
      const own = oracleKey(data);
      if (own === undefined) return false;
      if (!owners.has(own)) owners.set(own, oracleOwner(register, own));
      return owners.get(own) === subject;
    }),
  };
}

/**
 * §3 in full, from all that is known of a subject.
 * @param settledAt epoch ms
 */
export function oracleAssess(
  { registration, observations }: Omit<OracleSubject, 'subject'>,
  settledAt: number,
  pack: RulePack,
  day: string,
): OracleAssessment {
  const indicators: OracleIndicator[] = [];
  for (const [code, indicator] of Object.entries(pack.indicators)) {
    const counting = within(
      indicator.kind,
      observations.filter(({ data }) => data.indicator === code),
    )
      .filter((event) => instantOf(event.time) > settledAt)
      .filter((event) => counts(indicator, event, day));
    if (counting.length > 0) indicators.push(assessIndicator(code, indicator, counting));
  }
  indicators.sort((a, b) => (a.points !== b.points ? (a.points > b.points ? -1 : 1) : a.code < b.code ? -1 : 1));

  const channelPoints: Record<string, bigint> = {};
  for (const [channel, { cap }] of Object.entries(pack.channels)) {
    const total = sum(indicators.filter(({ code }) => pack.indicators[code]?.channel === channel).map((i) => i.points));
    const capped = total > oracleThousandths(cap) ? oracleThousandths(cap) : total;
    if (capped > 0n) channelPoints[channel] = capped;
  }
  const exact = sum(Object.values(channelPoints));
  const score = exact - (exact % 100n) + (exact % 100n >= 50n ? 100n : 0n);
  const channels = BigInt(Object.keys(channelPoints).length);
  const owed = indicators.filter(({ code }) => pack.indicators[code]?.owed === true);
  const workers = greatest(owed.map((indicator) => indicator.workers));
  const amountFen = greatest(owed.map((indicator) => indicator.amountFen));
  const months = greatest(
    indicators.filter(({ code }) => pack.indicators[code]?.months === true).map((indicator) => indicator.value),
  );

  const variables = new Map<string, bigint>([
    ['score', score],
    ['channels', channels * 1000n],
    ['workers', workers * 1000n],
    ['amountYuan', amountFen * 10n],
    ['months', months],
    ['headcount', BigInt(registration?.headcount ?? 0) * 1000n],
  ]);
  for (const { code, measure } of indicators) variables.set(`indicator:${code}`, measure);
  for (const [channel, points] of Object.entries(channelPoints)) variables.set(`channel:${channel}`, points);
  const matching = pack.tiers.find((rule) => oracleHolds(rule.when, variables));
  return {
    score,
    tier: matching?.tier,
    rule: matching?.id,
    watch: score >= oracleThousandths(pack.watch),
    channels,
    channelPoints,
    indicators,
    workers,
    amountFen,
    months,
  };
}
