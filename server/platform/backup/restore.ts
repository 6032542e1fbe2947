import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RedisClient } from '../redis/connect.ts';
import { ArchiveError, collect, readArchive, verifyArchive, type Manifest } from './archive.ts';
import { decodeCommands } from './commands.ts';
import { keysByTag } from './copyKeys.ts';
import { RESTORED_SETTINGS, UNFINISHED } from './unfinished.ts';

/** Commands on their way to Redis at the same time. */
const IN_FLIGHT = 200;

export interface RestoreParts {
  from: string;
  dataDir: string;
  filesDir: string;
  /** Connects to the Redis to restore into, once DATA_DIR is ours; called after the archive has been found whole. */
  openRedis: () => Promise<{ redis: RedisClient; close(): Promise<void> }>;
}

/**
 * Puts an archive back into an empty DATA_DIR, FILES_DIR and Redis.
 * @throws ArchiveError if the archive is not whole or something is not empty: then nothing has been changed. Errors later
 *   on leave DATA_DIR marked as unfinished, so that no program starts on a part of the data.
 */
export async function restore({ from, dataDir, filesDir, openRedis }: RestoreParts): Promise<Manifest> {
  await assertEmpty(dataDir, 'DATA_DIR');
  await assertEmpty(filesDir, 'FILES_DIR');
  const manifest = await verifyArchive(from);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const mark = join(dataDir, UNFINISHED);
  await writeFile(mark, `${from}\n`, { flag: 'wx' });
  let untouched = true;
  try {
    const { redis, close } = await openRedis();
    try {
      await assertNoKeys(redis, Object.keys(manifest.redis));
      untouched = false;
      for await (const { name, content } of readArchive(from)) {
        const [root, ...path] = name.split('/') as [string, ...string[]];
        if (root === 'redis') await applyAll(redis, await collect(content));
        else if (root === 'data') await putFile(join(dataDir, ...path), content);
        else if (root === 'files') await putFile(join(filesDir, ...path), content);
        else if (root === 'settings') await putFile(join(dataDir, RESTORED_SETTINGS, ...path), content);
        else await collect(content);
      }
      await assertKeys(redis, manifest);
    } finally {
      await close();
    }
  } catch (error) {
    // All that is there by now is our own.
    if (untouched) for (const path of [mark, join(dataDir, 'redis')]) await rm(path, { recursive: true, force: true });
    throw error;
  }
  await rm(mark);
  return manifest;
}

async function assertEmpty(folder: string, variable: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new ArchiveError(`${variable} ${folder} cannot be read: ${error.message}.`);
  });
  if (names.length)
    throw new ArchiveError(
      `${variable} ${folder} is not empty: it holds ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}. Restore into an empty directory; what is there is not overwritten.`,
    );
}

async function assertNoKeys(redis: RedisClient, tags: readonly string[]): Promise<void> {
  const found = [...(await keysByTag(redis)).keys()].find((tag) => tags.includes(tag));
  if (found !== undefined)
    throw new ArchiveError(
      `Redis already holds keys of {${found}}: stop every program that uses it, and restore into an empty one. What is there is not overwritten.`,
    );
}

async function applyAll(redis: RedisClient, bytes: Buffer): Promise<void> {
  let batch: Promise<unknown>[] = [];
  for (const [name, ...args] of decodeCommands(bytes)) {
    batch.push(redis.call(name!.toString(), ...args));
    if (batch.length < IN_FLIGHT) continue;
    await Promise.all(batch);
    batch = [];
  }
  await Promise.all(batch);
}

/** All keys must be there but those that have ended meanwhile, and no others: those would be somebody else's. */
async function assertKeys(redis: RedisClient, { redis: counts }: Manifest): Promise<void> {
  const found = await keysByTag(redis);
  for (const [tag, { keys, ending }] of Object.entries(counts)) {
    const there = found.get(tag)?.length ?? 0;
    if (there < keys - ending || there > keys)
      throw new Error(
        `Redis holds ${there} keys of {${tag}} and not ${keys} as the backup: is another program using it at the same time?`,
      );
  }
}

async function putFile(path: string, content: AsyncIterable<Buffer>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await pipeline(content, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }));
}
