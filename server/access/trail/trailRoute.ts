import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { TrailQuerySchema, TrailSchema } from '../../../contract/accessAdmin.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import type { AccessServices } from '../services.ts';

/** `GET /api/v1/access/trail`: who looked at what in full, and who changed what. For admins; looking is on the trail, too. */
export function trailRoute({ trail }: AccessServices): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/access/trail',
      {
        config: { roles: ['admin'], trail: 'trail.read' },
        schema: {
          operationId: 'searchTrail',
          summary: 'Who did what, newest first',
          tags: ['access'],
          querystring: TrailQuerySchema,
          response: { 200: TrailSchema, '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const { cursor, from, to, who, what, target } = request.query;
        const before = cursor === undefined ? undefined : request.openCursor(cursor);
        // What is undefined is left out as JSON.
        await request.trail('trail.read', undefined, { from, to, who, what, target, before });
        void reply.header('cache-control', 'no-store');
        const { cursor: next, ...page } = await trail.search({
          ...request.query,
          ...(before ? { cursor: before } : {}),
        });
        return { ...page, ...(next === undefined ? {} : { cursor: request.signCursor(next) }) };
      },
    );
  };
}
