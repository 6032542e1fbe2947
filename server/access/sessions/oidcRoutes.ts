import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { ProblemSchema } from '../../../contract/rest.ts';
import type { OidcProblem } from './oidc.ts';
import type { AccessServices } from '../services.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { cookie, keepSession } from '../../platform/http/cookies.ts';
import { SESSION_MS } from './sessions.ts';

const COOKIE = 'wagewatch-oidc';
/** Coming back from the provider is a navigation from another site: `Strict` would not be sent. */
const WHERE = 'Path=/api/v1/access/oidc; SameSite=Lax';
const MINUTE_MS = 60_000;
const STARTS = 30;

/** `/api/v1/access/oidc/…`: to the office's own provider and back. Faults end at `/login?problem=oidc-…`. */
export function oidcRoutes({ oidc, throttle, access }: AccessServices): FastifyPluginAsyncTypebox {
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
          return await reply
            .header('set-cookie', cookie(request, COOKIE, state, 600, WHERE))
            .header('cache-control', 'no-store')
            .redirect(url);
        } catch (error) {
          request.log.warn({ reason: (error as Error).message }, 'OpenID Connect: the provider cannot be used');
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
        const state = new RegExp(`(?:^|;) *${COOKIE}=([\\w-]{1,200})`).exec(request.headers.cookie ?? '')?.[1];
        const result = await oidc.finish(request.raw.url!.split('?')[1] ?? '', state, request.sender);
        const over = cookie(request, COOKIE, '', 0, WHERE);
        void reply.header('cache-control', 'no-store');
        if ('problem' in result) {
          request.log.warn({ problem: result.problem, reason: result.reason }, 'OpenID Connect: not let in');
          await request.trail('session.fail', 'OpenID Connect', { why: result.reason });
          return reply.header('set-cookie', over).redirect(wrong(result.problem));
        }
        keepSession(request, reply, result.secret, SESSION_MS);
        request.principal = await access.identify(result.secret);
        await request.trail('session.begin', request.principal?.name, { by: 'oidc' });
        return reply.header('set-cookie', over).redirect(result.next);
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
