import { mix } from './hash.ts';

/** A thing that alerts refer to: an enterprise (its own key is its `uscc`, if it has one) or a project (its id). */
interface Named {
  name: string;
}

/** Numbers an entry has side by side, since they are needed together. */
const META = 4;
const KEY = 0;
const USES = 1;
const OFFSET = 2;
/** Numbers of a place in the hash table: entry + 1, hash, offset of the text. */
const PLACE = 4;
const MAX_LENGTH = 0xfffe;

/**
 * Interns enterprises or projects. An *entry* is one exact spelling (own key and name); entries with the same *key*
 * (common/identity.ts: contract §2) are the same enterprise. Keys of bad quality exist ("0" as everybody's uscc), so a
 * key may have thousands of entries.
 *
 * This runs for every event, and what it costs is cache misses. So texts are compared in an arena of characters, next
 * to each other, and not by way of maps, objects and strings: two misses instead of eight.
 */
export class Spellings<T extends Named> {
  /** By entry: the object all its rows share; never changed. */
  readonly values: T[] = [];
  /** How many different keys there are. */
  keyCount = 0;
  private readonly firstOfKey: number[] = [];
  /** By key: its entries. Only kept for keys that have several. */
  private readonly more = new Map<number, number[]>();
  private readonly keyIds = new Map<string, number>();
  private meta = new Int32Array(64 * META);
  private places = new Int32Array(128 * PLACE);
  /** Of each entry: length of its own key + 1 (0: none) and of its name, then their characters. */
  private arena = new Uint16Array(4096);
  private arenaEnd = 0;
  private readonly ownKey: (value: T) => string | undefined;
  private readonly keyText: (value: T) => string;

  /**
   * @param ownKey what is part of the spelling beside the name
   * @param keyText by which things are told apart
   */
  constructor(ownKey: (value: T) => string | undefined, keyText: (value: T) => string) {
    this.ownKey = ownKey;
    this.keyText = keyText;
  }

  get size(): number {
    return this.values.length;
  }

  /** Number of an entry's key. */
  keyOf(entry: number): number {
    return this.meta[entry * META + KEY]!;
  }

  /** Puts a value in an entry that no look-up finds. */
  addHidden(value: T): number {
    const entry = this.values.length;
    this.values.push(Object.freeze({ ...value }));
    return entry;
  }

  /** How many alerts refer to an entry. */
  uses(entry: number): number {
    return this.meta[entry * META + USES]!;
  }

  use(entry: number): void {
    this.meta[entry * META + USES]!++;
  }

  unuse(entry: number): void {
    this.meta[entry * META + USES]!--;
  }

  /** Whether an entry is exactly this value. */
  is(entry: number, value: T): boolean {
    return this.sameAt(this.meta[entry * META + OFFSET]!, this.ownKey(value), value.name);
  }

  keyId(key: string): number | undefined {
    return this.keyIds.get(key);
  }

  entriesOfKey(keyId: number): readonly number[] {
    return this.more.get(keyId) ?? [this.firstOfKey[keyId]!];
  }

  /** Entry of a value, if there is one. */
  find(value: T): number | undefined {
    const key = this.ownKey(value);
    const entry = this.lookup(key, value.name, hashOf(key, value.name));
    return entry < 0 ? undefined : entry;
  }

  /** Entry of a value, made if need be. The value is copied, its strings are kept. */
  intern(value: T): number {
    const key = this.ownKey(value);
    const hash = hashOf(key, value.name);
    const entry = this.lookup(key, value.name, hash);
    return entry < 0 ? this.add(value, key, hash) : entry;
  }

  private lookup(key: string | undefined, name: string, hash: number): number {
    const { places } = this;
    const mask = places.length / PLACE - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const entry = places[at * PLACE]! - 1;
      if (entry < 0) return -1;
      if (places[at * PLACE + 1] === hash && this.sameAt(places[at * PLACE + 2]!, key, name)) return entry;
    }
  }

  private sameAt(offset: number, key: string | undefined, name: string): boolean {
    const { arena } = this;
    const keyLength = key === undefined ? 0 : key.length;
    if (arena[offset] !== (key === undefined ? 0 : keyLength + 1) || arena[offset + 1] !== name.length) return false;
    let at = offset + 2;
    for (let i = 0; i < keyLength; i++) if (arena[at++] !== key!.charCodeAt(i)) return false;
    for (let i = 0; i < name.length; i++) if (arena[at++] !== name.charCodeAt(i)) return false;
    return true;
  }

  private add(value: T, key: string | undefined, hash: number): number {
    const entry = this.values.length;
    const offset = this.store(key, value.name);
    this.values.push(Object.freeze({ ...value }));
    const keyText = this.keyText(value);
    let keyId = this.keyIds.get(keyText);
    if (keyId === undefined) {
      keyId = this.keyCount++;
      this.keyIds.set(keyText, keyId);
      this.firstOfKey.push(entry);
    } else {
      const entries = this.more.get(keyId);
      if (entries) entries.push(entry);
      else this.more.set(keyId, [this.firstOfKey[keyId]!, entry]);
    }
    if (entry * META === this.meta.length) {
      const larger = new Int32Array(this.meta.length * 2);
      larger.set(this.meta);
      this.meta = larger;
    }
    this.meta[entry * META + KEY] = keyId;
    this.meta[entry * META + OFFSET] = offset;

    if ((entry + 1) * 2 * PLACE > this.places.length) {
      const before = this.places;
      this.places = new Int32Array(before.length * 2);
      for (let at = 0; at < before.length; at += PLACE) {
        if (before[at] !== 0) this.place(before[at]!, before[at + 1]!, before[at + 2]!);
      }
    }
    this.place(entry + 1, hash, offset);
    return entry;
  }

  private place(entry: number, hash: number, offset: number): void {
    const { places } = this;
    const mask = places.length / PLACE - 1;
    let at = hash & mask;
    while (places[at * PLACE] !== 0) at = (at + 1) & mask;
    places[at * PLACE] = entry;
    places[at * PLACE + 1] = hash;
    places[at * PLACE + 2] = offset;
  }

  private store(key: string | undefined, name: string): number {
    if (name.length > MAX_LENGTH || (key !== undefined && key.length > MAX_LENGTH))
      throw new RangeError('name too long');
    const offset = this.arenaEnd;
    const end = offset + 2 + (key?.length ?? 0) + name.length;
    if (end > this.arena.length) {
      const larger = new Uint16Array(Math.max(end, this.arena.length * 2));
      larger.set(this.arena);
      this.arena = larger;
    }
    const { arena } = this;
    arena[offset] = key === undefined ? 0 : key.length + 1;
    arena[offset + 1] = name.length;
    let at = offset + 2;
    if (key !== undefined) for (let i = 0; i < key.length; i++) arena[at++] = key.charCodeAt(i);
    for (let i = 0; i < name.length; i++) arena[at++] = name.charCodeAt(i);
    this.arenaEnd = end;
    return offset;
  }
}

/** Signed 32 bits. */
function hashOf(key: string | undefined, name: string): number {
  let hash = key === undefined ? 17 : 31;
  if (key !== undefined) for (let i = 0; i < key.length; i++) hash = Math.imul(hash, 31) + key.charCodeAt(i);
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash, 31) + name.charCodeAt(i);
  return mix(hash | 0) | 0;
}
