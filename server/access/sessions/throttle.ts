import { createHash } from 'node:crypto';
import type { ShortStore } from '../store/shortStore.ts';
import { AccessError } from '../accessError.ts';
import { plainName } from '../records.ts';

/** Wrong passwords are counted for so long, ms. */
const WINDOW_MS = 15 * 60_000;
/** For one name from one address: somebody who has forgotten it, or guesses. */
const PER_PAIR = 5;
/** For one name from anywhere: so many guesses spread over many addresses. Above what one colleague can do to another. */
const PER_NAME = 40;
/** From one address: a whole office can be behind it. */
const PER_ADDRESS = 60;

/** Attempts at signing in, counted in Redis for all processes together. */
export interface Throttle {
  /** Counts an attempt before it is looked at, so that many at the same time count. @throws AccessError 429 */
  enter(name: string, address: string): Promise<() => Promise<void>>;
  /** At most `limit` of something from an address in `windowMs`. @throws AccessError 429 */
  limit(what: string, address: string, limit: number, windowMs: number): Promise<void>;
}

export function createThrottle(short: ShortStore): Throttle {
  const tooMany = (retryMs: number) =>
    new AccessError(429, `too many attempts; try again in ${Math.ceil(retryMs / 60_000)} minutes`, { retryMs });
  return {
    async enter(name, address) {
      const who = digest(plainName(name));
      const from = digest(address);
      const counts = [
        { name: `pair:${who}:${from}`, limit: PER_PAIR },
        { name: `name:${who}`, limit: PER_NAME },
        { name: `address:${from}`, limit: PER_ADDRESS },
      ];
      const wait = await short.attempt(counts, WINDOW_MS);
      if (wait > 0) throw tooMany(wait);
      return () => short.refund(counts.map((count) => count.name));
    },
    async limit(what, address, limit, windowMs) {
      const wait = await short.attempt([{ name: `${what}:${digest(address)}`, limit }], windowMs);
      if (wait > 0) throw tooMany(wait);
    },
  };
}

/** Names and addresses are not to be read off the keys. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
