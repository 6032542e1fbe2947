import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { OPEN_ACCESS, type AccessControl } from '../../../server/access/accessControl.ts';
import { guardRoutes } from '../../../server/platform/http/guard.ts';
import { HttpProblem } from '../../../server/platform/http/problem.ts';

const ACCESS: AccessControl = {
  ...OPEN_ACCESS,
  identify: async (token) =>
    token === 'town'
      ? { kind: 'token', credential: 'file:x', name: 'town', role: 'officer', scope: '330110010' }
      : undefined,
};

let app: FastifyInstance;
let openToAll: ReturnType<typeof guardRoutes>;
beforeEach(() => {
  app = Fastify();
  app.setErrorHandler((error: FastifyError | HttpProblem, _request, reply) =>
    reply.code(error instanceof HttpProblem ? error.status : 500).send({ detail: error.message }),
  );
  openToAll = guardRoutes(app, ACCESS);
});
const answer = async () => 'figures';
const get = (url: string) => app.inject({ url, headers: { authorization: 'Bearer town' } });

describe('guard', () => {
  it('lets no route be made that names nobody', () => {
    expect(() => app.get('/x', answer)).toThrow('GET /x names no role that may call it');
    expect(() => app.get('/x', { config: { roles: [] } }, answer)).toThrow('GET /x names no role that may call it');
    expect(() => app.get('/x', { config: { roles: ['officer'] } }, answer)).toThrow(
      'GET /x does not say which division it is about',
    );
    expect(() => app.get('/x', { config: { roles: ['officer'], scope: 'none' } }, answer)).toThrow(
      'GET /x does not say what it puts on the trail',
    );
  });

  it('lets a library make public routes only while it is told so', async () => {
    await openToAll(() =>
      app.register(async (library) => {
        library.get('/lib', answer);
      }),
    );
    expect(() => app.get('/x', answer)).toThrow('names no role');
    expect((await app.inject('/lib')).statusCode).toBe(200);
  });

  it('does not send what a handler has not asked for', async () => {
    app.get('/forgot', { config: { roles: ['officer'], scope: 'handler', trail: 'none' } }, answer);
    app.get(
      '/asked',
      { config: { roles: ['officer'], scope: 'handler', trail: 'none' } },
      async (request) => `${request.mayRead('330110010')} ${request.mayRead('330110')}`,
    );
    const forgot = await get('/forgot');
    expect(forgot.statusCode).toBe(500);
    expect(forgot.body).not.toContain('figures');
    expect((await get('/asked')).body).toBe('true false');
  });

  it('gives everybody their own scope where none is asked for', async () => {
    app.get('/q', { config: { roles: ['officer'], scope: 'query', trail: 'none' } }, async (request) => request.query);
    app.get(
      '/r',
      { config: { roles: ['officer'], scope: 'query-region', trail: 'none' } },
      async (request) => request.query,
    );
    expect((await get('/q')).json()).toEqual({ scope: '330110010' });
    expect((await get('/q?scope=330110')).statusCode).toBe(403);
    expect((await get('/q?scope=330110010&scope=330110')).statusCode).toBe(403);
    expect((await get('/r')).statusCode).toBe(403);
  });

  it('answers for what is not there without asking who wants it', async () => {
    expect((await app.inject('/none')).statusCode).toBe(404);
  });
});
