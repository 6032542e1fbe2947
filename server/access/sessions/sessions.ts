import type { Edit } from '../store/accessStore.ts';
import { AccessError } from '../accessError.ts';
import type { Directory } from '../directory.ts';
import type { Principal } from '../../platform/http/principal.ts';
import { newId } from '../records.ts';
import { hashToken, mintSecret } from '../secret.ts';

/** A person signs in anew after so long, ms: a working day. */
export const SESSION_MS = 12 * 3_600_000;
/** Who signs in with a token stays as long as that holds, or until no browser keeps a cookie any longer, ms. */
export const TOKEN_SESSION_MS = 400 * 86_400_000;
/** Open sessions of one person; past that the oldest ends. */
const MAX_SESSIONS = 10;
/** The same of one token: screens that are not paired may share one. */
const MAX_TOKEN_SESSIONS = 50;

/** What lies between signing in and signing out. The secret is a new one each time, never one that a browser brought along. */
export interface Sessions {
  begin(person: string, from: string): { secret: string; edits: () => Edit[] };
  /**
   * A session by a token, so that the token itself is kept in no browser: it holds while the token does.
   * @param holds whether the token does at the moment of the change
   * @returns the session's secret
   * @throws AccessError 401 when it does not
   */
  beginByToken(token: Principal, holds: () => boolean, from: string): Promise<string>;
  /** The edits that end all sessions of a person, or of a token, by its credential. */
  ending(person: string): Edit[];
  endingByToken(token: string): Edit[];
  end(id: string): Promise<void>;
  endAll(person: string): Promise<void>;
  count(person: string): number;
  /** Takes away what has ended by the clock. */
  sweep(): Promise<void>;
}

export function createSessions(directory: Directory, now: () => number): Sessions {
  const of = (person: string) => directory.list('session').filter(([, session]) => session.person === person);
  const byToken = (credential: string) => directory.list('session').filter(([, { token }]) => token === credential);
  const remove = (id: string) => directory.edit('session', id, undefined);
  /** The edits that end the oldest of the open ones, so that one more makes at most `most`. */
  const room = (open: ReturnType<typeof of>, most: number) =>
    open
      .sort(([, a], [, b]) => a.at - b.at)
      .slice(0, Math.max(0, open.length - most + 1))
      .map(([old]) => remove(old));
  return {
    begin(person, from) {
      const secret = mintSecret('ws');
      const id = newId();
      return {
        secret,
        edits() {
          const at = now();
          return [
            ...room(of(person), MAX_SESSIONS),
            directory.edit('session', id, { person, hash: hashToken(secret), at, ends: at + SESSION_MS, from }),
          ];
        },
      };
    },
    async beginByToken({ credential, expires }, holds, from) {
      const secret = mintSecret('ws');
      const id = newId();
      await directory.change(() => {
        if (!holds()) throw new AccessError(401, 'the token is no longer valid', { parameter: 'token' });
        const at = now();
        return [
          ...room(byToken(credential), MAX_TOKEN_SESSIONS),
          directory.edit('session', id, {
            token: credential,
            hash: hashToken(secret),
            at,
            ends: Math.min(expires ?? Infinity, at + TOKEN_SESSION_MS),
            from,
          }),
        ];
      });
      return secret;
    },
    ending: (person) => of(person).map(([id]) => remove(id)),
    endingByToken: (token) => byToken(token).map(([id]) => remove(id)),
    end: (id) => directory.change(() => (directory.get('session', id) ? [remove(id)] : undefined)),
    endAll: (person) => directory.change(() => of(person).map(([id]) => remove(id))),
    count: (person) => of(person).filter(([, { ends }]) => ends > now()).length,
    async sweep() {
      const over = now();
      await directory.change(() => [
        ...directory
          .list('session')
          .filter(([, { ends }]) => ends <= over)
          .map(([id]) => remove(id)),
        ...directory
          .list('invite')
          .filter(([, { ends }]) => ends <= over)
          .map(([id]) => directory.edit('invite', id, undefined)),
      ]);
    },
  };
}
