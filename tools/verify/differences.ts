/** Paths at which two JSON values differ, with both values; at most `limit`. */
export function differences(expected: unknown, found: unknown, path = '', limit = 50): string[] {
  if (Object.is(expected, found)) return [];
  if (isObject(expected) && isObject(found)) {
    const out: string[] = [];
    for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      out.push(...differences(expected[key], found[key], `${path}/${key}`, limit - out.length));
      if (out.length >= limit) break;
    }
    return out;
  }
  return [`${path}: kept documents give ${show(expected)}, the program shows ${show(found)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
