import { expect, it } from 'vitest';
import { nothingListed } from '../../../../web/panels/ticker/mapping.ts';

it('a list without alerts says that there are none only where that is known', () => {
  expect(nothingListed(undefined)).toBe('shell.ticker.empty');
  expect(nothingListed({})).toBe('shell.ticker.empty');
  expect(nothingListed({ withheld: 5 })).toBe('shell.ticker.withheld');
});
