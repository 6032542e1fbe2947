import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ClerkCasesSchema, type ClerkCases } from '../../../contract/clerk.ts';
import { toBrief } from '../../alerts/row.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { viewOf } from '../../platform/http/principal.ts';
import { BRIEF_EXAMPLE, NOT_READY, problemOf, withExample } from '../../views/examples.ts';
import { countedRegionOf, type AlertReadParts } from '../../views/regionTables.ts';
import { alertQuery } from '../../views/alerts/alertFilter.ts';
import { caseStateOf } from '../rules/caseState.ts';

/** So many are shown: the rest come up as these are accepted. */
const SHOWN = 20;
const EXAMPLE: ClerkCases = { total: 1, items: [{ alert: { ...BRIEF_EXAMPLE, stage: 'dispatched' }, events: 2 }] };

/** `GET /api/v1/clerk/cases` (docs/kiosk.md): what a clerk's unit must accept in the town of the kiosk. */
export function clerkCasesRoute(parts: AlertReadParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/clerk/cases',
      {
        config: { roles: ['handler'], scope: 'handler', trail: 'alerts.list', clerk: true },
        schema: {
          operationId: 'listClerkCases',
          summary: 'What the clerk’s unit must accept, the most urgent first',
          tags: ['casework'],
          response: {
            200: withExample(ClerkCasesSchema, EXAMPLE),
            '4xx': problemOf({
              title: 'No clerk',
              status: 409,
              detail: 'this is for a clerk who is signed in at a kiosk',
            }),
            503: NOT_READY,
          },
        },
      },
      async (request, reply): Promise<ClerkCases> => {
        const principal = request.principal!;
        const { scope } = principal;
        if (principal.kiosk === undefined)
          throw new HttpProblem(409, 'No clerk', 'this is for a clerk who is signed in at a kiosk');
        if (!request.mayRead(scope)) throw new HttpProblem(403, 'Not allowed', `${scope} is not in your scope`);
        const { region, table } = countedRegionOf(parts, scope);
        const now = parts.now();
        const query = alertQuery(
          { scope, stage: ['dispatched'] },
          { defaultScope: scope, view: viewOf(principal), now },
        );
        const { rows, total } = table.query({ ...query, sort: 'due', limit: SHOWN }, now);
        await request.trail('alerts.list', scope, { stage: 'dispatched', unit: principal.unit });
        const items: ClerkCases['items'] = [];
        for (const row of rows) {
          const events = await region.events(row.alertId);
          const state = events && caseStateOf(row.alertId, events, region.rules());
          // What has changed since the list was read comes with the next one.
          if (state?.alert.stage === 'dispatched')
            items.push({ alert: toBrief({ ...row, region: region.code }, now), events: state.events });
        }
        void reply.header('cache-control', 'no-store');
        return { total, items };
      },
    );
  };
}
