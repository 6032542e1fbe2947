import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ProblemSchema } from '../../../contract/rest.ts';
import { READERS } from '../../../contract/roles.ts';
import { SubjectFilterSchema, SubjectHeatSchema, type SubjectHeat } from '../../../contract/subjects.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { heatOf } from './subjectHeat.ts';
import { subjectQuery } from './subjectQuery.ts';
import { subjectsIn, type SubjectReadParts } from './subjectScope.ts';

/**
 * `GET /api/v1/subjects/heat` (signals §5). Never for displays: a cell with one subject in it is that employer's address, and what is
 * watched is not public.
 */
export function subjectHeatRoute(parts: SubjectReadParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/subjects/heat',
      {
        config: { roles: READERS, scope: 'region-query', trail: 'subjects.list' },
        schema: {
          operationId: 'getSubjectHeat',
          summary: 'Where those on the watch list are that match all filters: how many in each H3 cell and each town',
          description:
            'The filters of the list. Cells have those whose registration has a position in the region; `unplaced` counts the others. The list with `watch=true` and a `cell` has as many as the cell.',
          tags: ['subjects'],
          querystring: SubjectFilterSchema,
          response: { 200: SubjectHeatSchema, '4xx': ProblemSchema, 503: ProblemSchema },
        },
      },
      async (request): Promise<SubjectHeat> => {
        const { region, scope, ...rest } = request.query;
        const { subjects, query } = subjectQuery(parts, request, request.query);
        // With a name among its filters it tells of one employer, as the list does.
        await request.trail('subjects.list', scope ?? query.town ?? region, { ...rest, heat: true });
        const places = subjects.places(query);
        if (!places) throw new HttpProblem(503, 'Not ready', 'what is watched is still being loaded');
        return { region, ...heatOf(places, subjectsIn(parts, region).pack.box) };
      },
    );
  };
}
