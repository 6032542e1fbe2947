import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { BODY_IDLE_MS, bodyParts, checkUtf8, wholeBody, withoutMark } from './body.ts';
import { HttpProblem } from './problem.ts';

/** How long the rest of a body that nobody reads is thrown away, before the connection is ended, ms. */
const LINGER_MS = 15_000;

/** Reads JSON bodies of all routes as those of events are read: inflated, without byte order mark, and not for ever. */
export function readJsonBodies(app: FastifyInstance, idleMs = BODY_IDLE_MS): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', (request, payload: Readable, done) => {
    const limit = request.routeOptions.bodyLimit;
    const tooLarge = () => new HttpProblem(413, 'Body is too large', `a body may have ${limit} bytes here`);
    const read = async () => {
      if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
      const body = await wholeBody(bodyParts(payload, request.headers, idleMs), limit, tooLarge);
      checkUtf8(body);
      return withoutMark(body).toString('utf8');
    };
    read().then(
      (text) => parse(request, text, done),
      (error: Error) => done(error),
    );
  });
}

/**
 * Ends connections whose request was answered before all of its body had come. It is thrown away for a moment first:
 * who is still writing would otherwise lose the answer.
 */
export function giveUpUnreadBodies(app: FastifyInstance, lingerMs = LINGER_MS): void {
  app.addHook('onResponse', (request, _reply, done) => {
    const { raw } = request;
    if (!raw.readableEnded) {
      const ending = setTimeout(() => raw.complete || raw.socket.destroy(), lingerMs);
      ending.unref();
      for (const event of ['end', 'close']) raw.once(event, () => clearTimeout(ending));
      raw.resume();
    }
    done();
  });
}
