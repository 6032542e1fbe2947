import { lstat, readdir, realpath } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { RedisClient } from '../redis/connect.ts';
import { writeArchive, type ArchiveWriter, type Manifest } from './archive.ts';
import { encodeCommand } from './commands.ts';
import { copyTag, keysByTag } from './copyKeys.ts';
import type { BackupKeys } from './keys.ts';
import { RESTORED_SETTINGS, UNFINISHED } from './unfinished.ts';

/** Bytes of commands in one entry. */
const ENTRY_BYTES = 4 * 1024 * 1024;
/** The embedded Redis, whose keys are copied one by one, and what a restore has left for people to read. */
const NOT_COPIED = new Set(['redis', UNFINISHED, RESTORED_SETTINGS]);

export interface BackupParts {
  /** The archive; its folder must be there, the file must not. */
  to: string;
  redis: RedisClient;
  keys: readonly BackupKeys[];
  dataDir: string;
  filesDir: string;
  /** Paths of files that hold a secret: they are left out, also where they lie in one of these folders. */
  secretFiles: readonly string[];
  /** By name of a file: its text. No secrets. */
  settings: Readonly<Record<string, string>>;
  program: string;
  now: number;
}

/**
 * Copies everything into one archive, while the program runs or not. The keys of all regions are of one moment, as nobody
 * counts while they are copied; files are each as they are when their turn comes, after the keys that may name them.
 */
export async function backUp(parts: BackupParts): Promise<Manifest> {
  const { redis, keys, dataDir, filesDir } = parts;
  const archive = writeArchive(parts.to);
  try {
    const tags = [...(await keysByTag(redis)).keys()].filter((tag) => keys.some((part) => part.owns(tag)));
    const copied = await whileQuiet(redis, keys, tags, () => copyRedis(archive, redis, keys, tags));
    const inside = resolve(filesDir);
    const isSecret = await oneOf(parts.secretFiles);
    await copyFolder(
      archive,
      'data',
      dataDir,
      async (path) => NOT_COPIED.has(relative(dataDir, path)) || path === inside || (await isSecret(path)),
    );
    await copyFolder(archive, 'files', inside, isSecret);
    for (const [name, text] of Object.entries(parts.settings)) await archive.add(`settings/${name}`, Buffer.from(text));
    return await archive.finish({ program: parts.program, at: toRfc3339(parts.now), redis: copied });
  } catch (error) {
    await archive.discard();
    throw error;
  }
}

/** Runs `work` while every feature holds its writers back. */
function whileQuiet<T>(
  redis: RedisClient,
  keys: readonly BackupKeys[],
  tags: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const [first, ...rest] = keys;
  if (!first) return work();
  const inner = () => whileQuiet(redis, rest, tags, work);
  const own = tags.filter((tag) => first.owns(tag));
  return first.whileQuiet && own.length ? first.whileQuiet(redis, own, inner) : inner();
}

async function copyRedis(
  archive: ArchiveWriter,
  redis: RedisClient,
  parts: readonly BackupKeys[],
  tags: readonly string[],
): Promise<Manifest['redis']> {
  const copied: Manifest['redis'] = {};
  let entry = 0;
  let waiting: Buffer[] = [];
  let bytes = 0;
  const flush = async () => {
    if (!waiting.length) return;
    await archive.add(`redis/${String(++entry).padStart(6, '0')}.resp`, Buffer.concat(waiting));
    waiting = [];
    bytes = 0;
  };
  // Read again: since the first look others may have come, and from now on nobody writes.
  const now = await keysByTag(redis);
  for (const tag of tags) {
    const made = new Set<string>();
    const ending = new Set<string>();
    const owners = parts.filter((part) => part.owns(tag));
    for await (const command of copyTag(redis, tag, now.get(tag) ?? [], owners)) {
      made.add(String(command[1]));
      if (command[0] === 'PEXPIREAT') ending.add(String(command[1]));
      const encoded = encodeCommand(command);
      waiting.push(encoded);
      bytes += encoded.length;
      if (bytes >= ENTRY_BYTES) await flush();
    }
    copied[tag] = { keys: made.size, ending: ending.size };
  }
  await flush();
  return copied;
}

async function copyFolder(
  archive: ArchiveWriter,
  root: string,
  folder: string,
  skip: (path: string) => Promise<boolean>,
): Promise<void> {
  const pending = [folder];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    for (const name of (await namesIn(path)).sort()) {
      const full = join(path, name);
      if (await skip(full)) continue;
      const found = await orMissing(lstat(full));
      if (found?.isDirectory()) pending.push(full);
      // Removed since the folder was read, or no file of ours: a socket, a link.
      else if (found?.isFile())
        await archive.addFile([root, ...relative(folder, full).split(sep)].join('/'), full, found.size);
    }
  }
}

/** Whether a path leads to one of some files, whichever folders and links it leads through. */
async function oneOf(files: readonly string[]): Promise<(path: string) => Promise<boolean>> {
  const found = new Set(await Promise.all(files.map((file) => orMissing(realpath(file)))));
  return async (path) => {
    const real = await orMissing(realpath(path));
    return real !== undefined && found.has(real);
  };
}

const namesIn = async (folder: string): Promise<string[]> => (await orMissing(readdir(folder))) ?? [];

async function orMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
