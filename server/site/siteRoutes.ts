import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { RegionCode } from '../../contract/events.ts';
import { ProblemSchema } from '../../contract/rest.ts';
import { VIEWERS } from '../../contract/roles.ts';
import { SiteSchema } from '../../contract/site.ts';
import { MAX_EMBLEM } from '../../contract/siteLimits.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import type { SiteStore } from './siteStore.ts';

/** `/api/v1/regions/{code}/site`: what a region adds to its walls. Read by whoever sees a wall, written by admins. */
export function siteRoutes(store: SiteStore, known: (region: string) => boolean): FastifyPluginAsyncTypebox {
  const url = '/api/v1/regions/:code/site';
  const params = Type.Object({ code: RegionCode });
  const mustKnow = (code: string) => {
    if (!known(code)) throw new HttpProblem(404, 'Unknown region', `region ${code} is not watched here`, 'code');
  };
  return async (app) => {
    app.get(
      url,
      {
        config: { roles: VIEWERS, scope: 'region', trail: 'none' },
        schema: {
          operationId: 'getSite',
          summary: "A region's own lines on its walls",
          tags: ['regions'],
          params,
          response: { 200: SiteSchema, '4xx': ProblemSchema },
        },
      },
      async (request) => {
        mustKnow(request.params.code);
        return store.read(request.params.code);
      },
    );

    app.put(
      url,
      {
        config: { roles: ['admin'], scope: 'region', trail: 'site.change' },
        bodyLimit: MAX_EMBLEM + 8_192,
        schema: {
          operationId: 'setSite',
          summary: "Set a region's own lines; what is left out is shown no more",
          tags: ['regions'],
          params,
          body: SiteSchema,
          response: { 200: SiteSchema, '4xx': ProblemSchema },
        },
      },
      async (request) => {
        const { code } = request.params;
        mustKnow(code);
        // The picture itself is not for the trail.
        const { emblem, ...texts } = request.body;
        await request.trail('site.change', code, { ...texts, emblem: emblem === undefined ? 'none' : 'given' });
        await store.write(code, request.body);
        return request.body;
      },
    );
  };
}
