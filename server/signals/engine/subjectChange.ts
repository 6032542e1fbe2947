import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { FeedRows } from './feedRows.ts';
import { OpenSubject } from './openSubject.ts';
import type { Finding, Registration, Subject } from './subject.ts';
import { packFinding, packRegistration, type PackedFinding, type PackedRegistration } from './packedRow.ts';
import type { SubjectHead } from './subjectCodec.ts';
import type { SourceRecord } from './sourceBook.ts';
import type { Words } from './words.ts';

/** A subject as lists and figures need it. */
export interface SubjectRow {
  key: SubjectKey;
  n: number;
  /** It is watched: registered or observed, and does not answer as somebody else. */
  shown: boolean;
  /** UNCHANGED: the one that an earlier row had, or that was stored. */
  registration?: Registration | typeof UNCHANGED | undefined;
  found?: Finding | undefined;
}
export const UNCHANGED = 1;

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

/** Below, compressing is not worth it. What is compressed does not begin with a bracket. */
const SHORT = 1_000;

/** A row as an entry of the feed has it. */
export type PackedRow = [
  key: SubjectKey,
  n: number,
  shown: 0 | 1,
  registration: PackedRegistration | typeof UNCHANGED | 0,
  found: PackedFinding | 0,
];

/** @param whole whether its registration may be new to who reads the feed */
export function rowOf(subject: Subject, whole = true): SubjectRow {
  const { key, n, found, observations } = subject;
  const registered = subject instanceof OpenSubject ? subject.isRegistered : subject.registration !== undefined;
  return {
    key,
    n,
    shown: subject.owner === undefined && (registered || observations.length > 0),
    registration: registered && !whole ? UNCHANGED : subject.registration,
    found,
  };
}

/** Of one that was loaded. */
export function rowOfHead({ key, n, owner, registration, observed, found }: SubjectHead): SubjectRow {
  const shown = owner === undefined && (registration !== undefined || observed);
  return { key, n, shown, registration, found };
}

/** A row in JSON. */
export function encodeRow({ key, n, shown, registration, found }: SubjectRow, words: Words): string {
  const packed: PackedRow = [
    key,
    n,
    shown ? 1 : 0,
    packedRegistration(registration, words),
    found ? packFinding(found, words) : 0,
  ];
  return JSON.stringify(packed);
}

/** @param fresh words that are new with this entry; they are asked for after the rows were made */
export function encodeSubjectChange(
  rows: FeedRows,
  { meters, sources }: Omit<SubjectChange, 'rows'>,
  fresh: readonly string[],
): string {
  const rest = `],${JSON.stringify(meters)},${JSON.stringify(sources)},${JSON.stringify(fresh)}]`;
  const bytes = Buffer.concat([Buffer.from('[['), rows.written, Buffer.from(rest)]);
  return bytes.length < SHORT ? bytes.toString() : deflateRawSync(bytes, { level: 1 }).toString('base64');
}

function packedRegistration(registration: SubjectRow['registration'], words: Words): PackedRow[3] {
  if (registration === undefined) return 0;
  return registration === UNCHANGED ? UNCHANGED : packRegistration({ ...registration, more: undefined }, words);
}

/**
 * An entry of the feed, with its rows as it has them (`SubjectBook.putPacked`): at midnight there are hundreds of thousands of them, and what
 * would be made of each only to be written elsewhere is what the collector has most to do with.
 * @param words those of all entries before; learns those that are new
 */
export function readSubjectChange(
  payload: string,
  words: Words,
): Omit<SubjectChange, 'rows'> & { rows: readonly PackedRow[] } {
  const text = payload.startsWith('[') ? payload : inflateRawSync(Buffer.from(payload, 'base64')).toString();
  const [rows, meters, sources, fresh] = JSON.parse(text) as [PackedRow[], Meters, SubjectChange['sources'], string[]];
  for (const word of fresh) words.number(word);
  return { rows, meters, sources };
}
