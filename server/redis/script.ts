import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RedisClient } from './connect.ts';
import { PROJECT_ROOT } from './projectRoot.ts';

/** A Lua script of `server/redis/scripts/`; its head comment says what it takes and returns. */
export interface Script { lua: string; sha: string }

export function loadScript(name: string): Script {
  const lua = readFileSync(join(PROJECT_ROOT, 'server/redis/scripts', `${name}.lua`), 'utf8');
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/** Runs a script by its digest; the server is sent the text only when it does not have it (first use, restart, failover). */
export async function runScript(
  redis: RedisClient,
  script: Script,
  keys: string[],
  args: (string | number | Buffer)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(script.sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
    return redis.eval(script.lua, keys.length, ...keys, ...args);
  }
}
