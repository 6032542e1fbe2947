import type { AlertRow, RecoveryTuple } from '../row.ts';
import { CHANNELS, INDUSTRIES, STAGES, TIERS } from '../../../contract/codes.ts';
import type { Enterprise, Project } from '../../../contract/events.ts';
import { ByteReader, ByteWriter } from './byteCodec.ts';
import { VERDICT_CODES } from './columns.ts';

/**
 * A checkpoint chunk: rows with the strings they need, readable without anything else. Strings come before the rows
 * that name them; times are differences, which are mostly small; a byte of flags says what a row has.
 */
const MAGIC = 0x57;
const VERSION = 1;

const HAS_PROJECT = 1;
const HAS_LOCATION = 2;
const HAS_CLOSED = 4;
const HAS_VERDICT = 8;
const HAS_VERDICT_AT = 16;
const HAS_RECOVERIES = 32;
const HAS_OTHER_SUM = 64;

/** Numbers strings in the order in which they are first met. */
class Table<T> {
  readonly list: T[] = [];
  private readonly indexes = new Map<T, number>();
  index(value: T): number {
    let index = this.indexes.get(value);
    if (index === undefined) {
      index = this.list.length;
      this.list.push(value);
      this.indexes.set(value, index);
    }
    return index;
  }
}

export function encodeRows(rows: readonly AlertRow[]): Buffer {
  const towns = new Table<string>();
  const enterprises = new Table<Enterprise>();
  const projects = new Table<Project>();
  const heads = new Table<string>();
  const body = new ByteWriter();
  let raisedBefore = 0;
  for (const row of rows) {
    const list = row.recoveries;
    const sum = list?.reduce((total, [, fen]) => total + fen, 0) ?? 0;
    body.unsigned(
      (row.project ? HAS_PROJECT : 0) | (row.location ? HAS_LOCATION : 0) | (row.closedAt !== undefined ? HAS_CLOSED : 0) |
        (row.verdict ? HAS_VERDICT : 0) | (row.verdictAt !== undefined ? HAS_VERDICT_AT : 0) |
        (list && list.length > 0 ? HAS_RECOVERIES : 0) | (sum !== row.recoveredFen ? HAS_OTHER_SUM : 0),
    );
    const [head, digits] = splitId(row.alertId);
    body.unsigned(heads.index(head));
    body.unsigned(digits === '' ? 0 : Number(digits) * 10 + digits.length);
    body.unsigned(
      TIERS.indexOf(row.tier) + 4 * (STAGES.indexOf(row.stage) + 8 * (INDUSTRIES.indexOf(row.industry) + 32 * CHANNELS.indexOf(row.channel))),
    );
    body.unsigned(towns.index(row.town));
    body.unsigned(enterprises.index(row.enterprise));
    if (row.project) body.unsigned(projects.index(row.project));
    body.unsigned(row.workers);
    body.unsigned(row.amountFen);
    body.signed(row.raisedAt - raisedBefore);
    raisedBefore = row.raisedAt;
    body.signed(row.dueAt - row.raisedAt);
    body.signed(row.changedAt - row.raisedAt);
    if (row.closedAt !== undefined) body.signed(row.closedAt - row.changedAt);
    if (row.verdict) body.unsigned(VERDICT_CODES.indexOf(row.verdict));
    if (row.verdictAt !== undefined) body.signed(row.verdictAt - row.changedAt);
    if (row.location) {
      body.double(row.location.lng);
      body.double(row.location.lat);
    }
    if (list && list.length > 0) {
      body.unsigned(list.length);
      for (const [at, fen, workers] of list) {
        body.signed(at - row.raisedAt);
        body.unsigned(fen);
        body.unsigned(workers);
      }
    }
    if (sum !== row.recoveredFen) body.unsigned(row.recoveredFen);
  }
  const head = new ByteWriter();
  head.unsigned(MAGIC);
  head.unsigned(VERSION);
  head.unsigned(rows.length);
  strings(head, towns.list);
  strings(head, heads.list);
  head.unsigned(enterprises.list.length);
  for (const { uscc, name } of enterprises.list) {
    head.unsigned(uscc === undefined ? 0 : 1);
    if (uscc !== undefined) head.string(uscc);
    head.string(name);
  }
  head.unsigned(projects.list.length);
  for (const { id, name } of projects.list) {
    head.string(id);
    head.string(name);
  }
  return Buffer.concat([head.finish(), body.finish()]);
}

/** The rows, in order. @throws RangeError when the buffer is no chunk, or not whole. */
export function decodeRows(buffer: Buffer): AlertRow[] {
  const rows: AlertRow[] = [];
  const reader = new ByteReader(buffer);
  if (reader.unsigned() !== MAGIC || reader.unsigned() !== VERSION) throw new RangeError('not a chunk of alerts of this version');
  const count = reader.unsigned();
  const towns = readStrings(reader);
  const heads = readStrings(reader);
  const enterprises: Enterprise[] = [];
  for (let n = reader.unsigned(); n > 0; n--) {
    enterprises.push(reader.unsigned() === 1 ? { uscc: reader.string(), name: reader.string() } : { name: reader.string() });
  }
  const projects: Project[] = [];
  for (let n = reader.unsigned(); n > 0; n--) projects.push({ id: reader.string(), name: reader.string() });
  let raisedBefore = 0;
  for (let i = 0; i < count; i++) {
    const flags = reader.unsigned();
    const head = pick(heads, reader.unsigned());
    const number = reader.unsigned();
    const width = number % 10;
    const alertId = width === 0 ? head : head + String((number - width) / 10).padStart(width, '0');
    const dims = reader.unsigned();
    const town = pick(towns, reader.unsigned());
    const enterprise = pick(enterprises, reader.unsigned());
    const project = flags & HAS_PROJECT ? pick(projects, reader.unsigned()) : undefined;
    const workers = reader.unsigned();
    const amountFen = reader.unsigned();
    const raisedAt = raisedBefore + reader.signed();
    raisedBefore = raisedAt;
    const dueAt = raisedAt + reader.signed();
    const changedAt = raisedAt + reader.signed();
    const row: AlertRow = {
      alertId,
      tier: pick(TIERS, dims & 3),
      town,
      industry: pick(INDUSTRIES, (dims >>> 5) & 31),
      channel: pick(CHANNELS, dims >>> 10),
      stage: pick(STAGES, (dims >>> 2) & 7),
      enterprise,
      workers,
      amountFen,
      raisedAt,
      dueAt,
      recoveredFen: 0,
      changedAt,
    };
    if (project) row.project = project;
    if (flags & HAS_CLOSED) row.closedAt = changedAt + reader.signed();
    if (flags & HAS_VERDICT) row.verdict = pick(VERDICT_CODES, reader.unsigned());
    if (flags & HAS_VERDICT_AT) row.verdictAt = changedAt + reader.signed();
    if (flags & HAS_LOCATION) row.location = { lng: reader.double(), lat: reader.double() };
    if (flags & HAS_RECOVERIES) {
      const list: RecoveryTuple[] = [];
      for (let n = reader.unsigned(); n > 0; n--) {
        const tuple: RecoveryTuple = [raisedAt + reader.signed(), reader.unsigned(), reader.unsigned()];
        list.push(tuple);
        row.recoveredFen += tuple[1];
      }
      row.recoveries = list;
    }
    if (flags & HAS_OTHER_SUM) row.recoveredFen = reader.unsigned();
    rows.push(row);
  }
  if (!reader.atEnd) throw new RangeError('bytes after the last row');
  return rows;
}

/** An id's beginning, which others share, and up to nine last digits. */
function splitId(id: string): [head: string, digits: string] {
  let start = id.length;
  while (start > 0 && id.length - start < 9 && id.charCodeAt(start - 1) >= 48 && id.charCodeAt(start - 1) <= 57) start--;
  return [id.slice(0, start), id.slice(start)];
}

function pick<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError('malformed chunk');
  return value;
}

function strings(writer: ByteWriter, list: readonly string[]): void {
  writer.unsigned(list.length);
  for (const text of list) writer.string(text);
}

function readStrings(reader: ByteReader): string[] {
  const list: string[] = [];
  for (let n = reader.unsigned(); n > 0; n--) list.push(reader.string());
  return list;
}
