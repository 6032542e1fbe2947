import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { FrameSchema, WindowSchema } from '../../../contract/frame.ts';
import { MAX_FUTURE_MS, MIN_TIME_MS, Timestamp } from '../../../contract/events.ts';
import { ScopeSchema } from '../../../contract/protocol.ts';
import { floorTo, HOUR_MS, parseRfc3339, toRfc3339 } from '../../../common/regionTime.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { STANDARD_MASK, type Mask } from '../../privacy/mask.ts';
import { VIEWERS } from '../../../contract/roles.ts';
import { viewOf } from '../../platform/http/principal.ts';
import type { RegionView } from '../../region/region.ts';
import { HttpProblem } from '../../platform/http/problem.ts';

export interface SnapshotParts {
  /** The situation that a scope belongs to. @throws HttpProblem if there is none */
  situationOf: (scope: string) => RegionView;
  defaultScope: string;
  now: () => number;
  mask?: Mask;
}

/** `GET /api/v1/snapshot` (contract §4). */
export function snapshotRoute({
  situationOf,
  defaultScope,
  now,
  mask = STANDARD_MASK,
}: SnapshotParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/snapshot',
      {
        config: { roles: VIEWERS, scope: 'query', trail: 'snapshot.read' },
        schema: {
          operationId: 'getSnapshot',
          summary: 'The situation of a scope in a window, now or at a moment in the past',
          tags: ['figures'],
          querystring: Type.Object(
            {
              scope: Type.Optional(ScopeSchema),
              window: Type.Optional(WindowSchema),
              at: Type.Optional(Timestamp),
            },
            { additionalProperties: false },
          ),
          response: { 200: FrameSchema, '4xx': ProblemSchema, 503: ProblemSchema },
        },
      },
      async (request) => {
        const { scope = defaultScope, window = '30d', at } = request.query;
        const situation = situationOf(scope);
        const view = viewOf(request.principal!);
        if (at === undefined) {
          if (view !== 'masked') await request.trail('snapshot.read', scope, { window });
          return mask.frame(situation.frame(scope, window, now(), now()), view);
        }
        const moment = parseRfc3339(at)!;
        if (moment > now() + MAX_FUTURE_MS)
          throw new HttpProblem(400, 'Moment is in the future', `at ${at} has not come yet`, 'at');
        if (moment < MIN_TIME_MS)
          throw new HttpProblem(400, 'Moment is too early', `at ${at} is before the year 2000`, 'at');
        // A replay of a day asks thousands of times for the same latest alerts: what it shows of an hour is one reading.
        if (view !== 'masked')
          await request.trail('snapshot.read', scope, { window, hour: toRfc3339(floorTo(moment, HOUR_MS)) });
        return mask.frame(situation.pastFrame(scope, window, moment, now()), view);
      },
    );
  };
}
