import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { RegionCode } from '../../../contract/events.ts';
import type { RegionPack, SourceNames } from '../../../contract/region.ts';
import { ProblemSchema, RegionAnswerSchema, RegionsAnswerSchema } from '../../../contract/rest.ts';
import { VIEWERS } from '../../../contract/roles.ts';
import { covers, coversRegion, viewOf } from '../../platform/http/principal.ts';
import type { RegionPacks } from '../../region/packs.ts';
import { isKnown } from '../../platform/http/etag.ts';
import { HttpProblem } from '../../platform/http/problem.ts';

export interface RegionsRouteParts {
  packs: RegionPacks;
  /** Names of the sources that the demonstration plays; undefined where there is none. */
  demoSources: ((code: string) => Promise<SourceNames>) | undefined;
  /** How many alerts of a region have a position outside it; undefined while its figures are being loaded. */
  positionsOutside: (code: string) => number | undefined;
}

/** `GET /api/v1/regions…`: the region packs of this server and their maps (contract §4). */
export function regionsRoute({ packs, demoSources, positionsOutside }: RegionsRouteParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    const params = Type.Object({ code: RegionCode });

    app.get(
      '/api/v1/regions',
      {
        // The list holds what the asker may see.
        config: { roles: VIEWERS, scope: 'none', trail: 'none' },
        schema: {
          operationId: 'listRegions',
          summary: 'The regions watched here',
          tags: ['regions'],
          response: { 200: RegionsAnswerSchema },
        },
      },
      async (request) => ({
        items: packs
          .list()
          .filter(({ code }) => coversRegion(request.principal!, code))
          .map(({ code, name }) => ({ code, name })),
      }),
    );

    app.get(
      '/api/v1/regions/:code',
      {
        config: { roles: VIEWERS, scope: 'region', trail: 'none' },
        schema: {
          operationId: 'getRegion',
          summary: 'A region pack',
          tags: ['regions'],
          params,
          response: { 200: RegionAnswerSchema, '4xx': ProblemSchema },
        },
      },
      async (request) => {
        const { code } = request.params;
        // A display is told no figure that could be over one alert.
        const full = viewOf(request.principal!) === 'full' && covers(request.principal!, code);
        const outside = full ? positionsOutside(code) : undefined;
        const pack = packOf(packs, code);
        return {
          ...pack,
          ...(demoSources && { sourceNames: { ...(await demoSources(code)), ...pack.sourceNames } }),
          demo: demoSources !== undefined,
          ...(outside === undefined ? {} : { positionsOutside: outside }),
        };
      },
    );

    app.get(
      '/api/v1/regions/:code/boundaries',
      {
        config: { roles: VIEWERS, scope: 'region', trail: 'none' },
        schema: {
          operationId: 'getBoundaries',
          summary: 'The towns of a region as GeoJSON, CGCS2000/WGS-84',
          tags: ['regions'],
          params,
          produces: ['application/geo+json'],
          response: {
            200: Type.Unsafe<string>(Type.Object({}, { title: 'FeatureCollection' })),
            304: Type.Null(),
            '4xx': ProblemSchema,
          },
        },
      },
      async (request, reply) => {
        const { code } = request.params;
        packOf(packs, code);
        const boundaries = packs.boundaries(code);
        if (!boundaries) throw new HttpProblem(404, 'No boundaries', `region ${code} has no boundaries`, 'code');
        void reply
          .header('etag', boundaries.etag)
          .header('cache-control', 'no-cache')
          .type('application/geo+json; charset=utf-8');
        if (isKnown(request.headers['if-none-match'], boundaries.etag)) return reply.code(304).send(null);
        return reply.send(boundaries.body);
      },
    );
  };
}

function packOf(packs: RegionPacks, code: string): RegionPack {
  const pack = packs.get(code);
  if (!pack) throw new HttpProblem(404, 'Unknown region', `region ${code} is not watched here`, 'code');
  return pack;
}
