import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { regionOfCode } from '../../../common/divisions.ts';
import { normalName } from '../../../common/identity.ts';
import { SavedFiltersSchema, type SavedFilters } from '../../../contract/deskFilters.ts';
import { CASE_READERS } from '../../../contract/roles.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { problemOf, withExample } from '../../views/examples.ts';
import { ownScope, type AlertReadParts } from '../../views/regionTables.ts';
import { actorOf } from '../casePort.ts';
import { KEPT_MS, type FilterStore } from './filterStore.ts';

/** As long as a persona lasts in a browser: other visitors see nothing of theirs. */
const PERSONA_MS = 12 * 3_600_000;
const BYTES = 64 * 1024;
const EXAMPLE: SavedFilters = {
  version: 3,
  items: [
    { name: '良渚红色', list: 'open', query: { town: '330110012', tier: ['red'] } },
    { name: '本周到期', list: 'mine', query: { due: 'week' } },
  ],
};
const CHANGED = problemOf({
  title: 'It has changed',
  status: 409,
  detail: 'they were changed elsewhere since: version 4 is there now, not 3',
  parameter: 'version',
});

/** `/api/v1/desk/filters` (docs/casework.md §6): the saved filters of whoever asks. They are kept here, so that they follow a person to another PC. */
export function filterRoutes(
  parts: AlertReadParts & { filters: (region: string) => FilterStore },
): FastifyPluginAsyncTypebox {
  const of = (request: FastifyRequest) => {
    const principal = request.principal!;
    const { kind, credential } = principal;
    const persona = kind === 'persona' && credential !== '';
    return {
      store: parts.filters(regionOfCode(ownScope(parts, principal))),
      who: persona ? credential : actorOf(principal).id,
      keptMs: persona ? PERSONA_MS : KEPT_MS,
    };
  };
  return async (app) => {
    app.get(
      '/api/v1/desk/filters',
      {
        config: { roles: CASE_READERS, scope: 'none', trail: 'none' },
        schema: {
          operationId: 'getDeskFilters',
          summary: 'One’s own saved filters of the desk, in their order',
          tags: ['casework'],
          querystring: Type.Object({}, { additionalProperties: false }),
          response: { 200: withExample(SavedFiltersSchema, EXAMPLE), '4xx': CHANGED },
        },
      },
      async (request, reply) => {
        void reply.header('cache-control', 'no-store');
        const { store, who } = of(request);
        return store.get(who);
      },
    );

    app.put(
      '/api/v1/desk/filters',
      {
        config: { roles: CASE_READERS, scope: 'none', trail: 'filters.change', inOnesName: true },
        bodyLimit: BYTES,
        schema: {
          operationId: 'setDeskFilters',
          summary: 'Save one’s own filters of the desk, all of them, in their order',
          description: 'With the `version` that was read; 409 where they were changed elsewhere since.',
          tags: ['casework'],
          body: withExample(SavedFiltersSchema, EXAMPLE),
          response: { 200: withExample(SavedFiltersSchema, { ...EXAMPLE, version: 4 }), '4xx': CHANGED },
        },
      },
      async (request) => {
        const { store, who, keptMs } = of(request);
        const { version, items } = request.body;
        const names = new Set<string>();
        for (const [i, { name }] of items.entries()) {
          const plain = normalName(name);
          if (names.has(plain))
            throw new HttpProblem(422, 'Cannot be done', `two filters are named ${name}`, `items/${i}/name`);
          names.add(plain);
        }
        await request.trail('filters.change', undefined, { filters: items.length });
        const tidy = items.map((one) => ({ ...one, name: one.name.trim() }));
        if (!(await store.set(who, { version, items: tidy }, keptMs))) {
          const now = await store.get(who);
          throw new HttpProblem(
            409,
            'It has changed',
            `they were changed elsewhere since: version ${now.version} is there now, not ${version}`,
            'version',
          );
        }
        return { version: version + 1, items: tidy };
      },
    );
  };
}
