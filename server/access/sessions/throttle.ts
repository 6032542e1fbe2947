import { createHash } from 'node:crypto';
import { networkOf } from '../../platform/http/address.ts';
import { AccessError } from '../accessError.ts';
import { plainName } from '../records.ts';
import type { ShortStore } from '../store/shortStore.ts';

/** Wrong passwords are counted for so long, ms. */
const WINDOW_MS = 15 * 60_000;
/** For one name from one address: somebody who has forgotten it, or guesses. */
const PER_PAIR = 5;
/** For one name from all addresses that it has not signed in from lately: so many guesses spread over many addresses. */
const PER_NAME = 40;
/** From one address: a whole office can be behind it. */
const PER_ADDRESS = 60;
/** An address that somebody has signed in from stays known for so long, ms. */
const KNOWN_MS = 30 * 86_400_000;

/** An attempt that was counted before it was looked at, so that many at the same time count. */
export interface Attempt {
  /** Whether this name has signed in from this address lately. */
  known: boolean;
  /** It was the right password: the attempt does not count, and the address is known from now on. */
  succeeded(): Promise<void>;
  /** Nothing came of it, for reasons of ours: it does not count. */
  refund(): Promise<void>;
}

/** Attempts at signing in, counted in Redis for all processes together; of IPv6 a /64 is one address. */
export interface Throttle {
  /**
   * Counts an attempt to sign in. Strangers cannot lock somebody out where that person usually signs in: such an address
   * is held to its own attempts only.
   * @throws AccessError 429
   */
  enter(name: string, address: string): Promise<Attempt>;
  /** At most `limit` of something from an address in `windowMs`. @throws AccessError 429 */
  limit(what: string, address: string, limit: number, windowMs: number): Promise<void>;
  /**
   * As `limit`, with a pool for all strangers together: once half of it is used, an address gets only `scarce`, so that
   * some addresses cannot use it up. Addresses that somebody has signed in from lately do not need the pool.
   * @throws AccessError 429
   */
  share(
    what: string,
    address: string,
    limits: { limit: number; scarce: number; pool: number },
    windowMs: number,
  ): Promise<void>;
  /** Somebody has signed in from there, or a screen was paired. */
  know(address: string): Promise<void>;
}

export function createThrottle(short: ShortStore): Throttle {
  async function count(counts: readonly { name: string; limit: number }[], windowMs: number): Promise<void> {
    const retryMs = await short.attempt(counts, windowMs);
    if (retryMs > 0)
      throw new AccessError(429, `too many attempts; try again in ${Math.ceil(retryMs / 60_000)} minutes`, { retryMs });
  }
  const placeOf = (address: string) => digest(networkOf(address));
  return {
    async enter(name, address) {
      const who = digest(plainName(name));
      const from = placeOf(address);
      const known = await short.remembers(`${who}:${from}`);
      const counts = [
        { name: `pair:${who}:${from}`, limit: PER_PAIR },
        ...(known ? [] : [{ name: `name:${who}`, limit: PER_NAME }]),
        { name: `address:${from}`, limit: PER_ADDRESS },
      ];
      await count(counts, WINDOW_MS);
      const refund = () => short.refund(counts.map((one) => one.name));
      return {
        known,
        refund,
        async succeeded() {
          await Promise.all([refund(), short.remember([`${who}:${from}`, from], KNOWN_MS)]);
        },
      };
    },
    limit: (what, address, limit, windowMs) => count([{ name: `${what}:${placeOf(address)}`, limit }], windowMs),
    async share(what, address, { limit, scarce, pool }, windowMs) {
      const from = placeOf(address);
      const all = `${what}:all`;
      const [known, used] = await Promise.all([short.remembers(from), short.attempts(all)]);
      const own = { name: `${what}:${from}`, limit: !known && used >= pool / 2 ? scarce : limit };
      await count(known ? [own] : [own, { name: all, limit: pool }], windowMs);
    },
    know: (address) => short.remember([placeOf(address)], KNOWN_MS),
  };
}

/** Names and addresses are not to be read off the keys. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
