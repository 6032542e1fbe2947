import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { NO_UNTIL } from '../assess/observation.ts';
import type { KeptObservation, ObservedMore } from './subject.ts';
import type { Words } from './words.ts';

/** An observation as it came: every one is kept for OBSERVATION_DAYS, whatever rules make of it. */
export interface RawObservation extends KeptObservation {
  /** Number of the subject under whose key it came. */
  subject: number;
  /** When it came in, epoch ms. */
  received: number;
}

/** An observation that was taken in, as it came: the same object, as one more for each would live until its batch is stored. */
export function rawOf(observation: KeptObservation, subject: number, received: number): RawObservation {
  const raw = observation as RawObservation;
  raw.subject = subject;
  raw.received = received;
  return raw;
}

/** Columns of a block. One in which every value is the usual one is left out. */
interface Columns {
  /** Subjects. */
  s: number[];
  /** Indicators. */
  i: number[];
  /** Times, each less the one before; whole seconds where `k` is 1000. */
  t: number[];
  k: 1 | 1000;
  /** Receipts, each less the one before. */
  r: number[];
  /** Sources. */
  c: number[];
  /** Ids: whole numbers less the one before, or texts. */
  d: (number | string)[];
  /** Values in thousandths; in whole units where `n` is 1000. */
  v: number[];
  n: 1 | 1000;
  f?: string[];
  a?: number[];
  w?: number[];
  u?: number[];
  m?: (ObservedMore | 0)[];
}

const WHOLE = /^(?:0|[1-9]\d{0,14})$/;

/** Six tenths of what the usual level costs, and 4 % more bytes. */
const LEVEL = 4;

/** Observations as one compressed block, in order: columns in JSON, deflated. About 20 bytes each where ids are numbers. */
export function encodeBlock(observations: readonly RawObservation[], words: Words): Buffer {
  const k = observations.every(({ time }) => time % 1000 === 0) ? 1000 : 1;
  const n = observations.every(({ value }) => value % 1000 === 0) ? 1000 : 1;
  const columns: Columns = {
    s: observations.map(({ subject }) => subject),
    i: observations.map(({ indicator }) => indicator),
    t: differences(observations.map(({ time }) => time / k)),
    k,
    r: differences(observations.map(({ received }) => received)),
    c: observations.map(({ source }) => words.number(source)),
    d: packIds(observations.map(({ id }) => id)),
    v: observations.map(({ value }) => value / n),
    n,
  };
  if (observations.some(({ ref }) => ref !== '')) columns.f = observations.map(({ ref }) => ref);
  if (observations.some(({ amountFen }) => amountFen)) columns.a = observations.map(({ amountFen }) => amountFen);
  if (observations.some(({ workers }) => workers)) columns.w = observations.map(({ workers }) => workers);
  if (observations.some(({ until }) => until !== NO_UNTIL))
    columns.u = observations.map(({ until }) => (until === NO_UNTIL ? 0 : until));
  if (observations.some(({ more }) => more)) columns.m = observations.map(({ more }) => more ?? 0);
  return deflateRawSync(JSON.stringify(columns), { level: LEVEL });
}

/** @throws when the block is damaged */
export function decodeBlock(block: Buffer, words: Words): RawObservation[] {
  const { s, i, t, k, r, c, d, v, n, f, a, w, u, m } = JSON.parse(inflateRawSync(block).toString()) as Columns;
  const times = sums(t);
  const receipts = sums(r);
  const ids = unpackIds(d);
  return s.map((subject, at) => ({
    indicator: i[at]!,
    ref: f?.[at] ?? '',
    time: times[at]! * k,
    source: words.word(c[at]!),
    id: ids[at]!,
    value: v[at]! * n,
    amountFen: a?.[at] ?? 0,
    workers: w?.[at] ?? 0,
    until: u?.[at] || NO_UNTIL,
    more: m?.[at] || undefined,
    subject,
    received: receipts[at]!,
  }));
}

function differences(values: readonly number[]): number[] {
  return values.map((value, i) => value - (i ? values[i - 1]! : 0));
}

function sums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

/** Whole numbers as differences from the whole number before. */
function packIds(ids: readonly string[]): (number | string)[] {
  let before = 0;
  return ids.map((id) => {
    if (!WHOLE.test(id)) return id;
    const difference = Number(id) - before;
    before = Number(id);
    return difference;
  });
}

function unpackIds(packed: readonly (number | string)[]): string[] {
  let before = 0;
  return packed.map((one) => {
    if (typeof one === 'string') return one;
    before += one;
    return String(before);
  });
}
