import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  ACTION_BODIES,
  ACTION_ITEMS,
  ActionOutcomesSchema,
  ActionPendingSchema,
  ActionProblemSchema,
  MAX_ACTIONS,
  MAX_IDEMPOTENCY_KEY,
  type ActionOutcome,
} from '../../contract/casework.ts';
import { MAX_STRING } from '../../contract/fields.ts';
import { ScopeSchema } from '../../contract/protocol.ts';
import { AlertDetailSchema } from '../../contract/rest.ts';
import { CASE_READERS } from '../../contract/roles.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import { toProblem } from '../platform/http/errors.ts';
import { NOT_READY, withExample } from '../views/examples.ts';
import { countedRegionOf, ownScope, placeOfAlert } from '../views/regionTables.ts';
import { askerOf } from './askerOf.ts';
import type { Desk, Task } from './desk/desk.ts';
import type { KeptOutcome } from './desk/deskStore.ts';
import { keptOf, recalled, type Recalled } from './desk/keptOutcome.ts';
import { noAlert, type Outcome } from './desk/outcome.ts';
import {
  CHANGED_EXAMPLE,
  DONE_EXAMPLE,
  ITEMS_EXAMPLE,
  NOTE_EXAMPLE,
  OUTCOMES_EXAMPLE,
  PENDING_EXAMPLE,
} from './examples.ts';
import { once, type Answer, type Answered, type EventIds, type OnceParts } from './once.ts';
import { isFault, readAction, readItem, type AskedAction, type FormFault } from './rules/givenAction.ts';

export interface ActionsRoutesParts extends OnceParts {
  desk: Desk;
}

const ONE_BYTES = 64 * 1024;
const SEVERAL_BYTES = 4 * 1024 * 1024;

/** `POST /api/v1/alerts/{id}/actions` and `POST /api/v1/alerts/actions` (docs/casework.md §2). */
export function actionsRoutes(parts: ActionsRoutesParts): FastifyPluginAsyncTypebox {
  const { desk } = parts;
  const querystring = Type.Object({ scope: Type.Optional(ScopeSchema) }, { additionalProperties: false });
  const headers = Type.Object({
    'idempotency-key': Type.Optional(
      Type.String({
        description: `of your choice, at most ${MAX_IDEMPOTENCY_KEY} characters: the same request with the same key is done once for a day, and answered with what became of it`,
      }),
    ),
  });
  const problem = { '4xx': withExample(ActionProblemSchema, CHANGED_EXAMPLE), 503: NOT_READY };

  return async (app) => {
    const standard = app.validatorCompiler!;
    // The fields depend on the action, so the desk checks bodies itself, and says what is wrong with which field.
    const validatorCompiler: typeof standard = (route) =>
      route.httpPart === 'body' || route.httpPart === 'headers' ? () => true : standard(route);

    app.post(
      '/api/v1/alerts/:id/actions',
      {
        config: { roles: [...CASE_READERS], scope: 'handler', trail: 'case.act', inOnesName: true, clerk: true },
        bodyLimit: ONE_BYTES,
        validatorCompiler,
        schema: {
          operationId: 'actOnAlert',
          summary: 'Do something about an alert',
          description:
            'Checked against role, scope, unit, stage and `expect`, then written as an event, and answered once that has been counted. 409: it has changed, or another action is on its way; the alert comes as it is. 403 and 422 name the rule that forbids it.',
          tags: ['casework'],
          params: Type.Object({ id: Type.String({ minLength: 1, maxLength: MAX_STRING, description: 'alertId' }) }),
          querystring,
          headers,
          body: withExample(Type.Unsafe<unknown>(Type.Union(Object.values(ACTION_BODIES))), NOTE_EXAMPLE),
          response: {
            200: withExample(AlertDetailSchema, DONE_EXAMPLE),
            202: withExample(ActionPendingSchema, PENDING_EXAMPLE),
            ...problem,
          },
        },
      },
      async (request, reply) => {
        const asked = readAction(request.body);
        if (isFault(asked)) throw malformed(asked);
        if (request.principal!.kiosk !== undefined && asked.given.action !== 'accept') throw notAtKiosk();
        const { id } = request.params;
        const work = async (eventId: EventIds): Promise<Answered> => {
          const region = placeOfAlert(parts, request.principal!, id, request.query.scope)?.region;
          if (!region) throw noAlert(id);
          const event = eventId(0, id);
          const [outcome] = await desk.perform([{ asked, region, alertId: id, event }], askerOf(request));
          return { answer: answerOf(outcome!), kept: [keptOf(outcome!, { event })], written: true };
        };
        const again = async ([kept]: readonly KeptOutcome[]) => {
          const answer = answerOf((await recalled(kept!, parts, askerOf(request), false)).outcome);
          // What is not counted yet shows nothing of the alert, and has put nothing there.
          if (!request.trailed) await request.trail('case.act', id, { again: true });
          return answer;
        };
        return sent(reply, await once(request, parts, newId, work, again));
      },
    );

    app.post(
      '/api/v1/alerts/actions',
      {
        config: { roles: [...CASE_READERS], scope: 'handler', trail: 'case.act', inOnesName: true },
        bodyLimit: SEVERAL_BYTES,
        validatorCompiler,
        schema: {
          operationId: 'actOnAlerts',
          summary: 'Do something about several alerts, or raise some by hand',
          description: `At most ${MAX_ACTIONS}; each is judged by itself and has its own outcome, with the status that it would have had alone. \`raise\` answers 409 with the open alerts of the same employer unless \`duplicate\` is true.`,
          tags: ['casework'],
          querystring,
          headers,
          body: withExample(
            Type.Object({
              actions: Type.Array(Type.Unsafe<unknown>(Type.Union(Object.values(ACTION_ITEMS))), {
                minItems: 1,
                maxItems: MAX_ACTIONS,
              }),
            }),
            ITEMS_EXAMPLE,
          ),
          response: { 200: withExample(ActionOutcomesSchema, OUTCOMES_EXAMPLE), ...problem },
        },
      },
      async (request, reply) => {
        const items = itemsOf(request.body);
        const asker = askerOf(request);
        const work = async (eventId: EventIds): Promise<Answered> => {
          const read = items.map((item, index) => taskOf(readItem(item), request, parts, (id) => eventId(index, id)));
          const outcomes = await desk.perform(
            read.filter((one): one is Task => 'asked' in one),
            asker,
          );
          const done = outcomes[Symbol.iterator]();
          const all = read.map((one) => ({
            outcome: 'asked' in one ? done.next().value! : one,
            ...('asked' in one ? { task: one } : {}),
          }));
          // Refusals alone are about no division, and show nothing.
          if (!request.trailed) await request.trail('case.act', undefined, { refused: items.length });
          request.scopeAsked = true;
          return {
            answer: toldAll(all.map(({ outcome, task }) => ({ outcome, alertId: task?.alertId }))),
            kept: all.map(({ outcome, task }) => keptOf(outcome, task)),
            written: all.some(({ outcome }) => outcome.status !== 'problem'),
          };
        };
        const again = async (kept: readonly KeptOutcome[]) => {
          const all: Recalled[] = [];
          for (const one of kept) all.push(await recalled(one, parts, asker, kept.length > 1));
          if (!request.trailed) await request.trail('case.act', undefined, { refused: items.length, again: true });
          request.scopeAsked = true;
          return toldAll(all);
        };
        return sent(reply, await once(request, parts, newId, work, again));
      },
    );
  };
}

const notAtKiosk = () =>
  new HttpProblem(403, 'Not allowed', 'a clerk at a kiosk accepts cases; all else is done at the desk', 'action', {
    rule: 'role',
  });

/** Where no key is given. */
const newId: EventIds = () => `act-${randomUUID()}`;
const sent = (reply: FastifyReply, { status, body }: Answer) => reply.code(status).send(body);

function malformed({ detail, parameter }: FormFault): HttpProblem {
  return new HttpProblem(400, 'Action is not valid', detail, parameter);
}

function itemsOf(body: unknown): readonly unknown[] {
  const { actions, ...others } = (body ?? {}) as { actions?: unknown };
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw malformed({ detail: `/${unknown.slice(0, 50)} is not a field here`, parameter: unknown });
  if (!Array.isArray(actions)) throw malformed({ detail: '/actions must be a list of actions', parameter: 'actions' });
  if (actions.length < 1 || actions.length > MAX_ACTIONS)
    throw malformed({
      detail: `/actions must have 1 to ${MAX_ACTIONS} actions, it has ${actions.length}`,
      parameter: 'actions',
    });
  return actions;
}

/** One of several with its place, or why it has none. */
function taskOf(
  read: AskedAction | FormFault,
  request: FastifyRequest,
  parts: ActionsRoutesParts,
  eventId: (alertId?: string) => string,
): Task | Extract<Outcome, { status: 'problem' }> {
  try {
    if (isFault(read)) throw malformed(read);
    const { alertId } = read;
    const asked = read.region ?? (request.query as { scope?: string }).scope;
    if (alertId === undefined)
      return {
        asked: read,
        region: countedRegionOf(parts, asked ?? ownScope(parts, request.principal!)).region,
        event: eventId(),
      };
    const region = placeOfAlert(parts, request.principal!, alertId, asked)?.region;
    if (!region) throw noAlert(alertId);
    return { asked: read, region, alertId, event: eventId(alertId) };
  } catch (error) {
    if (error instanceof HttpProblem) return { status: 'problem', problem: error };
    throw error;
  }
}

/** @throws HttpProblem where it was not done */
function answerOf(outcome: Outcome): Answer {
  if (outcome.status === 'problem') throw outcome.problem;
  if (outcome.status === 200) return { status: 200, body: outcome.alert };
  const { status, ...pending } = outcome;
  return { status, body: pending };
}

function toldAll(all: readonly Recalled[]): Answer {
  const outcomes = all.map(({ outcome, alertId }, index): ActionOutcome => ({ index, ...told(outcome, alertId) }));
  return { status: 200, body: { outcomes } };
}

function told(outcome: Outcome, alertId: string | undefined): Omit<ActionOutcome, 'index'> {
  if (outcome.status === 'problem') {
    const problem = toProblem(outcome.problem);
    return { status: problem.status, ...(alertId === undefined ? {} : { alertId }), problem };
  }
  if (outcome.status === 202) return outcome;
  const { alert } = outcome;
  return { status: 200, alertId: alert.alertId, region: alert.region, alert };
}
