import type { SubjectKey } from '../../../common/subjectKey.ts';

/** A key of an employer that is told by its credit code. */
export type UsccKey = `U:${string}`;

/** A name that has gone from one employer to another, or to or from nobody. */
export interface OwnerChange {
  /** `N:` and the normal name. */
  name: `N:${string}`;
  before?: UsccKey;
  after?: UsccKey;
}

/**
 * Whose a name is (signals §1): an observation under `N:x` belongs to `U:u` exactly while, of the enterprises that are
 * registered with a uscc and active, `u` alone has the name `x`. An index over those registrations as they hold now.
 * Projects, and enterprises without a uscc, own no name.
 *
 * Memory: for each owner two entries of a map, which share the caller's strings.
 */
export class NameIndex {
  private readonly nameOf = new Map<UsccKey, `N:${string}`>();
  /** One owner as it is; several as a set. */
  private readonly owners = new Map<`N:${string}`, UsccKey | Set<UsccKey>>();

  /** The one employer that a key belongs to: of `N:x` its owner, if it has one; any other key is its own. */
  subjectOf(key: SubjectKey): SubjectKey {
    return key.startsWith('N:') ? (this.ownerOf(key as `N:${string}`) ?? key) : key;
  }

  /** The keys whose observations and alerts a subject has: its own and, if it alone has a name, that name's. The registration is its own. */
  keysOf(subject: SubjectKey): SubjectKey[] {
    const name = this.nameOf.get(subject as UsccKey);
    return name !== undefined && this.ownerOf(name) === subject ? [subject, name] : [subject];
  }

  ownerOf(name: `N:${string}`): UsccKey | undefined {
    const owner = this.owners.get(name);
    return typeof owner === 'string' ? owner : undefined;
  }

  /**
   * The registration that holds for a uscc is another one now.
   * @param name `N:` and its normal name while it is active; undefined when it is not
   * @returns the names that have changed hands: whoever had and has them is to be assessed again
   */
  set(key: UsccKey, name: `N:${string}` | undefined): OwnerChange[] {
    const old = this.nameOf.get(key);
    if (old === name) return [];
    const changes: OwnerChange[] = [];
    const during = (changed: `N:${string}`, change: () => void) => {
      const before = this.ownerOf(changed);
      change();
      const after = this.ownerOf(changed);
      if (before !== after)
        changes.push({
          name: changed,
          ...(before === undefined ? {} : { before }),
          ...(after === undefined ? {} : { after }),
        });
    };
    if (old !== undefined) during(old, () => this.take(old, key));
    if (name === undefined) this.nameOf.delete(key);
    else {
      this.nameOf.set(key, name);
      during(name, () => this.give(name, key));
    }
    return changes;
  }

  private give(name: `N:${string}`, key: UsccKey): void {
    const owner = this.owners.get(name);
    if (owner === undefined) this.owners.set(name, key);
    else if (typeof owner === 'string') this.owners.set(name, new Set([owner, key]));
    else owner.add(key);
  }

  private take(name: `N:${string}`, key: UsccKey): void {
    const owner = this.owners.get(name);
    if (owner instanceof Set) {
      owner.delete(key);
      if (owner.size === 1) this.owners.set(name, [...owner][0]!);
    } else this.owners.delete(name);
  }
}
