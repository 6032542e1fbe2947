import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader, ByteWriter } from './bytes.ts';
import { UNCHANGED, type FeedRows, type SubjectRow } from './feedRows.ts';
import { heardName } from './heard.ts';
import { OpenSubject } from './openSubject.ts';
import type { SourceRecord } from './sourceBook.ts';
import type { Subject } from './subject.ts';
import type { SubjectHead } from './subjectCodec.ts';
import type { Words } from './words.ts';

/** What a commit of the engine has changed: an entry of its feed. */
export interface SubjectChange {
  rows: SubjectRow[];
  meters: Meters;
  /** Sources that have spoken, as they stand now. */
  sources: [name: string, record: SourceRecord][];
}

/** What the engine has counted since ever. */
export interface Meters {
  observed: number;
  registered: number;
  duplicates: number;
  raised: number;
  escalated: number;
  /** Version in force; '' where there is none. */
  version: string;
  /** `dayOf` now, as the engine has it. */
  day: number;
}

/** An entry as it is read: its rows as bytes, where they begin, and how many they are. */
export interface ReadChange extends Omit<SubjectChange, 'rows'> {
  rows: ByteReader;
  count: number;
}

/** How an entry begins, before its bytes in base64; what earlier programs wrote has no such sign. */
const PLAIN = ':';
const DEFLATED = '^';
/** Below, compressing is not worth it. */
const SHORT = 1_000;

/** @param whole whether its registration may be new to who reads the feed */
export function rowOf(subject: Subject, whole = true): SubjectRow {
  const { key, n, found, observations } = subject;
  const registered = subject instanceof OpenSubject ? subject.isRegistered : subject.registration !== undefined;
  return {
    key,
    n,
    shown: subject.owner === undefined && (registered || observations.length > 0),
    registration: registered && !whole ? UNCHANGED : subject.registration,
    name: registered ? undefined : heardName(key, observations),
    found,
  };
}

/** Of one that was loaded. */
export function rowOfHead({ key, n, owner, registration, observed, name, found }: SubjectHead): SubjectRow {
  const shown = owner === undefined && (registration !== undefined || observed);
  return { key, n, shown, registration, name, found };
}

/** @param fresh words that are new with this entry; they are asked for after the rows were made */
export function encodeSubjectChange(
  rows: FeedRows,
  { meters, sources }: Omit<SubjectChange, 'rows'>,
  fresh: readonly string[],
): string {
  writer.clear();
  writer.text(JSON.stringify([rows.count, meters, sources, fresh]));
  writer.copy(rows.written);
  const bytes = writer.written();
  return bytes.length < SHORT
    ? PLAIN + bytes.toString('base64')
    : DEFLATED + deflateRawSync(bytes, { level: 1 }).toString('base64');
}

/** One for all: nothing here waits for anything. */
const writer = new ByteWriter();

/**
 * An entry of the feed, with its rows as they were written (feedRows.ts).
 * @param words those of all entries before; learns those that are new
 * @throws Error when it is none, or one of another version of the program
 */
export function readSubjectChange(payload: string, words: Words): ReadChange {
  const sign = payload[0];
  if (sign !== PLAIN && sign !== DEFLATED) throw new Error('an entry of the feed of subjects that cannot be read');
  const sent = Buffer.from(payload.slice(1), 'base64');
  const rows = new ByteReader(sign === PLAIN ? sent : inflateRawSync(sent));
  const [count, meters, sources, fresh] = JSON.parse(rows.text()) as [
    number,
    Meters,
    SubjectChange['sources'],
    string[],
  ];
  for (const word of fresh) words.number(word);
  return { rows, count, meters, sources };
}
