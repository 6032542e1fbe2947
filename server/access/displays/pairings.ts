import { randomInt } from 'node:crypto';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { Display, Pair, PairingWaiting } from '../../../contract/accessAdmin.ts';
import { PAIRING_LENGTH, PAIRING_LETTERS } from '../../../contract/accessLimits.ts';
import { AccessError } from '../accessError.ts';
import type { ChangeBy } from '../changeBy.ts';
import type { Directory } from '../directory.ts';
import type { Divisions } from '../grants.ts';
import { takeName, tidyName } from '../names.ts';
import type { Principal } from '../../platform/http/principal.ts';
import { newId, type DisplayRecord } from '../records.ts';
import { hashToken, mintSecret } from '../secret.ts';
import type { Throttle } from '../sessions/throttle.ts';
import type { ShortStore } from '../store/shortStore.ts';
import { checkShown, type Displays } from './displays.ts';
import type { DisplayTokens } from './displayTokens.ts';

/** A code on a screen is good for so long, ms. */
export const PAIRING_MS = 10 * 60_000;
/**
 * New codes in a minute: for one address; for one address where many ask; and for all strangers together, so that no flood
 * fills the memory.
 */
const CODES = { limit: 10, scarce: 2, pool: 1_000 };
const MINUTE_MS = 60_000;

/** What is kept of a screen that waits: the digest of its secret, and the display once an admin has typed the code. */
interface Waiting {
  hash: string;
  at: number;
  from: string;
  agent: string;
  display?: string;
}

/** How screens get in where nobody can type. Errors are AccessError. */
export interface Pairings {
  begin(from: string, agent: string): Promise<{ code: string; secret: string; ends: number }>;
  /** @returns undefined while nobody has typed the code; else the display's new token and what to show */
  claim(secret: string, from: string): Promise<{ token: string; show: string } | undefined>;
  waiting(code: string): Promise<PairingWaiting>;
  pair(code: string, given: Pair, by: Principal): Promise<Display>;
}

export interface PairingsParts {
  directory: Directory;
  changeBy: ChangeBy;
  displays: Displays;
  tokens: DisplayTokens;
  short: ShortStore;
  throttle: Throttle;
  divisions: Divisions;
  now: () => number;
}

export function createPairings(parts: PairingsParts): Pairings {
  const { directory, changeBy, displays, tokens, short, throttle, divisions, now } = parts;
  const readWaiting = async (code: string): Promise<Waiting> => {
    const text = await short.get('pairing', code);
    if (text === undefined)
      throw new AccessError(404, `no screen waits under ${code}: codes are good for ten minutes`, {
        parameter: 'code',
      });
    return JSON.parse(text) as Waiting;
  };
  return {
    async begin(from, agent) {
      await throttle.share('pairing', from, CODES, MINUTE_MS);
      const secret = mintSecret('wp');
      const waiting: Waiting = { hash: hashToken(secret), at: now(), from, agent: agent.slice(0, 200) };
      for (;;) {
        const letters = Array.from(
          { length: PAIRING_LENGTH },
          () => PAIRING_LETTERS[randomInt(PAIRING_LETTERS.length)],
        );
        const code = letters.join('');
        if (await short.put('pairing', code, JSON.stringify(waiting), PAIRING_MS))
          return { code, secret: `${code}.${secret}`, ends: waiting.at + PAIRING_MS };
      }
    },
    async claim(given, from) {
      const code = given.slice(0, PAIRING_LENGTH);
      const { hash, display } = await readWaiting(code);
      if (hashToken(given.slice(PAIRING_LENGTH + 1)) !== hash)
        throw new AccessError(404, 'no screen waits under this secret');
      if (display === undefined) return undefined;
      // Asked again, because the answer was lost: the token that was given before ends unless it is in use already.
      const token = await tokens.issue(display);
      await throttle.know(from);
      return { token, show: displays.assignment(display)!.path };
    },
    async waiting(code) {
      const { at, from, agent } = await readWaiting(code);
      return { code, at: toRfc3339(at), from, agent, expires: toRfc3339(at + PAIRING_MS) };
    },
    async pair(code, { name: given, scope, screen, settings = {} }, by) {
      const name = tidyName(given);
      checkShown(screen, scope, divisions);
      const waiting = await readWaiting(code);
      const id = newId();
      // Of two who type the same code at the same time, one makes the display.
      const mine = await short.put('pairing', `${code}:display`, id, PAIRING_MS);
      if (!mine || waiting.display !== undefined)
        throw new AccessError(409, `the screen under ${code} has been paired already`, { parameter: 'code' });
      const record: DisplayRecord = { name, scope, screen, settings, tokens: [], createdAt: now(), createdBy: by.name };
      try {
        await changeBy(by, () => [takeName(directory, 'display', name, id), directory.edit('display', id, record)]);
      } catch (error) {
        // The screen still waits: another name may be free.
        await short.take('pairing', `${code}:display`);
        throw error;
      }
      if (!(await short.replace('pairing', code, JSON.stringify({ ...waiting, display: id } satisfies Waiting)))) {
        await displays.revoke(id, by);
        throw new AccessError(404, `no screen waits under ${code} any more`, { parameter: 'code' });
      }
      return displays.get(id);
    },
  };
}
