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
