import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ROLE_RULES } from '../../../contract/roles.ts';
import { networkOf } from './address.ts';
import { EVERYBODY } from './principal.ts';
import { HttpProblem } from './problem.ts';

const WINDOW_MS = 10_000;
/** Requests of strangers in ten seconds by one address, for each process; those of others are in contract/roles.ts. */
const STRANGERS = 200;

const isOwn = ({ principal }: FastifyRequest) =>
  principal === EVERYBODY || principal?.credential.startsWith('minted:') === true;

/** Holds back who asks too often. Files of the pages are not counted: an office behind one address loads them all at once. */
export async function limitRequests(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    timeWindow: WINDOW_MS,
    cache: 10_000,
    max: ({ principal }) => (principal ? ROLE_RULES[principal.role].requests : STRANGERS),
    keyGenerator: ({ principal, sender }) => principal?.credential || networkOf(sender),
    // Nobody needs to be held back from an open program on their own machine, nor the demonstration.
    allowList: (request) => isOwn(request),
    errorResponseBuilder: (_request, { ttl }) =>
      new HttpProblem(429, 'Too many requests', `come back in ${Math.ceil(ttl / 1000)} s`),
    addHeaders: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
      'retry-after': true,
    },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
  });
}
