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
  /** By entry: its key's number. */
  readonly keyOf: number[] = [];
  /** By entry: alerts that refer to it now. */
  readonly uses: number[] = [];
  /** By key. */
  readonly keys: string[] = [];
  readonly entriesOfKey: number[][] = [];
  private readonly keyIds = new Map<string, number>();
  /** By key with many entries: entry by spelling. */
  private readonly spellings = new Map<number, Map<string, number>>();
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

  is(entry: number, value: T): boolean {
    return this.same(this.values[entry]!, value);
  }

  keyId(key: string): number | undefined {
    return this.keyIds.get(key);
  }

  /** Entry of a value, made if need be. The value is copied. */
  intern(value: T): number {
    const key = this.toKey(value);
    const keyId = this.keyIds.get(key);
    if (keyId === undefined) {
      const added = this.keys.length;
      this.keys.push(key);
      this.keyIds.set(key, added);
      this.entriesOfKey.push([]);
      return this.add(added, value);
    }
    const entries = this.entriesOfKey[keyId]!;
    if (entries.length <= 8) {
      for (const entry of entries) if (this.is(entry, value)) return entry;
      return this.add(keyId, value);
    }
    let spellings = this.spellings.get(keyId);
    if (!spellings) {
      spellings = new Map(entries.map((entry) => [this.spelling(this.values[entry]!), entry]));
      this.spellings.set(keyId, spellings);
    }
    const spelling = this.spelling(value);
    const known = spellings.get(spelling);
    if (known !== undefined) return known;
    const entry = this.add(keyId, value);
    spellings.set(spelling, entry);
    return entry;
  }

  private add(keyId: number, value: T): number {
    const entry = this.values.length;
    this.values.push(Object.freeze({ ...value }));
    this.keyOf.push(keyId);
    this.uses.push(0);
    this.entriesOfKey[keyId]!.push(entry);
    return entry;
  }
}
