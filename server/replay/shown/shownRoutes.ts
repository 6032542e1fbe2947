import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { DAY_MS, toRfc3339 } from '../../../common/regionTime.ts';
import { InstantsQuerySchema, InstantsSchema, ShownFrameSchema, ShownQuerySchema } from '../../../contract/replay.ts';
import { SHOWN_DAYS, SHOWN_WINDOWS } from '../../../contract/replayLimits.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { VIEWERS } from '../../../contract/roles.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { viewOf } from '../../platform/http/principal.ts';
import { isNow, pastMoment, regionOf, type ReplayParts } from '../replayParts.ts';
import { everyOf, missingSpans, slotMs, slotOf } from './shownHours.ts';

/** `GET /api/v1/replay/shown` and `/api/v1/replay/shown/instants` (contract §4): frames as they were shown then. */
export function shownRoutes(parts: ReplayParts): FastifyPluginAsyncTypebox {
  const { defaultScope, store, mask, now } = parts;
  return async (app) => {
    app.get(
      '/api/v1/replay/shown',
      {
        config: { roles: VIEWERS, scope: 'query', trail: 'replay.read' },
        schema: {
          operationId: 'getShown',
          summary: 'The situation as it was shown then',
          description:
            'The frame that was kept of the hour (of a town: of the day) in which `at` lies. Frames of regions, cities and provinces are kept at each full hour, those of towns at the first full hour of each day, for 400 days.',
          tags: ['figures'],
          querystring: ShownQuerySchema,
          response: { 200: ShownFrameSchema, '4xx': ProblemSchema },
        },
      },
      async (request) => {
        const { scope = defaultScope, window = '30d', at } = request.query;
        regionOf(parts, scope);
        const moment = pastMoment(at, 'at', now());
        const hour = await store.find(scope, moment);
        const frame = hour === undefined ? undefined : (await store.read(scope, hour))?.[window];
        if (hour === undefined || !frame)
          throw new HttpProblem(
            404,
            'Not kept',
            `no frame of ${scope} in the window ${window} was kept of the ${everyOf(scope)} that began at ${toRfc3339(slotOf(scope, moment))}`,
            'at',
          );
        const view = viewOf(request.principal!);
        if (view !== 'masked') await request.trail('replay.read', scope, { window, shown: toRfc3339(hour) });
        // A kept frame tells of alerts what they were; whose they are, and in which town, is as it is now.
        const lists = parts.regions.of(scope)?.view()?.lists;
        return mask.frame(frame, view, isNow(lists, request));
      },
    );

    app.get(
      '/api/v1/replay/shown/instants',
      {
        config: { roles: VIEWERS, scope: 'query', trail: 'none' },
        schema: {
          operationId: 'getShownInstants',
          summary: 'Of which hours there are frames as they were shown, and of which there are none',
          tags: ['figures'],
          querystring: InstantsQuerySchema,
          response: { 200: InstantsSchema, '4xx': ProblemSchema },
        },
      },
      async (request) => {
        const { scope = defaultScope } = request.query;
        regionOf(parts, scope);
        const present = now();
        const to = Math.min(
          request.query.to === undefined ? present : pastMoment(request.query.to, 'to', present),
          present,
        );
        const from =
          request.query.from === undefined
            ? Math.min(to, present - SHOWN_DAYS * DAY_MS)
            : pastMoment(request.query.from, 'from', present);
        if (from > to) throw new HttpProblem(400, 'Span is empty', 'from must not be after to', 'from');
        const first = slotOf(scope, from);
        const instants = await store.instants(scope, first, Math.min(slotOf(scope, to) + slotMs(scope) - 1, present));
        const since = await store.first(scope);
        return {
          scope,
          windows: [...SHOWN_WINDOWS],
          every: everyOf(scope),
          from: toRfc3339(from),
          to: toRfc3339(to),
          instants: instants.map(toRfc3339),
          missing:
            since === undefined
              ? []
              : missingSpans(scope, instants, Math.max(from, since), to, present).map((span) => ({
                  from: toRfc3339(span.from),
                  to: toRfc3339(span.to),
                })),
        };
      },
    );
  };
}
