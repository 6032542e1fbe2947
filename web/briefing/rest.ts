/** A list and one line that stands for all of it that found no room, so that what is shown adds up to what there is. Pure. */
export interface Listed<T> {
  shown: T[];
  /** Those that are not shown; there are at least two, or none. */
  rest: T[];
}

/** @param most lines there is room for, that of the rest included */
export function withRest<T>(all: readonly T[], most: number): Listed<T> {
  const shown = all.length <= most ? all.length : Math.max(0, most - 1);
  return { shown: all.slice(0, shown), rest: all.slice(shown) };
}
