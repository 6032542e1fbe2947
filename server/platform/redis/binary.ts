import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { MIN_REDIS_MAJOR } from './connect.ts';

/** The program that the embedded Redis is: `redis-server`, or `valkey-server`, which is compatible. */
export interface RedisBinary {
  path: string;
  name: 'redis-server' | 'valkey-server';
  version: string;
}

/** Why no embedded Redis can run; the message is for the operator. */
export class EmbeddedRedisError extends Error {
  override readonly name = 'EmbeddedRedisError';
}

const HOW_TO_GET_IT =
  'Install it (Debian, Ubuntu: apt-get install redis-server; Fedora, RHEL: dnf install redis or valkey; ' +
  'macOS: brew install redis), or set REDIS_URL to a Redis that runs elsewhere.';

/** The first executable of that name on `path`. */
export function findOnPath(name: string, path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here: look on.
    }
  }
  return undefined;
}

/**
 * The Redis server to run: the first of `redis-server` and `valkey-server` on the PATH that is new enough.
 * @throws EmbeddedRedisError saying what was found and what to install
 */
export function findRedisBinary(path: string = process.env['PATH'] ?? ''): RedisBinary {
  const tooOld: string[] = [];
  for (const name of ['redis-server', 'valkey-server'] as const) {
    const file = findOnPath(name, path);
    if (!file) continue;
    const output = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 10_000 }).stdout ?? '';
    const version = /\bv=(\d+\.\d+\.\d+)/.exec(output)?.[1];
    if (version && Number.parseInt(version, 10) >= MIN_REDIS_MAJOR) return { path: file, name, version };
    tooOld.push(`${file} is ${version ? `version ${version}` : 'of no version that could be found out'}`);
  }
  if (tooOld.length > 0) {
    throw new EmbeddedRedisError(
      `${tooOld.join(', and ')}, but WageWatch needs version ${MIN_REDIS_MAJOR} or later. ${HOW_TO_GET_IT}`,
    );
  }
  throw new EmbeddedRedisError(`Neither redis-server nor valkey-server is on the PATH. ${HOW_TO_GET_IT}`);
}
