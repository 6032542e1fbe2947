import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { dispositionOf } from './fileName.ts';

/** Whatever is in a file: a browser shows nothing of it beside these pages, and runs nothing. */
const SANDBOX = "default-src 'none'; sandbox";

/** Answers with a kept file as a download, or with a thumbnail, which a page may show. @param thumb what is sent is the thumbnail */
export function sendFile(
  reply: FastifyReply,
  content: Readable,
  { name, type, bytes, thumb }: { name: string; type: string; bytes: number; thumb: boolean },
): FastifyReply {
  return reply
    .type(thumb ? 'image/webp' : type)
    .headers({
      'content-length': bytes,
      'content-disposition': dispositionOf(thumb ? 'inline' : 'attachment', name),
      'content-security-policy': SANDBOX,
      'x-content-type-options': 'nosniff',
    })
    .send(content);
}
