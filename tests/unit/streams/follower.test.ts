import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { FeedGap, UnreadableEntry } from '../../../server/streams/feed/feedGap.ts';
import { Follower, type Followed } from '../../../server/streams/feed/follower.ts';

const LOAD_MS = 30;
const log = { info() {}, warn() {}, error() {}, debug() {} } as never;
const situation = (): Followed => ({ now: -Infinity, size: 0, caughtUp() {}, keepOrders: () => false });
const idOf = (n: number) => `${n}-0`;

/** A follower of a feed with a new entry every few ms, none of which it can apply. */
function following(fault: () => Error) {
  let loads = 0;
  let newest = 1;
  const grows = setInterval(() => newest++, 3);
  const follower = new Follower<Followed, never>({
    region: '330110',
    what: 'subjects',
    source: {
      empty: situation,
      async load() {
        loads++;
        await sleep(LOAD_MS);
        return { situation: situation(), position: idOf(newest), applied: 0 };
      },
      apply() {
        throw fault();
      },
    },
    openReader: () => ({
      async read([after = '0-0']) {
        await sleep(4);
        const n = Number(after.split('-')[0]);
        return [n < newest ? [{ id: idOf(n + 1), previous: after, payload: '' }] : []];
      },
      close() {},
    }),
    now: () => Date.now(),
    log,
  });
  return {
    loads: () => loads,
    start: () => follower.start(),
    async stop() {
      clearInterval(grows);
      await follower.stop();
    },
  };
}

it('reads all anew for each gap, but where the feed is written by another version, not for each of its entries', async () => {
  const gaps = following(() => new FeedGap('trimmed'));
  const unreadable = following(() => new UnreadableEntry('another version'));
  await Promise.all([gaps.start(), unreadable.start()]);
  while (gaps.loads() < 12) await sleep(5);
  expect(unreadable.loads()).toBeLessThanOrEqual(5);
  // It goes on, and stops while it rests.
  const before = unreadable.loads();
  while (unreadable.loads() <= before) await sleep(5);
  await Promise.all([gaps.stop(), unreadable.stop()]);
});
