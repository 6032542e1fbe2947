import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AccessFile } from '../../contract/access.ts';
import { parseRfc3339 } from '../../contract/regionTime.ts';
import { AccessFileError, parseAccessFile } from './accessFile.ts';
import { EVERYBODY, type Principal } from './principal.ts';
import { hashToken, mintToken } from './secret.ts';

/** The file is read so often, ms: what it no longer lists is out well within 2 s. */
export const REREAD_MS = 500;

/** Who is let in. */
export interface AccessControl {
  /** The one whose token this is, while it is valid; without an access file, everybody. */
  identify(token: string | undefined): Principal | undefined;
  /** Whether what somebody was let in with still holds. */
  holds(principal: Principal): boolean;
  /** Calls back when some may no longer hold. */
  onEnded(listener: () => void): () => void;
  /** A token of this process alone, kept nowhere. */
  mint(principal: Principal): string;
  stop(): void;
}

/** Lets everybody do everything: for a loopback address without an access file (contract §6). */
export const OPEN_ACCESS: AccessControl = {
  identify: () => EVERYBODY,
  holds: () => true,
  onEnded: () => () => {},
  mint: () => '',
  stop() {},
};

interface AccessLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface AccessControlParts {
  /** Absolute path. */
  path: string;
  log: AccessLog;
  now: () => number;
}

/**
 * Lets in whom the access file lists, as it stands now: it is read again and again, because watching misses changes on
 * some file systems. Content that is not valid changes nothing, and is logged once.
 * @throws AccessFileError if the file cannot be used at the start
 */
export function createAccessControl({ path, log, now }: AccessControlParts): AccessControl {
  /** What the file said last, valid or not. */
  let seen = readNow(path);
  let listed = principalsOf(parseAccessFile(seen, path));
  let trouble = '';
  const minted = new Map<string, Principal>();
  const listeners = new Set<() => void>();
  const find = (hash: string) => listed.get(hash) ?? minted.get(hash);
  const hashes = new WeakMap<Principal, string>();
  const remember = (hash: string, principal: Principal) => { hashes.set(principal, hash); };
  for (const [hash, principal] of listed) remember(hash, principal);

  const inForce = (principal: Principal | undefined) => principal !== undefined && (principal.expires === undefined || principal.expires > now());

  async function reread(): Promise<void> {
    try {
      const text = await readFile(path, 'utf8');
      if (text !== seen) {
        seen = text;
        const next = principalsOf(parseAccessFile(text, path));
        for (const [hash, principal] of next) {
          // Whoever may do the same as before is the same, and keeps the connection.
          const known = listed.get(hash);
          if (known && JSON.stringify(known) === JSON.stringify(principal)) next.set(hash, known);
          else remember(hash, principal);
        }
        listed = next;
        log.info({ path, tokens: listed.size }, 'access file: read again');
      }
      trouble = '';
    } catch (error) {
      const { message } = error as Error;
      if (message !== trouble) log.error({ path, problems: message.split('\n') }, 'access file: cannot be used, what it said before stays in force');
      trouble = message;
    }
  }

  let reading: Promise<void> | undefined;
  const timer = setInterval(() => {
    reading ??= reread().finally(() => {
      reading = undefined;
      // Each time, as tokens end by the clock too.
      for (const listener of listeners) listener();
    });
  }, REREAD_MS);
  timer.unref();

  return {
    identify(token) {
      const principal = token === undefined ? undefined : find(hashToken(token));
      return inForce(principal) ? principal : undefined;
    },
    holds(principal) {
      const hash = hashes.get(principal);
      return hash !== undefined && find(hash) === principal && inForce(principal);
    },
    onEnded(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    mint(given) {
      const token = mintToken();
      const principal = { ...given };
      minted.set(hashToken(token), principal);
      remember(hashToken(token), principal);
      return token;
    },
    stop() {
      clearInterval(timer);
    },
  };
}

function principalsOf({ tokens }: AccessFile): Map<string, Principal> {
  return new Map(tokens.map(({ name, role, scope, source, hash, expires }): [string, Principal] => [hash, {
    name, role, scope,
    ...(source === undefined ? {} : { source }),
    ...(expires === undefined ? {} : { expires: parseRfc3339(expires)! }),
  }]));
}

function readNow(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new AccessFileError([`${path} cannot be read: ${(error as Error).message}.`]);
  }
}
