import type { FastifyRequest } from 'fastify';
import { writeRefusal, type ChannelOf } from '../writeRefusal.ts';
import { HttpProblem } from '../../../platform/http/problem.ts';
import { keptText, type IntakeRequest } from '../intakeRequest.ts';

/**
 * An intake that rejects, like any bad event, what the sender may not write, and takes nothing more once the sender is let
 * in no longer: a stream of events may last longer than the token that it came with. What was taken before stays accepted.
 */
export function allowedOnly(
  intake: IntakeRequest,
  channelOf: ChannelOf,
  { principal, revoked }: Pick<FastifyRequest, 'principal' | 'revoked'>,
): IntakeRequest {
  return {
    take(event, text, wellFormed) {
      if (revoked.aborted) return;
      const problem = writeRefusal(principal!, event, channelOf);
      if (problem === undefined) intake.take(event, text, wellFormed);
      else intake.refuse(keptText(text), problem, event);
    },
    refuse(text, problem, event) {
      if (!revoked.aborted) intake.refuse(text, problem, event);
    },
    async ready() {
      await intake.ready();
      if (revoked.aborted) throw noLongerLetIn();
    },
    finish: () => intake.finish(),
    get durable() {
      return intake.durable;
    },
  };
}

export const noLongerLetIn = () =>
  new HttpProblem(401, 'No longer let in', 'the token was revoked or has ended while it sent');

/**
 * The parts of a body until `signal` aborts, also while none comes. No race between each part and one promise for all: such a promise
 * holds every part that it has lost to, so the whole body, until the request ends.
 */
export async function* untilAborted<T>(body: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const parts = body[Symbol.asyncIterator]();
  let leave = (): void => undefined;
  const aborted = () => leave();
  signal.addEventListener('abort', aborted, { once: true });
  try {
    while (!signal.aborted) {
      const part = await new Promise<IteratorResult<T> | undefined>((resolve, reject) => {
        leave = () => resolve(undefined);
        parts.next().then(resolve, reject);
      });
      if (!part || part.done) return;
      yield part.value;
    }
  } finally {
    signal.removeEventListener('abort', aborted);
    // Whoever reads no further lets go of the body: the rest of it is thrown away, and the connection can be used again.
    // Not waited for: a part may still be on its way.
    void Promise.resolve(parts.return?.()).catch(() => undefined);
  }
}
