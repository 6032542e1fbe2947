import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  ClerkBegunSchema,
  ClerkCodeMadeSchema,
  ClerkCodeSchema,
  ClerkSessionSchema,
  ClerkSignInSchema,
  type ClerkSession,
} from '../../../contract/clerk.ts';
import { IdSchema } from '../../../contract/accessAdmin.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { Principal } from '../../platform/http/principal.ts';
import type { AccessServices } from '../services.ts';
import { storedPerson } from '../people/storedPerson.ts';
import { failed } from '../sessions/sessionRoute.ts';
import { CLERK_IDLE_MS } from './clerks.ts';

/** `/api/v1/access/clerk` and the codes of clerks (docs/kiosk.md). */
export function clerkRoutes(services: AccessServices): FastifyPluginAsyncTypebox {
  const { clerks, clerkCodes, directory } = services;
  const url = '/api/v1/access/clerk';
  const view = ({ name, unit, scope }: Principal): ClerkSession => ({
    name,
    unit: unit!,
    scope,
    idleMs: CLERK_IDLE_MS,
  });
  const atKiosk = (principal: Principal): Principal => {
    if (principal.kiosk === undefined)
      throw new HttpProblem(409, 'No clerk', 'this is about a clerk who is signed in at a kiosk');
    return principal;
  };
  return async (app) => {
    app.post(
      url,
      {
        config: { roles: ['display'], scope: 'none', trail: 'clerk.begin' },
        bodyLimit: 1_024,
        schema: {
          operationId: 'beginClerk',
          summary: 'Sign a clerk in at this paired kiosk, by number and code',
          description:
            'What is answered as `secret` goes into the header x-wagewatch-clerk, beside the kiosk’s own cookie, and holds there alone. Whoever was signed in before is out.',
          tags: ['access'],
          body: ClerkSignInSchema,
          response: { 200: ClerkBegunSchema, '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const { number, code } = request.body;
        const kiosk = request.principal!;
        const { secret, clerk } = await clerks
          .begin(number, code, kiosk, request.sender)
          .catch((error: unknown) => failed(services, request, `${kiosk.name} ${number}`, error));
        await request.trail('clerk.begin', clerk.name, { number });
        void reply.header('cache-control', 'no-store');
        return { ...view(clerk), secret };
      },
    );

    app.get(
      url,
      {
        config: { roles: ['handler'], scope: 'none', trail: 'none', clerk: true },
        schema: {
          operationId: 'getClerk',
          summary: 'Whose session this kiosk has; a sign of life',
          tags: ['access'],
          response: { 200: ClerkSessionSchema, '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        void reply.header('cache-control', 'no-store');
        return view(atKiosk(request.principal!));
      },
    );

    app.delete(
      url,
      {
        config: { roles: ['handler'], scope: 'none', trail: 'clerk.end', clerk: true },
        schema: {
          operationId: 'endClerk',
          summary: 'Sign the clerk of this kiosk out',
          tags: ['access'],
          response: { 204: Type.Null(), '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const clerk = atKiosk(request.principal!);
        await clerks.end(clerk);
        await request.trail('clerk.end', clerk.name);
        return reply.code(204).send(null);
      },
    );

    const made = { 200: ClerkCodeMadeSchema, '4xx': ProblemSchema };
    app.put(
      '/api/v1/access/session/clerk-code',
      {
        config: { roles: ['handler', 'officer'], scope: 'none', trail: 'clerk.code' },
        bodyLimit: 1_024,
        schema: {
          operationId: 'setOwnClerkCode',
          summary: 'Choose one’s own code for kiosks, or have one made',
          tags: ['access'],
          body: ClerkCodeSchema,
          response: made,
        },
      },
      async (request, reply) => {
        const { kind, id, name } = request.principal!;
        if (kind !== 'person') throw new HttpProblem(409, 'No code', 'only a person has a code for kiosks');
        const answer = await clerkCodes.set(id!, request.body.code, request.principal, request.sender);
        await request.trail('clerk.code', name, { number: answer.number });
        void reply.header('cache-control', 'no-store');
        return answer;
      },
    );

    const params = Type.Object({ id: IdSchema });
    app.put(
      '/api/v1/access/people/:id/clerk-code',
      {
        config: { roles: ['admin'], trail: 'clerk.code' },
        bodyLimit: 1_024,
        schema: {
          operationId: 'setClerkCode',
          summary: 'Give somebody a code for kiosks, or a new one',
          tags: ['access'],
          params,
          body: ClerkCodeSchema,
          response: made,
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { name } = storedPerson(directory, id);
        const answer = await clerkCodes.set(id, request.body.code, request.principal, request.sender);
        await request.trail('clerk.code', name, { number: answer.number });
        void reply.header('cache-control', 'no-store');
        return answer;
      },
    );

    app.delete(
      '/api/v1/access/people/:id/clerk-code',
      {
        config: { roles: ['admin'], trail: 'clerk.code' },
        schema: {
          operationId: 'removeClerkCode',
          summary: 'Take somebody’s code for kiosks away, and end what they have open there',
          tags: ['access'],
          params,
          response: { 204: Type.Null(), '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { name } = storedPerson(directory, id);
        await clerkCodes.remove(id, request.principal);
        await request.trail('clerk.code', name, { removed: true });
        return reply.code(204).send(null);
      },
    );
  };
}
