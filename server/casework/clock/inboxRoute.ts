import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { ScopeSchema } from '../../../contract/protocol.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { CASE_READERS } from '../../../contract/roles.ts';
import { InboxSchema, MAX_INBOX_PAGE, NEWS_KINDS, type InboxEntry } from '../../../contract/supervision.ts';
import { contains } from '../../../common/divisions.ts';
import { foldAlert } from '../../alerts/fold.ts';
import type { AlertState } from '../../alerts/state.ts';
import { actorIdOf, type Principal } from '../../platform/http/principal.ts';
import type { Region } from '../../region/region.ts';
import { isTheirs } from '../rules/mayAct.ts';
import { caseworkRegion, type SupervisionParts } from './supervisionRoutes.ts';
import type { InboxStore } from './inboxStore.ts';
import { standingNews, wordsOfNews, type News } from './news.ts';

/**
 * Whether an entry is for somebody: handlers get those of their unit, and what is prepared for leaders goes to them alone. Whom news of a
 * case concern shows when they are looked at (`newsFor`).
 */
export function isFor({ role, unit }: Pick<Principal, 'role' | 'unit'>, entry: InboxEntry): boolean {
  if (entry.kind === 'draft') return role === 'leader' || role === 'admin';
  if ((NEWS_KINDS as readonly string[]).includes(entry.kind)) return true;
  return role !== 'handler' || (unit !== undefined && entry.unit === unit);
}

/** So much of what was written with news is told: a note may have 2,000 characters, and is read in the case. */
const MOST_WORDS = 200;

/** An alert as it stands now, and the news of it that still hold. */
interface Standing {
  state: AlertState;
  news: readonly News[];
}

/**
 * An entry as somebody is told it now; undefined where it is none of theirs. What has left their unit or their town since is theirs no
 * more, nor what was said of it; news of a case go when it has moved on. By the documents, and not by the lists of this process, which may
 * be behind what was said.
 */
function tellerOf(region: Region, principal: Principal): (entry: InboxEntry) => Promise<InboxEntry | undefined> {
  const { role, scope, unit } = principal;
  const readsAll = role === 'admin' || (role !== 'handler' && contains(scope, region.code));
  const known = new Map<string, Promise<Standing | undefined>>();
  const look = async (alertId: string): Promise<Standing | undefined> => {
    const events = await region.events(alertId);
    const state = events && foldAlert(alertId, events, region.rules());
    if (!state || !(readsAll || isTheirs(state, { role, scope, unit }, region.pack))) return undefined;
    return { state, news: standingNews(region.pack, state, events) };
  };
  return async (entry) => {
    const told = entry.event;
    if (!told && readsAll) return entry;
    const { alertId } = entry;
    let found = known.get(alertId);
    if (!found) known.set(alertId, (found = look(alertId)));
    const standing = await found;
    if (!standing || !told) return standing && entry;
    const news = standing.news.find(({ event: { source, id } }) => source === told.source && id === told.id);
    return news && newsFor(principal, entry, news, standing.state);
  };
}

/** News of a case as somebody is told them; undefined where they are for others, or of what they have done themselves. */
export function newsFor(
  { role, unit, ...who }: Pick<Principal, 'role' | 'unit' | 'kind' | 'id' | 'name'>,
  entry: InboxEntry,
  news: News,
  state: Pick<AlertState, 'person'>,
): InboxEntry | undefined {
  const id = actorIdOf(who);
  if (news.event.by?.actor === id) return undefined;
  const words = wordsOfNews(news);
  const { formerly, ...rest } = entry;
  const told: InboxEntry = words
    ? { ...rest, text: words.length > MOST_WORDS ? `${words.slice(0, MOST_WORDS - 1)}…` : words }
    : rest;
  const works =
    entry.unit === undefined ? role !== 'handler' : (unit !== undefined && entry.unit === unit) || state.person === id;
  switch (news.kind) {
    case 'assigned':
      if (news.person === id) return told;
      return formerly !== undefined && formerly === id ? { ...told, formerly } : undefined;
    case 'answered':
      return role === 'handler' ? undefined : told;
    case 'noted':
      // Officers, too: whoever needs more time asks for it in a note.
      if (role === 'handler') return entry.unit === undefined || entry.unit === unit ? told : undefined;
      return role !== 'leader' || (entry.unit !== undefined && works) ? told : undefined;
    default:
      return works || role === 'admin' ? told : undefined;
  }
}

/** `GET /api/v1/inbox`: what the clock tells people of their cases. */
export function inboxRoute(
  parts: Pick<SupervisionParts, 'regions' | 'defaultRegion'> & { inbox: (region: string) => InboxStore },
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/inbox',
      {
        // Ids of alerts and codes of units: no names. Whose words are told has been read, and that is on the trail.
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
        const tell = tellerOf(region, principal);
        const told = async (entry: InboxEntry) =>
          (scope === undefined || contains(scope, entry.town)) && isFor(principal, entry) ? tell(entry) : undefined;
        const store = parts.inbox(region.code);
        const inbox = after === undefined ? await store.latest(limit, told) : await store.after(after, limit, told);
        for (const { alertId, text } of inbox.items)
          if (text !== undefined) await request.trail('alert.read', alertId, { inbox: true });
        return inbox;
      },
    );
  };
}
