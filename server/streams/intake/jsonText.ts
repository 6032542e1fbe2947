/** Deeper than this nothing of ours is nested. */
const MAX_DEPTH = 32;

/**
 * A JSON text of what came out of `JSON.parse`, which reads a hundred thousand brackets that `JSON.stringify` cannot
 * write again: what is nested too deeply is told as such.
 */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    return JSON.stringify(shallow(value, MAX_DEPTH));
  }
}

function shallow(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '(nested too deeply)';
  if (Array.isArray(value)) return value.map((one) => shallow(one, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shallow(one, depth - 1)]));
}
