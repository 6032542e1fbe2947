import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { HealthSchema, type Health } from '../../../contract/rest.ts';

export interface HealthParts {
  /** Problems that keep the program from answering right now, by name of the check; "ok" where there is none. */
  checks: () => Promise<Record<string, string>>;
  metrics: { contentType: string; render: () => Promise<string> };
}

/** `/healthz` (is the process alive), `/readyz` (can it answer rightly) and `/metrics` (contract §4). */
export function healthRoute({ checks, metrics }: HealthParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/healthz',
      {
        config: { roles: ['public'], rateLimit: false },
        schema: {
          operationId: 'healthz',
          summary: 'Whether the process lives',
          tags: ['operation'],
          response: { 200: HealthSchema },
        },
      },
      async (): Promise<Health> => ({ status: 'ok', checks: {} }),
    );

    app.get(
      '/readyz',
      {
        config: { roles: ['public'], rateLimit: false },
        schema: {
          operationId: 'readyz',
          summary: 'Whether figures can be served',
          tags: ['operation'],
          response: { 200: HealthSchema, 503: HealthSchema },
        },
      },
      async (request, reply) => {
        const found = await checks();
        const failing = Object.values(found).some((state) => state !== 'ok');
        return reply.code(failing ? 503 : 200).send({
          status: failing ? 'failing' : 'ok',
          // What is wrong inside (addresses, errors of Redis) is for those who run it.
          checks:
            request.principal?.role === 'admin'
              ? found
              : Object.fromEntries(
                  Object.entries(found).map(([name, state]) => [name, state === 'ok' ? 'ok' : 'failing']),
                ),
        });
      },
    );

    app.get(
      '/metrics',
      {
        config: { roles: ['admin', 'loopback'], rateLimit: false },
        schema: {
          operationId: 'metrics',
          summary: 'Figures about the program, for Prometheus',
          tags: ['operation'],
          produces: ['text/plain'],
          response: { 200: Type.String() },
        },
      },
      async (_request, reply) => reply.type(metrics.contentType).send(await metrics.render()),
    );
  };
}
