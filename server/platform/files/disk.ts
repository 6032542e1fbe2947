import { randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { link, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Small helpers for files that are there whole or not at all. */

/** Half-written files lie in a folder of this name, beside the others: a rename must stay on one file system. */
export const UNFINISHED = 'unfinished';

/** File systems that know no hard links say so with one of these. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/**
 * Writes a file under a name that is not taken yet; a file that is there is never changed, whoever else writes at the same
 * time. When this resolves the file is on the disk, whole; if it fails, nothing is left of it.
 * @param root a folder of the same file system, under which unfinished files lie
 * @returns whether it was written; false if there was a file of that name
 */
export async function writeOnce(root: string, path: string, content: Buffer): Promise<boolean> {
  const unfinished = join(root, UNFINISHED);
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  const draft = join(unfinished, randomUUID());
  const home = dirname(path);
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await mkdir(home, { recursive: true, mode: 0o700 });
    if (!(await nameOnce(draft, path))) return false;
    // A file is there for good once its folder says so, and the folder once its own does.
    await syncFolder(home);
    await syncFolder(dirname(home));
    return true;
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** Gives a draft its name unless that is taken: a link fails where a rename would replace. */
async function nameOnce(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.includes(code)) throw error;
  }
  if (await orMissing(lstat(path))) return false;
  await rename(draft, path);
  return true;
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  await folder.sync().finally(() => folder.close());
}

/** What lies in a folder; nothing if there is no such folder. */
export async function entriesOf(folder: string): Promise<Dirent[]> {
  return (await orMissing(readdir(folder, { withFileTypes: true }))) ?? [];
}

/** Undefined where the file or folder asked for is not there. */
export async function orMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether a write failed because there is no room. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}
