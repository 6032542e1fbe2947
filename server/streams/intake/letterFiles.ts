import { appendFile, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { DeadLetter } from '../../../contract/rest.ts';

/** Where dead letters go that are not kept at hand any more: NDJSON files by day, oldest first by name. */
export interface LetterFiles {
  /** Resolves when the letters are on disk. @returns the file, and those that had to make room */
  append(letters: readonly DeadLetter[], now: number): Promise<{ path: string; dropped: string[] }>;
}

export interface LetterFileLimits {
  /** A file of a day that is longer is followed by another one. */
  fileBytes: number;
  /** All files together: the oldest make room, so that a source that sends nonsense cannot fill the disk. */
  allBytes: number;
}

const GIB = 1024 ** 3;

export function createLetterFiles(
  folder: string,
  { fileBytes, allBytes }: LetterFileLimits = { fileBytes: GIB / 4, allBytes: 4 * GIB },
): LetterFiles {
  const sizeOf = (path: string) =>
    stat(path).then(
      ({ size }) => size,
      () => 0,
    );

  async function fileFor(now: number): Promise<string> {
    const day = toRfc3339(now).slice(0, 10);
    for (let part = 1; ; part++) {
      const path = join(folder, part === 1 ? `${day}.ndjson` : `${day}.${String(part).padStart(4, '0')}.ndjson`);
      if ((await sizeOf(path)) < fileBytes) return path;
    }
  }

  async function makeRoom(current: string): Promise<string[]> {
    // By name, so by day: `2026-11-28.0002.ndjson` is before `2026-11-28.ndjson`, which does not matter within a day.
    const paths = (await readdir(folder)).filter((name) => name.endsWith('.ndjson')).sort();
    const sizes = await Promise.all(paths.map((name) => sizeOf(join(folder, name))));
    let over = sizes.reduce((sum, size) => sum + size, 0) - allBytes;
    const dropped: string[] = [];
    for (const [i, name] of paths.entries()) {
      if (over <= 0) break;
      const path = join(folder, name);
      if (path === current) continue;
      await rm(path, { force: true });
      dropped.push(path);
      over -= sizes[i]!;
    }
    return dropped;
  }

  return {
    async append(letters, now) {
      await mkdir(folder, { recursive: true });
      const path = await fileFor(now);
      // One by one: a text of all of them could be longer than a string can be.
      for (const letter of letters) await appendFile(path, `${JSON.stringify(letter)}\n`);
      const file = await open(path, 'r+');
      await file.sync().finally(() => file.close());
      return { path, dropped: await makeRoom(path) };
    },
  };
}
