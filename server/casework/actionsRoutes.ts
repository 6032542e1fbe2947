import { hash, randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { regionOfCode } from '../../common/divisions.ts';
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
import { EVERYBODY } from '../platform/http/principal.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import { toProblem } from '../platform/http/errors.ts';
import { NOT_READY, withExample } from '../views/examples.ts';
import { countedRegionOf, ownScope, placeOfAlert, type AlertReadParts } from '../views/regionTables.ts';
import { actorOf } from './casePort.ts';
import type { Asker } from './desk/asker.ts';
import { eventIdOf, type Desk, type Task } from './desk/desk.ts';
import type { DeskStore, KeptAnswer } from './desk/deskStore.ts';
import { noAlert, type Outcome } from './desk/outcome.ts';
import {
  CHANGED_EXAMPLE,
  DONE_EXAMPLE,
  ITEMS_EXAMPLE,
  NOTE_EXAMPLE,
  OUTCOMES_EXAMPLE,
  PENDING_EXAMPLE,
} from './examples.ts';
import { isFault, readAction, readItem, type AskedAction, type FormFault } from './rules/givenAction.ts';

export interface ActionsRoutesParts extends AlertReadParts {
  desk: Desk;
  store: (region: string) => DeskStore;
}

const ONE_BYTES = 64 * 1024;
const SEVERAL_BYTES = 4 * 1024 * 1024;
/** Printable ASCII, as a header has it. */
const KEY = /^[\x21-\x7e]+$/;

/** `POST /api/v1/alerts/{id}/actions` and `POST /api/v1/alerts/actions` (docs/casework.md §2). */
export function actionsRoutes(parts: ActionsRoutesParts): FastifyPluginAsyncTypebox {
  const { desk } = parts;
  const querystring = Type.Object({ scope: Type.Optional(ScopeSchema) }, { additionalProperties: false });
  const headers = Type.Object({
    'idempotency-key': Type.Optional(
      Type.String({
        description: `of your choice, at most ${MAX_IDEMPOTENCY_KEY} characters: the same request with the same key is done once, and answered as it was, for a day`,
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
        config: { roles: [...CASE_READERS], scope: 'handler', trail: 'case.act' },
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
        return once(request, reply, parts, async (eventId) => {
          const { id } = request.params;
          const region = placeOfAlert(parts, request.principal!, id, request.query.scope)?.region;
          if (!region) throw noAlert(id);
          const [outcome] = await desk.perform([{ asked, region, alertId: id, event: eventId(0) }], askerOf(request));
          return answerOf(outcome!);
        });
      },
    );

    app.post(
      '/api/v1/alerts/actions',
      {
        config: { roles: [...CASE_READERS], scope: 'handler', trail: 'case.act' },
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
        return once(request, reply, parts, async (eventId) => {
          const asker = askerOf(request);
          const read = items.map((item, index) => taskOf(readItem(item), request, parts, eventId(index)));
          const outcomes = await desk.perform(
            read.filter((one): one is Task => 'asked' in one),
            asker,
          );
          const done = outcomes[Symbol.iterator]();
          const answers = read.map((one, index): ActionOutcome => {
            const outcome = 'asked' in one ? done.next().value! : one;
            return { index, ...told(outcome, 'asked' in one ? one.alertId : undefined) };
          });
          // Refusals alone are about no division, and show nothing.
          if (!request.trailed) await request.trail('case.act', undefined, { refused: items.length });
          request.scopeAsked = true;
          const written = answers.some(({ status }) => status < 300);
          return { answer: { status: 200, body: { outcomes: answers } }, written };
        });
      },
    );
  };
}

interface Answered {
  answer: KeptAnswer;
  /** Whether anything was done: only then the answer is kept for who asks the same again. */
  written: boolean;
}

/** Does what a request asks for once, however often it comes with its `Idempotency-Key`. */
async function once(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: ActionsRoutesParts,
  work: (eventId: (index: number) => string) => Promise<Answered>,
): Promise<FastifyReply> {
  const key = request.headers['idempotency-key'] as string | undefined;
  if (key === undefined) {
    const { answer } = await work(() => `act-${randomUUID()}`);
    return reply.code(answer.status).send(answer.body);
  }
  if (key.length > MAX_IDEMPOTENCY_KEY || !KEY.test(key))
    throw new HttpProblem(
      400,
      'Parameter is not valid',
      `Idempotency-Key must be 1 to ${MAX_IDEMPOTENCY_KEY} printable characters without spaces`,
      'Idempotency-Key',
    );
  const principal = request.principal!;
  const { scope } = request.query as { scope?: string };
  const who = `${actorOf(principal).id} ${key}`;
  const digest = hash('sha256', `${request.url}\n${JSON.stringify(request.body)}`, 'base64url');
  const store = parts.store(regionOfCode(scope ?? ownScope(parts, principal)));
  const kept = await store.answer(who, digest);
  if (kept === 'other')
    throw new HttpProblem(
      422,
      'Key was used before',
      'this Idempotency-Key came with another request within the last day: choose a new one for this',
      'Idempotency-Key',
    );
  if (typeof kept === 'object') {
    // It is what was answered to the very same asker; what they may see by now is for a read to say.
    request.scopeAsked = true;
    await request.trail('alert.read', (request.params as { id?: string }).id, { again: true });
    return reply.code(kept.status).send(kept.body);
  }
  const { answer, written } = await work((index) => eventIdOf(who, index));
  if (written) await store.keepAnswer(who, digest, answer);
  return reply.code(answer.status).send(answer.body);
}

function askerOf(request: FastifyRequest): Asker {
  const principal = request.principal!;
  const actor = actorOf(principal);
  return {
    principal,
    actor,
    named: { id: actor.id, isPerson: principal !== EVERYBODY },
    mayRead: (division) => request.mayRead(division),
    trail: (what, target, detail) => request.trail(what, target, detail),
    signed: (detail) =>
      detail.cursor === undefined ? detail : { ...detail, cursor: request.signCursor(detail.cursor) },
  };
}

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
  event: string,
): Task | Extract<Outcome, { status: 'problem' }> {
  try {
    if (isFault(read)) throw malformed(read);
    const { alertId } = read;
    const asked = read.region ?? (request.query as { scope?: string }).scope;
    if (alertId === undefined)
      return {
        asked: read,
        region: countedRegionOf(parts, asked ?? ownScope(parts, request.principal!)).region,
        event,
      };
    const region = placeOfAlert(parts, request.principal!, alertId, asked)?.region;
    if (!region) throw noAlert(alertId);
    return { asked: read, region, alertId, event };
  } catch (error) {
    if (error instanceof HttpProblem) return { status: 'problem', problem: error };
    throw error;
  }
}

/** @throws HttpProblem where it was not done */
function answerOf(outcome: Outcome): Answered {
  if (outcome.status === 'problem') throw outcome.problem;
  if (outcome.status === 200) return { answer: { status: 200, body: outcome.alert }, written: true };
  const { status, ...pending } = outcome;
  return { answer: { status, body: pending }, written: true };
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
