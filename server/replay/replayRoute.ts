import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { toRfc3339 } from '../../common/regionTime.ts';
import { ReplayQuerySchema, type ReplayFrame } from '../../contract/replay.ts';
import { ProblemSchema } from '../../contract/rest.ts';
import { VIEWERS } from '../../contract/roles.ts';
import { viewOf } from '../platform/http/principal.ts';
import { viewOfScope } from '../views/regionTables.ts';
import { isNow, pastMoment, type ReplayParts } from './replayParts.ts';
import { replayStream } from './replayLines.ts';
import { assertKnown, spanOf } from './replaySpan.ts';
import { isShownWindow } from '../../contract/replayLimits.ts';
import { assertShown, shownFrames } from './shown/shownReplay.ts';
import { Slices } from './slices.ts';

/** `GET /api/v1/replay` (contract §4): a span of the past as a frame and merge patches, one JSON text a line. */
export function replayRoute(parts: ReplayParts): FastifyPluginAsyncTypebox {
  const { regions, defaultScope, store, mask, open, now } = parts;
  const slices = new Slices();
  return async (app) => {
    app.get(
      '/api/v1/replay',
      {
        config: { roles: VIEWERS, scope: 'query', trail: 'replay.read' },
        schema: {
          operationId: 'getReplay',
          summary: 'A span of the past, moment by moment, as today’s facts tell it or as it was shown then',
          description:
            'Lines of JSON, streamed: the frame of `from`, then a merge patch (RFC 7396) with `at` for each step. Applied in order they give what `GET /api/v1/snapshot?at=` gives for each moment.',
          tags: ['figures'],
          produces: ['application/x-ndjson'],
          querystring: ReplayQuerySchema,
          response: { 200: { type: 'string' }, '4xx': ProblemSchema, 503: ProblemSchema },
        },
      },
      async (request, reply) => {
        const { scope = defaultScope, window = '30d', step = 'hour', shown = false } = request.query;
        const situation = viewOfScope(regions, scope);
        const present = now();
        const from = pastMoment(request.query.from, 'from', present);
        const to = request.query.to === undefined ? present : pastMoment(request.query.to, 'to', present);
        const span = spanOf(from, to, step);
        if (shown) assertShown(scope, window, step);
        else assertKnown(situation.cube, from, step, present);
        const view = viewOf(request.principal!);
        if (view !== 'masked')
          await request.trail('replay.read', scope, {
            window,
            from: toRfc3339(from),
            to: toRfc3339(to),
            step,
            ...(shown ? { shown } : {}),
          });
        void reply.type('application/x-ndjson').serializer((payload: unknown) => payload as string);
        // The head of an answer needs no frames.
        if (request.method === 'HEAD') return reply.send(Readable.from([]) as never);
        open.begin(request.principal!.credential, reply.raw);
        const frames =
          shown && isShownWindow(window)
            ? shownFrames(store, scope, window, span)
            : situation.replay(scope, window, span, present);
        // Frames of then tell of alerts what they were; whose they are, and in which town, is as it is now.
        const current = shown ? isNow(situation.lists, request) : undefined;
        const masked = (frame: ReplayFrame) => ('missing' in frame ? frame : mask.frame(frame, view, current));
        return reply.send(replayStream(frames, { slices, shown: masked }) as never);
      },
    );
  };
}
