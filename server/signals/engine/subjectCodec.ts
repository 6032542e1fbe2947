import type { SubjectKey } from '../../../common/subjectKey.ts';
import { NO_UNTIL } from '../assess/observation.ts';
import { packMark, unpackMark, type PackedMark } from './alertMarks.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readFinding, writeFinding } from './findingCodec.ts';
import { heardName } from './heard.ts';
import { OpenSubject } from './openSubject.ts';
import { readRegistration, writeRegistration } from './registrationCodec.ts';
import { NEVER, type KeptObservation, type ObservedMore, type Subject } from './subject.ts';
import type { Words } from './words.ts';

/**
 * A subject as bytes: number, day on which it is due, then what there is of it, as flags tell; strings that recur as numbers
 * (words.ts). About 70 bytes for a registered employer, and 20 more for each observation.
 */
export const REGISTERED = 1;
export const FOUND = 2;
export const OWNED = 4;
export const ALERTS = 8;
export const DUE = 16;

export function encodeSubject(subject: Subject, words: Words): Buffer {
  const { n, due, observations, alerts, found, scores, owner } = subject;
  const packed = subject instanceof OpenSubject ? subject.packed : undefined;
  const registration = packed ? undefined : subject.registration;
  writer.uint(n);
  writer.uint(
    (packed || registration ? REGISTERED : 0) |
      (found ? FOUND : 0) |
      (owner === undefined ? 0 : OWNED) |
      (alerts.length ? ALERTS : 0) |
      (due === NEVER ? 0 : DUE),
  );
  if (due !== NEVER) writer.uint(due);
  if (owner !== undefined) writer.text(owner);
  if (found) writeFinding(writer, found, words);
  writer.uint(scores.length);
  for (const [day, tenths] of scores) {
    writer.uint(day);
    writer.uint(tenths);
  }
  // Few have any.
  if (alerts.length) writer.text(JSON.stringify(alerts.map(packMark)));
  writer.uint(observations.length);
  for (const one of observations) writeObservation(writer, one, words);
  if (packed) writer.copy(packed);
  else if (registration) writeRegistration(writer, registration, words);
  return writer.take();
}

/** @throws UnknownWord, SyntaxError if the bytes are no subject */
export function decodeSubject(key: SubjectKey, bytes: Buffer, words: Words): Subject {
  const reader = new ByteReader(bytes);
  const subject = newSubject(key, reader.uint());
  if (readState(reader, subject, words) & REGISTERED) subject.registration = readRegistration(reader, words);
  return subject;
}

/**
 * The same, of which the registration is read when somebody asks for it: most changes of a subject are none of that.
 * @param bytes good for the moment; what is read later is copied
 */
export function openSubject(key: SubjectKey, n: number, bytes: Buffer | undefined, words: Words): OpenSubject {
  const subject = new OpenSubject(key, n, words);
  if (!bytes) return subject;
  const reader = new ByteReader(bytes);
  reader.uint();
  if (readState(reader, subject, words) & REGISTERED) subject.packed = reader.rest();
  return subject;
}

/** A subject without its past: what lists and indexes are loaded from. */
export type SubjectHead = Pick<Subject, 'key' | 'n' | 'due' | 'owner' | 'found' | 'registration'> & {
  /** Something is kept that was observed. */
  observed: boolean;
  /** What it is called by those who observed it, where it is not registered. */
  name?: string | undefined;
};

/** @throws UnknownWord, SyntaxError if the bytes are no subject */
export function decodeHead(key: SubjectKey, bytes: Buffer, words: Words): SubjectHead {
  const reader = new ByteReader(bytes);
  const head: SubjectHead = { key, n: reader.uint(), due: NEVER, owner: undefined, found: undefined, observed: false };
  const has = readStanding(reader, head, words);
  for (let left = reader.uint(); left > 0; left--) {
    reader.uint();
    reader.uint();
  }
  if (has & ALERTS) reader.skipText();
  let left = reader.uint();
  head.observed = left > 0;
  if (has & REGISTERED) {
    for (; left > 0; left--) skipObservation(reader);
    head.registration = readRegistration(reader, words);
  } else {
    const observations: KeptObservation[] = [];
    for (; left > 0; left--) observations.push(readObservation(reader, words));
    head.name = heardName(key, observations);
  }
  return head;
}

/** @returns the flags */
function readStanding(reader: ByteReader, into: Pick<Subject, 'due' | 'owner' | 'found'>, words: Words): number {
  const has = reader.uint();
  if (has & DUE) into.due = reader.uint();
  if (has & OWNED) into.owner = reader.text() as SubjectKey;
  if (has & FOUND) into.found = readFinding(reader, words);
  return has;
}

/** All but the number and the registration. @returns the flags */
function readState(reader: ByteReader, subject: Subject, words: Words): number {
  const has = readStanding(reader, subject, words);
  for (let left = reader.uint(); left > 0; left--) subject.scores.push([reader.uint(), reader.uint()]);
  if (has & ALERTS) subject.alerts = (JSON.parse(reader.text()) as PackedMark[]).map(unpackMark);
  for (let left = reader.uint(); left > 0; left--) subject.observations.push(readObservation(reader, words));
  return has;
}

/** A subject of which nothing is known. */
function newSubject(key: SubjectKey, n: number): Subject {
  return {
    key,
    n,
    due: NEVER,
    registration: undefined,
    observations: [],
    alerts: [],
    found: undefined,
    scores: [],
    owner: undefined,
  };
}

/** One for all: nothing here waits for anything. */
const writer = new ByteWriter();

export const REF = 1;
export const AMOUNT = 2;
export const WORKERS = 4;
export const UNTIL = 8;
export const MORE = 16;

/** Indicator, flags of what there is of it, and then that; factColumns.ts reads the same. */
export function writeObservation(writer: ByteWriter, one: KeptObservation, words: Words): void {
  const { ref, amountFen, workers, until, more } = one;
  writer.uint(one.indicator);
  writer.uint(
    (ref === '' ? 0 : REF) |
      (amountFen ? AMOUNT : 0) |
      (workers ? WORKERS : 0) |
      (until === NO_UNTIL ? 0 : UNTIL) |
      (more ? MORE : 0),
  );
  writer.time(one.time);
  writer.uint(words.number(one.source));
  writer.id(one.id);
  writer.thousandths(one.value);
  if (ref !== '') writer.id(ref);
  if (amountFen) writer.uint(amountFen);
  if (workers) writer.uint(workers);
  if (until !== NO_UNTIL) writer.int(until);
  if (more) writer.text(JSON.stringify(more));
}

function readObservation(reader: ByteReader, words: Words): KeptObservation {
  const indicator = reader.uint();
  const has = reader.uint();
  const time = reader.time();
  const source = words.word(reader.uint());
  const id = reader.id();
  const value = reader.thousandths();
  return {
    indicator,
    ref: has & REF ? reader.id() : '',
    time,
    source,
    id,
    value,
    amountFen: has & AMOUNT ? reader.uint() : 0,
    workers: has & WORKERS ? reader.uint() : 0,
    until: has & UNTIL ? reader.int() : NO_UNTIL,
    more: has & MORE ? (JSON.parse(reader.text()) as ObservedMore) : undefined,
  };
}

function skipObservation(reader: ByteReader): void {
  reader.uint();
  const has = reader.uint();
  reader.uint();
  reader.uint();
  reader.skipId();
  reader.uint();
  if (has & REF) reader.skipId();
  if (has & AMOUNT) reader.uint();
  if (has & WORKERS) reader.uint();
  if (has & UNTIL) reader.uint();
  if (has & MORE) reader.skipText();
}
