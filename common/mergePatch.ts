/** RFC 7396 (JSON Merge Patch): what the server computes once and every screen applies. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((v, i) => sameJson(v, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

/**
 * Sets a property whatever its name: keys come from outside (alert ids), and plain assignment to `__proto__`
 * would change the prototype instead.
 */
export function put<T>(record: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__')
    Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
  else record[key] = value;
}

/**
 * An empty record for keys that come from outside and are hardly ever the same ones again. It is one like any other, but the engine keeps
 * it as a table: of a record that begins as `{}` it notes the way to each new key, for all objects to come, which takes twice as long.
 */
export function newRecord<T>(): Record<string, T> {
  return Object.setPrototypeOf(Object.create(null), Object.prototype) as Record<string, T>;
}

/**
 * An own property; names like `toString`, which every object inherits, are not there unless set. (All that is
 * inherited under other names than `__proto__` is a function, which JSON never is: cheaper than `Object.hasOwn`.)
 */
function own(record: Record<string, unknown>, key: string): unknown {
  const value = key === '__proto__' && !Object.hasOwn(record, key) ? undefined : record[key];
  return typeof value === 'function' ? undefined : value;
}

/** By a record: the record before it, the patch that leads from that one to it, and its JSON as `utf8.ts` has it. */
const noted = new WeakMap<object, { before: object; patch: () => JsonObject; text: (() => string) | undefined }>();

/**
 * Says which patch turns `before` into `after`, where that is known without comparing them: `diffMergePatch` then need not. Neither may
 * be written to any more.
 * @param text the JSON of the patch in the form of `utf8.ts`, where it can be made without the patch; `notedText` gives it
 */
export function notePatch(
  before: object,
  after: object,
  patch: JsonObject | (() => JsonObject),
  text?: () => string,
): void {
  // Else each record would keep all before it.
  noted.delete(before);
  noted.set(after, { before, patch: typeof patch === 'function' ? patch : () => patch, text });
}

/** The text of a patch that was noted with one. */
export function notedText(before: object, after: object): string | undefined {
  const note = noted.get(after);
  return note?.before === before ? note.text?.() : undefined;
}

/**
 * The merge patch that turns `before` into `after`, or `undefined` when they are equal.
 * Both must be free of null (a frame is), because a null in a merge patch means "remove".
 */
export function diffMergePatch(before: object, after: object): JsonObject | undefined {
  if (before === after) return undefined;
  const note = noted.get(after);
  if (note?.before === before) return note.patch();
  const from = before as Record<string, unknown>;
  const to = after as Record<string, unknown>;
  let patch: JsonObject | undefined;
  let common = 0;
  for (const key of Object.keys(to)) {
    const next = to[key];
    // An undefined property does not exist in JSON.
    if (next === undefined) continue;
    const last = own(from, key);
    if (last !== undefined) common++;
    if (last === next) continue;
    if (isObject(last) && isObject(next)) {
      const inner = diffMergePatch(last, next);
      if (inner) put((patch ??= {}), key, inner);
    } else if (!sameJson(last, next)) {
      put((patch ??= {}), key, next as Json);
    }
  }
  const known = Object.keys(from);
  if (known.length === common) return patch;
  for (const key of known) {
    if (own(from, key) !== undefined && own(to, key) === undefined) put((patch ??= {}), key, null);
  }
  return patch;
}

/**
 * Applies a merge patch without touching `target`: parts that the patch does not reach are shared,
 * so that a screen can tell by identity what has not changed.
 */
export function applyMergePatch<T>(target: T, patch: Json): T {
  if (!isObject(patch)) return patch as T;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const key of Object.keys(patch)) {
    const value = patch[key] as Json;
    if (value === null) delete result[key];
    else put(result, key, applyMergePatch(own(result, key), value));
  }
  return result as T;
}
