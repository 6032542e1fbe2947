import type { FastifyInstance } from 'fastify';
import { ProblemSchema } from '../../../contract/rest.ts';

const UNAVAILABLE = {
  ...ProblemSchema,
  description: 'The store does not answer, or others change the same at the same time: ask again in a moment',
};

/**
 * Describes in OpenAPI what every route of the API may answer besides its own answers: that it cannot ask the store now.
 * To be called before any route is made.
 */
export function describeProblems(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const { schema } = route;
    if (!schema || !route.url.startsWith('/api/')) return;
    const response = schema.response as Record<string, unknown> | undefined;
    route.schema = { ...schema, response: { '4xx': ProblemSchema, 503: UNAVAILABLE, ...response } };
  });
}

const PROBLEM = 'application/problem+json';

interface DescribedAnswer {
  content?: Record<string, unknown>;
}
type DescribedPaths = Record<string, Record<string, { responses?: Record<string, DescribedAnswer> }>>;

/** Has OpenAPI say what refusals and failures of the API are sent as, whatever a route's own answers are. */
export function describeProblemType<Document extends { paths?: unknown }>(document: Document): Document {
  for (const [path, methods] of Object.entries((document.paths ?? {}) as DescribedPaths)) {
    if (!path.startsWith('/api/')) continue;
    for (const { responses = {} } of Object.values(methods))
      for (const [status, answer] of Object.entries(responses)) {
        const [described] = Object.values(answer.content ?? {});
        if (/^[45]/.test(status) && described !== undefined) answer.content = { [PROBLEM]: described };
      }
  }
  return document;
}

/** A media type without its parameters, as OpenAPI has it. */
export const bareType = (type: string): string => type.split(';')[0]!;
