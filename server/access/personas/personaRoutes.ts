import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { PersonaChoiceSchema, PersonasSchema, type Personas } from '../../../contract/personas.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { CASE_READERS } from '../../../contract/roles.ts';
import { EVERYBODY } from '../../platform/http/principal.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { AccessServices } from '../services.ts';
import { dropSession, keepSession } from '../sessions/cookies.ts';
import { SESSION_MS } from '../sessions/sessions.ts';
import { personaIdOf } from './personas.ts';

/** `/api/v1/personas`: whom anybody may be on an open demonstration, and being it. Elsewhere there is nothing here. */
export function personaRoutes({ access, personas }: AccessServices): FastifyPluginAsyncTypebox {
  const url = '/api/v1/personas';
  const mustOffer = () => {
    if (!access.offersPersonas())
      throw new HttpProblem(404, 'No personas', 'there are personas only while a demonstration runs and is open');
  };
  const answer = { 200: PersonasSchema, '4xx': ProblemSchema };
  const told = (current: Personas['current']): Personas => ({
    items: [...personas.items],
    ...(current === undefined ? {} : { current }),
  });

  return async (app) => {
    app.get(
      url,
      {
        config: { roles: CASE_READERS, scope: 'none', trail: 'none' },
        schema: {
          operationId: 'listPersonas',
          summary: 'Whom one may act as on an open demonstration, and whom this browser is',
          tags: ['access'],
          response: answer,
        },
      },
      async (request, reply) => {
        mustOffer();
        void reply.header('cache-control', 'no-store');
        return told(personaIdOf(request.principal!));
      },
    );

    app.post(
      url,
      {
        config: { roles: CASE_READERS, scope: 'none', trail: 'persona.choose' },
        bodyLimit: 1_024,
        schema: {
          operationId: 'choosePersona',
          summary: 'Be a persona from now on, in this browser',
          tags: ['access'],
          body: PersonaChoiceSchema,
          response: answer,
        },
      },
      async (request, reply) => {
        mustOffer();
        const principal = request.principal!;
        // Somebody who was let in as themselves stays who they are.
        if (principal !== EVERYBODY && principal.kind !== 'persona')
          throw new HttpProblem(409, 'Signed in', 'whoever sends a token acts as its bearer, and as nobody else');
        const { id } = request.body;
        const chosen = personas.items.find((one) => one.id === id);
        if (!chosen) throw new HttpProblem(422, 'No such persona', `this region has no persona ${id}`, 'id');
        await request.trail('persona.choose', chosen.name, { id });
        personas.leave(principal);
        keepSession(request, reply, personas.choose(id)!, SESSION_MS);
        return told(id);
      },
    );

    app.delete(
      url,
      {
        config: { roles: CASE_READERS, scope: 'none', trail: 'persona.leave' },
        schema: {
          operationId: 'leavePersona',
          summary: 'Be nobody in particular again',
          tags: ['access'],
          response: { 204: Type.Null(), '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        mustOffer();
        const principal = request.principal!;
        await request.trail('persona.leave', principal.name);
        if (personas.leave(principal)) dropSession(request, reply);
        return reply.code(204).send(null);
      },
    );
  };
}
