import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Writes files as one folder, all or nothing: they are made in a new folder beside it, and the folders
 * are swapped. So boundaries are never found beside the review number of others.
 */
export function replaceFolder(folder: string, files: Readonly<Record<string, string>>): void {
  const fresh = `${folder}.new-${process.pid}`,
    old = `${folder}.old-${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  try {
    mkdirSync(fresh);
    for (const [name, content] of Object.entries(files)) {
      const handle = openSync(join(fresh, name), 'w');
      writeFileSync(handle, content);
      fsyncSync(handle);
      closeSync(handle);
    }
    const replacing = existsSync(folder);
    if (replacing) renameSync(folder, old);
    try {
      renameSync(fresh, folder);
    } catch (error) {
      if (replacing) renameSync(old, folder);
      throw error;
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}
