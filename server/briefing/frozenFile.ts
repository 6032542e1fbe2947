import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Frozen } from './freeze.ts';

/** 1: `{version, id, content, lists}`. */
const VERSION = 1;
/** A file that inflates to more is none of ours. */
const MAX_BYTES = 128 * 1024 * 1024;
const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** @param id of the briefing: no two files have the same content, so that removing one never removes another's */
export function encodeFrozen(id: string, { content, lists }: Frozen): Promise<Buffer> {
  return pack(JSON.stringify({ version: VERSION, id, content, lists }));
}

/** @throws Error for bytes that are not those of the digest, or no such file */
export async function decodeFrozen(bytes: Buffer, digest: string): Promise<Frozen> {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== digest) throw new Error(`its digest is ${found}, not ${digest}`);
  const { version, content, lists } = JSON.parse(
    (await unpack(bytes, { maxOutputLength: MAX_BYTES })).toString(),
  ) as Frozen & { version: unknown };
  if (version !== VERSION)
    throw new Error(`it is of version ${String(version)}; this program reads version ${VERSION}`);
  return { content, lists };
}
