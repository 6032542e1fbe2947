import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { AuditVerdict } from '../../../contract/codes.ts';
import { MAX_STRING } from '../../../contract/events.ts';
import { ScopeSchema } from '../../../contract/protocol.ts';
import { contains, regionOfCode } from '../../../common/divisions.ts';
import { usccFault } from '../../../common/identity.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { EnterpriseAnswerSchema, type EnterpriseAnswer } from '../../../contract/rest.ts';
import { CASE_READERS } from '../../../contract/roles.ts';
import { effectsOf } from '../../alerts/effects.ts';
import { compareEvents } from '../../alerts/fold.ts';
import { toBrief, type AlertRow } from '../../alerts/row.ts';
import type { StoredEvent } from '../../alerts/state.ts';
import { ENTERPRISE_EXAMPLE, NO_ENTERPRISE, NOT_READY, withExample } from '../examples.ts';
import type { AssessmentView } from '../../../contract/signals.ts';
import { subjectKey, type SubjectKey } from '../../../common/subjectKey.ts';
import type { Portrait, UnitPortrait } from '../../lists/portrait.ts';
import { unitOfView, viewOf } from '../../platform/http/principal.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { answering, countedRegionOf, type AlertReadParts } from '../regionTables.ts';

/** Alerts whose history the time line tells, and alerts in the answer; totals are over all. */
const TIMELINE_ALERTS = 1000;
const TIMELINE_ENTRIES = 1000;
/** Alerts, the latest changed, of which every step is told; of older ones what lists know: raised, verdict, recoveries, closed. */
const TOLD_IN_FULL = 50;
const ALERTS = 200;

/** Who knows how the employers of a region are assessed (signals §3). */
export interface Assessed {
  portrait(key: SubjectKey): Promise<{ key: SubjectKey; assessment?: AssessmentView | undefined } | undefined>;
}

export interface EnterpriseParts extends AlertReadParts {
  /** Undefined for a region where nothing is watched. */
  subjects?: (region: string) => Assessed | undefined;
}

/** `GET /api/v1/enterprises/{uscc}` (contract §4). */
export function enterpriseRoutes(parts: EnterpriseParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/enterprises/:uscc',
      {
        config: { roles: CASE_READERS, scope: 'handler', trail: 'enterprise.read' },
        schema: {
          operationId: 'getEnterprise',
          summary:
            "An enterprise's portrait: its alerts, channels, recoveries, time line, and how it stands in its industry and town",
          description: `The ${ALERTS} most recently raised alerts; all of them are in the list of alerts with \`uscc\`.`,
          tags: ['enterprises'],
          params: Type.Object({
            uscc: Type.String({ minLength: 1, maxLength: MAX_STRING, description: 'uscc or, failing that, name' }),
          }),
          querystring: Type.Object({ scope: Type.Optional(ScopeSchema) }, { additionalProperties: false }),
          response: {
            200: withExample(EnterpriseAnswerSchema, ENTERPRISE_EXAMPLE),
            '4xx': NO_ENTERPRISE,
            503: NOT_READY,
          },
        },
      },
      async (request): Promise<EnterpriseAnswer> => {
        const { uscc } = request.params;
        const principal = request.principal!;
        const asked = request.query.scope ?? (principal.role === 'admin' ? parts.defaultRegion : principal.scope);
        const unit = unitOfView(viewOf(principal));
        // A portrait is of all the towns of a region; for somebody of a unit, of those in their scope.
        const own = contains(asked, principal.scope) ? principal.scope : asked;
        const scope = unit === undefined ? regionOfCode(asked) : own;
        if (!request.mayRead(scope))
          throw new HttpProblem(
            403,
            'Not allowed',
            `the scope of this token is ${principal.scope}, not ${scope}`,
            'scope',
          );
        const { table, region } = countedRegionOf(parts, scope);
        const portrait: Told | undefined =
          unit === undefined
            ? table.enterprise(uscc, TIMELINE_ALERTS)
            : answering(() => table.enterpriseForUnit(uscc, { unit, scope }, TIMELINE_ALERTS));
        if (!portrait) throw new HttpProblem(404, 'Unknown enterprise', `no alert is of ${uscc}`, 'uscc');
        await request.trail('enterprise.read', uscc, { scope: unit === undefined ? region.code : scope });
        const now = parts.now();
        const latest = [...portrait.alerts].sort((a, b) => b.changedAt - a.changedAt).slice(0, TOLD_IN_FULL);
        // How it is assessed rests on all that is known of it.
        const key = unit === undefined ? subjectKey({ enterprise: portrait.enterprise }) : undefined;
        const watched = key === undefined ? undefined : await parts.subjects?.(region.code)?.portrait(key);
        const events = await Promise.all(
          latest.map(async ({ alertId }) => [alertId, await region.events(alertId)] as const),
        );
        const fault = portrait.enterprise.uscc === undefined ? undefined : usccFault(portrait.enterprise.uscc);
        return {
          ...portrait.enterprise,
          ...(fault ? { usccFault: fault } : {}),
          totals: portrait.totals,
          byChannel: portrait.byChannel,
          alerts: portrait.alerts.slice(0, ALERTS).map((row) => toBrief(row, now)),
          ...(portrait.standing ? { standing: portrait.standing } : {}),
          ...(portrait.others ? { others: portrait.others } : {}),
          ...(watched ? { subject: watched.key } : {}),
          ...(watched?.assessment ? { assessment: watched.assessment } : {}),
          timeline: timelineOf(portrait.alerts, new Map(events)),
        };
      },
    );
  };
}

/** All that is known of an enterprise, or what somebody of a unit is told. */
type Told = Omit<Portrait, 'standing'> & Partial<Pick<Portrait, 'standing'> & Pick<UnitPortrait, 'others'>>;

type Entry = EnterpriseAnswer['timeline'][number];

/** What happened, in order of time, the latest entries. @param told every event of some of the alerts */
export function timelineOf(
  rows: readonly AlertRow[],
  told: ReadonlyMap<string, readonly StoredEvent[] | undefined>,
): Entry[] {
  const entries: { at: number; entry: Omit<Entry, 'at'> }[] = [];
  for (const row of rows) {
    const events = told.get(row.alertId);
    for (const entry of events ? stepsOf(row.alertId, events) : outlineOf(row)) entries.push(entry);
  }
  // A stable sort: what happened to one alert at one moment stays in its order.
  entries.sort((a, b) => a.at - b.at);
  return entries.slice(-TIMELINE_ENTRIES).map(({ at, entry }) => ({ at: toRfc3339(at), ...entry }));
}

function* stepsOf(alertId: string, events: readonly StoredEvent[]): Iterable<{ at: number; entry: Omit<Entry, 'at'> }> {
  let raised = false;
  const ordered = [...events].sort(compareEvents);
  const effects = effectsOf(ordered);
  for (const [i, event] of ordered.entries()) {
    if (!effects[i]) continue;
    // Raised again changes nothing (contract §2).
    if (event.type === 'wage.alert.raised' && raised) continue;
    raised ||= event.type === 'wage.alert.raised';
    const { unit, verdict, amountFen, workers } = event.data as {
      unit?: string;
      verdict?: AuditVerdict;
      amountFen?: number;
      workers?: number;
    };
    yield {
      at: event.time,
      entry: {
        alertId,
        type: event.type,
        ...(unit === undefined ? {} : { unit }),
        ...(verdict === undefined ? {} : { verdict }),
        ...(amountFen === undefined ? {} : { amountFen }),
        ...(workers === undefined ? {} : { workers }),
      },
    };
  }
}

function* outlineOf({
  alertId,
  raisedAt,
  amountFen,
  workers,
  verdict,
  verdictAt,
  closedAt,
  recoveries,
}: AlertRow): Iterable<{ at: number; entry: Omit<Entry, 'at'> }> {
  yield { at: raisedAt, entry: { alertId, type: 'wage.alert.raised', amountFen, workers } };
  for (const [at, fen, people] of recoveries ?? [])
    yield { at, entry: { alertId, type: 'wage.wages.recovered', amountFen: fen, workers: people } };
  if (verdict && verdictAt !== undefined)
    yield { at: verdictAt, entry: { alertId, type: 'wage.alert.audited', verdict } };
  if (closedAt !== undefined) yield { at: closedAt, entry: { alertId, type: 'wage.alert.closed' } };
}
