/** A thing that alerts refer to: an enterprise (key: `uscc`, else name) or a project (key: id). */
interface Named {
  name: string;
}

/**
 * Interns enterprises or projects. An *entry* is one exact spelling (key and name); entries with the same key are the
 * same enterprise. Keys of bad quality exist ("0" as everybody's uscc), so a key may have thousands of entries.
 */
export class Dictionary<T extends Named> {
  /** By entry: the object all its rows share; never changed. */
  readonly values: T[] = [];
  /** How many different keys there are. */
  keyCount = 0;
  /** By key: its entries. Only kept for keys that have several. */
  private readonly more = new Map<number, number[]>();
  /** First entry by key. */
  private readonly firsts = new Map<string, number>();
  private readonly firstOfKey: number[] = [];
  /** By key with several entries: entry by spelling. */
  private readonly spellings = new Map<number, Map<string, number>>();
  /** By entry, side by side as they are needed together: number of its key, alerts that refer to it. */
  private meta = new Int32Array(128);
  private readonly toKey: (value: T) => string;
  private readonly same: (a: T, b: T) => boolean;
  private readonly spelling: (value: T) => string;

  constructor(toKey: (value: T) => string, spelling: (value: T) => string, same: (a: T, b: T) => boolean) {
    this.toKey = toKey;
    this.spelling = spelling;
    this.same = same;
  }

  get size(): number {
    return this.values.length;
  }

  /** Number of an entry's key. */
  keyOf(entry: number): number {
    return this.meta[entry * 2]!;
  }

  /** How many alerts refer to an entry. */
  uses(entry: number): number {
    return this.meta[entry * 2 + 1]!;
  }

  use(entry: number): void {
    this.meta[entry * 2 + 1]!++;
  }

  unuse(entry: number): void {
    this.meta[entry * 2 + 1]!--;
  }

  is(entry: number, value: T): boolean {
    return this.same(this.values[entry]!, value);
  }

  keyId(key: string): number | undefined {
    const first = this.firsts.get(key);
    return first === undefined ? undefined : this.keyOf(first);
  }

  entriesOfKey(keyId: number): readonly number[] {
    return this.more.get(keyId) ?? [this.firstOfKey[keyId]!];
  }

  /** Entry of a value, if there is one. */
  find(value: T): number | undefined {
    const first = this.firsts.get(this.toKey(value));
    if (first === undefined || this.is(first, value)) return first;
    return this.spellings.get(this.keyOf(first))?.get(this.spelling(value));
  }

  /** Entry of a value, made if need be. The value is copied. */
  intern(value: T): number {
    const key = this.toKey(value);
    const first = this.firsts.get(key);
    if (first === undefined) {
      const keyId = this.keyCount++;
      const entry = this.add(keyId, value);
      this.firsts.set(this.toKey(this.values[entry]!), entry);
      this.firstOfKey.push(entry);
      return entry;
    }
    if (this.is(first, value)) return first;
    const keyId = this.keyOf(first);
    let spellings = this.spellings.get(keyId);
    let entries = this.more.get(keyId);
    if (!spellings || !entries) {
      spellings = new Map([[this.spelling(this.values[first]!), first]]);
      entries = [first];
      this.spellings.set(keyId, spellings);
      this.more.set(keyId, entries);
    }
    const spelling = this.spelling(value);
    const known = spellings.get(spelling);
    if (known !== undefined) return known;
    const entry = this.add(keyId, value);
    spellings.set(spelling, entry);
    entries.push(entry);
    return entry;
  }

  private add(keyId: number, value: T): number {
    const entry = this.values.length;
    this.values.push(Object.freeze({ ...value }));
    if (entry * 2 === this.meta.length) {
      const larger = new Int32Array(this.meta.length * 2);
      larger.set(this.meta);
      this.meta = larger;
    }
    this.meta[entry * 2] = keyId;
    return entry;
  }
}
