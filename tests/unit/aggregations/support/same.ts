import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/** Like `toStrictEqual`, but fast when things are equal, which in a property test they nearly always are. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) {
    expect(actual).toStrictEqual(expected);
    throw new Error('not equal');
  }
}
