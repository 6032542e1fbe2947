import type { FastifyRequest } from 'fastify';
import type { Dropped } from '../closing.ts';

/** Puts on the trail what went when the program was closed. */
export async function recordClosing(request: FastifyRequest, dropped: Dropped): Promise<void> {
  if (dropped.length) await request.trail('access.close', undefined, { dropped });
}
