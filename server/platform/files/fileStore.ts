import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { HttpProblem } from '../http/problem.ts';
import { entriesOf, isFull, orMissing, syncFolder, UNFINISHED } from './disk.ts';

export interface StoredFile {
  /** SHA-256 of the content, 64 hexadecimal digits: the file's name. */
  digest: string;
  bytes: number;
}

/** A file that was written and has no name yet. */
export interface Draft extends StoredFile {
  readonly path: string;
  /** Gives it the name of its digest; when this resolves it is there for good. @throws as `put` */
  keep(): Promise<StoredFile>;
  /** Does nothing to one that is kept. */
  discard(): Promise<void>;
}

/**
 * Files that a feature keeps, by the digest of their content: the same content is kept once, and a name cannot lead out of
 * the folder. Who may see a file is for the feature to know: the store gives a file to whoever names its digest.
 */
export interface FileStore {
  /**
   * Writes a file beside the others, without a name: it is to be looked at, and then kept or discarded.
   * @throws as `put`
   */
  receive(content: Buffer | AsyncIterable<Buffer>, maxBytes?: number): Promise<Draft>;
  /**
   * Keeps a file. When this resolves the file is on the disk, whole; if it fails nothing is left of it.
   * @throws HttpProblem 413 beyond `maxBytes`, 507 if the disk is full
   */
  put(content: Buffer | AsyncIterable<Buffer>, maxBytes?: number): Promise<StoredFile>;
  /** The file's size; undefined if there is none of this digest. */
  find(digest: string): Promise<StoredFile | undefined>;
  /** The content; undefined if there is none of this digest. */
  read(digest: string): Promise<Readable | undefined>;
  /** When a file was written, epoch ms; undefined if there is none of this digest. */
  writtenAt(digest: string): Promise<number | undefined>;
  /** All files, in no order. */
  list(): AsyncIterable<StoredFile>;
  /** @returns whether there was such a file */
  remove(digest: string): Promise<boolean>;
  /**
   * Removes a file that nobody needs; one that somebody begins to need meanwhile stays, if they note so before they keep it.
   * @param isNeeded asked while the file is out of the way
   */
  removeUnless(digest: string, isNeeded: () => Promise<boolean>): Promise<void>;
  /** Removes what crashed writers have left behind that is older than `ms`. @returns how many files */
  removeLeftovers(ms: number): Promise<number>;
}

const DIGEST = /^[0-9a-f]{64}$/;
const NAME = /^[a-z][a-z0-9-]{0,40}$/;
const PREFIX = /^[0-9a-f]{2}$/;

/**
 * @param filesDir `FILES_DIR`; several processes may share it
 * @param name the feature's folder in it
 */
export function createFileStore(filesDir: string, name: string): FileStore {
  if (!NAME.test(name)) throw new Error(`${JSON.stringify(name)} is no name of a folder of files`);
  const folder = join(filesDir, name);
  const unfinished = join(folder, UNFINISHED);
  const pathOf = (digest: string) => join(folder, digest.slice(0, 2), digest);

  async function receive(content: Buffer | AsyncIterable<Buffer>, maxBytes: number): Promise<Draft> {
    const path = join(unfinished, randomUUID());
    const discard = () => rm(path, { force: true }).catch(() => undefined);
    const orGone = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await work();
      } catch (error) {
        await discard();
        throw isFull(error) ? storageFull() : error;
      }
    };
    return orGone(async () => {
      await mkdir(unfinished, { recursive: true });
      const file = await writeDraft(path, Buffer.isBuffer(content) ? [content] : content, maxBytes);
      const keep = () =>
        orGone(async () => {
          const home = join(folder, file.digest.slice(0, 2));
          await mkdir(home, { recursive: true });
          await rename(path, pathOf(file.digest));
          // A file is there for good once its folder says so, and the folder once its own does.
          await syncFolder(home);
          await syncFolder(folder);
          return file;
        });
      return { ...file, path, keep, discard };
    });
  }

  return {
    receive: (content, maxBytes = Infinity) => receive(content, maxBytes),
    put: async (content, maxBytes = Infinity) => (await receive(content, maxBytes)).keep(),
    find: (digest) => (DIGEST.test(digest) ? sizeOf(pathOf(digest), digest) : Promise.resolve(undefined)),
    async read(digest) {
      if (!DIGEST.test(digest)) return undefined;
      const file = await orMissing(open(pathOf(digest)));
      return file?.createReadStream();
    },
    async writtenAt(digest) {
      return DIGEST.test(digest) ? (await orMissing(stat(pathOf(digest))))?.mtimeMs : undefined;
    },
    async *list() {
      for (const prefix of await entriesOf(folder)) {
        if (!PREFIX.test(prefix.name)) continue;
        for (const { name: digest } of await entriesOf(join(folder, prefix.name))) {
          const file = DIGEST.test(digest) ? await sizeOf(pathOf(digest), digest) : undefined;
          if (file) yield file;
        }
      }
    },
    async remove(digest) {
      if (!DIGEST.test(digest) || !(await sizeOf(pathOf(digest), digest))) return false;
      await rm(pathOf(digest), { force: true });
      return true;
    },
    async removeUnless(digest, isNeeded) {
      if (!DIGEST.test(digest)) return;
      const aside = join(unfinished, randomUUID());
      await mkdir(unfinished, { recursive: true });
      if ((await orMissing(rename(pathOf(digest), aside).then(() => true))) === undefined) return;
      // What is kept from now on is another file; what was noted before it was kept is seen here.
      const needed = await isNeeded().catch(() => true);
      await (needed ? rename(aside, pathOf(digest)) : rm(aside, { force: true }));
    },
    async removeLeftovers(ms) {
      let removed = 0;
      for (const { name: draft } of await entriesOf(unfinished)) {
        const path = join(unfinished, draft);
        const found = await orMissing(stat(path));
        if (!found || Date.now() - found.mtimeMs < ms) continue;
        await rm(path, { force: true });
        removed++;
      }
      return removed;
    },
  };
}

async function writeDraft(
  path: string,
  content: Iterable<Buffer> | AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<StoredFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file: FileHandle = await open(path, 'wx', 0o600);
  try {
    for await (const part of content) {
      bytes += part.length;
      if (bytes > maxBytes)
        throw new HttpProblem(
          413,
          'File is too large',
          `the file has more than the ${maxBytes} bytes that are allowed`,
        );
      hash.update(part);
      await file.writeFile(part);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { digest: hash.digest('hex'), bytes };
}

async function sizeOf(path: string, digest: string): Promise<StoredFile | undefined> {
  const found = await orMissing(stat(path));
  return found && { digest, bytes: found.size };
}

function storageFull(): HttpProblem {
  return new HttpProblem(
    507,
    'Storage is full',
    'the disk of FILES_DIR is full: nothing was kept; free some space there and send the file again',
  );
}
