import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { MEASURES } from '../../../contract/codes.ts';
import { codes, MIN_TIME_MS, Timestamp } from '../../../contract/events.ts';
import { ScopeSchema } from '../../../contract/protocol.ts';
import { DAY_MS, parseRfc3339 } from '../../../common/regionTime.ts';
import { MAX_TERM_MS } from '../../../common/termBounds.ts';
import { SeriesAnswerSchema } from '../../../contract/rest.ts';
import { STANDARD_MASK } from '../../privacy/mask.ts';
import { VIEWERS } from '../../../contract/roles.ts';
import { viewOf } from '../../platform/http/principal.ts';
import { withholdSeries } from '../../privacy/withhold.ts';
import { NotKeptError, querySeries, SPLITS, STEPS } from '../../aggregations/series.ts';
import type { SnapshotParts } from '../snapshot/snapshotRoute.ts';
import { NOT_READY, SERIES_EXAMPLE, SERIES_PROBLEM, withExample } from '../examples.ts';
import { HttpProblem } from '../../platform/http/problem.ts';

/** Without `from`, the span is this long. */
const DEFAULT_SPAN_MS = 30 * DAY_MS;

/** `GET /api/v1/series`: any measure over any span and step, split by any one dimension (contract §4). */
export function seriesRoute({
  situationOf,
  defaultScope,
  now,
  mask = STANDARD_MASK,
}: SnapshotParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/series',
      {
        config: { roles: VIEWERS, scope: 'query', trail: 'none' },
        schema: {
          operationId: 'getSeries',
          summary: 'One measure over time, by step and, if asked, by one dimension',
          description:
            'The span from ≤ t < to is made of whole buckets: minutes for the step minute (kept 50 hours), hours for hour (70 days), days for all others. Without from: the 30 days before to; without to: until now.',
          tags: ['figures'],
          querystring: Type.Object(
            {
              measure: codes(MEASURES),
              split: Type.Optional(codes(SPLITS)),
              scope: Type.Optional(ScopeSchema),
              from: Type.Optional(Timestamp),
              to: Type.Optional(Timestamp),
              step: Type.Optional(codes(STEPS)),
            },
            { additionalProperties: false },
          ),
          response: { 200: withExample(SeriesAnswerSchema, SERIES_EXAMPLE), '4xx': SERIES_PROBLEM, 503: NOT_READY },
        },
      },
      async (request) => {
        const { measure, split, scope = defaultScope, step = 'day' } = request.query;
        const { cube } = situationOf(scope);
        const to = request.query.to === undefined ? now() : parseRfc3339(request.query.to)!;
        const from = request.query.from === undefined ? to - DEFAULT_SPAN_MS : parseRfc3339(request.query.from)!;
        if (from < MIN_TIME_MS)
          throw new HttpProblem(400, 'Span begins too early', 'from is before the year 2000', 'from');
        if (to > MAX_TERM_MS) throw new HttpProblem(400, 'Span ends too late', 'to is after the year 2100', 'to');
        if (from >= to) throw new HttpProblem(400, 'Span is empty', 'from must be before to', 'from');
        try {
          const query = { scope, from, to, step, ...(split === undefined ? {} : { split }) };
          const answer = querySeries(cube, { ...query, measure });
          if (mask.least === 0 || viewOf(request.principal!) !== 'masked') return answer;
          return withholdSeries(answer, mask.least);
        } catch (error) {
          if (error instanceof NotKeptError)
            throw new HttpProblem(400, 'Step is too fine for the span', error.message, 'step');
          throw error;
        }
      },
    );
  };
}
