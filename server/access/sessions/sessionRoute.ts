import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { PasswordChangeSchema, SessionRequestSchema, SessionSchema, type Session } from '../../../contract/access.ts';
import { ACCESS_ROLES } from '../../../contract/roles.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { AccessError } from '../accessError.ts';
import { credentialsOf } from '../../platform/http/credentials.ts';
import { DISPLAY_TOKEN_MS } from '../displays/displayTokens.ts';
import { EVERYBODY, type Principal } from '../../platform/http/principal.ts';
import { SESSION_MS, TOKEN_SESSION_MS } from './sessions.ts';
import type { AccessServices } from '../services.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { dropSession, keepSession } from './cookies.ts';
import { sessionView } from './sessionView.ts';

/** `/api/v1/access/session`: who somebody is, signing in and out. */
export function sessionRoute(services: AccessServices): FastifyPluginAsyncTypebox {
  return async (app) => {
    const url = '/api/v1/access/session';
    const answer = { 200: SessionSchema, '4xx': ProblemSchema };

    app.post(
      url,
      {
        config: { roles: ['public'] },
        bodyLimit: 4_096,
        schema: {
          operationId: 'beginSession',
          summary: 'Sign this browser in, as a person or with a token',
          tags: ['access'],
          body: SessionRequestSchema,
          response: answer,
        },
      },
      async (request, reply): Promise<Session> => {
        const { body } = request;
        return 'token' in body
          ? withToken(services, request, reply, body.token)
          : withPassword(services, request, reply, body.name, body.password);
      },
    );

    app.get(
      url,
      {
        config: { roles: ['public'] },
        schema: {
          operationId: 'getSession',
          summary: 'Whom the server takes you for, and how to sign in',
          tags: ['access'],
          response: answer,
        },
      },
      async (request, reply) => {
        void reply.header('cache-control', 'no-store');
        moveSession(services, request, reply);
        return sessionView(services, request.principal);
      },
    );

    app.delete(
      url,
      {
        config: { roles: ['public'] },
        schema: {
          operationId: 'endSession',
          summary: "Sign this browser out; with everywhere=true, all of this person's",
          tags: ['access'],
          querystring: Type.Object({ everywhere: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
          response: { 204: Type.Null(), '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const { principal } = request;
        const session = principal && sessionOf(principal);
        if (principal && session !== undefined) {
          if (request.query.everywhere && principal.kind === 'person') await services.sessions.endAll(principal.id!);
          else await services.sessions.end(session);
          await request.trail('session.end', principal.name, request.query.everywhere ? { everywhere: true } : {});
        }
        if (principal) services.personas.leave(principal);
        dropSession(request, reply);
        return reply.code(204).send(null);
      },
    );

    app.post(
      `${url}/password`,
      {
        config: { roles: ACCESS_ROLES, scope: 'none', trail: 'password.change' },
        bodyLimit: 4_096,
        schema: {
          operationId: 'changePassword',
          summary: "Change one's own password; ends all other sessions",
          tags: ['access'],
          body: PasswordChangeSchema,
          response: answer,
        },
      },
      async (request, reply): Promise<Session> => {
        const principal = request.principal!;
        if (principal.kind !== 'person') throw new HttpProblem(409, 'No password', 'only a person has a password');
        const { old, new: next } = request.body;
        const secret = await services.signIn
          .changePassword(principal, old, next, request.sender)
          .catch((error: unknown) => failed(services, request, principal.name, error));
        await request.trail('password.change', principal.name);
        return begun(services, request, reply, secret);
      },
    );

    app.post(
      `${url}/renew`,
      {
        config: { roles: ['display'], scope: 'none', trail: 'none' },
        schema: {
          operationId: 'renewSession',
          summary: 'A new token for a paired display, when its own is old enough',
          tags: ['access'],
          response: { 204: Type.Null(), '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const { kind, id } = request.principal!;
        if (kind !== 'display')
          throw new HttpProblem(409, 'Nothing to renew', 'only the token of a paired display renews itself');
        if (services.displayTokens.due(id!))
          keepSession(request, reply, await services.displayTokens.issue(id!), DISPLAY_TOKEN_MS);
        return reply.code(204).send(null);
      },
    );
  };
}

/** The cookie, and who the browser is from now on. */
export async function begun(
  services: AccessServices,
  request: FastifyRequest,
  reply: FastifyReply,
  secret: string,
): Promise<Session> {
  keepSession(request, reply, secret, SESSION_MS);
  request.principal = await services.access.identify(secret);
  return sessionView(services, request.principal);
}

async function withPassword(
  services: AccessServices,
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
  password: string,
): Promise<Session> {
  await leave(services, request);
  const secret = await services.signIn
    .byPassword(name, password, request.sender)
    .catch((error: unknown) => failed(services, request, name, error));
  const session = await begun(services, request, reply, secret);
  await request.trail('session.begin', session.principal!.name);
  return session;
}

async function withToken(
  services: AccessServices,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
): Promise<Session> {
  const principal: Principal | undefined = await services.access.identify(token, request.admission);
  // A session's own secret is no token to sign in with, nor is a display's: who has it is signed in.
  if (!principal || (principal !== EVERYBODY && (principal.kind !== 'token' || sessionOf(principal) !== undefined)))
    return failed(services, request, 'token', new AccessError(401, UNKNOWN_TOKEN, { parameter: 'token' }));
  if (principal.role === 'ingest')
    throw new HttpProblem(403, 'Not allowed', 'an ingest token writes events; there is nothing it could show', 'token');
  await leave(services, request);
  if (principal === EVERYBODY) return sessionView(services, principal);
  const secret = await services.sessions.beginByToken(
    principal,
    () => services.access.holds(principal),
    request.sender,
  );
  keepSession(
    request,
    reply,
    secret,
    principal.expires === undefined ? TOKEN_SESSION_MS : principal.expires - services.now(),
  );
  request.principal = await services.access.identify(secret);
  await request.trail('session.begin', principal.name, { by: 'token' });
  return sessionView(services, request.principal);
}

/** Puts a sign-in that failed on the trail, and fails with the same error. */
export async function failed(
  { trail }: AccessServices,
  { sender }: FastifyRequest,
  target: string,
  error: unknown,
): Promise<never> {
  if (error instanceof AccessError && FAILED.includes(error.status))
    await trail.addFailure({ target, from: sender, why: error.message, refused: REFUSED.includes(error.status) });
  throw error;
}

/** Refused without having been looked at. */
const REFUSED: readonly number[] = [429, 503];
const FAILED: readonly number[] = [401, 403, 404, ...REFUSED];
const UNKNOWN_TOKEN = 'the token is not known here, or no longer valid';

/** A session of the version before, over TLS, moves into the cookie of this one. */
function moveSession({ now }: AccessServices, request: FastifyRequest, reply: FastifyReply): void {
  const { principal, carried } = request;
  if (carried !== 'old-cookie' || !principal || principal === EVERYBODY) return;
  const { token } = credentialsOf(request.headers, true);
  keepSession(request, reply, token!, (principal.expires ?? now() + TOKEN_SESSION_MS) - now());
}

/** Whoever was signed in in this browser is not any more. */
async function leave({ access, sessions }: AccessServices, request: FastifyRequest): Promise<void> {
  const { token, by } = credentialsOf(request.headers, request.overTls);
  const before = by === 'cookie' || by === 'old-cookie' ? await access.identify(token, undefined, by) : undefined;
  const session = before && sessionOf(before);
  if (session !== undefined) await sessions.end(session);
}

/** The id of the session by which somebody was let in, if by one. */
function sessionOf({ credential }: Principal): string | undefined {
  return credential.startsWith('session:') ? credential.slice('session:'.length) : undefined;
}
