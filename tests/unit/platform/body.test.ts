import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bodyParts, wholeBody } from '../../../server/platform/http/body.ts';
import { answerError } from '../../../server/platform/http/errors.ts';
import { giveUpUnreadBodies, readJsonBodies } from '../../../server/platform/http/jsonBodies.ts';
import { HttpProblem } from '../../../server/platform/http/problem.ts';
import { Turns } from '../../../server/platform/http/turns.ts';

const IDLE_MS = 600;
const tooLarge = () => new HttpProblem(413, 'Too large', 'too large');

describe('a body', () => {
  let server: Server;
  let got: Promise<string>;
  beforeAll(async () => {
    server = createServer((incoming: IncomingMessage, answer) => {
      got = wholeBody(bodyParts(incoming, incoming.headers, IDLE_MS), 1_000_000, tooLarge).then(
        (body) => body.toString(),
        (error: unknown) => (error instanceof HttpProblem ? `${error.status} ${error.title}` : String(error)),
      );
      void got.then((text) => answer.end(text));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => server.close());
  const open = (headers: Record<string, string> = {}) => {
    const sending = request({ port: (server.address() as AddressInfo).port, method: 'POST', headers });
    sending.on('error', () => undefined);
    const answer = once(sending, 'response').then(async ([response]: IncomingMessage[]) => {
      let text = '';
      for await (const part of response!) text += String(part);
      return text;
    });
    answer.catch(() => undefined);
    return { sending, answer };
  };

  it('that stops coming is given up, compressed or not, and the sender is told', async () => {
    const zipped = gzipSync('x'.repeat(1000));
    for (const [headers, part] of [
      [{}, Buffer.from('x')],
      [{ 'content-encoding': 'gzip' }, zipped.subarray(0, 12)],
      [{ 'content-encoding': 'gzip', 'content-length': '5000' }, Buffer.alloc(0)],
    ] as const) {
      const { sending, answer } = open(headers);
      sending.flushHeaders();
      if (part.length) sending.write(part);
      expect(await answer).toBe('408 Body stopped coming');
      sending.destroy();
    }
  });

  it('that keeps coming is read however long it takes', async () => {
    const { sending, answer } = open();
    // Longer than the limit in all, never as long between two parts.
    for (let i = 0; i < 6; i++) {
      sending.write('x');
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS / 3));
    }
    sending.end();
    expect(await answer).toBe('xxxxxx');
  });

  it('that ends with its connection is no fault of the server', async () => {
    const { sending } = open();
    const arrived = once(server, 'request');
    sending.write('x');
    await arrived;
    sending.destroy();
    expect(await got).toBe('400 Body broke off');
  });
});

describe('other routes', () => {
  let app: FastifyInstance;
  afterEach(() => app.close());
  const listen = async () => {
    app = Fastify();
    app.setErrorHandler(answerError);
    readJsonBodies(app, IDLE_MS);
    giveUpUnreadBodies(app, IDLE_MS);
    app.post('/json', async (incoming) => incoming.body);
    app.get('/read', async () => 'ok');
    app.post('/closed', { onRequest: async (_request, reply) => reply.code(401).send('no') }, async () => 'never');
    await app.listen({ port: 0, host: '127.0.0.1' });
  };
  const drip = (method: string, path: string) => {
    const sending = request({ port: (app.server.address() as AddressInfo).port, method, path });
    sending.setHeader('content-type', 'application/json');
    sending.setHeader('content-length', '100');
    sending.on('error', () => undefined);
    // Not by `once`, which fails where the server resets the connection: that is an end, too.
    const closed = new Promise<void>((resolve) => sending.once('close', () => resolve()));
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
    sending.flushHeaders();
    return { closed, answered, sending };
  };

  it('do not wait for a JSON body for ever', async () => {
    await listen();
    for (const path of ['/json', '/nowhere']) {
      const { answered, closed } = drip('POST', path);
      const [response] = await answered;
      expect(response.statusCode).toBe(408);
      expect(response.headers.connection).toBe('close');
      response.resume();
      await closed;
    }
  });

  it.each([
    ['GET', '/read', 200],
    ['POST', '/closed', 401],
  ])('end a connection whose body nobody reads (%s %s)', async (method, path, status) => {
    await listen();
    const { answered, closed, sending } = drip(method, path);
    const [response] = await answered;
    expect(response.statusCode).toBe(status);
    response.resume();
    const dripping = setInterval(() => sending.destroyed || sending.write('x'), 20);
    await closed;
    clearInterval(dripping);
  });
});

it('turns: never more than allowed at a time for a key, in order, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.record({ key: fc.constantFrom('a', 'b'), fails: fc.boolean() }), { maxLength: 30 }),
      async (most, jobs) => {
        const turns = new Turns(most);
        const running: Record<string, number> = { a: 0, b: 0 };
        const order: Record<string, number[]> = { a: [], b: [] };
        const ends = await Promise.allSettled(
          jobs.map(({ key, fails }, i) =>
            turns.run(key, async () => {
              order[key]!.push(i);
              expect(++running[key]!).toBeLessThanOrEqual(most);
              await Promise.resolve();
              await Promise.resolve();
              running[key]!--;
              if (fails) throw new Error('failed');
              return i;
            }),
          ),
        );
        expect(ends.map(({ status }) => status === 'rejected')).toEqual(jobs.map(({ fails }) => fails));
        for (const list of Object.values(order)) expect(list).toEqual([...list].sort((a, b) => a - b));
      },
    ),
    { numRuns: 100 },
  );
});
