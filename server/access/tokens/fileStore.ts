import { chown, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AccessFile } from '../../../contract/access.ts';
import { parseAccessFile } from './accessFile.ts';

/**
 * Changes an access file as one step: a server reads the old content or the new, never half of it. Two changes at the
 * same time do not overwrite each other: the file beside it is also the lock.
 * @param change the new content; what it throws leaves the file as it is
 * @throws SettingError if the file, or what `change` makes of it, cannot be used
 */
export async function changeAccessFile(path: string, change: (file: AccessFile) => AccessFile): Promise<void> {
  const beside = `${path}.new`;
  const out = await open(beside, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST'
      ? new Error(
          `${path} is being changed by somebody else. If nobody is: remove ${beside}, which is left of a change that was broken off.`,
        )
      : error;
  });
  try {
    const text = `${JSON.stringify(change(await readAccessFile(path)), null, 2)}\n`;
    parseAccessFile(text, path);
    await out.writeFile(text);
    // The server may run as another user: the file stays its owner's, and a new one is the folder's owner's.
    if (process.getuid?.() === 0) {
      const owner = await stat(path).catch(() => stat(dirname(path)));
      await chown(beside, owner.uid, owner.gid);
    }
    await out.sync();
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  } finally {
    await out.close();
  }
}

/** A file that does not exist lists nobody. @throws SettingError */
export async function readAccessFile(path: string): Promise<AccessFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? { tokens: [] } : parseAccessFile(text, path);
}
