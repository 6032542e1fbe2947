import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  InviteAcceptSchema,
  InviteLookSchema,
  InviteSchema,
  SessionSchema,
  type Invite,
  type Session,
} from '../../../contract/access.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { recordClosing } from '../trail/recordClosing.ts';
import type { AccessServices } from '../services.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { begun, failed } from '../sessions/sessionRoute.ts';

const MINUTE_MS = 60_000;
/** For one address in a minute: a code cannot be guessed, but looking it up costs. */
const TRIES = 20;

/** `/api/v1/access/invite`: somebody who was invited chooses a password. */
export function inviteRoutes(services: AccessServices): FastifyPluginAsyncTypebox {
  const { invitations, throttle, directory } = services;
  return async (app) => {
    app.post(
      '/api/v1/access/invite/look',
      {
        config: { roles: ['public'] },
        bodyLimit: 4_096,
        schema: {
          operationId: 'readInvite',
          summary: 'For whom an invitation is',
          tags: ['access'],
          body: InviteLookSchema,
          response: { 200: InviteSchema, '4xx': ProblemSchema },
        },
      },
      async (request): Promise<Invite> => {
        await throttle.limit('invite', request.sender, TRIES, MINUTE_MS);
        await directory.sync();
        const found = invitations.find(request.body.code);
        if (!found)
          throw new HttpProblem(404, 'No such invitation', 'this invitation has been used, or is too old', 'code');
        const {
          invite: { role, scope, unit, ends },
          name,
        } = found;
        return {
          role,
          scope,
          ...(unit === undefined ? {} : { unit }),
          expires: toRfc3339(ends),
          ...(name === undefined ? {} : { name }),
        };
      },
    );

    app.post(
      '/api/v1/access/invite',
      {
        config: { roles: ['public'] },
        bodyLimit: 4_096,
        schema: {
          operationId: 'acceptInvite',
          summary: 'Take an invitation up, and sign in',
          tags: ['access'],
          body: InviteAcceptSchema,
          response: { 200: SessionSchema, '4xx': ProblemSchema },
        },
      },
      async (request, reply): Promise<Session> => {
        await throttle.limit('invite', request.sender, TRIES, MINUTE_MS);
        const { code, name, password } = request.body;
        const { secret, dropped } = await invitations
          .accept(code, name, password, request.sender)
          .catch((error: unknown) => failed(services, request, 'invitation', error));
        await throttle.know(request.sender);
        const session = await begun(services, request, reply, secret);
        await request.trail('invite.accept', session.principal?.name);
        await recordClosing(request, dropped);
        return session;
      },
    );
  };
}
