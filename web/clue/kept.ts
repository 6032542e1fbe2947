/** What is typed and not sent yet, kept in this browser alone: it survives a reload and a lost network (docs/casework.md §6). */

export interface Kept<T> {
  typed: T;
  /** What names this sending: made with the first attempt, so that a second one does nothing again. */
  key?: string;
  /** It was pressed to be sent, and no answer came. */
  waiting?: boolean;
  /** Epoch ms: when it was last changed. */
  at: number;
}
/** So long it is of use. */
const KEPT_MS = 14 * 86_400_000;

/** @param name of the form and of the person: nobody finds another's words on a shared desk */
export function load<T extends object>(
  name: string,
  now: number,
  storage: Storage = localStorage,
): Kept<T> | undefined {
  try {
    const kept = JSON.parse(storage.getItem(name) ?? 'null') as Partial<Kept<T>> | null;
    if (typeof kept?.typed !== 'object' || !(now - (kept.at ?? 0) < KEPT_MS)) return undefined;
    return kept as Kept<T>;
  } catch {
    // Storage forbidden, or not ours: the form begins empty.
    return undefined;
  }
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
