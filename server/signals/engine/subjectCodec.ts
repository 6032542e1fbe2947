import type { Industry } from '../../../contract/codes.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { NO_UNTIL } from '../assess/observation.ts';
import { packMark, unpackMark, type PackedMark } from './alertMarks.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readFinding, writeFinding } from './findingCodec.ts';
import { NEVER, type KeptObservation, type ObservedMore, type Registration, type Subject } from './subject.ts';
import type { Words } from './words.ts';

/**
 * A subject as bytes: number, day on which it is due, then what there is of it, as flags tell; strings that recur as numbers
 * (words.ts). About 70 bytes for a registered employer, and 20 more for each observation.
 */
const REGISTERED = 1;
const FOUND = 2;
const OWNED = 4;
const ALERTS = 8;
const DUE = 16;

export function encodeSubject(subject: Subject, words: Words): Buffer {
  const { n, due, registration, observations, alerts, found, scores, owner } = subject;
  writer.uint(n);
  writer.uint(
    (registration ? REGISTERED : 0) |
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
  for (const one of observations) writeObservation(one, words);
  if (registration) writeRegistration(registration, words);
  return writer.take();
}

/** @throws UnknownWord, SyntaxError if the bytes are no subject */
export function decodeSubject(key: SubjectKey, bytes: Buffer, words: Words): Subject {
  const reader = new ByteReader(bytes);
  const subject = newSubject(key, reader.uint());
  const has = reader.uint();
  if (has & DUE) subject.due = reader.uint();
  if (has & OWNED) subject.owner = reader.text() as SubjectKey;
  if (has & FOUND) subject.found = readFinding(reader, words);
  for (let left = reader.uint(); left > 0; left--) subject.scores.push([reader.uint(), reader.uint()]);
  if (has & ALERTS) subject.alerts = (JSON.parse(reader.text()) as PackedMark[]).map(unpackMark);
  for (let left = reader.uint(); left > 0; left--) subject.observations.push(readObservation(reader, words));
  if (has & REGISTERED) subject.registration = readRegistration(reader, words);
  return subject;
}

/** A subject of which nothing is known. */
export function newSubject(key: SubjectKey, n: number): Subject {
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

const REF = 1;
const AMOUNT = 2;
const WORKERS = 4;
const UNTIL = 8;
const MORE = 16;

function writeObservation(one: KeptObservation, words: Words): void {
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

const ACTIVE = 1;
const HEADCOUNT = 2;
const LOCATION = 4;
const USCC = 8;
const PROJECT = 16;
const REST = 32;

function writeRegistration(one: Registration, words: Words): void {
  const { active, headcount, location, uscc, project, more } = one;
  writer.uint(
    (active ? ACTIVE : 0) |
      (headcount === undefined ? 0 : HEADCOUNT) |
      (location ? LOCATION : 0) |
      (uscc === undefined ? 0 : USCC) |
      (project ? PROJECT : 0) |
      (more ? REST : 0),
  );
  writer.time(one.time);
  writer.uint(words.number(one.source));
  writer.id(one.id);
  writer.text(one.name);
  writer.uint(words.number(one.town));
  writer.uint(words.number(one.industry));
  if (headcount !== undefined) writer.uint(headcount);
  if (location) {
    writer.decimal(location.lng);
    writer.decimal(location.lat);
  }
  if (uscc !== undefined) writer.text(uscc);
  if (project) {
    writer.text(project.id);
    writer.text(project.name);
  }
  if (more) writer.text(JSON.stringify(more));
}

function readRegistration(reader: ByteReader, words: Words): Registration {
  const has = reader.uint();
  return {
    time: reader.time(),
    source: words.word(reader.uint()),
    id: reader.id(),
    name: reader.text(),
    town: words.word(reader.uint()),
    industry: words.word(reader.uint()) as Industry,
    active: (has & ACTIVE) !== 0,
    headcount: has & HEADCOUNT ? reader.uint() : undefined,
    location: has & LOCATION ? { lng: reader.decimal(), lat: reader.decimal() } : undefined,
    uscc: has & USCC ? reader.text() : undefined,
    project: has & PROJECT ? { id: reader.text(), name: reader.text() } : undefined,
    more: has & REST ? (JSON.parse(reader.text()) as Registration['more']) : undefined,
  };
}
