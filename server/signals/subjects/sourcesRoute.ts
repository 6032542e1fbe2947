import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { RegionCode } from '../../../contract/fields.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { READERS } from '../../../contract/roles.ts';
import { SourcesSchema, type Sources } from '../../../contract/subjects.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { channelsView, sourcesView } from './sourcesView.ts';
import { subjectsIn, type SubjectReadParts } from './subjectScope.ts';

export interface SourcesParts extends SubjectReadParts {
  /** Rejected registrations and observations of a region, by source. */
  rejected: (region: string) => Promise<Sources['rejects']>;
}

/**
 * `GET /api/v1/sources` (signals §5): how each channel and each source has spoken. A town's officer reads those of the region: who
 * is shown scores must see what is silent.
 */
export function sourcesRoute(parts: SourcesParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/sources',
      {
        config: { roles: READERS, scope: 'region-query', trail: 'none' },
        schema: {
          operationId: 'listSources',
          summary: "Each channel's and each source's last receipt, rows and lateness by day, and rejects",
          description:
            '`late`: nothing for more than `everyDays` days; `silent`: for more than twice that; `never`: nothing yet. Days are those of receipt, the last 60.',
          tags: ['subjects'],
          querystring: Type.Object({ region: RegionCode }, { additionalProperties: false }),
          response: { 200: SourcesSchema, '4xx': ProblemSchema, 503: ProblemSchema },
        },
      },
      async (request): Promise<Sources> => {
        const { region } = request.query;
        const { subjects } = subjectsIn(parts, region);
        if (!subjects.ready) throw new HttpProblem(503, 'Not ready', 'what is watched is still being loaded');
        const [pack, rejects] = await Promise.all([subjects.pack(), parts.rejected(region)]);
        const moment = parts.now();
        const sources = subjects.sources(moment);
        return {
          region,
          at: toRfc3339(moment),
          channels: channelsView(sources, pack?.source.channels ?? {}, moment),
          sources: sourcesView(sources, moment),
          rejects,
        };
      },
    );
  };
}
