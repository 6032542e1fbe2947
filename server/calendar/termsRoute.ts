import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { TermEndSchema } from '../../contract/calendar.ts';
import { RegionCode, Timestamp } from '../../contract/fields.ts';
import type { RegionPack } from '../../contract/region.ts';
import { ProblemSchema } from '../../contract/rest.ts';
import { CASE_READERS } from '../../contract/roles.ts';
import { parseRfc3339, toRfc3339 } from '../../common/regionTime.ts';
import { MAX_TERM_MS, MIN_TERM_MS } from '../../common/termBounds.ts';
import { MAX_TERM, parseTerm, TERM_FORMS } from '../../common/terms/term.ts';
import { termEnd } from '../../common/terms/termEnd.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import type { KnownCalendars } from './calendars.ts';

/** `GET /api/v1/terms`: what a term comes to (docs/terms.md), for people and for checks. */
export function termsRoute(
  calendars: Pick<KnownCalendars, 'workdays'>,
  packOf: (region: string) => RegionPack | undefined,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/terms',
      {
        // What a term comes to is the same in all towns of a region.
        config: { roles: CASE_READERS, scope: 'region-query', trail: 'none' },
        schema: {
          operationId: 'getTermEnd',
          summary: 'When a term that begins at a moment ends',
          description:
            'Minutes and hours by the clock. The day of the moment does not count; days end when those of the region end, d on a working day at the earliest. provisional: it rests on a year whose calendar is not there yet.',
          tags: ['terms'],
          querystring: Type.Object(
            {
              region: RegionCode,
              from: Timestamp,
              term: Type.String({ maxLength: 40, description: `${TERM_FORMS}, 1 to ${MAX_TERM}`, examples: ['3wd'] }),
            },
            { additionalProperties: false },
          ),
          response: { 200: TermEndSchema, '4xx': ProblemSchema },
        },
      },
      async ({ query }) => {
        const pack = packOf(query.region);
        if (!pack) throw new HttpProblem(404, 'Unknown region', `region ${query.region} is not watched here`, 'region');
        const parsed = parseTerm(query.term);
        if (!parsed.ok) throw new HttpProblem(400, 'Term is not valid', parsed.problem, 'term');
        const from = parseRfc3339(query.from)!;
        if (from < MIN_TERM_MS || from > MAX_TERM_MS)
          throw new HttpProblem(400, 'Begins outside the years of terms', 'from must lie in 2000 to 2100', 'from');
        const { dueAt, provisional } = termEnd(from, parsed.term, await calendars.workdays(), pack.dayEnds);
        if (dueAt > MAX_TERM_MS)
          throw new HttpProblem(400, 'Term ends too late', 'it ends after the year 2100', 'term');
        return { dueAt: toRfc3339(dueAt), provisional };
      },
    );
  };
}
