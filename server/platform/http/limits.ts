import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ROLE_RULES } from '../../../contract/roles.ts';
import { networkOf } from './address.ts';
import { EVERYBODY } from './principal.ts';
import { tooManyRequests } from './problem.ts';

const WINDOW_MS = 10_000;

const isOwn = ({ principal }: FastifyRequest) =>
  principal === undefined ||
  principal === EVERYBODY ||
  principal.kind === 'persona' ||
  principal.credential.startsWith('minted:');

/** Holds back who asks too often; strangers have been counted by the guard before (strangers.ts). Files of the pages are not counted: an office behind one address loads them all at once. */
export async function limitRequests(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    timeWindow: WINDOW_MS,
    cache: 10_000,
    max: ({ principal }) => ROLE_RULES[principal!.role].requests,
    keyGenerator: ({ principal, sender }) => principal?.credential || networkOf(sender),
    // Nobody needs to be held back from an open program on their own machine, nor the demonstration.
    allowList: (request) => isOwn(request),
    errorResponseBuilder: (_request, { ttl }) => tooManyRequests(ttl),
    addHeaders: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
      'retry-after': true,
    },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
  });
}
