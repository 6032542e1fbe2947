import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { WriteGrant } from '../../../../contract/access.ts';
import { EVENT_TYPES } from '../../../../contract/codes.ts';
import { envelope } from '../../../../contract/events.ts';
import { IngestAnswerSchema, ProblemSchema, type IngestAnswer } from '../../../../contract/rest.ts';
import type { IntakeRequest } from '../intakeRequest.ts';
import type { Sender } from '../outside.ts';
import type { ChannelOf } from '../writeRefusal.ts';
import { HttpProblem } from '../../../platform/http/problem.ts';
import { allowedOnly, noLongerLetIn, untilAborted } from './allowedOnly.ts';
import { acceptEventBodies, BATCH, BodyReader, missing, NDJSON, SINGLE, type EventsBody } from './bodies.ts';

export interface EventsParts {
  intake: (from: Sender) => IntakeRequest;
  channelOf: ChannelOf;
  /** A body of which nothing comes for so long is given up. */
  idleMs?: number;
}

/** `POST /api/v1/events` (contract §1). */
export function eventsRoute({ intake, channelOf, idleMs }: EventsParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    acceptEventBodies(app, idleMs);
    const reader = new BodyReader();
    // The body is checked event by event by the intake, because one bad event must not spoil its batch.
    app.setValidatorCompiler(() => () => true);
    const event = Type.Union(
      EVENT_TYPES.map((type) => envelope(type)),
      { title: 'WageEvent' },
    );

    app.post(
      '/api/v1/events',
      {
        // Whose events somebody may write is looked at event by event, below.
        config: { roles: ['ingest', 'admin'], scope: 'none', trail: 'none' },
        schema: {
          operationId: 'postEvents',
          summary: 'Send events',
          description:
            'One CloudEvent (structured, or in binary mode with headers ce-…), a batch of at most 4 MiB, or NDJSON of any length; as it is, or compressed (Content-Encoding gzip, deflate, br). Answered once the accepted events are durable. The same (source, id) again is accepted and counted once.',
          tags: ['events'],
          body: {
            content: {
              [SINGLE]: { schema: event },
              [BATCH]: { schema: Type.Array(event) },
              [NDJSON]: { schema: Type.String({ description: 'one event a line' }) },
              'application/json': { schema: Type.Object({}, { description: 'data of one event, in binary mode' }) },
            },
          },
          response: { 202: IngestAnswerSchema, '4xx': ProblemSchema, 503: ProblemSchema },
        },
      },
      async (request, reply) => {
        const body = request.body as EventsBody | undefined;
        if (!body) throw missing();
        const { revoked, principal } = request;
        const requestIntake = allowedOnly(intake(senderOf(principal!)), channelOf, request);
        const parts = untilAborted(body.parts, revoked);
        const answer = await takeAll(
          () => reader.read({ ...body, parts }, requestIntake, principal!.credential),
          requestIntake,
          revoked,
        );
        if (answer.accepted === 0) {
          const first = answer.rejected[0];
          throw new HttpProblem(
            422,
            'No event to accept',
            first ? first.problem : 'the body holds no event',
            undefined,
            { ...answer },
          );
        }
        return reply.code(202).send(answer);
      },
    );
  };
}

/** What of somebody's rights is kept with what they send. */
export function senderOf({ platform, dispatch }: WriteGrant): Sender {
  return { platform, dispatch };
}

/**
 * @returns the answer once all that was read is durable or kept
 * @throws HttpProblem when the body broke off or cannot be read, with what was accepted before; 503 when the store fails
 */
async function takeAll(read: () => Promise<void>, intake: IntakeRequest, revoked: AbortSignal): Promise<IngestAnswer> {
  let broken: HttpProblem | undefined;
  try {
    await read().catch((error: unknown) => {
      if (!(error instanceof HttpProblem)) throw error;
      broken = error;
    });
    // What was not read any more is no fault of the body.
    if (revoked.aborted) broken = noLongerLetIn();
    const answer = await intake.finish();
    if (!broken) return answer;
    const { status, title, detail, parameter, extensions } = broken;
    throw new HttpProblem(status, title, detail, parameter, { ...extensions, ...answer });
  } catch (error) {
    if (error instanceof HttpProblem) throw error;
    throw new HttpProblem(
      503,
      'Events could not be stored',
      'the store does not answer; send the same events again, those already accepted count once',
      undefined,
      {
        accepted: intake.durable,
        cause: (error as Error).message,
      },
    );
  }
}
