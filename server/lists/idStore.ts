import { hashString, mix } from './hash.ts';
import { IdGrams } from './idGrams.ts';
import { RawIds } from './rawIds.ts';

/**
 * Alert ids by slot, and slots by alert id.
 *
 * Nearly every source numbers its alerts, so an id is kept as an interned head (`YH-2026-`) and the number made of
 * its last digits (at most nine, at least three): eight bytes instead of a string object. Ids that do not end in a
 * number, or whose heads never repeat, are kept whole (`RawIds`).
 */
const MIN_DIGITS = 3;
const MAX_DIGITS = 9;
/** With more heads than this, ids are evidently no numbers behind a prefix: further ones are kept whole. */
const MAX_HEADS = 8192;
/** Ids that are taken into the index for searching at once. */
const GRAMS_A_STEP = 512;
/** In place of a head: the id is kept whole. */
export const RAW = 0xffffffff;
/** The index is split by hash, so that growing never rehashes more than a small part at once. */
const SEGMENTS = 256;
const MIN_SEGMENT = 16;
/**
 * A place in the index: slot + 1 in the low bits, and in the others some of the hash, so that nearly all other alerts
 * are passed over without a look at their ids.
 */
const SLOT_BITS = 26;
const SLOT_MASK = (1 << SLOT_BITS) - 1;
const tagOf = (hash: number) => (hash << 8) & ~SLOT_MASK;

export class IdStore {
  size = 0;
  readonly heads: string[] = [];
  readonly widths: number[] = [];
  /** Per slot: the head, or RAW. */
  head = new Uint32Array(0);
  /** Per slot: the number behind the head; for RAW where `RawIds` has it. */
  tail = new Uint32Array(0);
  /** For searching; follows by `step`. */
  readonly grams = new IdGrams();
  private readonly headIds = Array.from({ length: MAX_DIGITS + 1 }, () => new Map<string, number>());
  private readonly raw = new RawIds();
  private readonly segments = Array.from({ length: SEGMENTS }, () => new Int32Array(MIN_SEGMENT));
  private readonly used = new Uint32Array(SEGMENTS);
  // The id taken apart last: fields instead of an object, because `find` runs for every event.
  private parsedHead = RAW;
  private parsedTail = 0;
  private parsedWidth = 0;
  private parsedHash = 0;
  private lastHead = -1;

  grow(capacity: number): void {
    const head = new Uint32Array(capacity);
    head.set(this.head);
    this.head = head;
    const tail = new Uint32Array(capacity);
    tail.set(this.tail);
    this.tail = tail;
  }

  /** Takes some more ids into the index for searching, about 0.1 ms; returns whether there was anything to do. */
  step(): boolean {
    const { grams, size } = this;
    if (grams.size === size) return false;
    for (let end = Math.min(size, grams.size + GRAMS_A_STEP); grams.size < end;)
      grams.add(this.id(grams.size).toLowerCase());
    return true;
  }

  /** Slot of an id, or -1. */
  find(id: string): number {
    this.parse(id);
    if (this.parsedHead === RAW && this.parsedWidth > 0 && this.heads.length < MAX_HEADS) return -1;
    return this.lookup(id);
  }

  /** Appends an id that is not there yet, at slot `size`. Room must have been made by `grow`. */
  append(id: string): number {
    this.parse(id);
    const slot = this.size;
    if (slot === SLOT_MASK) throw new RangeError('too many alerts');
    if (this.parsedHead === RAW && this.parsedWidth > 0 && this.heads.length < MAX_HEADS) {
      this.parsedHead = this.addHead(id.slice(0, id.length - this.parsedWidth), this.parsedWidth);
      this.parsedHash = numberHash(this.parsedHead, this.parsedTail);
    }
    this.head[slot] = this.parsedHead;
    if (this.parsedHead === RAW) {
      this.tail[slot] = this.raw.append(id, this.parsedHash, orderKeyOf(id));
    } else this.tail[slot] = this.parsedTail;
    this.size++;
    this.insert(slot, this.parsedHash);
    return slot;
  }

  /** As `append`, for an id already taken apart by `parts`; a head is looked up once for many ids by `headId`. */
  appendNumber(head: number, tail: number): number {
    const slot = this.size++;
    this.head[slot] = head;
    this.tail[slot] = tail;
    this.insert(slot, numberHash(head, tail));
    return slot;
  }

  /** Slot of the id made of a head and a number, or -1. */
  findNumber(head: number, tail: number): number {
    this.parsedHead = head;
    this.parsedTail = tail;
    this.parsedHash = numberHash(head, tail);
    return this.lookup('');
  }

  /** Number of a head, made if need be; undefined when there are too many, and its ids are kept whole. */
  headId(text: string, width: number): number | undefined {
    const known = this.headIds[width]!.get(text);
    if (known !== undefined || this.heads.length >= MAX_HEADS) return known;
    return this.addHead(text, width);
  }

  id(slot: number): string {
    const head = this.head[slot]!;
    if (head === RAW) return this.raw.id(this.tail[slot]!);
    return this.heads[head]! + String(this.tail[slot]!).padStart(this.widths[head]!, '0');
  }

  /** Whether any id goes beyond Latin-1. */
  get hasWide(): boolean {
    return this.raw.hasWide;
  }

  /** Whether any id is kept whole. */
  get hasRaw(): boolean {
    return this.raw.hasAny;
  }

  /** Whether an id that is kept whole contains a text, which is in lower case. `bytes`: the text in Latin-1, if it can be. */
  rawContains(slot: number, text: string, bytes: Uint8Array | undefined): boolean {
    return this.raw.contains(this.tail[slot]!, text, bytes);
  }

  isRaw(slot: number): boolean {
    return this.head[slot] === RAW;
  }

  /**
   * Where an alert stands among those with the same sort value: a number that depends on its id alone (so that every
   * server gives the same order), and that follows the numbering of the source where there is one.
   */
  orderKey(slot: number): number {
    const tail = this.tail[slot]!;
    return this.head[slot] === RAW ? this.raw.orderKey(tail) : tail;
  }

  /** Orders two slots by order key, then by id. */
  compare(a: number, b: number): number {
    const difference = this.orderKey(a) - this.orderKey(b);
    if (difference !== 0 || a === b) return difference;
    return compareText(this.id(a), this.id(b));
  }

  /** Orders a slot against an id that need not be there. */
  compareTo(slot: number, key: number, id: string): number {
    const difference = this.orderKey(slot) - key;
    return difference !== 0 ? difference : compareText(this.id(slot), id);
  }

  private parse(id: string): void {
    let start = id.length;
    const lowest = Math.max(0, id.length - MAX_DIGITS);
    let value = 0;
    let unit = 1;
    while (start > lowest) {
      const digit = id.charCodeAt(start - 1) - 48;
      if (digit < 0 || digit > 9) break;
      value += digit * unit;
      unit *= 10;
      start--;
    }
    const width = id.length - start;
    this.parsedHead = RAW;
    this.parsedTail = value;
    if (width < MIN_DIGITS) {
      this.parsedWidth = 0;
      this.parsedHash = hashString(id);
      return;
    }
    this.parsedWidth = width;
    // Most alerts share their head with the one before.
    const last = this.lastHead;
    if (
      last >= 0 &&
      this.widths[last] === width &&
      this.heads[last]!.length === start &&
      id.startsWith(this.heads[last]!)
    ) {
      this.parsedHead = last;
    } else {
      const known = this.headIds[width]!.get(id.slice(0, start));
      if (known === undefined) {
        this.parsedHash = hashString(id);
        return;
      }
      this.parsedHead = known;
      this.lastHead = known;
    }
    this.parsedHash = numberHash(this.parsedHead, value);
  }

  private addHead(text: string, width: number): number {
    const head = this.heads.length;
    // Through a buffer, so that the few bytes of a head do not keep a whole message alive.
    const own = Buffer.from(text, 'utf16le').toString('utf16le');
    this.heads.push(own);
    this.widths.push(width);
    this.headIds[width]!.set(own, head);
    return head;
  }

  private lookup(id: string): number {
    const hash = this.parsedHash;
    const head = this.parsedHead;
    const table = this.segments[hash >>> 24]!;
    const mask = table.length - 1;
    const tag = tagOf(hash);
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const entry = table[at]!;
      if (entry === 0) return -1;
      if ((entry & ~SLOT_MASK) !== tag) continue;
      const slot = (entry & SLOT_MASK) - 1;
      if (this.head[slot] !== head) continue;
      const tail = this.tail[slot]!;
      if (head !== RAW) {
        if (tail === this.parsedTail) return slot;
      } else if (this.raw.hash(tail) === hash && this.raw.id(tail) === id) return slot;
    }
  }

  private insert(slot: number, hash: number): void {
    const segment = hash >>> 24;
    let table = this.segments[segment]!;
    if ((this.used[segment]! + 1) * 4 > table.length * 3) {
      const larger = new Int32Array(table.length * 2);
      for (const entry of table) if (entry !== 0) place(larger, entry, this.hashOf((entry & SLOT_MASK) - 1));
      this.segments[segment] = table = larger;
    }
    this.used[segment] = this.used[segment]! + 1;
    place(table, tagOf(hash) | (slot + 1), hash);
  }

  private hashOf(slot: number): number {
    const head = this.head[slot]!;
    const tail = this.tail[slot]!;
    return head === RAW ? this.raw.hash(tail) : numberHash(head, tail);
  }
}

/** See `IdStore.orderKey`: the number of the last digits, else a hash. */
export function orderKeyOf(id: string): number {
  const digits = /\d{3,9}$/.exec(id.slice(-MAX_DIGITS));
  return digits ? Number(digits[0]) : hashString(id);
}

/** Orders ids as `IdStore.compare` orders their slots. */
export function compareAlertIds(a: string, b: string): number {
  return orderKeyOf(a) - orderKeyOf(b) || compareText(a, b);
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function numberHash(head: number, tail: number): number {
  return mix(tail ^ Math.imul(head + 1, 0x9e3779b1));
}

function place(table: Int32Array, entry: number, hash: number): void {
  const mask = table.length - 1;
  let at = hash & mask;
  while (table[at] !== 0) at = (at + 1) & mask;
  table[at] = entry;
}
