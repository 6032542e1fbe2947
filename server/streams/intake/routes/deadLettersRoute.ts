import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  DeadLetterSchema,
  DeadLettersSchema,
  IngestAnswerSchema,
  ProblemSchema,
  type DeadLetter,
} from '../../../../contract/rest.ts';
import type { DeadLetterStore } from '../deadLetterStore.ts';
import { allowedOnly, noLongerLetIn } from './allowedOnly.ts';
import type { EventsParts } from './eventsRoute.ts';
import { isBinaryMode } from './binaryMode.ts';
import { acceptEventBodies, BodyReader, SINGLE, type EventsBody } from './bodies.ts';
import { HttpProblem } from '../../../platform/http/problem.ts';

const LetterId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' });

/** `/api/v1/dead-letters`: rejected events, to look at, to correct and send again, or to discard (contract §1). */
export function deadLettersRoute({
  store,
  intake,
  channelOf,
  idleMs,
}: EventsParts & { store: DeadLetterStore }): FastifyPluginAsyncTypebox {
  return async (app) => {
    const params = Type.Object({ id: LetterId });
    const letterOf = async (id: string): Promise<DeadLetter> => {
      const letter = await store.get(id);
      if (!letter)
        throw new HttpProblem(
          404,
          'Unknown dead letter',
          `there is no dead letter ${id}: it may have been sent again or discarded`,
          'id',
        );
      return letter;
    };

    app.get(
      '/api/v1/dead-letters',
      {
        config: { roles: ['admin'], trail: 'deadLetter.read' },
        schema: {
          operationId: 'listDeadLetters',
          summary: 'Rejected events with their reasons, newest first',
          tags: ['dead letters'],
          querystring: Type.Object(
            {
              limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
              cursor: Type.Optional(Type.String({ maxLength: 200 })),
            },
            { additionalProperties: false },
          ),
          response: { 200: DeadLettersSchema, '4xx': ProblemSchema },
        },
      },
      async (request) => {
        const { limit = 50, cursor } = request.query;
        const after = cursor === undefined ? undefined : request.openCursor(cursor);
        await request.trail('deadLetter.read', undefined, after === undefined ? {} : { after });
        const [total, { letters, next }] = await Promise.all([store.count(), store.page(limit, after)]);
        return { total, items: letters, ...(next === undefined ? {} : { cursor: request.signCursor(next) }) };
      },
    );

    app.get(
      '/api/v1/dead-letters/:id',
      {
        config: { roles: ['admin'], trail: 'deadLetter.read' },
        schema: {
          operationId: 'getDeadLetter',
          summary: 'One rejected event',
          tags: ['dead letters'],
          params,
          response: { 200: DeadLetterSchema, '4xx': ProblemSchema },
        },
      },
      async (request) => {
        await request.trail('deadLetter.read', request.params.id);
        return letterOf(request.params.id);
      },
    );

    app.delete(
      '/api/v1/dead-letters/:id',
      {
        config: { roles: ['admin'], trail: 'deadLetter.remove' },
        schema: {
          operationId: 'discardDeadLetter',
          summary: 'Discard a rejected event',
          tags: ['dead letters'],
          params,
          response: { 204: Type.Null(), '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        await letterOf(request.params.id);
        await request.trail('deadLetter.remove', request.params.id);
        await store.remove([request.params.id]);
        return reply.code(204).send(null);
      },
    );

    await app.register(async (resend) => {
      acceptEventBodies(resend, idleMs);
      const reader = new BodyReader();
      resend.setValidatorCompiler(() => () => true);
      resend.post<{ Params: { id: string } }>(
        '/api/v1/dead-letters/:id/resend',
        {
          config: { roles: ['admin'], trail: 'deadLetter.resend' },
          schema: {
            operationId: 'resendDeadLetter',
            summary: 'Send a rejected event again, corrected',
            description: `The body is the corrected event as ${SINGLE}; without a body the event is tried again as it is. Once accepted, the dead letter is gone.`,
            tags: ['dead letters'],
            params,
            response: { 202: IngestAnswerSchema, '4xx': ProblemSchema },
          },
        },
        async (request, reply) => {
          const letter = await letterOf(request.params.id);
          const body = bodyOf(request);
          if (body && body.kind !== 'single')
            throw new HttpProblem(415, 'One event at a time', `send the corrected event as ${SINGLE}`);
          if (!body && letter.truncated)
            throw new HttpProblem(
              422,
              'Event is not whole',
              'only the beginning of this event was kept: its sender must send it again, or send the corrected event whole',
            );
          await request.trail('deadLetter.resend', letter.id);
          const event = body
            ? await reader.single(body, request.principal!.credential)
            : { text: letter.body, value: parseOr422(letter.body) };
          // Who sends it again must be allowed to write it; whose it is, and what it has an effect on, is as it was sent first.
          const requestIntake = allowedOnly(intake(letter.from ?? {}), channelOf, request);
          if (request.revoked.aborted) throw noLongerLetIn();
          if (event.problem !== undefined) requestIntake.refuse(event.text, event.problem, event.value);
          else requestIntake.take(event.value, () => event.text);
          const answer = await requestIntake.finish();
          if (answer.accepted === 0) {
            throw new HttpProblem(422, 'Event is still not valid', answer.rejected[0]!.problem, undefined, {
              ...answer,
            });
          }
          await store.remove([letter.id]);
          return reply.code(202).send(answer);
        },
      );
    });
  };
}

/** What was sent, if anything was: clients name a media type also where the body is empty. */
function bodyOf({ body, headers }: { body: unknown; headers: IncomingHttpHeaders }): EventsBody | undefined {
  return headers['content-length'] === '0' && !isBinaryMode(headers) ? undefined : (body as EventsBody | undefined);
}

function parseOr422(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HttpProblem(422, 'Event is no JSON', (error as Error).message);
  }
}
