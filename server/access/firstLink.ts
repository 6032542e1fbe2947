import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Directory } from './directory.ts';
import { INVITE_MS } from './people/invitations.ts';

/** In DATA_DIR; there only while the link in it is good. */
export const FIRST_LINK_FILE = 'first-admin-link';

/** Where an invitation is taken up. The code is in the fragment, which browsers send to nobody. */
export function joinLink(url: string, code: string): string {
  return `${url}/join#${code}`;
}

export interface FirstLinkParts {
  directory: Directory;
  dataDir: string;
  /** Where the program writes its log. */
  out: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;
}

const LEAD =
  'Nobody needs to sign in, as only this machine reaches it. To close it, and let others in, make the first admin';

/**
 * Tells whoever starts the program how the first admin is made. What is written to a log stays there, and others read it:
 * so the link is printed on a terminal only, and else kept in a file for this user alone, until it is used or too old.
 * @returns stops watching for that; the file stays, as the link does
 */
export function showFirstLink(link: string, { directory, dataDir, out }: FirstLinkParts): () => void {
  if (out.isTTY) {
    out.write(`${LEAD} (a link good once, for three days):\n  ${link}\n`);
    return () => {};
  }
  const path = join(dataDir, FIRST_LINK_FILE);
  mkdirSync(dataDir, { recursive: true });
  removeFirstLink(dataDir);
  // `wx`: not through a link that somebody has put there.
  writeFileSync(path, `${link}\n`, { mode: 0o600, flag: 'wx' });
  out.write(`${LEAD}: the link, good once and for three days, is in ${path}, which this user alone can read.\n`);
  const stopWatching = () => {
    stopListening();
    clearTimeout(timer);
  };
  const remove = () => {
    stopWatching();
    removeFirstLink(dataDir);
  };
  const stopListening = directory.onRead(() => {
    if (directory.closed) remove();
  });
  const timer = setTimeout(remove, INVITE_MS);
  timer.unref();
  return stopWatching;
}

/** For a program that is closed, and may have been closed while it did not run. */
export function removeFirstLink(dataDir: string): void {
  rmSync(join(dataDir, FIRST_LINK_FILE), { force: true });
}
