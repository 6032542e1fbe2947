import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, readdirSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, pack, type Pack } from 'tar-stream';
import { processMark } from '../redis/dataDir.ts';

/**
 * An archive is a tar file, gzip, whose last entry is `manifest.json`: what the archive holds, and the size and digest of
 * every other entry. Entries: `redis/…` (commands, in order), `data/…` (files of DATA_DIR), `files/…` (those of FILES_DIR),
 * `settings/…`.
 */
export const MANIFEST = 'manifest.json';
export const FORMAT = 1;

export interface EntryFacts {
  name: string;
  bytes: number;
  sha256: string;
}

export interface Manifest {
  format: number;
  /** Version of the program that wrote it. */
  program: string;
  /** RFC 3339. */
  at: string;
  /** By hash tag: how many keys of Redis are in it, and how many of them end by themselves. */
  redis: Record<string, { keys: number; ending: number }>;
  entries: EntryFacts[];
}

/** An archive that is not whole, or is none. The message is for the operator. */
export class ArchiveError extends Error {}

export interface ArchiveWriter {
  /** Adds bytes as an entry. */
  add(name: string, bytes: Buffer): Promise<void>;
  /** Adds a file of so many bytes; one that has grown meanwhile is cut there. */
  addFile(name: string, path: string, bytes: number): Promise<void>;
  /** Ends the archive with the manifest; it is on the disk, whole, when this resolves. */
  finish(facts: Omit<Manifest, 'format' | 'entries'>): Promise<Manifest>;
  /** Gives it up. */
  discard(): Promise<void>;
}

/** Writes `file`, which comes into being only when it is finished. Nobody but its owner may read it: it holds people's records.
 * What a process that was killed has left beside it goes. */
export function writeArchive(file: string): ArchiveWriter {
  removeLeftovers(file);
  // Of this process: one that was killed has left its own, and must not stand in the way of the next.
  const draft = `${file}.${process.pid}.unfinished`;
  const tar: Pack = pack();
  const written = pipeline(tar, createGzip({ level: 3 }), createWriteStream(draft, { flags: 'wx', mode: 0o600 }));
  // Told where the next entry is added, or at the end.
  written.catch(() => undefined);
  const entries: EntryFacts[] = [];
  const cannotWrite = (error: Error) => {
    throw new ArchiveError(`${file} cannot be written: ${error.message}.`, { cause: error });
  };

  async function entry(name: string, bytes: number, content: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
    const hash = createHash('sha256');
    let left = bytes;
    const source = async function* () {
      for await (const part of content) {
        const kept = part.length > left ? part.subarray(0, left) : part;
        left -= kept.length;
        hash.update(kept);
        yield kept;
      }
      if (left > 0) throw new Error(`${name} became shorter while it was copied: try again`);
    };
    try {
      const sink = tar.entry({ name, size: bytes, mode: 0o600 });
      await Promise.race([
        pipeline(source, sink),
        written.then(() => Promise.reject(new Error('the archive has ended'))),
      ]);
    } catch (error) {
      // What has failed is the file, and the entry only because of it.
      if (tar.destroyed) await written.catch(cannotWrite);
      throw error;
    }
    entries.push({ name, bytes, sha256: hash.digest('hex') });
  }

  return {
    add: (name, bytes) => entry(name, bytes.length, [bytes]),
    async addFile(name, path, bytes) {
      await entry(
        name,
        bytes,
        bytes === 0 ? [] : (createReadStream(path, { end: bytes - 1 }) as AsyncIterable<Buffer>),
      );
    },
    async finish(facts) {
      const manifest: Manifest = { format: FORMAT, ...facts, entries: [...entries] };
      await entry(MANIFEST, ...sized(Buffer.from(JSON.stringify(manifest, undefined, 1))));
      tar.finalize();
      await written.catch(cannotWrite);
      await sync(draft);
      await rename(draft, file);
      await sync(dirname(file));
      return manifest;
    },
    async discard() {
      tar.destroy();
      await written.catch(() => undefined);
      // Why it is given up is what matters, not that nothing could be removed.
      await rm(draft, { force: true }).catch(() => undefined);
    },
  };
}

/** Removes drafts of `file` whose process no longer runs: each is as large as a backup. */
function removeLeftovers(file: string): void {
  const name = basename(file);
  let names: string[];
  try {
    names = readdirSync(dirname(file));
  } catch {
    // What is wrong with the folder is told when the draft cannot be written.
    return;
  }
  for (const one of names) {
    const pid = one.startsWith(`${name}.`) ? /^\.(\d+)\.unfinished$/.exec(one.slice(name.length))?.[1] : undefined;
    if (pid !== undefined && processMark(Number(pid)) === undefined) rmSync(join(dirname(file), one), { force: true });
  }
}

const sized = (bytes: Buffer): [number, Buffer[]] => [bytes.length, [bytes]];

async function sync(path: string): Promise<void> {
  const handle = await open(path);
  await handle.sync().finally(() => handle.close());
}

/** An entry of an archive, while it is read: its content must be read to the end before the next one comes. */
export interface ReadEntry {
  name: string;
  content: AsyncIterable<Buffer>;
}

/** The entries of an archive in order. @throws ArchiveError if it is no archive, or was cut off */
export async function* readArchive(file: string): AsyncGenerator<ReadEntry> {
  /** What goes wrong while an entry is read is told like what goes wrong between two. */
  const asArchiveError = (error: unknown): ArchiveError => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof ArchiveError) return error;
    return new ArchiveError(
      code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read as an archive: ${message}.`,
    );
  };
  async function* contentOf(entry: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    try {
      yield* entry;
    } catch (error) {
      throw asArchiveError(error);
    }
  }
  const tar = extract();
  const read = pipeline(createReadStream(file), createGunzip(), tar);
  read.catch(() => undefined);
  try {
    for await (const entry of tar) {
      yield { name: entry.header.name, content: contentOf(entry as unknown as AsyncIterable<Buffer>) };
      entry.resume();
    }
    await read;
  } catch (error) {
    throw asArchiveError(error);
  }
}

/**
 * Reads all of an archive and holds it against its manifest.
 * @throws ArchiveError naming the first entry that is missing, too much or damaged
 */
export async function verifyArchive(file: string): Promise<Manifest> {
  const found = new Map<string, EntryFacts>();
  let manifest: Manifest | undefined;
  for await (const { name, content } of readArchive(file)) {
    if (manifest) throw new ArchiveError(`${file}: ${name} comes after the manifest.`);
    if (name === MANIFEST) {
      manifest = parseManifest(await collect(content), file);
      continue;
    }
    if (!isSafeName(name)) throw new ArchiveError(`${file}: ${JSON.stringify(name)} is no name of an entry.`);
    if (found.has(name)) throw new ArchiveError(`${file}: ${name} is there twice.`);
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const part of content) {
      hash.update(part);
      bytes += part.length;
    }
    found.set(name, { name, bytes, sha256: hash.digest('hex') });
  }
  if (!manifest) throw new ArchiveError(`${file} has no manifest at its end: it is not whole.`);
  for (const { name, bytes, sha256 } of manifest.entries) {
    const entry = found.get(name);
    if (!entry) throw new ArchiveError(`${file}: ${name} is missing.`);
    if (entry.bytes !== bytes || entry.sha256 !== sha256)
      throw new ArchiveError(`${file}: ${name} is damaged: it is not what was written.`);
    found.delete(name);
  }
  for (const name of found.keys()) throw new ArchiveError(`${file}: ${name} is not in the manifest.`);
  return manifest;
}

function parseManifest(bytes: Buffer, file: string): Manifest {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(bytes.toString()) as Manifest;
  } catch {
    throw new ArchiveError(`${file}: its manifest is damaged.`);
  }
  if (manifest.format !== FORMAT)
    throw new ArchiveError(
      `${file} is of format ${String(manifest.format)}, and this program reads ${FORMAT}: use the version that wrote it, ${manifest.program}.`,
    );
  return manifest;
}

/** Whether an entry lies where entries lie, and nowhere else. */
function isSafeName(name: string): boolean {
  const [root, ...parts] = name.split('/');
  return (
    ['redis', 'data', 'files', 'settings'].includes(root!) &&
    parts.length > 0 &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'))
  );
}

export async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
}
