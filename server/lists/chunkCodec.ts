import { crc32 } from 'node:zlib';
import type { RecoveryTuple } from '../alerts/row.ts';
import { ByteReader, ByteWriter, ownString } from '../../common/bytes.ts';
import { channelOf, industryOf, NO_PROJECT, packDims, stageOf, tierOf, townOf, verdictOf } from './alertColumns.ts';
import { SlotFields } from './slotFields.ts';
import type { AlertStore } from './store.ts';

/**
 * A checkpoint chunk: alerts with the strings they need, readable without anything else, and the same whatever numbers
 * the strings have in the table. Codes of dimensions are positions in the vocabularies, which only ever grow at the end.
 * Times are differences, which are mostly small; a byte of flags says what an alert has.
 *
 * Layout: CRC-32 of the rest (4 bytes), version, number of alerts, strings, names and texts of the fields that need no
 * code of their own, alerts. Such a field is told by its name: one that the reader does not know is passed over.
 */
/** 3: platform and unit of the last dispatch. 4: a term that does not run is NO_TERM. */
const VERSION = 4;
const CRC_BYTES = 4;

const HAS_PROJECT = 1;
const HAS_LOCATION = 2;
const HAS_CLOSED = 4;
const HAS_VERDICT_AT = 8;
const HAS_RECOVERIES = 16;
const HAS_OTHER_SUM = 32;
const HAS_EXTRAS = 64;
const POSITION_OUTSIDE = 128;

/** Numbers things in the order in which they are first met. */
class Numbering {
  readonly list: number[] = [];
  private readonly numbers = new Map<number, number>();

  of(thing: number): number {
    let number = this.numbers.get(thing);
    if (number === undefined) {
      number = this.list.length;
      this.list.push(thing);
      this.numbers.set(thing, number);
    }
    return number;
  }
}

/** The same for texts. */
class TextNumbering {
  readonly list: string[] = [];
  private readonly numbers = new Map<string, number>();

  of(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.list.length);
    return this.list.push(text) - 1;
  }
}

/** The alerts in slots `first` … `end` − 1. */
export function encodeSlots(store: AlertStore, first: number, end: number): Buffer {
  const { columns, ids, recoveries } = store;
  const towns = new Numbering();
  const heads = new Numbering();
  const enterprises = new Numbering();
  const projects = new Numbering();
  const { extras } = store;
  const texts = new TextNumbering();
  const body = new ByteWriter();
  let raisedBefore = 0;
  for (let slot = first; slot < end; slot++) {
    const dims = columns.dims[slot]!;
    const project = columns.project[slot]!;
    const closedAt = columns.closedAt[slot]!;
    const verdictAt = columns.verdictAt[slot]!;
    const lng = columns.lng[slot]!;
    const list = recoveries.list(slot);
    const recoveredFen = store.recoveredFen(slot);
    const otherSum = recoveries.fenOf(slot) !== recoveredFen;
    const flags =
      (project !== NO_PROJECT ? HAS_PROJECT : 0) |
      (lng === lng ? HAS_LOCATION : 0) |
      (store.sets.outside.has(slot) ? POSITION_OUTSIDE : 0) |
      (closedAt === closedAt ? HAS_CLOSED : 0) |
      (verdictAt === verdictAt ? HAS_VERDICT_AT : 0) |
      (list ? HAS_RECOVERIES : 0) |
      (otherSum ? HAS_OTHER_SUM : 0) |
      (extras.fields.some((_, field) => extras.value(slot, field) !== undefined) ? HAS_EXTRAS : 0);
    body.number(flags);
    // 0: the id as a string; else 1 + the head's number.
    if (ids.isRaw(slot)) {
      body.number(0);
      body.string(ids.id(slot));
    } else {
      body.number(1 + heads.of(ids.head[slot]!));
      body.number(ids.tail[slot]!);
    }
    body.number(
      tierOf(dims) + 4 * (stageOf(dims) + 8 * (verdictOf(dims) + 4 * (industryOf(dims) + 32 * channelOf(dims)))),
    );
    body.number(towns.of(townOf(dims)));
    body.number(enterprises.of(columns.enterprise[slot]!));
    if (project !== NO_PROJECT) body.number(projects.of(project));
    body.number(columns.workers[slot]!);
    body.number(columns.amountFen[slot]!);
    const raisedAt = columns.raisedAt[slot]!;
    const changedAt = columns.changedAt[slot]!;
    body.signed(raisedAt - raisedBefore);
    raisedBefore = raisedAt;
    body.signed(columns.dueAt[slot]! - raisedAt);
    body.signed(changedAt - raisedAt);
    if (closedAt === closedAt) body.signed(closedAt - changedAt);
    if (verdictAt === verdictAt) body.signed(verdictAt - changedAt);
    if (lng === lng) {
      body.double(lng);
      body.double(columns.lat[slot]!);
    }
    if (list) {
      body.number(list.length);
      for (const [at, fen, workers] of list) {
        body.signed(at - raisedAt);
        body.number(fen);
        body.number(workers);
      }
    }
    if (otherSum) body.number(recoveredFen);
    if (flags & HAS_EXTRAS) {
      for (let field = 0; field < extras.fields.length; field++) {
        const value = extras.value(slot, field);
        if (value === undefined) body.number(0);
        else if (typeof value === 'string') body.number(2 + texts.of(value));
        else {
          body.number(1);
          body.double(Number(value));
        }
      }
    }
  }

  const head = new ByteWriter();
  head.number(VERSION);
  head.number(end - first);
  head.strings(towns.list.map((town) => store.towns[town]!));
  head.strings(heads.list.map((id) => ids.heads[id]!));
  for (const id of heads.list) head.number(ids.widths[id]!);
  const parties = enterprises.list.map((entry) => store.enterprises.values[entry]!);
  head.strings(parties.map(({ name }) => name));
  // In front of a uscc stands a mark: there may be none, and there may be an empty one.
  head.strings(parties.map(({ uscc }) => (uscc === undefined ? '' : `=${uscc}`)));
  const works = projects.list.map((entry) => store.projects.values[entry]!);
  head.strings(works.map(({ name }) => name));
  head.strings(works.map(({ id }) => id));
  head.strings(extras.fields.map(({ name }) => name));
  head.strings(texts.list);
  const content = Buffer.concat([Buffer.alloc(CRC_BYTES), head.written(), body.written()]);
  content.writeUInt32LE(crc32(content.subarray(CRC_BYTES)), 0);
  return content;
}

/**
 * Appends the alerts of a chunk to a store.
 * @returns how many
 * @throws RangeError when the bytes are no whole chunk of this version (then nothing has been appended), or when an
 * alert is in the store already (then the store is of no more use)
 */
export function decodeSlots(store: AlertStore, bytes: Buffer): number {
  if (bytes.length < CRC_BYTES || bytes.readUInt32LE(0) !== crc32(bytes.subarray(CRC_BYTES)))
    throw new RangeError('not a whole chunk of alerts');
  const reader = new ByteReader(bytes, CRC_BYTES);
  if (reader.number() !== VERSION) throw new RangeError('a chunk of alerts of another version');
  const count = reader.number();
  const { ids } = store;
  const towns = reader.strings().map((code) => store.townIndex(ownString(code)));
  const heads = reader.strings().map((text) => {
    const width = reader.number();
    return { width, text, id: ids.headId(text, width) };
  });
  const names = reader.strings();
  const enterprises = reader.strings().map((marked, i) => {
    const name = names[i]!;
    const known = store.enterprises.find(marked === '' ? { name } : { uscc: marked.slice(1), name });
    if (known !== undefined) return known;
    return store.enterprises.intern(
      marked === '' ? { name: ownString(name) } : { uscc: ownString(marked.slice(1)), name: ownString(name) },
    );
  });
  const titles = reader.strings();
  const projects = reader.strings().map((id, i) => {
    const name = titles[i]!;
    return store.projects.find({ id, name }) ?? store.projects.intern({ id: ownString(id), name: ownString(name) });
  });

  // Places in this table of the fields that the chunk has; -1 for one that is none of them any more.
  const extraFields = reader.strings().map((name) => store.extras.fields.findIndex((field) => field.name === name));
  const extraTexts = reader.strings().map(ownString);

  store.reserve(store.size + count);
  const fields = new SlotFields();
  let raisedAt = 0;
  for (let i = 0; i < count; i++) {
    const flags = reader.number();
    const headNumber = reader.number();
    const head = headNumber === 0 ? undefined : heads[headNumber - 1]!;
    let slot: number;
    if (head?.id !== undefined) {
      const tail = reader.number();
      if (ids.findNumber(head.id, tail) >= 0) throw new RangeError('an alert of another chunk');
      slot = ids.appendNumber(head.id, tail);
    } else {
      const id = head ? head.text + String(reader.number()).padStart(head.width, '0') : reader.string();
      if (ids.find(id) >= 0) throw new RangeError('an alert of another chunk');
      slot = ids.append(id);
    }
    const codes = reader.number();
    fields.dims =
      packDims(
        codes & 3,
        (codes >>> 2) & 7,
        (codes >>> 5) & 3,
        (codes >>> 7) & 31,
        codes >>> 12,
        towns[reader.number()]!,
      ) >>> 0;
    fields.enterprise = enterprises[reader.number()]!;
    fields.project = flags & HAS_PROJECT ? projects[reader.number()]! : NO_PROJECT;
    fields.workers = reader.number();
    fields.amountFen = reader.number();
    raisedAt += reader.signed();
    fields.raisedAt = raisedAt;
    fields.dueAt = raisedAt + reader.signed();
    const changedAt = raisedAt + reader.signed();
    fields.changedAt = changedAt;
    fields.closedAt = flags & HAS_CLOSED ? changedAt + reader.signed() : NaN;
    fields.verdictAt = flags & HAS_VERDICT_AT ? changedAt + reader.signed() : NaN;
    fields.lng = flags & HAS_LOCATION ? reader.double() : NaN;
    fields.lat = flags & HAS_LOCATION ? reader.double() : NaN;
    fields.positionOutside = (flags & POSITION_OUTSIDE) !== 0;
    fields.recoveredFen = 0;
    fields.recoveries = NONE;
    if (flags & HAS_RECOVERIES) {
      const list: RecoveryTuple[] = [];
      for (let n = reader.number(); n > 0; n--) {
        const recovery: RecoveryTuple = [raisedAt + reader.signed(), reader.number(), reader.number()];
        list.push(recovery);
        fields.recoveredFen += recovery[1];
      }
      fields.recoveries = list;
    }
    if (flags & HAS_OTHER_SUM) fields.recoveredFen = reader.number();
    store.fill(slot, fields);
    if (flags & HAS_EXTRAS) {
      for (const field of extraFields) {
        const kind = reader.number();
        const value = kind === 0 ? undefined : kind === 1 ? reader.double() : extraTexts[kind - 2]!;
        if (field >= 0 && value !== undefined) store.extras.set(slot, field, value);
      }
    }
  }
  return count;
}

const NONE: readonly RecoveryTuple[] = [];
