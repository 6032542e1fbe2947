import { expect, it } from 'vitest';
import { without } from '../../../server/privacy/plainText.ts';

it.each<[ranges: [number, number][], left: string]>([
  [[], 'abcdef'],
  [[[0, 1]], '***cdef'],
  [[[4, 5]], 'abcd***'],
  // Two that touch, overlap or lie in one another are one, in whatever order they come.
  [
    [
      [0, 1],
      [2, 3],
    ],
    '***ef',
  ],
  [
    [
      [0, 2],
      [1, 3],
    ],
    '***ef',
  ],
  [
    [
      [1, 4],
      [2, 3],
    ],
    'a***f',
  ],
  [
    [
      [2, 3],
      [1, 4],
    ],
    'a***f',
  ],
  [
    [
      [3, 3],
      [1, 1],
    ],
    'a***c***ef',
  ],
])('%j are taken out as one where they are one', (ranges, left) => {
  expect(without('abcdef', ranges)).toBe(left);
});
