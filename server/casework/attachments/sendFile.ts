import type { FastifyReply } from 'fastify';
import type { FileStore } from '../../platform/files/fileStore.ts';
import { dispositionOf } from './fileName.ts';

/** Whatever is in a file: a browser shows nothing of it beside these pages, and runs nothing. */
const SANDBOX = "default-src 'none'; sandbox";

/**
 * Answers with a kept file as a download, or with a thumbnail, which a page may show.
 * @param wanted digest of what is sent; `thumb`: it is the thumbnail
 * @returns false where it is not on the disk any more: then nothing is answered yet
 */
export async function sendFile(
  reply: FastifyReply,
  files: Pick<FileStore, 'find' | 'read'>,
  wanted: string,
  { name, type, thumb }: { name: string; type: string; thumb: boolean },
): Promise<boolean> {
  const found = await files.find(wanted);
  const content = found && (await files.read(wanted));
  if (!content) return false;
  void reply
    .type(thumb ? 'image/webp' : type)
    .headers({
      'content-length': found.bytes,
      'content-disposition': dispositionOf(thumb ? 'inline' : 'attachment', name),
      'content-security-policy': SANDBOX,
      'x-content-type-options': 'nosniff',
    })
    .send(content);
  return true;
}
