import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpProblem } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What leads to the next page of this route, so that only what was given out comes back. */
    signCursor: (position: string) => string;
    /** @throws HttpProblem 400 `cursor` when it was not given out by this route */
    openCursor: (cursor: string) => string;
  }
}

/** Bytes of the signature: 128 bits cannot be guessed. */
const BYTES = 16;

/**
 * Signs the cursors of all lists: one that somebody has made up would lead to what no page before it has shown.
 * @param key the same in all processes, and after a restart
 */
export function signCursors(app: FastifyInstance, key: () => Buffer): void {
  const signatureOf = (request: FastifyRequest, position: string) =>
    createHmac('sha256', key())
      .update(`${request.routeOptions.url ?? ''}\n${position}`)
      .digest()
      .subarray(0, BYTES);
  app.decorateRequest('signCursor', function signCursor(this: FastifyRequest, position: string) {
    return `${position}.${signatureOf(this, position).toString('base64url')}`;
  });
  app.decorateRequest('openCursor', function openCursor(this: FastifyRequest, cursor: string) {
    const dot = cursor.lastIndexOf('.');
    const position = cursor.slice(0, Math.max(dot, 0));
    const given = Buffer.from(cursor.slice(dot + 1), 'base64url');
    if (dot < 1 || given.length !== BYTES || !timingSafeEqual(given, signatureOf(this, position)))
      throw new HttpProblem(400, 'Parameter is not valid', 'the cursor is none of this list', 'cursor');
    return position;
  });
}
