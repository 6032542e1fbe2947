import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  LookedRequestSchema,
  LookedSchema,
  SinceQuerySchema,
  SinceSchema,
  type Since,
} from '../../contract/briefingChanges.ts';
import { ProblemSchema } from '../../contract/rest.ts';
import { READERS } from '../../contract/roles.ts';
import { regionOfCode } from '../../common/divisions.ts';
import { DAY_MS, parseRfc3339, toRfc3339 } from '../../common/regionTime.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import { actorIdOf } from '../platform/http/principal.ts';
import { NOT_READY, withExample } from '../views/examples.ts';
import { viewOfScope } from '../views/regionTables.ts';
import type { BriefingParts } from './briefingRoutes.ts';
import { changesOf, lateNow, type LateIn } from './changes.ts';
import type { Frozen } from './freeze.ts';
import type { Looks } from './looks.ts';

export interface SinceParts extends BriefingParts {
  looks: Looks;
}

/** Who was late when a briefing was frozen, if all of that list is in it. */
function lateIn({ lists: { overdue } }: Frozen): LateIn {
  return (from, to) => {
    if (!overdue || overdue.items.length < overdue.total) return undefined;
    return overdue.items.filter(({ dueAt }) => {
      const due = dueAt === undefined ? NaN : parseRfc3339(dueAt)!;
      return due >= from && due < to;
    }).length;
  };
}

/** `/api/v1/briefings/looked` and `/since`: what has changed since the asker last looked (docs/briefing.md). */
export function sinceRoutes({ regions, store, looks, defaultScope, now }: SinceParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/api/v1/briefings/looked',
      {
        config: { roles: READERS, scope: 'handler', trail: 'none' },
        schema: {
          operationId: 'lookAtBriefing',
          summary: 'Note that the asker looks at the briefing of a scope',
          description:
            'A visit lasts as long as looks follow one another within 30 minutes. Kept per person and scope. `at`: the moment of the situation that is looked at; one that is older than a day is not noted, as it shows nothing of now.',
          tags: ['briefings'],
          body: withExample(LookedRequestSchema, { scope: '330110' }),
          response: {
            200: withExample(LookedSchema, { before: '2026-11-27T17:20:00+08:00' }),
            '4xx': ProblemSchema,
            503: NOT_READY,
          },
        },
      },
      async (request) => {
        const { scope, at } = request.body;
        if (!request.mayRead(scope))
          throw new HttpProblem(
            403,
            'Not allowed',
            `the scope of this token is ${request.principal!.scope}, not ${scope}`,
            'scope',
          );
        viewOfScope(regions, scope);
        const who = actorIdOf(request.principal!);
        const old = at !== undefined && now() - parseRfc3339(at)! > DAY_MS;
        const before = await (old ? looks.before(who, scope, now()) : looks.look(who, scope, now()));
        return before === undefined ? {} : { before: toRfc3339(before) };
      },
    );

    app.get(
      '/api/v1/briefings/since',
      {
        config: { roles: READERS, scope: 'query', trail: 'none' },
        schema: {
          operationId: 'getSince',
          summary:
            'What has changed since the asker looked at the briefing of a scope before this visit; figures alone',
          tags: ['briefings'],
          querystring: SinceQuerySchema,
          response: { 200: SinceSchema, '4xx': ProblemSchema, 503: NOT_READY },
        },
      },
      async (request): Promise<Since> => {
        const { scope = defaultScope, briefing: id } = request.query;
        const view = viewOfScope(regions, scope);
        const present = now();
        const since = await looks.before(actorIdOf(request.principal!), scope, present);
        const looked = since === undefined ? {} : { looked: toRfc3339(since) };
        let to = present;
        let late: LateIn = lateNow(view, scope, present);
        if (id !== undefined) {
          const briefing = await store.find(regionOfCode(scope), id);
          if (briefing?.scope !== scope)
            throw new HttpProblem(404, 'Unknown briefing', `there is no briefing ${id} of ${scope}`, 'briefing');
          to = parseRfc3339(briefing.at)!;
          const frozen = since === undefined ? undefined : await store.read(briefing);
          late = frozen ? lateIn(frozen) : () => undefined;
        }
        if (since === undefined || since >= to) return looked;
        view.advance(present);
        return { ...looked, changes: changesOf(view, scope, { since, to }, late, present) };
      },
    );
  };
}
