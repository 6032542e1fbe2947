import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { BODY_IDLE_MS, bodyParts, checkUtf8, wholeBody, withoutMark } from '../../../platform/http/body.ts';
import { HttpProblem } from '../../../platform/http/problem.ts';
import { Turns } from '../../../platform/http/turns.ts';
import type { IntakeRequest } from '../intakeRequest.ts';
import { arrayElements, heavyProblem, NoJson, TooMany, type ArrayElement } from '../jsonArray.ts';
import { readNdjson } from '../ndjson.ts';
import { binaryAttributes, isBinaryMode } from './binaryMode.ts';

export const SINGLE = 'application/cloudevents+json';
export const BATCH = 'application/cloudevents-batch+json';
export const NDJSON = 'application/x-ndjson';

const MIB = 1024 * 1024;
/** One event of the contract is far smaller. */
const MAX_SINGLE = MIB;
/** Above this, NDJSON is the way: it is read as it comes. */
const MAX_BATCH = 4 * MIB;
/** Bodies that are held whole, by one token at the same time; the others are not read yet. */
const MAX_HELD = 16;
/** Events of a batch between two looks at whether more may be taken. */
const BATCH_PART = 500;

/** The body of a request with events, not read yet. */
export interface EventsBody {
  kind: 'single' | 'batch' | 'lines';
  headers: IncomingHttpHeaders;
  parts: AsyncIterable<Buffer>;
}

/**
 * Teaches an app the media types in which events come, and binary mode (contract §1); any other is answered with 415.
 * @param idleMs a body of which nothing comes for so long is given up
 */
export function acceptEventBodies(app: FastifyInstance, idleMs = BODY_IDLE_MS): void {
  app.removeAllContentTypeParsers();
  const take = (type: string | string[], kind: EventsBody['kind']) =>
    app.addContentTypeParser(type, (request, payload: Readable, done) => {
      try {
        const { headers } = request;
        if (kind !== 'lines') checkLength(headers, kind);
        done(null, { kind, headers, parts: bodyParts(payload, headers, idleMs) } satisfies EventsBody);
      } catch (error) {
        done(error as Error);
      }
    });
  take(SINGLE, 'single');
  take(BATCH, 'batch');
  take(NDJSON, 'lines');
  app.addContentTypeParser('*', (request, payload: Readable, done) => {
    const { headers } = request;
    try {
      // Plain JSON could be one event or many: who sends it is told what to say.
      if (!isBinaryMode(headers)) throw unsupported(headers['content-type']);
      checkLength(headers, 'single');
      done(null, { kind: 'single', headers, parts: bodyParts(payload, headers, idleMs) } satisfies EventsBody);
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Reads bodies into an intake. What is held whole is held in turns, by whoever sends it. */
export class BodyReader {
  private readonly held = new Turns(MAX_HELD);
  private readonly batches = new Turns(1);

  /** @param sender whose turns they are @throws HttpProblem for a body that cannot be read */
  async read(body: EventsBody, intake: IntakeRequest, sender: string): Promise<void> {
    if (body.kind === 'lines') return readNdjson(body.parts, intake);
    if (body.kind === 'single') {
      const event = await this.single(body, sender);
      if (event.problem !== undefined) intake.refuse(event.text, event.problem, event.value);
      else intake.take(event.value, () => event.text);
      return;
    }
    const whole = await this.whole(body, sender);
    await this.batches.run(sender, async () => {
      const elements = await elementsOf(whole);
      let i = 0;
      for await (const element of elements) {
        if ('problem' in element) intake.refuse(element.text(), element.problem);
        else intake.take(element.value, element.text);
        if (++i % BATCH_PART === 0) await intake.ready();
      }
    });
  }

  /** The one event of a body, or what is wrong with it beside as much of it as is known. */
  async single(body: EventsBody, sender: string): Promise<{ text: string; value: unknown; problem?: string }> {
    const whole = await this.whole(body, sender);
    checkUtf8(whole);
    const json = withoutMark(whole);
    const text = json.toString('utf8');
    const attributes =
      isBinaryMode(body.headers) && !isStructured(body.headers) ? binaryAttributes(body.headers) : undefined;
    const problem = await heavyProblem(json).catch(noJson);
    if (problem !== undefined)
      return { text: attributes ? structured(attributes, text) : text, value: attributes, problem };
    if (!attributes) return { text, value: parse(text) };
    return { text: structured(attributes, text), value: text ? { ...attributes, data: parse(text) } : attributes };
  }

  private whole({ kind, headers, parts }: EventsBody, sender: string): Promise<Buffer> {
    const [limit, problem] = kind === 'batch' ? [MAX_BATCH, batchTooLarge] : [MAX_SINGLE, singleTooLarge];
    return this.held.run(sender, async () => {
      const body = await wholeBody(parts, limit, problem);
      if (!body.length && !isBinaryMode(headers)) throw missing();
      return body;
    });
  }
}

/**
 * An event of binary mode as one text, with its data as it was sent: made again from its value, numbers would be written another way,
 * and what is nested very deeply not at all.
 * @param data a JSON text, or none
 */
function structured(attributes: Record<string, unknown>, data: string): string {
  const text = JSON.stringify(attributes);
  return data ? `${text.slice(0, -1)},"data":${data}}` : text;
}

async function elementsOf(body: Buffer): Promise<AsyncIterable<ArrayElement>> {
  checkUtf8(body);
  const elements = await arrayElements(withoutMark(body)).catch(noJson);
  if (elements) return elements;
  throw new HttpProblem(422, 'No event to accept', `a body of type ${BATCH} must be a JSON array of events`);
}

function isStructured(headers: IncomingHttpHeaders): boolean {
  return /^application\/cloudevents/i.test(headers['content-type'] ?? '');
}

/** What is too long by its own word is not read. */
function checkLength(headers: IncomingHttpHeaders, kind: 'single' | 'batch'): void {
  const length = Number(headers['content-length'] ?? 0);
  if (kind === 'batch' && length > MAX_BATCH) throw batchTooLarge();
  if (kind === 'single' && length > MAX_SINGLE) throw singleTooLarge();
}

const batchTooLarge = () =>
  new HttpProblem(
    413,
    'Batch is too large',
    `a batch may have ${MAX_BATCH / MIB} MiB: send more events as ${NDJSON}, one a line, of any length`,
  );
const singleTooLarge = () =>
  new HttpProblem(413, 'Event is too large', `one event may have ${MAX_SINGLE / MIB} MiB, and is far smaller`);
export const missing = () => new HttpProblem(400, 'Body is missing', `send events as ${SINGLE}, ${BATCH} or ${NDJSON}`);

function unsupported(sent: string | undefined): HttpProblem {
  return new HttpProblem(
    415,
    'Media type is not supported',
    `the body is ${sent === undefined ? 'of no media type' : `of type ${sent.slice(0, 100)}`}: send ${SINGLE} (one event), ${BATCH} (an array) or ${NDJSON} (one a line), or the attributes of one event as headers ce-… (binary mode)`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return noJson(error);
  }
}

function noJson(error: unknown): never {
  if (error instanceof NoJson || error instanceof SyntaxError)
    throw new HttpProblem(400, 'Body is no JSON', error.message);
  if (error instanceof TooMany)
    throw new HttpProblem(413, 'Batch is too large', `${error.message}: send more as ${NDJSON}`);
  throw error;
}
