import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { EVENT_TYPES } from '../../../../contract/codes.ts';
import { envelope } from '../../../../contract/events.ts';
import { IngestAnswerSchema, ProblemSchema, type IngestAnswer } from '../../../../contract/rest.ts';
import type { Principal } from '../../../platform/http/principal.ts';
import type { IntakeRequest } from '../intakeRequest.ts';
import { jsonText } from '../jsonText.ts';
import { readNdjson } from '../ndjson.ts';
import { HttpProblem } from '../../../platform/http/problem.ts';
import { allowedOnly } from './allowedOnly.ts';
import { acceptEventBodies, BATCH, NDJSON, SINGLE, type EventsBody } from './bodies.ts';

/** Events of a batch between two looks at whether more may be taken. */
const BATCH_PART = 500;

export interface EventsParts {
  intake: () => IntakeRequest;
  /** Whether what somebody was let in with is still in force. */
  holds: (principal: Principal) => boolean;
}

/** `POST /api/v1/events` (contract §1). */
export function eventsRoute({ intake, holds }: EventsParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    acceptEventBodies(app);
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
        config: { roles: ['ingest', 'admin'], scope: 'none' },
        schema: {
          operationId: 'postEvents',
          summary: 'Send events',
          description:
            'One CloudEvent, a batch, or NDJSON of any length. Answered once the accepted events are durable. The same (source, id) again is accepted and counted once.',
          tags: ['events'],
          body: {
            content: {
              [SINGLE]: { schema: event },
              [BATCH]: { schema: Type.Array(event) },
              [NDJSON]: { schema: Type.String({ description: 'one event a line' }) },
            },
          },
          response: { 202: IngestAnswerSchema, '4xx': ProblemSchema, 503: ProblemSchema },
        },
      },
      async (request, reply) => {
        const requestIntake = allowedOnly(intake(), request.principal!, holds);
        const answer = await takeAll(requestIntake, request.body as EventsBody | undefined);
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

async function takeAll(intake: IntakeRequest, body: EventsBody | undefined): Promise<IngestAnswer> {
  if (!body) throw new HttpProblem(400, 'Body is missing', `send events as ${SINGLE}, ${BATCH} or ${NDJSON}`);
  try {
    if (body.kind === 'single') {
      intake.take(body.event, () => body.text);
    } else if (body.kind === 'batch') {
      for (let i = 0; i < body.events.length; i++) {
        intake.take(body.events[i], () => jsonText(body.events[i]));
        if (i % BATCH_PART === BATCH_PART - 1) await intake.ready();
      }
    } else {
      await readNdjson(body.lines, intake);
    }
    return await intake.finish();
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
