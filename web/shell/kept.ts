/**
 * What is typed and not sent yet, kept in this browser alone: it survives a reload and a lost network (docs/casework.md §6).
 * A name is of the form and of the person: nobody finds another's words on a shared desk.
 */

export interface Kept<T> {
  /** As typed. */
  typed: T;
  /** What names this sending: made with the first attempt, so that a second one does nothing again. */
  key?: string;
  /** It was pressed to be sent, and no answer came. */
  waiting?: boolean;
  /** Epoch ms: when it was last changed. */
  at: number;
}
/** So long it is of use. */
export const KEPT_MS = 14 * 86_400_000;

/** @returns what is kept under a name, however old it is; its `typed` is an object */
export function read<K extends Kept<object>>(name: string, storage: Storage = localStorage): Partial<K> | undefined {
  try {
    const kept = JSON.parse(storage.getItem(name) ?? 'null') as Partial<K> | null;
    return typeof kept?.typed === 'object' ? kept : undefined;
  } catch {
    // Storage forbidden, or not ours: the form begins empty.
    return undefined;
  }
}

/** As `read`, unless it is too old to be of use. @param now epoch ms */
export function load<T extends object>(
  name: string,
  now: number,
  storage: Storage = localStorage,
): Kept<T> | undefined {
  const kept = read<Kept<T>>(name, storage);
  return kept && now - (kept.at ?? 0) < KEPT_MS ? (kept as Kept<T>) : undefined;
}

/** @returns whether it is kept: not where the browser forbids it or is full */
export function save(name: string, kept: Kept<object>, storage: Storage = localStorage): boolean {
  try {
    storage.setItem(name, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

export function drop(name: string, storage: Storage = localStorage): void {
  try {
    storage.removeItem(name);
  } catch {
    // Storage forbidden: nothing was kept.
  }
}
