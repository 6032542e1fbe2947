import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from '../../../platform/http/problem.ts';

export const SINGLE = 'application/cloudevents+json';
export const BATCH = 'application/cloudevents-batch+json';
export const NDJSON = 'application/x-ndjson';

/** One event of the contract is far smaller. */
const MAX_SINGLE = 1024 * 1024;
/** Above this, NDJSON is the way: it is read as it comes. */
const MAX_BATCH = 32 * 1024 * 1024;

export type EventsBody =
  | { kind: 'single'; event: unknown; text: string }
  | { kind: 'batch'; events: unknown[] }
  | { kind: 'lines'; lines: AsyncIterable<Buffer> };

/** Teaches an app the three media types in which events come (contract §1); any other is answered with 415. */
export function acceptEventBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(SINGLE, { parseAs: 'buffer', bodyLimit: MAX_SINGLE }, (_request, body, done) => {
    try {
      const text = utf8(body as Buffer);
      done(null, { kind: 'single', event: parse(text), text } satisfies EventsBody);
    } catch (error) {
      done(error as Error);
    }
  });
  app.addContentTypeParser(BATCH, { parseAs: 'buffer', bodyLimit: MAX_BATCH }, (_request, body, done) => {
    try {
      const events = parse(utf8(body as Buffer));
      if (!Array.isArray(events)) {
        throw new HttpProblem(422, 'No event to accept', `a body of type ${BATCH} must be a JSON array of events`);
      }
      done(null, { kind: 'batch', events } satisfies EventsBody);
    } catch (error) {
      done(error as Error);
    }
  });
  app.addContentTypeParser(NDJSON, (_request, payload, done) => {
    done(null, { kind: 'lines', lines: payload as AsyncIterable<Buffer> } satisfies EventsBody);
  });
  // Plain JSON could be one event or many: who sends it is told what to say.
  app.addContentTypeParser('*', (request, _payload, done) => {
    const sent = request.headers['content-type'];
    done(
      new HttpProblem(
        415,
        'Media type is not supported',
        `the body is ${sent === undefined ? 'of no media type' : `of type ${sent.slice(0, 100)}`}: send ${SINGLE} (one event), ${BATCH} (an array) or ${NDJSON} (one a line)`,
      ),
    );
  });
}

function utf8(body: Buffer): string {
  if (!isUtf8(body))
    throw new HttpProblem(400, 'Body is not UTF-8', 'JSON between systems must be UTF-8 (RFC 8259 §8.1)');
  return body.toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HttpProblem(400, 'Body is no JSON', (error as Error).message);
  }
}
