import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { MAX_DECKS_OF_REGION, MAX_OWN_DECKS } from '../../contract/briefingLimits.ts';
import {
  OwnDeckBodySchema,
  OwnDeckChangeSchema,
  OwnDeckIdSchema,
  OwnDeckSchema,
  OwnDecksSchema,
  type OwnDeck,
  type OwnDeckBody,
} from '../../contract/ownDecks.ts';
import { ScopeSchema } from '../../contract/protocol.ts';
import { ProblemSchema } from '../../contract/rest.ts';
import { READERS } from '../../contract/roles.ts';
import { regionOfCode } from '../../common/divisions.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import { actorIdOf, recordedName, type Principal } from '../platform/http/principal.ts';
import { problemOf, withExample } from '../views/examples.ts';
import type { BriefingParts } from './briefingRoutes.ts';
import { pageFault } from './decks.ts';
import { DECK_EXAMPLE, OWN_DECK_EXAMPLE } from './examples.ts';
import { seenBy } from './chosenDeck.ts';
import { regionOfDeck, type KeptDeck, type NotKept } from './ownDeckStore.ts';

const NO_DECK = problemOf({
  title: 'Unknown deck',
  status: 404,
  detail: 'there is no deck own-330110-0f3a5c7e9b1d',
  parameter: 'deck',
});
const params = Type.Object({ deck: OwnDeckIdSchema });

/** `/api/v1/briefings/decks` (docs/briefing.md): the decks that people keep under a name of their own. */
export function ownDeckRoutes({ regions, ownDecks, defaultScope, now }: BriefingParts): FastifyPluginAsyncTypebox {
  const answered = (deck: KeptDeck, principal: Principal): OwnDeck => ({
    ...deck,
    mine: deck.owner === actorIdOf(principal),
  });

  /** What was written can be kept. @throws HttpProblem that names the field */
  function check(request: FastifyRequest, body: OwnDeckBody): void {
    const { scope, shared, pages } = body;
    const { scope: own } = request.principal!;
    if (!request.mayRead(scope))
      throw new HttpProblem(403, 'Not allowed', `the scope of this token is ${own}, not ${scope}`, 'scope');
    if (!regions.of(scope)) throw new HttpProblem(404, 'Unknown scope', `scope ${scope} is not known here`, 'scope');
    const region = regionOfCode(scope);
    if (shared && !request.mayRead(region))
      throw new HttpProblem(
        403,
        'Not allowed',
        `to share a deck in ${region} one reads all of it: the scope of this token is ${own}`,
        'shared',
      );
    const fault = pageFault(pages);
    if (fault) throw new HttpProblem(400, 'Pages are not valid', `${fault.path}: ${fault.problem}`, fault.path);
  }

  /** A deck that the asker may change: their own, or, as an admin, one that is shared. @throws HttpProblem */
  async function toChange(request: FastifyRequest, id: string): Promise<KeptDeck> {
    const principal = request.principal!;
    const deck = await ownDecks.find(id);
    // Within a region it is not asked of which town one is: what is seen is decided by the deck.
    request.mayRead(regionOfDeck(id));
    if (!deck || !seenBy(deck, principal)) throw new HttpProblem(404, 'Unknown deck', `there is no deck ${id}`, 'deck');
    if (deck.owner !== actorIdOf(principal) && principal.role !== 'admin')
      throw new HttpProblem(403, 'Not allowed', `${deck.by} keeps this deck: they or an admin may change it`);
    return deck;
  }

  function kept(result: KeptDeck | NotKept, { name, scope }: OwnDeckBody, request: FastifyRequest): OwnDeck {
    if (typeof result !== 'string') return answered(result, request.principal!);
    switch (result) {
      case 'named':
        throw new HttpProblem(409, 'Name is in use', `another deck of the same person is named ${name}`, 'name');
      case 'changed':
        throw new HttpProblem(409, 'It has changed', 'the deck was changed elsewhere since: read it again', 'version');
      case 'full':
        throw new HttpProblem(
          409,
          'Too many decks',
          `${MAX_OWN_DECKS} decks are kept of one person, and no more: remove one first`,
        );
      case 'regionFull':
        throw new HttpProblem(
          409,
          'Too many decks',
          `${MAX_DECKS_OF_REGION} decks are kept of ${regionOfCode(scope)}, and no more: whoever has some may remove one`,
        );
    }
  }

  return async (app) => {
    app.get(
      '/api/v1/briefings/decks',
      {
        config: { roles: READERS, scope: 'query', trail: 'none' },
        schema: {
          operationId: 'listDecks',
          summary: 'One’s own decks of a region, and those that others share there, by name',
          tags: ['briefings'],
          querystring: Type.Object({ scope: Type.Optional(ScopeSchema) }, { additionalProperties: false }),
          response: {
            200: withExample(OwnDecksSchema, { items: [OWN_DECK_EXAMPLE], most: MAX_OWN_DECKS, mayShare: true }),
            '4xx': ProblemSchema,
          },
        },
      },
      async (request) => {
        const principal = request.principal!;
        const { scope = defaultScope } = request.query;
        if (!regions.of(scope))
          throw new HttpProblem(404, 'Unknown scope', `scope ${scope} is not known here`, 'scope');
        const region = regionOfCode(scope);
        const decks = (await ownDecks.list(region)).filter((deck) => seenBy(deck, principal));
        return {
          items: decks.map((deck) => answered(deck, principal)),
          most: MAX_OWN_DECKS,
          mayShare: request.mayRead(region),
        };
      },
    );

    app.post(
      '/api/v1/briefings/decks',
      {
        config: { roles: READERS, scope: 'handler', trail: 'deck.set' },
        schema: {
          operationId: 'addDeck',
          summary: 'Keep a deck under a name of one’s own',
          description:
            'Which pages are on, their order, headings and remarks; scope, window, title and comparison of briefings that are made by it. `shared`: whoever reads briefings of the region sees it, too; for those who read all of it.',
          tags: ['briefings'],
          body: withExample(OwnDeckBodySchema, DECK_EXAMPLE),
          response: { 201: withExample(OwnDeckSchema, OWN_DECK_EXAMPLE), '4xx': NO_DECK },
        },
      },
      async (request, reply) => {
        const { body } = request;
        const principal = request.principal!;
        check(request, body);
        await request.trail('deck.set', body.scope, { name: body.name, shared: body.shared });
        const added = await ownDecks.add({
          ...body,
          owner: actorIdOf(principal),
          by: recordedName(principal),
          changed: toRfc3339(now()),
        });
        const answer = kept(added, body, request);
        void reply.code(201);
        return answer;
      },
    );

    app.put(
      '/api/v1/briefings/decks/:deck',
      {
        config: { roles: READERS, scope: 'handler', trail: 'deck.set' },
        schema: {
          operationId: 'changeDeck',
          summary: 'Change a deck: its owner, and of a shared one admins',
          description: 'All of it anew, with the `version` that was read; `409` where it was changed elsewhere since.',
          tags: ['briefings'],
          params,
          body: withExample(OwnDeckChangeSchema, { ...DECK_EXAMPLE, version: 1 }),
          response: { 200: withExample(OwnDeckSchema, { ...OWN_DECK_EXAMPLE, version: 2 }), '4xx': NO_DECK },
        },
      },
      async (request) => {
        const { body } = request;
        const deck = await toChange(request, request.params.deck);
        check(request, body);
        if (regionOfCode(body.scope) !== regionOfDeck(deck.deck))
          throw new HttpProblem(
            400,
            'Parameter is not valid',
            `the deck is one of ${regionOfDeck(deck.deck)}, and ${body.scope} is not in it`,
            'scope',
          );
        await request.trail('deck.set', deck.deck, { name: body.name, shared: body.shared });
        const { deck: id, owner, by } = deck;
        return kept(await ownDecks.change({ ...body, deck: id, owner, by, changed: toRfc3339(now()) }), body, request);
      },
    );

    app.delete(
      '/api/v1/briefings/decks/:deck',
      {
        config: { roles: READERS, scope: 'handler', trail: 'deck.remove' },
        schema: {
          operationId: 'removeDeck',
          summary:
            'Remove a deck: its owner, and of a shared one admins. Briefings that were made by it stay as they are',
          tags: ['briefings'],
          params,
          response: { 204: Type.Null(), '4xx': NO_DECK },
        },
      },
      async (request, reply) => {
        const deck = await toChange(request, request.params.deck);
        await request.trail('deck.remove', deck.deck, { name: deck.name });
        await ownDecks.remove(deck.deck);
        return reply.code(204).send(null);
      },
    );
  };
}
