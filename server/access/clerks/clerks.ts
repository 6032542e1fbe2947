import { createHash } from 'node:crypto';
import { AccessError } from '../accessError.ts';
import type { Directory } from '../directory.ts';
import { passwordIs } from '../people/passwords.ts';
import type { Principal } from '../../platform/http/principal.ts';
import { hashToken, mintSecret } from '../secret.ts';
import type { ShortStore } from '../store/shortStore.ts';
import { clerkOf, clerkPrincipal, codeDigest, mayBeClerk, type ClerkOf } from './clerkPrincipal.ts';
import { clerkField } from '../records.ts';

/** A session ends after so long without a request, ms: whoever walks away leaves nothing open. */
export const CLERK_IDLE_MS = 120_000;
/** And after so long in any case: then the code is typed again. */
export const CLERK_MOST_MS = 30 * 60_000;
/** Wrong codes are counted for so long, ms. */
const WINDOW_MS = 15 * 60_000;
/** For one number, at whichever kiosks. */
const PER_NUMBER = 5;
/** At one kiosk, of whichever numbers: a code that is tried with all numbers is found no sooner. */
const PER_DISPLAY = 10;

/** What is kept of the session of a kiosk: there is one at a time. */
interface Kept extends ClerkOf {
  hash: string;
  /** Epoch ms. */
  at: number;
}

/** Clerks who are signed in at paired kiosks. */
export interface Clerks {
  /**
   * Signs somebody in, and whoever was signed in at that kiosk out.
   * @param display the principal of the kiosk
   * @returns the session's secret, which holds at that kiosk alone
   * @throws AccessError 401 whatever does not go together, 409 where it is no paired kiosk, 429
   */
  begin(number: string, code: string, display: Principal, from: string): Promise<{ secret: string; clerk: Principal }>;
  /** Whom a secret lets in at a kiosk; that counts as a sign of life. Undefined where it does not, or no longer. */
  of(secret: string, display: Principal): Promise<Principal | undefined>;
  end(clerk: Principal): Promise<void>;
}

export function createClerks(directory: Directory, short: ShortStore, now: () => number): Clerks {
  const wrong = () => new AccessError(401, 'number and code do not go together, or are not for this kiosk');
  return {
    async begin(number, code, { kind, id: display = '' }, from) {
      await directory.sync();
      const kiosk = kind === 'display' ? directory.get('display', display) : undefined;
      if (kiosk?.screen !== 'kiosk') throw new AccessError(409, 'clerks sign in at a paired kiosk');
      const counts = [
        { name: `clerk:${digest(number)}`, limit: PER_NUMBER },
        { name: `clerk-display:${display}`, limit: PER_DISPLAY },
      ];
      const retryMs = await short.attempt(counts, WINDOW_MS);
      if (retryMs > 0)
        throw new AccessError(429, `too many attempts; try again in ${Math.ceil(retryMs / 60_000)} minutes`, {
          retryMs,
        });
      const refund = () => short.refund(counts.map(({ name }) => name));
      const person = directory.field(clerkField(number));
      const record = person === undefined ? undefined : directory.get('person', person);
      let right: boolean;
      try {
        // Also for a number that nobody has, so that the time does not tell which there are.
        right = await passwordIs(code, record?.clerk?.code, { address: from, known: true });
      } catch (error) {
        // Nothing came of it, for reasons of ours.
        await refund().catch(() => undefined);
        throw error;
      }
      if (!right || person === undefined || !record?.clerk || !mayBeClerk(record, kiosk.scope)) throw wrong();
      const of: ClerkOf = { person, display, code: codeDigest(record.clerk.code) };
      // Working on the code takes a while: what counts is what holds now.
      await directory.sync();
      const clerk = clerkPrincipal(directory, of);
      if (!clerk) throw wrong();
      const secret = mintSecret('wc');
      const kept: Kept = { ...of, hash: hashToken(secret), at: now() };
      await short.setClerk(display, JSON.stringify(kept), CLERK_IDLE_MS);
      await refund();
      return { secret, clerk };
    },
    async of(secret, { kind, id: display = '' }) {
      const raw = kind === 'display' ? await short.clerk(display) : undefined;
      if (raw === undefined) return undefined;
      const { hash, at, ...of } = JSON.parse(raw) as Kept;
      if (hash !== hashToken(secret) || Math.abs(now() - at) > CLERK_MOST_MS) return undefined;
      const clerk = clerkPrincipal(directory, of);
      if (clerk) await short.keepClerk(display, CLERK_IDLE_MS);
      return clerk;
    },
    async end({ credential }) {
      const of = clerkOf(credential);
      if (of) await short.endClerk(of.display);
    },
  };
}

/** Numbers are not to be read off the keys. */
const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22);
