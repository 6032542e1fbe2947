import { computed, type ComputedRef } from 'vue';

/** Whether two values of plain data (records, lists, primitives) have the same content. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && same(a[key as keyof typeof a], b[key as keyof typeof b]));
}

/**
 * A computed value that stays the very same object while its content does. A patch that changes nothing a panel
 * draws then goes no further: no render, no chart update (screens.md: "when nothing changes, nothing is redrawn").
 */
export function stable<T>(make: () => T): ComputedRef<T> {
  return computed<T>((previous) => {
    const next = make();
    return previous !== undefined && same(previous, next) ? previous : next;
  });
}
