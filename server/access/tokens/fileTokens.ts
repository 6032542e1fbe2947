import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AccessFile } from '../../../contract/access.ts';
import { parseRfc3339 } from '../../../common/regionTime.ts';
import { SettingError } from '../../platform/settings.ts';
import { parseAccessFile } from './accessFile.ts';
import type { Principal } from '../../platform/http/principal.ts';
import { fromBeforeLimits, grantInForce, trustedNotice } from '../writeGrant.ts';

/** The file is read so often, ms: what it no longer lists is out well within 2 s. */
export const REREAD_MS = 500;

/** The tokens of the access file, as it stands now. */
export interface FileTokens {
  /** By digest. */
  get(hash: string): Principal | undefined;
  list(): Principal[];
  /** Calls back after each reading. */
  onRead(listener: () => void): () => void;
  stop(): void;
}

interface AccessLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * Reads the file again and again, because watching misses changes on some file systems. Content that is not valid
 * changes nothing, and is logged once.
 * @param path absolute
 * @throws SettingError if the file cannot be used at the start
 */
export function readFileTokens(path: string, log: AccessLog): FileTokens {
  /** What the file said last, valid or not. */
  let seen = readNow(path);
  let listed = take(seen);
  let trouble = '';
  const listeners = new Set<() => void>();

  function take(text: string): Map<string, Principal> {
    const parsed = parseAccessFile(text, path);
    const names = parsed.tokens.filter((token) => fromBeforeLimits(token.role, token)).map(({ name }) => name);
    const notice = trustedNotice(names);
    if (notice) log.warn({ path, tokens: names }, notice);
    return principalsOf(parsed);
  }

  async function reread(): Promise<void> {
    try {
      const text = await readFile(path, 'utf8');
      if (text !== seen) {
        seen = text;
        listed = take(text);
        log.info({ path, tokens: listed.size }, 'access file: read again');
      }
      trouble = '';
    } catch (error) {
      const { message } = error as Error;
      if (message !== trouble)
        log.error(
          { path, problems: message.split('\n') },
          'access file: cannot be used, what it said before stays in force',
        );
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
    get: (hash) => listed.get(hash),
    list: () => [...listed.values()],
    onRead(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    stop() {
      clearInterval(timer);
    },
  };
}

function principalsOf({ tokens }: AccessFile): Map<string, Principal> {
  return new Map(
    tokens.map(({ name, role, scope, unit, hash, expires, ...grant }): [string, Principal] => [
      hash,
      {
        kind: 'token',
        name,
        role,
        scope,
        ...(unit === undefined ? {} : { unit }),
        credential: `file:${hash}`,
        ...grantInForce(role, grant),
        ...(expires === undefined ? {} : { expires: parseRfc3339(expires)! }),
      },
    ]),
  );
}

function readNow(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SettingError([`${path} cannot be read: ${(error as Error).message}.`]);
  }
}
