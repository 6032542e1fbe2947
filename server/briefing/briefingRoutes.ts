import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  BriefingAnswerSchema,
  BriefingChangeSchema,
  BriefingListQuerySchema,
  BriefingListSchema,
  BriefingRequestSchema,
  BriefingSchema,
  BriefingsSchema,
  LiveBriefingSchema,
  type Briefing,
  type Deck,
} from '../../contract/briefings.ts';
import { MAX_BRIEFINGS } from '../../contract/briefingLimits.ts';
import { WINDOWS } from '../../contract/codes.ts';
import { Timestamp } from '../../contract/fields.ts';
import { WindowSchema } from '../../contract/frame.ts';
import { liveId } from '../../contract/liveBriefing.ts';
import { ScopeSchema } from '../../contract/protocol.ts';
import { ProblemSchema } from '../../contract/rest.ts';
import { READERS } from '../../contract/roles.ts';
import { contains, regionOfCode } from '../../common/divisions.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import { actorIdOf, recordedName, viewOf, type Principal } from '../platform/http/principal.ts';
import type { Mask } from '../privacy/mask.ts';
import type { Regions } from '../region/region.ts';
import { NOT_READY, problemOf, withExample } from '../views/examples.ts';
import { viewOfScope } from '../views/regionTables.ts';
import type { BriefingStore } from './briefingStore.ts';
import { chosenDeck, type ChosenDeck } from './chosenDeck.ts';
import { pageFault } from './decks.ts';
import { BRIEFING_EXAMPLE, REQUEST_EXAMPLE } from './examples.ts';
import type { Frozen } from './freeze.ts';
import { maskedBriefing, maskedContent, maskedDeck } from './masked.ts';
import type { OwnDeckStore } from './ownDeckStore.ts';
import { editedMeanwhile } from './presenting/presentation.ts';
import type { PresentationStore } from './presenting/presentationStore.ts';
import { createRecentContents, createStretchedContents } from './recentContents.ts';
import type { Situations } from './situations.ts';

export interface BriefingParts {
  regions: Regions;
  mask: Mask;
  store: BriefingStore;
  presentations: Pick<PresentationStore, 'find' | 'change' | 'forget'>;
  situations: Situations;
  decks: readonly Deck[];
  ownDecks: OwnDeckStore;
  /** The scope meant where none is given. */
  defaultScope: string;
  /** Epoch ms. */
  now: () => number;
}

const ID = '^\\d{6}-[0-9a-f]{18}$';
const NO_BRIEFING = problemOf({
  title: 'Unknown briefing',
  status: 404,
  detail: 'there is no briefing 330110-0f3a5c7e9b1d2f4a6c',
  parameter: 'id',
});

/** Displays are shown the pages, masked, and nothing else of briefings. */
const SHOWN_TO = [...READERS, 'display'] as const;

/** `/api/v1/briefings` (docs/briefing.md): for those who read alerts in full, and its pages, masked, for displays. */
export function briefingRoutes(parts: BriefingParts): FastifyPluginAsyncTypebox {
  const { regions, mask, store, presentations, situations, decks, ownDecks, defaultScope, now } = parts;
  const params = Type.Object({ id: Type.String({ pattern: ID, description: 'id of the briefing' }) });
  const forDisplays = createRecentContents((scope, window) => situations.content({ scope, window }));
  const inStep = createStretchedContents((scope, window) => situations.content({ scope, window }), now);
  /** Whether somebody presents a deck of theirs, in any window: whoever follows is shown its pages, too. */
  const isPresented = async (scope: string, deck: string) => {
    const now = await Promise.all(WINDOWS.map((window) => presentations.find(liveId({ scope, window, deck }))));
    return now.some((one) => one?.on);
  };

  /** @throws HttpProblem 400 where there is none of that name */
  async function deckOf(name: string, principal: Principal): Promise<ChosenDeck> {
    const chosen = await chosenDeck({ decks, ownDecks }, name, principal);
    if (chosen) return chosen;
    throw new HttpProblem(400, 'Unknown deck', `there is no deck ${name}, or not for this asker`, 'deck');
  }

  /** A briefing that the asker may see. @throws HttpProblem 404: what lies outside their scope is not there */
  async function briefingOf(request: FastifyRequest, id: string): Promise<Briefing> {
    const briefing = await store.find(regionOfCode(id), id);
    const readable = request.mayRead(briefing?.scope ?? regionOfCode(id));
    if (!briefing || !readable) throw new HttpProblem(404, 'Unknown briefing', `there is no briefing ${id}`, 'id');
    return briefing;
  }

  async function frozenOfRecord(briefing: Briefing): Promise<Frozen> {
    const frozen = await store.read(briefing);
    if (!frozen)
      throw new HttpProblem(
        410,
        'Not kept any more',
        `what was frozen with the briefing ${briefing.id} is not in FILES_DIR any more, or is damaged: take it from a backup, or remove the briefing`,
        'id',
      );
    return frozen;
  }

  return async (app) => {
    app.post(
      '/api/v1/briefings',
      {
        config: { roles: READERS, scope: 'handler', trail: 'briefing.freeze' },
        schema: {
          operationId: 'freezeBriefing',
          summary:
            'Freeze the situation of a scope as it stands now, or stood at a moment of the past, for a deck of pages',
          description:
            'Keeps the frame, the gravest cases, what becomes due, and the alerts behind the figures. Answers once all of it is on the disk.',
          tags: ['briefings'],
          body: withExample(BriefingRequestSchema, REQUEST_EXAMPLE),
          response: {
            201: withExample(BriefingSchema, BRIEFING_EXAMPLE),
            '4xx': ProblemSchema,
            503: NOT_READY,
            507: ProblemSchema,
          },
        },
      },
      async (request, reply) => {
        const { scope, deck: name = 'weekly', lang = 'zh-CN', title } = request.body;
        if (!request.mayRead(scope))
          throw new HttpProblem(
            403,
            'Not allowed',
            `the scope of this token is ${request.principal!.scope}, not ${scope}`,
            'scope',
          );
        const { deck, own } = await deckOf(name, request.principal!);
        const window = request.body.window ?? deck.window;
        viewOfScope(regions, scope);
        const frozen = await situations.frozen({ scope, window, at: request.body.at });
        const { at } = frozen.content;
        const record = {
          scope,
          window,
          deck: deck.deck,
          title: title ?? `${deck.name[lang]} ${at.slice(0, 10)}`,
          at,
          madeBy: recordedName(request.principal!),
          maker: actorIdOf(request.principal!),
          pages: deck.pages,
          ...(own?.compare === undefined ? {} : { compare: own.compare }),
        };
        await request.trail('briefing.freeze', scope, { window, deck: deck.deck, title: record.title });
        const briefing = await store.add(record, frozen);
        if (!briefing) {
          const oldest = (await store.list(regionOfCode(scope))).at(-1);
          throw new HttpProblem(
            409,
            'Too many briefings',
            `${MAX_BRIEFINGS} briefings are kept of ${regionOfCode(scope)}, and no more: remove one first; the oldest is ${JSON.stringify(oldest?.title ?? '')} of ${oldest?.at ?? ''} (${oldest?.id ?? ''})`,
            undefined,
            oldest ? { oldest: oldest.id } : {},
          );
        }
        void reply.code(201);
        return briefing;
      },
    );

    app.get(
      '/api/v1/briefings',
      {
        config: { roles: READERS, scope: 'query', trail: 'briefings.list' },
        schema: {
          operationId: 'listBriefings',
          summary: 'The briefings that are kept of a scope and its towns, newest first, and the decks there are',
          tags: ['briefings'],
          querystring: Type.Object({ scope: Type.Optional(ScopeSchema) }, { additionalProperties: false }),
          response: {
            200: withExample(BriefingsSchema, { items: [BRIEFING_EXAMPLE], most: MAX_BRIEFINGS, decks: [] }),
            '4xx': ProblemSchema,
          },
        },
      },
      async (request) => {
        const { scope = defaultScope } = request.query;
        if (!regions.of(scope))
          throw new HttpProblem(404, 'Unknown scope', `scope ${scope} is not known here`, 'scope');
        await request.trail('briefings.list', scope);
        const items = (await store.list(regionOfCode(scope))).filter((one) => contains(scope, one.scope));
        return { items, most: MAX_BRIEFINGS, decks: [...decks] };
      },
    );

    app.get(
      '/api/v1/briefings/live',
      {
        config: { roles: SHOWN_TO, scope: 'query', trail: 'briefing.read' },
        schema: {
          operationId: 'getLiveBriefing',
          summary:
            'What a briefing would hold if it were frozen now, or of a moment of the past; nothing is kept. Masked for displays, which are shown now',
          tags: ['briefings'],
          querystring: Type.Object(
            {
              scope: Type.Optional(ScopeSchema),
              window: Type.Optional(WindowSchema),
              deck: Type.Optional(Type.String({ maxLength: 60 })),
              at: Type.Optional(Timestamp),
              together: Type.Optional(
                Type.Literal('on', {
                  description: 'all who ask so within the same ten seconds of the clock are answered of one moment',
                }),
              ),
            },
            { additionalProperties: false },
          ),
          response: { 200: LiveBriefingSchema, '4xx': ProblemSchema, 503: NOT_READY },
        },
      },
      async (request) => {
        const { scope = defaultScope, deck: name = 'weekly' } = request.query;
        const chosen = await chosenDeck({ decks, ownDecks }, name, request.principal!, () => isPresented(scope, name));
        const { deck, own }: ChosenDeck = chosen ?? { deck: decks[0]! };
        const gone = chosen ? {} : { gone: true as const };
        const window = request.query.window ?? deck.window;
        const { at, together } = request.query;
        viewOfScope(regions, scope);
        const share = together === 'on' && at === undefined;
        if (viewOf(request.principal!) === 'masked') {
          if (at !== undefined)
            throw new HttpProblem(
              403,
              'Not allowed',
              'displays are shown the situation of now, not that of a moment',
              'at',
            );
          return {
            deck: maskedDeck(deck, mask, own !== undefined),
            content: maskedContent(await (share ? inStep : forDisplays)(scope, window), mask),
            ...gone,
          };
        }
        await request.trail('briefing.read', scope, { window, ...(at === undefined ? { live: true } : { at }) });
        return {
          deck,
          content: await (share ? inStep(scope, window) : situations.content({ scope, window, at })),
          ...(own?.compare === undefined ? {} : { compare: own.compare }),
          ...gone,
        };
      },
    );

    app.get(
      '/api/v1/briefings/:id',
      {
        config: { roles: SHOWN_TO, scope: 'handler', trail: 'briefing.read' },
        schema: {
          operationId: 'getBriefing',
          summary: 'A briefing with what was frozen. Masked for displays',
          tags: ['briefings'],
          params,
          response: { 200: BriefingAnswerSchema, '4xx': NO_BRIEFING },
        },
      },
      async (request) => {
        const briefing = await briefingOf(request, request.params.id);
        if (viewOf(request.principal!) === 'masked')
          return maskedBriefing(briefing, (await frozenOfRecord(briefing)).content, mask);
        await request.trail('briefing.read', briefing.id);
        return { ...briefing, content: (await frozenOfRecord(briefing)).content };
      },
    );

    app.get(
      '/api/v1/briefings/:id/alerts',
      {
        config: { roles: READERS, scope: 'handler', trail: 'briefing.read' },
        schema: {
          operationId: 'getBriefingAlerts',
          summary: 'The alerts behind a figure, as they stood when the briefing was frozen',
          tags: ['briefings'],
          params,
          querystring: BriefingListQuerySchema,
          response: { 200: BriefingListSchema, '4xx': NO_BRIEFING },
        },
      },
      async (request) => {
        const briefing = await briefingOf(request, request.params.id);
        const { list } = request.query;
        await request.trail('briefing.read', briefing.id, { list });
        const { lists, content } = await frozenOfRecord(briefing);
        const found = lists[list];
        if (!found)
          throw new HttpProblem(
            404,
            'Not known',
            `the briefing ${briefing.id} is of a moment of the past: which alerts were ${list} then is not known`,
            'list',
          );
        return { at: content.at, list, ...found };
      },
    );

    app.put(
      '/api/v1/briefings/:id',
      {
        config: { roles: READERS, scope: 'handler', trail: 'briefing.change' },
        schema: {
          operationId: 'changeBriefing',
          summary:
            'Change the title of a briefing, its pages (which are on, their order, headings and remarks), or with what it is compared',
          description:
            'What is frozen never changes. `pages` replaces all of them; of two who write, the later one is kept.',
          tags: ['briefings'],
          params,
          body: BriefingChangeSchema,
          response: { 200: withExample(BriefingSchema, BRIEFING_EXAMPLE), '4xx': NO_BRIEFING },
        },
      },
      async (request) => {
        const briefing = await briefingOf(request, request.params.id);
        const fault = request.body.pages && pageFault(request.body.pages);
        if (fault) throw new HttpProblem(400, 'Pages are not valid', `${fault.path}: ${fault.problem}`, fault.path);
        const { compare, ...more } = request.body;
        const changed: Briefing = { ...briefing, ...more, ...(compare ? { compare } : {}) };
        if (compare === null) delete changed.compare;
        await request.trail('briefing.change', briefing.id, { title: changed.title });
        if (!(await store.change(changed)))
          throw new HttpProblem(404, 'Unknown briefing', `there is no briefing ${briefing.id}`, 'id');
        // Whoever follows reads the pages anew.
        await presentations.change(briefing.id, (before) => before && editedMeanwhile(before, now()));
        return changed;
      },
    );

    app.delete(
      '/api/v1/briefings/:id',
      {
        config: { roles: READERS, scope: 'handler', trail: 'briefing.remove' },
        schema: {
          operationId: 'removeBriefing',
          summary: 'Remove a briefing and what was frozen: for whoever made it, and for admins',
          tags: ['briefings'],
          params,
          response: { 204: Type.Null(), '4xx': NO_BRIEFING },
        },
      },
      async (request, reply) => {
        const briefing = await briefingOf(request, request.params.id);
        const principal = request.principal!;
        if (principal.role !== 'admin' && actorIdOf(principal) !== briefing.maker)
          throw new HttpProblem(
            403,
            'Not allowed',
            `${briefing.madeBy} made this briefing: they or an admin may remove it`,
          );
        await request.trail('briefing.remove', briefing.id, { title: briefing.title });
        await store.remove(briefing);
        await presentations.forget(briefing.id, briefing.scope);
        return reply.code(204).send(null);
      },
    );
  };
}
