import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { MAX_STRING } from '../../../contract/events.ts';
import { ScopeSchema } from '../../../contract/protocol.ts';
import { toRfc3339 } from '../../../contract/regionTime.ts';
import { EnterpriseAnswerSchema, ProblemSchema, type EnterpriseAnswer } from '../../../contract/rest.ts';
import { READERS } from '../../access/principal.ts';
import { toBrief, type AlertRow } from '../../alerts/row.ts';
import { HttpProblem } from '../problem.ts';
import { regionOf, type AlertReadParts } from '../regionTables.ts';

/** Alerts whose history the time line tells, and alerts in the answer; totals are over all. */
const TIMELINE_ALERTS = 1000;
const TIMELINE_ENTRIES = 1000;
const ALERTS = 200;

/** `GET /api/v1/enterprises/{uscc}` (contract §4). */
export function enterpriseRoutes(parts: AlertReadParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get('/api/v1/enterprises/:uscc', {
      // A portrait is of all the towns of a region.
      config: { roles: READERS, scope: 'query-region' },
      schema: {
        operationId: 'getEnterprise',
        summary: "An enterprise's portrait: its alerts, channels, recoveries, time line, and how it stands in its industry and town",
        description: `The ${ALERTS} most recently raised alerts; all of them are in the list of alerts with \`uscc\`.`,
        tags: ['enterprises'],
        params: Type.Object({ uscc: Type.String({ minLength: 1, maxLength: MAX_STRING, description: 'uscc or, failing that, name' }) }),
        querystring: Type.Object({ scope: Type.Optional(ScopeSchema) }, { additionalProperties: false }),
        response: { 200: EnterpriseAnswerSchema, '4xx': ProblemSchema, 503: ProblemSchema },
      },
    }, async (request): Promise<EnterpriseAnswer> => {
      const { uscc } = request.params;
      const { table } = regionOf(parts, request.query.scope ?? parts.defaultRegion);
      const portrait = table.enterprise(uscc, TIMELINE_ALERTS);
      if (!portrait) throw new HttpProblem(404, 'Unknown enterprise', `no alert is of ${uscc}`, 'uscc');
      const now = parts.now();
      return {
        ...portrait.enterprise,
        totals: portrait.totals,
        byChannel: portrait.byChannel as Record<string, number>,
        alerts: portrait.alerts.slice(0, ALERTS).map((row) => toBrief(row, now)),
        standing: portrait.standing,
        timeline: timelineOf(portrait.alerts),
      };
    });
  };
}

type Entry = EnterpriseAnswer['timeline'][number];

/** What happened, in order of time, the latest entries: alerts raised, verdicts, recoveries, closings. */
export function timelineOf(rows: readonly AlertRow[]): Entry[] {
  const entries: { at: number; entry: Omit<Entry, 'at'> }[] = [];
  for (const { alertId, raisedAt, amountFen, workers, verdictAt, closedAt, recoveries } of rows) {
    entries.push({ at: raisedAt, entry: { alertId, type: 'wage.alert.raised', amountFen, workers } });
    for (const [at, fen, people] of recoveries ?? []) {
      entries.push({ at, entry: { alertId, type: 'wage.wages.recovered', amountFen: fen, workers: people } });
    }
    if (verdictAt !== undefined) entries.push({ at: verdictAt, entry: { alertId, type: 'wage.alert.audited' } });
    if (closedAt !== undefined) entries.push({ at: closedAt, entry: { alertId, type: 'wage.alert.closed' } });
  }
  // A stable sort: what happened to one alert at one moment stays in the order above.
  entries.sort((a, b) => a.at - b.at);
  return entries.slice(-TIMELINE_ENTRIES).map(({ at, entry }) => ({ at: toRfc3339(at), ...entry }));
}
