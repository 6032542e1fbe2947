import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { ScopeSchema } from '../../../contract/protocol.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { CASE_READERS } from '../../../contract/roles.ts';
import { InboxSchema, MAX_INBOX_PAGE, type InboxEntry } from '../../../contract/supervision.ts';
import { contains } from '../../../common/divisions.ts';
import { foldAlert } from '../../alerts/fold.ts';
import type { Principal } from '../../platform/http/principal.ts';
import type { Region } from '../../region/region.ts';
import { isTheirs } from '../rules/mayAct.ts';
import { caseworkRegion, type SupervisionParts } from './supervisionRoutes.ts';
import type { InboxStore } from './inboxStore.ts';

/** Whether an entry is for somebody: handlers get those of their unit, and what is prepared for leaders goes to them alone. */
export function isFor({ role, unit }: Pick<Principal, 'role' | 'unit'>, entry: InboxEntry): boolean {
  if (entry.kind === 'draft') return role === 'leader' || role === 'admin';
  return role !== 'handler' || (unit !== undefined && entry.unit === unit);
}

/**
 * Whether somebody may read an alert as it stands now: what has left their unit or their town since is theirs no more, nor what was said of
 * it. By the documents, and not by the lists of this process, which may be behind what was said.
 */
function readerOf(region: Region, principal: Principal): (alertId: string) => Promise<boolean> {
  const { role, scope, unit } = principal;
  if (role === 'admin' || (role !== 'handler' && contains(scope, region.code))) return () => Promise.resolve(true);
  const known = new Map<string, Promise<boolean>>();
  const look = async (alertId: string) => {
    const events = await region.events(alertId);
    const state = events && foldAlert(alertId, events, region.rules());
    return state !== undefined && isTheirs(state, { role, scope, unit }, region.pack);
  };
  return (alertId) => {
    let found = known.get(alertId);
    if (!found) known.set(alertId, (found = look(alertId)));
    return found;
  };
}

/** `GET /api/v1/inbox`: what the clock tells people of their cases. */
export function inboxRoute(
  parts: Pick<SupervisionParts, 'regions' | 'defaultRegion'> & { inbox: (region: string) => InboxStore },
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/inbox',
      {
        // Ids of alerts and codes of units: no names.
        config: { roles: CASE_READERS, scope: 'query', trail: 'none' },
        schema: {
          operationId: 'readInbox',
          summary: 'Notices, reminders, urging and supervisions, oldest first',
          description:
            'Without `after`, the latest ones. Ask again with the `after` of the answer; some thousands of entries are kept for each region.',
          tags: ['casework'],
          querystring: Type.Object(
            {
              scope: Type.Optional(ScopeSchema),
              after: Type.Optional(Type.String({ pattern: '^\\d{1,15}-\\d{1,10}$', description: 'of an answer' })),
              limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_INBOX_PAGE, default: 50 })),
            },
            { additionalProperties: false },
          ),
          response: { 200: InboxSchema, '4xx': ProblemSchema },
        },
      },
      async (request) => {
        const { scope, after, limit = 50 } = request.query;
        const region = caseworkRegion(parts, scope);
        const principal = request.principal!;
        const isTheirsNow = readerOf(region, principal);
        const wanted = async (entry: InboxEntry) =>
          (scope === undefined || contains(scope, entry.town)) && isFor(principal, entry) && isTheirsNow(entry.alertId);
        const store = parts.inbox(region.code);
        return after === undefined ? store.latest(limit, wanted) : store.after(after, limit, wanted);
      },
    );
  };
}
