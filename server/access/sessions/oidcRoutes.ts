import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ProblemSchema } from '../../../contract/rest.ts';
import type { OidcProblem } from './oidc.ts';
import { recordClosing } from '../trail/recordClosing.ts';
import type { AccessServices } from '../services.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { reasonOf } from './oidcProvider.ts';
import { cookieOf } from '../../platform/http/credentials.ts';
import { keepSession, setCookie } from './cookies.ts';
import { SESSION_MS } from './sessions.ts';

/** Coming back from the provider is a navigation from another site: a `Strict` cookie would not be sent. */
const cookieName = ({ overTls }: FastifyRequest) => (overTls ? '__Host-wagewatch-oidc' : 'wagewatch-oidc');
const FLOW_S = 600;
const MINUTE_MS = 60_000;
const STARTS = 30;

/** `/api/v1/access/oidc/…`: to the office's own provider and back. Faults end at `/login?problem=oidc-…`. */
export function oidcRoutes({ oidc, throttle, access, trail }: AccessServices): FastifyPluginAsyncTypebox {
  const wrong = (problem: OidcProblem) => `/login?problem=oidc-${problem}`;
  return async (app) => {
    app.get(
      '/api/v1/access/oidc/start',
      {
        config: { roles: ['public'] },
        schema: {
          operationId: 'beginOidc',
          summary: 'Sign in by OpenID Connect: sends the browser to the provider',
          tags: ['access'],
          querystring: Type.Object(
            { next: Type.Optional(Type.String({ maxLength: 1_000, description: 'page to go to afterwards' })) },
            { additionalProperties: false },
          ),
          response: { 302: Type.Null(), '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        if (!oidc) throw new HttpProblem(404, 'Not set up', 'OpenID Connect is not set up here');
        await throttle.limit('oidc', request.sender, STARTS, MINUTE_MS);
        try {
          const { url, state } = await oidc.start(ownPage(request.query.next));
          setCookie(request, reply, cookieName(request), state, FLOW_S, 'Lax');
          return await reply.header('cache-control', 'no-store').redirect(url);
        } catch (error) {
          request.log.warn({ reason: reasonOf(error) }, 'OpenID Connect: the provider cannot be used');
          return reply.redirect(wrong('failed'));
        }
      },
    );

    app.get(
      '/api/v1/access/oidc/callback',
      {
        config: { roles: ['public'] },
        schema: {
          operationId: 'endOidc',
          summary: 'Where the provider sends the browser back to',
          tags: ['access'],
          response: { 302: Type.Null(), '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        if (!oidc) throw new HttpProblem(404, 'Not set up', 'OpenID Connect is not set up here');
        const state = cookieOf(request.headers.cookie, cookieName(request));
        const result = await oidc.finish(request.raw.url!.split('?')[1] ?? '', state, request.sender);
        setCookie(request, reply, cookieName(request), '', 0, 'Lax');
        void reply.header('cache-control', 'no-store');
        if ('problem' in result) {
          request.log.warn({ problem: result.problem, reason: result.reason }, 'OpenID Connect: not let in');
          await trail.addFailure({
            target: 'OpenID Connect',
            from: request.sender,
            why: result.reason,
            kind: result.problem,
            refused: false,
          });
          return reply.redirect(wrong(result.problem));
        }
        keepSession(request, reply, result.secret, SESSION_MS);
        request.principal = await access.identify(result.secret);
        await request.trail('session.begin', request.principal?.name, { by: 'oidc' });
        await recordClosing(request, result.dropped);
        return reply.redirect(result.next);
      },
    );
  };
}

/** A page of this site, else the first one: what a stranger puts into a link must not lead anywhere else. */
function ownPage(next: string | undefined): string {
  try {
    const url = new URL(next ?? '/', 'http://own');
    return url.origin === 'http://own' && !url.pathname.startsWith('//') ? url.pathname + url.search + url.hash : '/';
  } catch {
    return '/';
  }
}
