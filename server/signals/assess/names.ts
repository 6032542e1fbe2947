import type { SubjectKey } from '../../../common/subjectKey.ts';
import { KeyTable } from './keyTable.ts';

/** A key of an employer that is told by its credit code. */
export type UsccKey = `U:${string}`;

/** A name that has gone from one employer to another, or to or from nobody. */
export interface OwnerChange {
  /** `N:` and the normal name. */
  name: `N:${string}`;
  before?: UsccKey;
  after?: UsccKey;
}

const NOBODY = -1;
/** Several have it. */
const SEVERAL = -2;

/**
 * Whose a name is (signals §1): an observation under `N:x` belongs to `U:u` exactly while, of the enterprises that are
 * registered with a uscc and active, `u` alone has the name `x`. An index over those registrations as they hold now.
 * Projects, and enterprises without a uscc, own no name.
 *
 * Memory: about 65 bytes for each owner, outside of the heap, and its key where nobody else has that.
 */
export class NameIndex {
  private readonly keys: KeyTable;
  private readonly names = new KeyTable();
  /** By number of the key: the number of its name, or NOBODY. */
  private nameOf: Int32Array = new Int32Array(1024).fill(NOBODY);
  /** By number of the name: the number of the key that alone has it, NOBODY, or SEVERAL. */
  private owner: Int32Array = new Int32Array(1024).fill(NOBODY);
  private readonly several = new Map<number, Set<number>>();

  /** @param keys numbers of the employers' keys, for whoever has a table of them already */
  constructor(keys: KeyTable = new KeyTable()) {
    this.keys = keys;
  }

  /** The one employer that a key belongs to: of `N:x` its owner, if it has one; any other key is its own. */
  subjectOf(key: SubjectKey): SubjectKey {
    return key.startsWith('N:') ? (this.ownerOf(key as `N:${string}`) ?? key) : key;
  }

  /** The keys whose observations and alerts a subject has: its own and, if it alone has a name, that name's. The registration is its own. */
  keysOf(subject: SubjectKey): SubjectKey[] {
    const key = this.keys.find(subject);
    const name = this.nameOf[key] ?? NOBODY;
    return name >= 0 && this.owner[name] === key ? [subject, this.names.text(name) as `N:${string}`] : [subject];
  }

  /** Whether a subject has, besides its own, the facts of a name of which something is kept: by its number among the keys. */
  hasNamesake(key: number): boolean {
    const name = this.nameOf[key] ?? NOBODY;
    return name >= 0 && this.owner[name] === key && this.keys.findOf(this.names, name) >= 0;
  }

  ownerOf(name: `N:${string}`): UsccKey | undefined {
    const number = this.names.find(name);
    return number < 0 ? undefined : this.keyOf(this.owner[number]!);
  }

  /**
   * The registration that holds for a uscc is another one now.
   * @param name `N:` and its normal name while it is active; undefined when it is not
   * @returns the names that have changed hands: whoever had and has them is to be assessed again
   */
  set(key: UsccKey, name: `N:${string}` | undefined): OwnerChange[] {
    const number = this.keys.intern(key);
    const next = name === undefined ? NOBODY : this.names.intern(name);
    this.nameOf = reaching(this.nameOf, number);
    this.owner = reaching(this.owner, next);
    const old = this.nameOf[number]!;
    if (old === next) return [];
    const changes: OwnerChange[] = [];
    const during = (changed: number, change: () => void) => {
      const before = this.keyOf(this.owner[changed]!);
      change();
      const after = this.keyOf(this.owner[changed]!);
      if (before !== after)
        changes.push({
          name: this.names.text(changed) as `N:${string}`,
          ...(before === undefined ? {} : { before }),
          ...(after === undefined ? {} : { after }),
        });
    };
    if (old >= 0) during(old, () => this.take(old, number));
    this.nameOf[number] = next;
    if (next >= 0) during(next, () => this.give(next, number));
    return changes;
  }

  private keyOf(number: number): UsccKey | undefined {
    return number < 0 ? undefined : (this.keys.text(number) as UsccKey);
  }

  private give(name: number, key: number): void {
    const owner = this.owner[name]!;
    if (owner === NOBODY) this.owner[name] = key;
    else if (owner === SEVERAL) this.several.get(name)!.add(key);
    else {
      this.several.set(name, new Set([owner, key]));
      this.owner[name] = SEVERAL;
    }
  }

  private take(name: number, key: number): void {
    const all = this.several.get(name);
    if (!all) {
      this.owner[name] = NOBODY;
      return;
    }
    all.delete(key);
    if (all.size > 1) return;
    this.several.delete(name);
    this.owner[name] = [...all][0]!;
  }
}

/** The array itself, or a longer one with the same beginning, in which `index` has a place. */
function reaching(array: Int32Array, index: number): Int32Array {
  if (index < array.length) return array;
  const longer = new Int32Array(Math.max(index + 1, Math.ceil(array.length * 1.25))).fill(NOBODY, array.length);
  longer.set(array);
  return longer;
}
