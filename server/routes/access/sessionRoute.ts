import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { SessionRequestSchema, SessionSchema, type Session } from '../../../contract/access.ts';
import { toRfc3339 } from '../../../contract/regionTime.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import type { AccessControl } from '../../access/accessControl.ts';
import { SESSION_COOKIE } from '../../access/credentials.ts';
import { EVERYBODY, type Principal } from '../../access/principal.ts';
import { HttpProblem } from '../problem.ts';

/** Browsers keep no cookie longer than 400 days. */
const LONGEST_S = 400 * 86_400;

/** `/api/v1/access/session`: a browser's token as a cookie that no script can read. */
export function sessionRoute({ access, now }: { access: AccessControl; now: () => number }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post('/api/v1/access/session', {
      config: { roles: ['public'] },
      bodyLimit: 4_096,
      schema: {
        operationId: 'beginSession', summary: 'Sign this browser in with a token', tags: ['access'],
        body: SessionRequestSchema,
        response: { 200: SessionSchema, '4xx': ProblemSchema },
      },
    }, async (request, reply): Promise<Session> => {
      const token = 'token' in request.body ? request.body.token : '';
      const principal = access.identify(token);
      if (!principal) throw new HttpProblem(401, 'Unknown token', 'the token is not known here, or no longer valid', 'token');
      if (principal.role === 'ingest') throw new HttpProblem(403, 'Not allowed', 'an ingest token writes events; there is nothing it could show', 'token');
      if (principal !== EVERYBODY) {
        const seconds = principal.expires === undefined ? LONGEST_S : Math.min(LONGEST_S, Math.max(1, Math.floor((principal.expires - now()) / 1000)));
        void reply.header('set-cookie', cookie(request, token, seconds));
      }
      return sessionOf(principal);
    });

    app.get('/api/v1/access/session', {
      config: { roles: ['public'] },
      schema: { operationId: 'getSession', summary: 'Whom the server takes you for', tags: ['access'], response: { 200: SessionSchema, '4xx': ProblemSchema } },
    }, async (request) => sessionOf(request.principal));

    app.delete('/api/v1/access/session', {
      config: { roles: ['public'] },
      schema: { operationId: 'endSession', summary: 'Sign this browser out', tags: ['access'], response: { 204: Type.Null() } },
    }, async (request, reply) => reply.code(204).header('set-cookie', cookie(request, '', 0)).send(null));
  };
}

function cookie(request: FastifyRequest, value: string, seconds: number): string {
  // A proxy that does TLS says so; whoever makes it up only makes a cookie that is not sent back.
  const secure = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
  return `${SESSION_COOKIE}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

function sessionOf(principal: Principal | undefined): Session {
  const open = principal === EVERYBODY;
  const session: Session = { open, signIn: { password: false } };
  if (principal) {
    const { name, role, scope, expires } = principal;
    session.principal = { kind: open ? 'everybody' : 'token', name, role, ...(scope ? { scope } : {}), ...(expires === undefined ? {} : { expires: toRfc3339(expires) }) };
  }
  return session;
}
