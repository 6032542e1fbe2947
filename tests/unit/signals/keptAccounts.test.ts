import { expect, it } from 'vitest';
import type { Accounts } from '../../../contract/briefingChanges.ts';
import { keptAccounts } from '../../../server/signals/subjects/accounts.ts';

const accounts = (sites: number): Accounts => ({
  sites,
  sitesByTown: {},
  banks: [],
  flagged: { sites: 0, workers: 0, byTown: {} },
  indicators: [],
});

/** A region in which things change, and how often its accounts were reckoned. */
function region() {
  let reckoned = 0;
  let answer: () => Promise<Accounts | undefined> = () => Promise.resolve(accounts(reckoned));
  const state = { now: 0, stamp: 'a' };
  const read = keptAccounts(
    () => {
      reckoned++;
      return answer();
    },
    () => state.stamp,
    () => state.now,
  );
  return {
    state,
    ask: async (scope = '330110', fresh = false) => (await read(scope, [], fresh))?.sites,
    answers: (next: typeof answer) => {
      answer = next;
    },
    reckoned: () => reckoned,
  };
}

it('are reckoned once for all who ask: for a minute while nothing changes, for 15 s once something has', async () => {
  const { state, ask, reckoned } = region();
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
  state.now = 59_999;
  expect([await ask(), reckoned()]).toEqual([1, 1]);
  state.now = 60_000;
  expect(await ask()).toBe(2);
  state.now += 14_999;
  state.stamp = 'b';
  expect(await ask()).toBe(2);
  state.now += 1;
  expect([await ask(), await ask()]).toEqual([3, 3]);
});

it('are of this moment where they are to be kept, and each scope has its own', async () => {
  const { ask } = region();
  expect([await ask(), await ask('330110', true), await ask(), await ask('330110010')]).toEqual([1, 2, 2, 3]);
});

it('are asked for again at once where nothing was known, or it failed', async () => {
  const { ask, answers, reckoned } = region();
  answers(() => Promise.resolve(undefined));
  expect([await ask(), await ask(), reckoned()]).toEqual([undefined, undefined, 2]);
  answers(() => Promise.reject(new Error('away')));
  await expect(ask()).rejects.toThrow('away');
  answers(() => Promise.resolve(accounts(9)));
  expect([await ask(), reckoned()]).toEqual([9, 4]);
});
