import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { SUPERVISION_LEVELS } from '../../../contract/codes.ts';
import { codes, MAX_STRING } from '../../../contract/fields.ts';
import {
  AlertLettersSchema,
  LETTER_KINDS,
  LETTER_STATES,
  LettersSchema,
  MAX_LETTERS_PAGE,
  type AlertLetters,
  type Letters,
  type LetterState,
  type PrintedLetter,
} from '../../../contract/letters.ts';
import { ScopeSchema } from '../../../contract/protocol.ts';
import { UNIT_PATTERN } from '../../../contract/region.ts';
import { CASE_READERS } from '../../../contract/roles.ts';
import { contains } from '../../../common/divisions.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { NO_TERM } from '../../../common/termBounds.ts';
import { createUnitFinder } from '../../../common/units.ts';
import { foldAlert } from '../../alerts/fold.ts';
import { toBrief, type RegionRow } from '../../alerts/row.ts';
import { viewOf } from '../../platform/http/principal.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { Mask } from '../../privacy/mask.ts';
import type { Region, Regions } from '../../region/region.ts';
import { BAD_FILTER, NO_ALERT, NOT_READY, withExample } from '../../views/examples.ts';
import type { CasePort } from '../../views/alerts/casePort.ts';
import { placeOfAlert, viewOfScope } from '../../views/regionTables.ts';
import { CLOCK_SOURCE } from '../clock/speech.ts';
import { caseworkRegion } from '../clock/supervisionRoutes.ts';
import type { SupervisionStore } from '../clock/supervisionStore.ts';
import { ALERT_LETTERS_EXAMPLE, LETTERS_EXAMPLE } from './examples.ts';
import type { Histories } from './histories.ts';
import { historyOf, type LetterFacts, type PastLetter } from './history.ts';

export interface OversightParts {
  regions: Regions;
  defaultRegion: string;
  mask: Mask;
  cases: Pick<CasePort, 'nameOf'>;
  histories: (region: Region) => Histories;
  supervisions: (region: string) => Pick<SupervisionStore, 'read'>;
  /** Epoch ms. */
  now: () => number;
}

/** What a letter is waiting for. */
export function letterState(
  { answer, ended, answerBy }: Pick<PastLetter, 'answer' | 'ended'> & { answerBy?: number | undefined },
  now: number,
): LetterState {
  if (answer) return 'answered';
  if (ended) return 'ended';
  return answerBy !== undefined && now > answerBy ? 'overdue' : 'open';
}

/** As it goes out, without what it is about. */
function shown(region: string, alertId: string, letter: PastLetter, now: number) {
  const { at, answerBy, answer, ended, ...said } = letter;
  return {
    region,
    alertId,
    ...said,
    state: letterState({ ...(answer ? { answer } : {}), ended, answerBy }, now),
    at: toRfc3339(at),
    ...(answerBy === undefined ? {} : { answerBy: toRfc3339(answerBy) }),
    ...(answer ? { answer: { ...answer, at: toRfc3339(answer.at) } } : {}),
  };
}

function printedFacts({ facts, raisedAt, stage, stageAt, dueAt }: LetterFacts): PrintedLetter['facts'] {
  const { tier, town, enterprise, project, workers, amountFen } = facts;
  return {
    tier,
    town,
    enterprise,
    ...(project ? { project } : {}),
    workers,
    amountFen,
    raisedAt: toRfc3339(raisedAt),
    stage,
    stageAt: toRfc3339(stageAt),
    ...(dueAt === NO_TERM ? {} : { dueAt: toRfc3339(dueAt) }),
  };
}

/** `GET /api/v1/letters` and `/api/v1/alerts/{id}/letters`: what was urged and supervised, with its answers (docs/casework.md §7). */
export function letterRoutes(parts: OversightParts): FastifyPluginAsyncTypebox {
  const { mask, cases, histories, supervisions, now } = parts;

  const peopleIn = (letters: readonly { actor?: string | undefined; answer?: { actor?: string | undefined } }[]) => {
    const people: Record<string, string> = {};
    for (const id of letters.flatMap(({ actor, answer }) => [actor, answer?.actor])) {
      const name = id === undefined ? undefined : cases.nameOf(id);
      if (name !== undefined) people[id!] = name;
    }
    return people;
  };

  /** The English text of a draft that was issued as the clock had prepared it. */
  async function englishOf(region: string, { event, source, text }: PastLetter): Promise<string | undefined> {
    const prefix = 'supervision/';
    if (source !== CLOCK_SOURCE || !event.startsWith(prefix)) return undefined;
    const stored = await supervisions(region).read(event.slice(prefix.length));
    return stored?.supervision.text['zh-CN'] === text ? stored?.supervision.text.en : undefined;
  }

  const mayRead = (request: FastifyRequest, row: Pick<RegionRow, 'region' | 'unit' | 'town'>) =>
    request.mayRead(row.town) && mask.shows(row, viewOf(request.principal!));

  return async (app) => {
    app.get(
      '/api/v1/letters',
      {
        config: { roles: CASE_READERS, scope: 'query', trail: 'letters.list' },
        schema: {
          operationId: 'listLetters',
          summary: 'What was urged and supervised, the latest first, with its answers',
          description:
            'Of the alerts that whoever asks may read now. `overdue`: not answered, and the term to answer is past; `ended`: not answered, and the alert is closed or, of an urge, has left the stage.',
          tags: ['casework'],
          querystring: Type.Object(
            {
              scope: Type.Optional(ScopeSchema),
              kind: Type.Optional(codes(LETTER_KINDS)),
              state: Type.Optional(Type.Array(codes(LETTER_STATES), { maxItems: LETTER_STATES.length })),
              level: Type.Optional(codes(SUPERVISION_LEVELS)),
              unit: Type.Optional(
                Type.String({ pattern: UNIT_PATTERN, maxLength: 100, description: 'code of the unit that got it' }),
              ),
              skip: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
              limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LETTERS_PAGE, default: 50 })),
            },
            { additionalProperties: false },
          ),
          response: { 200: withExample(LettersSchema, LETTERS_EXAMPLE), '4xx': BAD_FILTER, 503: NOT_READY },
        },
      },
      async (request): Promise<Letters> => {
        const { scope, kind, state, level, unit, skip = 0, limit = 50 } = request.query;
        const region = caseworkRegion(parts, scope);
        const { table } = viewOfScope(parts.regions, region.code);
        await request.trail('letters.list', scope ?? region.code, { kind, state, level, unit, skip });
        const meant = createUnitFinder(region.pack);
        const moment = now();
        const counts: Letters['counts'] = {};
        const found: { letter: PastLetter; row: RegionRow }[] = [];
        for (const { alertId, letters } of (await histories(region).all()).values()) {
          if (letters.length === 0) continue;
          const row = table?.get(alertId);
          if (!row || !mayRead(request, row) || (scope !== undefined && !contains(scope, row.town))) continue;
          for (const letter of letters) {
            if (kind !== undefined && letter.kind !== kind) continue;
            if (level !== undefined && letter.level !== level) continue;
            if (unit !== undefined && meant(letter.unit) !== unit) continue;
            const stands = letterState(letter, moment);
            counts[stands] = (counts[stands] ?? 0) + 1;
            if (state !== undefined && !state.includes(stands)) continue;
            found.push({ letter, row });
          }
        }
        found.sort((a, b) => b.letter.at - a.letter.at || (a.row.alertId < b.row.alertId ? -1 : 1));
        const page = found.slice(skip, skip + limit);
        return {
          total: found.length,
          counts,
          items: page.map(({ letter, row }) => ({
            ...shown(region.code, row.alertId, letter, moment),
            alert: toBrief(row, moment),
          })),
          people: peopleIn(page.map(({ letter }) => letter)),
        };
      },
    );

    app.get(
      '/api/v1/alerts/:id/letters',
      {
        config: { roles: CASE_READERS, scope: 'handler', trail: 'letters.read' },
        schema: {
          operationId: 'readLetters',
          summary: 'What was urged and supervised about one alert, in order, each with the facts as they stood then',
          tags: ['casework'],
          params: Type.Object({ id: Type.String({ minLength: 1, maxLength: MAX_STRING, description: 'alertId' }) }),
          querystring: Type.Object({ scope: Type.Optional(ScopeSchema) }, { additionalProperties: false }),
          response: { 200: withExample(AlertLettersSchema, ALERT_LETTERS_EXAMPLE), '4xx': NO_ALERT, 503: NOT_READY },
        },
      },
      async (request): Promise<AlertLetters> => {
        const { id } = request.params;
        const region = placeOfAlert(parts, request.principal!, id, request.query.scope)?.region;
        const events = await region?.events(id);
        const state = region && events && foldAlert(id, events, region.rules());
        const { unit } = state ?? {};
        const whose = state && {
          region: region.code,
          town: state.facts.town,
          ...(unit === undefined ? {} : { unit }),
        };
        if (!region || !events || !whose || !mayRead(request, whose))
          throw new HttpProblem(404, 'Unknown alert', `there is no alert ${id}`, 'id');
        await request.trail('letters.read', id);
        const facts = new Map<string, LetterFacts>();
        const keyOf = ({ source, event }: PastLetter) => `${source} ${event}`;
        const history = historyOf(
          id,
          events,
          { fold: region.rules(), unitOf: createUnitFinder(region.pack) },
          (letter, then) => facts.set(keyOf(letter), then),
        )!;
        const moment = now();
        const items: PrintedLetter[] = [];
        for (const letter of history.letters) {
          const english = await englishOf(region.code, letter);
          items.push({
            ...shown(region.code, id, letter, moment),
            facts: printedFacts(facts.get(keyOf(letter))!),
            ...(english === undefined ? {} : { english }),
          });
        }
        return { items, people: peopleIn(history.letters) };
      },
    );
  };
}
