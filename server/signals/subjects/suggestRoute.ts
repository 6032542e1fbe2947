import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { regionOfCode } from '../../../common/divisions.ts';
import { searchText } from '../../../common/identity.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { CASE_READERS } from '../../../contract/roles.ts';
import { SuggestionsSchema, SuggestQuerySchema, type Suggestions } from '../../../contract/subjects.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { coversRegion } from '../../platform/http/principal.ts';
import { subjectsIn, townAsked, type SubjectReadParts } from './subjectScope.ts';

/** So many employers are suggested. */
const MOST = 10;
/** One letter is in too many names to be meant. */
const LEAST_LETTERS = 2;

/**
 * `GET /api/v1/subjects/suggest` (casework §1): employers of the register by a part of their name, for whoever reports a clue. Never
 * such as are known by an alert or an observation alone: that there is one is not for everybody.
 */
export function suggestRoute(parts: SubjectReadParts & { defaultRegion: string }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/subjects/suggest',
      {
        config: { roles: CASE_READERS, scope: 'handler', trail: 'subjects.list', clerk: true },
        schema: {
          operationId: 'suggestSubjects',
          summary: 'Registered employers whose name has a text in it: name and town, at most 10',
          description: 'Those whose name begins with it first, then the shorter names.',
          tags: ['subjects'],
          querystring: SuggestQuerySchema,
          response: { 200: SuggestionsSchema, '4xx': ProblemSchema, 503: ProblemSchema },
        },
      },
      async (request): Promise<Suggestions> => {
        const principal = request.principal!;
        const own = principal.role === 'admin' ? parts.defaultRegion : regionOfCode(principal.scope);
        const { q, region = own } = request.query;
        if (!coversRegion(principal, region))
          throw new HttpProblem(
            403,
            'Not allowed',
            `the scope of this token is ${principal.scope}, not ${region}`,
            'region',
          );
        const { pack, subjects } = subjectsIn(parts, region);
        const town = townAsked(request, pack, undefined);
        const text = searchText(q);
        if ([...text].length < LEAST_LETTERS)
          throw new HttpProblem(400, 'Too short', `q needs at least ${LEAST_LETTERS} letters of a name`, 'q');
        await request.trail('subjects.list', town ?? region, { q, suggest: true });
        const items = subjects.suggest(text, town, MOST);
        if (!items) throw new HttpProblem(503, 'Not ready', 'what is watched is still being loaded');
        return { items };
      },
    );
  };
}
