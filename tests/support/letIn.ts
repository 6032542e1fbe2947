import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccessToken } from '../../contract/access.ts';
import { hashToken, mintToken } from '../../server/access/secret.ts';

/** Who is let into a server by a token of their own, as a site lists them in its access file. */

export type Grants<Who extends string> = Readonly<Record<Who, Partial<AccessToken>>>;
export type Tokens<Who extends string> = Readonly<Record<Who, string>>;

/** As it stands in the access file. */
export const entry = (name: string, token: string, grant: object) => ({ name, ...grant, hash: hashToken(token) });

/** A token for each grant, and what the access file lists of them; each is named by its key unless its grant has a name. */
export function letIn<Who extends string>(
  grants: Grants<Who>,
): { tokens: Record<Who, string>; entries: ReturnType<typeof entry>[] } {
  const names = Object.keys(grants) as Who[];
  const tokens = Object.fromEntries(names.map((name) => [name, mintToken()])) as Record<Who, string>;
  return { tokens, entries: names.map((name) => entry(name, tokens[name], grants[name])) };
}

/** Writes the access file into a folder; returns its path. */
export function writeAccess(folder: string, entries: readonly object[]): string {
  const file = join(folder, 'access.json');
  writeFileSync(file, JSON.stringify({ tokens: entries }));
  return file;
}
