import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { DisplayChangeSchema, DisplaySchema, DisplaysSchema, IdSchema } from '../../../contract/accessAdmin.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import type { AccessServices } from '../services.ts';

/** `/api/v1/access/displays`: the paired screens. For admins. */
export function displayRoutes({ displays }: AccessServices): FastifyPluginAsyncTypebox {
  const url = '/api/v1/access/displays';
  const params = Type.Object({ id: IdSchema });
  return async (app) => {
    app.get(
      url,
      {
        config: { roles: ['admin'], trail: 'none' },
        schema: {
          operationId: 'listDisplays',
          summary: 'All paired screens and how they are',
          tags: ['access'],
          response: { 200: DisplaysSchema, '4xx': ProblemSchema },
        },
      },
      async () => ({ items: await displays.list() }),
    );

    app.get(
      `${url}/:id`,
      {
        config: { roles: ['admin'], trail: 'none' },
        schema: {
          operationId: 'getDisplay',
          summary: 'One paired screen',
          tags: ['access'],
          params,
          response: { 200: DisplaySchema, '4xx': ProblemSchema },
        },
      },
      async (request) => displays.get(request.params.id),
    );

    app.patch(
      `${url}/:id`,
      {
        config: { roles: ['admin'], trail: 'display.change' },
        bodyLimit: 8_192,
        schema: {
          operationId: 'changeDisplay',
          summary: 'Rename a screen, or show something else on it',
          tags: ['access'],
          params,
          body: DisplayChangeSchema,
          response: { 200: DisplaySchema, '4xx': ProblemSchema },
        },
      },
      async (request) => {
        const display = await displays.change(request.params.id, request.body, request.principal!);
        await request.trail('display.change', display.name, request.body);
        return display;
      },
    );

    app.delete(
      `${url}/:id`,
      {
        config: { roles: ['admin'], trail: 'display.revoke' },
        schema: {
          operationId: 'revokeDisplay',
          summary: 'End a screen at once',
          tags: ['access'],
          params,
          response: { 204: Type.Null(), '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const { name } = await displays.get(request.params.id);
        await displays.revoke(request.params.id, request.principal!);
        await request.trail('display.revoke', name);
        return reply.code(204).send(null);
      },
    );

    for (const kind of ['reload', 'identify'] as const) {
      app.post(
        `${url}/:id/${kind}`,
        {
          config: { roles: ['admin'], trail: `display.${kind}` },
          schema: {
            operationId: `${kind}Display`,
            summary: kind === 'reload' ? 'Have a screen load its page anew' : 'Have a screen show its name',
            tags: ['access'],
            params,
            response: { 202: Type.Null(), '4xx': ProblemSchema },
          },
        },
        async (request, reply) => {
          const { name } = await displays.get(request.params.id);
          await displays.send(request.params.id, kind);
          await request.trail(`display.${kind}`, name);
          return reply.code(202).send(null);
        },
      );
    }
  };
}
