import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { ScopeSchema } from '../../../contract/protocol.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { CASE_READERS } from '../../../contract/roles.ts';
import { InboxSchema, MAX_INBOX_PAGE, type InboxEntry } from '../../../contract/supervision.ts';
import { contains } from '../../../common/divisions.ts';
import { foldAlert } from '../../alerts/fold.ts';
import { actorIdOf, type Principal } from '../../platform/http/principal.ts';
import type { Region } from '../../region/region.ts';
import { isTheirs } from '../rules/mayAct.ts';
import { caseworkRegion, type SupervisionParts } from './supervisionRoutes.ts';
import type { InboxStore } from './inboxStore.ts';
import { standingNews, wordsOfNews, type News } from './news.ts';

type Reader = Pick<Principal, 'role' | 'unit' | 'kind' | 'id' | 'name'>;

/**
 * Whether an entry is for somebody: handlers get those of their unit, and what is prepared for leaders goes to them alone. News of a case
 * are for whoever has it; what they are is looked at only then.
 */
export function isFor(reader: Reader, entry: InboxEntry): boolean {
  const { role, unit } = reader;
  const ofUnit = unit !== undefined && entry.unit === unit;
  switch (entry.kind) {
    case 'draft':
      return role === 'leader' || role === 'admin';
    case 'returned':
    case 'sent':
    case 'extended':
      // Without a unit that the pack knows, officers act.
      if (role === 'admin' || ofUnit || entry.person === actorIdOf(reader)) return true;
      return role !== 'handler' && entry.unit === undefined;
    case 'assigned':
      return entry.person === actorIdOf(reader) || entry.formerly === actorIdOf(reader);
    case 'answered':
      return role !== 'handler';
    case 'noted':
      // Officers, too: whoever needs more time asks for it in a note.
      if (role === 'handler') return ofUnit || entry.unit === undefined;
      return role !== 'leader' || ofUnit;
    case 'notice':
    case 'reminder':
    case 'urge':
    case 'supervision':
    case 'red':
      return role !== 'handler' || ofUnit;
  }
}

/** So much of what was written with news is told: a note may have 2,000 characters, and is read in the case. */
const MOST_WORDS = 200;

interface Look {
  employer: string;
  news: readonly News[];
}

/**
 * An entry as somebody is told it now, with the employer's name; undefined where it is none of theirs. What has left their unit or their town since is theirs no
 * more, nor what was said of it; news of a case go when it has moved on. By the documents, and not by the lists of this process, which may
 * be behind what was said.
 */
function tellerOf(region: Region, principal: Principal): (entry: InboxEntry) => Promise<InboxEntry | undefined> {
  const { role, scope, unit } = principal;
  const readsAll = role === 'admin' || (role !== 'handler' && contains(scope, region.code));
  const known = new Map<string, Promise<Look | undefined>>();
  const look = async (alertId: string): Promise<Look | undefined> => {
    const events = await region.events(alertId);
    const state = events && foldAlert(alertId, events, region.rules());
    if (!state || !(readsAll || isTheirs(state, { role, scope, unit }, region.pack))) return undefined;
    return { employer: state.facts.enterprise.name, news: standingNews(region.pack, state, events) };
  };
  return async (entry) => {
    const { alertId, event: told } = entry;
    let looked = known.get(alertId);
    if (!looked) known.set(alertId, (looked = look(alertId)));
    const found = await looked;
    // Who reads all is told of a case whose document is not there yet.
    if (!found) return readsAll && !told ? entry : undefined;
    const named = { ...entry, enterprise: { name: found.employer } };
    if (!told) return named;
    const news = found.news.find(({ event: { source, id } }) => source === told.source && id === told.id);
    return news && newsFor(principal, named, news);
  };
}

/** News of a case as somebody is told them, whom they are for (`isFor`); undefined where it is what they have done themselves. */
export function newsFor(reader: Reader, entry: InboxEntry, news: News): InboxEntry | undefined {
  const id = actorIdOf(reader);
  if (news.event.by?.actor === id) return undefined;
  const words = wordsOfNews(news);
  const { formerly, ...rest } = entry;
  return {
    ...rest,
    ...(formerly === id && entry.person !== id ? { formerly } : {}),
    ...(words ? { text: words.length > MOST_WORDS ? `${words.slice(0, MOST_WORDS - 1)}…` : words } : {}),
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
        // Names of employers, as a list of alerts has them, and so on the trail; whose words are told has been read besides.
        config: { roles: CASE_READERS, scope: 'query', trail: 'alerts.list' },
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
        const tell = tellerOf(region, principal);
        const told = async (entry: InboxEntry) =>
          (scope === undefined || contains(scope, entry.town)) && isFor(principal, entry) ? tell(entry) : undefined;
        await request.trail('alerts.list', scope ?? region.code, { inbox: true });
        const store = parts.inbox(region.code);
        const inbox = after === undefined ? await store.latest(limit, told) : await store.after(after, limit, told);
        const read = inbox.items.flatMap(({ alertId, text }) => (text === undefined ? [] : alertId));
        await Promise.all([...new Set(read)].map((alertId) => request.trail('alert.read', alertId, { inbox: true })));
        return inbox;
      },
    );
  };
}
