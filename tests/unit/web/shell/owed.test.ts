import { expect, it } from 'vitest';
import { isOwed } from '../../../../web/shell/owed.ts';

it('is owed what has people or an amount; a sign before that has neither', () => {
  expect(isOwed({ workers: 0, amountFen: 0 })).toBe(false);
  expect(isOwed({ workers: 3, amountFen: 0 })).toBe(true);
  expect(isOwed({ workers: 0, amountFen: 1 })).toBe(true);
});
