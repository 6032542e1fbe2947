import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { IdSchema, TokenAddedSchema, TokenAddSchema, TokensSchema } from '../../../contract/accessAdmin.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { recordClosing } from '../trail/recordClosing.ts';
import type { AccessServices } from '../services.ts';

/** `/api/v1/access/tokens`: what programs send. For admins. */
export function tokenRoutes({ tokens }: AccessServices): FastifyPluginAsyncTypebox {
  const url = '/api/v1/access/tokens';
  return async (app) => {
    app.get(
      url,
      {
        config: { roles: ['admin'], trail: 'none' },
        schema: {
          operationId: 'listTokens',
          summary: 'The tokens that are let in',
          tags: ['access'],
          response: { 200: TokensSchema, '4xx': ProblemSchema },
        },
      },
      async () => ({ items: tokens.list() }),
    );

    app.post(
      url,
      {
        config: { roles: ['admin'], trail: 'token.add' },
        bodyLimit: 4_096,
        schema: {
          operationId: 'addToken',
          summary: 'Make a token; it is told this once',
          tags: ['access'],
          body: TokenAddSchema,
          response: { 201: TokenAddedSchema, '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const { secret, token, dropped } = await tokens.add(request.body, request.principal!);
        await request.trail('token.add', token.name, {
          role: token.role,
          scope: token.scope,
          ...(token.unit === undefined ? {} : { unit: token.unit }),
          ...(token.platform === undefined ? {} : { platform: token.platform }),
          ...(token.dispatch ? { dispatch: true } : {}),
          ...(token.trusted ? { trusted: true } : {}),
        });
        await recordClosing(request, dropped);
        return reply.code(201).header('cache-control', 'no-store').send({ token, secret });
      },
    );

    app.delete(
      `${url}/:id`,
      {
        config: { roles: ['admin'], trail: 'token.revoke' },
        schema: {
          operationId: 'revokeToken',
          summary: 'End a token at once',
          tags: ['access'],
          params: Type.Object({ id: IdSchema }),
          response: { 204: Type.Null(), '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        await request.trail('token.revoke', await tokens.revoke(request.params.id, request.principal!));
        return reply.code(204).send(null);
      },
    );
  };
}
