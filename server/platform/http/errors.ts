import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../../../contract/rest.ts';
import { isUnreachable } from '../redis/unreachable.ts';
import { HttpProblem } from './problem.ts';

const TITLES: Record<number, string> = {
  400: 'Bad request',
  413: 'Body is too large',
  414: 'URL is too long',
  415: 'Media type is not supported',
};

/** Answers whatever a handler threw as a problem (RFC 9457), and logs what is our own fault. */
export function answerError(error: FastifyError | HttpProblem, request: FastifyRequest, reply: FastifyReply) {
  const problem = toProblem(error);
  // Being asked to come back is no fault of ours: strangers must not fill the log with it.
  const refused = error instanceof HttpProblem && error.retryMs !== undefined;
  if (problem.status >= 500 && !refused) request.log.error({ error, url: request.url.split('?')[0] }, 'request failed');
  if (error instanceof HttpProblem && error.retryMs !== undefined)
    void reply.header('retry-after', Math.ceil(error.retryMs / 1000));
  // There is no more of it to come.
  if (problem.status === 408) void reply.header('connection', 'close');
  if (problem.status === 413) {
    // Closing while the client still writes would cost it the answer: what it sends is read and thrown away.
    void reply.header('connection', 'keep-alive');
    request.raw.resume();
  }
  return sendProblem(reply, problem);
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem);
}

/** Any error as RFC 9457. What went wrong inside is for the log, not for strangers. */
export function toProblem(error: FastifyError | HttpProblem): Problem {
  if (error instanceof HttpProblem) {
    return {
      type: 'about:blank',
      title: error.title,
      status: error.status,
      detail: error.detail,
      ...(error.parameter === undefined ? {} : { parameter: error.parameter }),
      ...error.extensions,
    };
  }
  if (isUnreachable(error))
    return {
      type: 'about:blank',
      title: 'Store does not answer',
      status: 503,
      detail: 'this cannot be read or written now; ask again in a moment',
    };
  const status = error.statusCode ?? 500;
  if (error.validation) return invalidParameter(error.message, error.validation[0]);
  if (status >= 500)
    return {
      type: 'about:blank',
      title: 'Internal error',
      status,
      detail: 'the fault is on our side, and is in the log',
    };
  return { type: 'about:blank', title: TITLES[status] ?? 'Request refused', status, detail: error.message };
}

function invalidParameter(
  message: string,
  first: NonNullable<FastifyError['validation']>[number] | undefined,
): Problem {
  const params = (first?.params ?? {}) as {
    missingProperty?: string;
    additionalProperty?: string;
    allowedValues?: unknown[];
  };
  const parameter = first?.instancePath.slice(1).split('/')[0] || params.missingProperty || params.additionalProperty;
  const allowed = params.allowedValues ? `: ${params.allowedValues.join(', ')}` : '';
  return {
    type: 'about:blank',
    title: 'Parameter is not valid',
    status: 400,
    detail: `${message}${allowed}`,
    ...(parameter ? { parameter } : {}),
  };
}
