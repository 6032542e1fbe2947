import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { codes } from '../../../contract/fields.ts';
import { ScopeSchema } from '../../../contract/protocol.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import {
  DecisionSchema,
  SUPERVISION_STATES,
  SupervisionSchema,
  SupervisionsSchema,
  type Decision,
  type Supervision,
} from '../../../contract/supervision.ts';
import { DecisionProblemSchema } from '../../../contract/decisionProblem.ts';
import { regionOfCode } from '../../../common/divisions.ts';
import { dateOf, parseRfc3339, toRfc3339 } from '../../../common/regionTime.ts';
import { MAX_TERM_MS } from '../../../common/termBounds.ts';
import { actorIdOf, recordedName } from '../../platform/http/principal.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { Region, Regions } from '../../region/region.ts';
import { askerOf } from '../askerOf.ts';
import type { Desk } from '../desk/desk.ts';
import type { Lock } from '../desk/deskStore.ts';
import type { CaseState } from '../rules/caseState.ts';
import { hasCasework } from './hasCasework.ts';
import { letterNumbering } from './letterNumber.ts';
import { asItStands, seenSupervisions } from './seenSupervisions.ts';
import { CLOCK_SOURCE, turnOf } from './speech.ts';
import type { Issued, StoredSupervision, SupervisionStore } from './supervisionStore.ts';

export interface SupervisionParts {
  regions: Regions;
  defaultRegion: string;
  store: (region: string) => SupervisionStore;
  desk: Desk;
  /** Resolves when all that is accepted has been counted, or after some seconds; with whether it has been. */
  counted: (region: string) => Promise<boolean>;
  now: () => number;
}

const MAX_LIMIT = 200;

/** The region that a scope belongs to, if cases are worked on there. @throws HttpProblem 404 */
export function caseworkRegion(
  { regions, defaultRegion }: Pick<SupervisionParts, 'regions' | 'defaultRegion'>,
  scope: string | undefined,
): Region {
  const code = regionOfCode(scope ?? defaultRegion);
  const region = regions.of(code);
  if (!region || !hasCasework(region.pack))
    throw new HttpProblem(
      404,
      'No casework',
      `cases of ${code} are not worked on here: its pack has no terms`,
      'scope',
    );
  return region;
}

/** `/api/v1/supervisions`: what the clock has prepared for leaders, and what they decided (docs/casework.md §3). */
export function supervisionRoutes(parts: SupervisionParts): FastifyPluginAsyncTypebox {
  const { store, counted, desk, now } = parts;
  const scope = Type.Optional(ScopeSchema);

  async function drop(request: FastifyRequest, region: Region, before: StoredSupervision, { reason }: Decision) {
    const { supervision } = before;
    const at = now();
    const after: Supervision = { ...supervision, state: 'dropped', ...decidedBy(request, at), reason: reason! };
    await request.trail('supervision.drop', supervision.id, { alertId: supervision.alertId, reason });
    return (await store(region.code).drop(before, after, at)) ? after : undefined;
  }

  /** @returns undefined when somebody else has decided meanwhile */
  async function issue(request: FastifyRequest, region: Region, before: StoredSupervision, decision: Decision) {
    const { id, alertId } = before.supervision;
    const { expect } = decision;
    if (!expect) throw new HttpProblem(400, 'Decision is not valid', '/expect is missing', 'expect');
    const closed = () =>
      new HttpProblem(409, 'Closed meanwhile', `the alert ${alertId} is not open any more: drop the draft`);
    // An event of the same id: whoever else issues this very draft gets the lock, too, and one of them decides.
    const about = { region, alertId, event: `supervision/${id}`, action: 'supervise' as const, expect };
    const held = await desk.hold(about, askerOf(request));
    if ('problem' in held) {
      const { problem } = held;
      if ((await store(region.code).read(id))?.supervision.state !== 'draft') return undefined;
      throw problem.extensions.rule === 'stage' ? closed() : problem;
    }
    const { lock } = held;
    // Where it is not known whether it was written, the lock stays, and ends by itself.
    const issued = await write(request, region, before, decision, held);
    if (issued) await lock.written(issued.entry);
    // Who was too late may have taken the lock over: it ends when the event of who was not has been counted.
    if (await counted(region.code)) await lock.release();
    return issued && (await store(region.code).read(id))!.supervision;
  }

  async function write(
    request: FastifyRequest,
    region: Region,
    before: StoredSupervision,
    decision: Decision,
    { state: { alert: state }, lock }: { state: CaseState; lock: Lock },
  ): Promise<Issued | undefined> {
    const { supervision } = before;
    const { id, alertId } = supervision;
    const at = now();
    const level = decision.level ?? supervision.level;
    const text = decision.text ?? supervision.text['zh-CN'];
    const after: Supervision = {
      ...supervision,
      state: 'issued',
      level,
      issued: text,
      ...decidedBy(request, at),
      ...(decision.dueAt === undefined ? {} : { answerBy: decision.dueAt }),
      ...(decision.reason === undefined ? {} : { reason: decision.reason }),
    };
    const { reason, dueAt } = decision;
    try {
      await request.trail('supervision.issue', id, { alertId, level, text, dueAt, reason });
    } catch (error) {
      await lock.release().catch(() => undefined);
      throw error;
    }
    const { year } = dateOf(at);
    const actor = actorIdOf(request.principal!);
    return store(region.code).issue(before, after, at, {
      numbering: letterNumbering(year),
      event: (number) => ({
        type: 'wage.case.supervised',
        time: Math.max(at, state.changedAt + 1),
        source: CLOCK_SOURCE,
        id: `supervision/${id}`,
        data: { level, text, ...(dueAt === undefined ? {} : { dueAt }), number },
        by: { actor },
      }),
      entry: {
        kind: 'supervision',
        at: toRfc3339(at),
        alertId,
        tier: state.facts.tier,
        town: state.facts.town,
        stage: state.stage,
        ...(dueAt === undefined ? {} : { dueAt }),
        ...turnOf(region.pack, state),
        level,
        supervision: id,
      },
    });
  }

  return async (app) => {
    app.get(
      '/api/v1/supervisions',
      {
        config: { roles: ['leader', 'admin'], scope: 'query', trail: 'supervisions.list' },
        schema: {
          operationId: 'listSupervisions',
          summary: 'Supervisions that the clock has prepared, the latest first, and what leaders decided about them',
          tags: ['casework'],
          querystring: Type.Object(
            {
              scope,
              state: Type.Optional(codes(SUPERVISION_STATES)),
              skip: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
              limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LIMIT, default: 50 })),
            },
            { additionalProperties: false },
          ),
          response: { 200: SupervisionsSchema, '4xx': ProblemSchema },
        },
      },
      async (request) => {
        const { state = 'draft', skip = 0, limit = 50 } = request.query;
        const region = caseworkRegion(parts, request.query.scope);
        await request.trail('supervisions.list', region.code, { state, skip });
        return seenSupervisions(region, store(region.code), request.query.scope ?? region.code, { state, skip, limit });
      },
    );

    app.post(
      '/api/v1/supervisions/:id',
      {
        config: { roles: ['leader', 'admin'], scope: 'query', trail: 'supervision.issue', inOnesName: true },
        schema: {
          operationId: 'decideSupervision',
          summary: 'Issue or drop a supervision that the clock has prepared',
          description:
            'Issued, it gets a number and becomes `wage.case.supervised` by whoever issues it, with level, text and term as given here or prepared. `expect` is the alert as the leader has seen it, as for an action. 409 with the supervision when somebody has decided already; with the alert as it is when it has changed, or another action of it is on its way; and when it is closed.',
          tags: ['casework'],
          params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) }),
          querystring: Type.Object({ scope }, { additionalProperties: false }),
          body: DecisionSchema,
          response: { 200: SupervisionSchema, '4xx': DecisionProblemSchema },
        },
      },
      async (request) => {
        const { id } = request.params;
        const region = caseworkRegion(parts, request.query.scope);
        const decision = checked(request.body, now());
        const before = await store(region.code).read(id);
        if (!before || !(await asItStands(region, before.supervision, request.query.scope ?? region.code)))
          throw new HttpProblem(404, 'Unknown supervision', `there is no supervision ${id}`, 'id');
        const decided = (supervision: Supervision) =>
          new HttpProblem(409, 'Decided already', `it has been ${supervision.state}`, undefined, { supervision });
        if (before.supervision.state !== 'draft') throw decided(before.supervision);
        const after = await (decision.do === 'drop' ? drop : issue)(request, region, before, decision);
        if (!after) throw decided((await store(region.code).read(id))!.supervision);
        return after;
      },
    );
  };
}

const decidedBy = (request: FastifyRequest, at: number) => ({
  decidedAt: toRfc3339(at),
  by: recordedName(request.principal!),
});

/** What a schema cannot say of a decision. @throws HttpProblem 422 */
function checked(decision: Decision, now: number): Decision {
  const { text, reason, dueAt } = decision;
  const wrong = (detail: string, field: string) => new HttpProblem(422, 'Not a decision', detail, field);
  if (decision.do === 'drop') {
    if (reason === undefined || reason.trim() === '') throw wrong('whoever drops a draft says why', 'reason');
    const given = (['level', 'text', 'dueAt', 'expect'] as const).find((field) => decision[field] !== undefined);
    if (given) throw wrong(`a draft that is dropped has no ${given}`, given);
  }
  for (const [field, value] of Object.entries({ text, reason }))
    if (value !== undefined && !value.isWellFormed())
      throw wrong('it holds a lone surrogate (\\ud800…\\udfff), which is no character', field);
  const at = dueAt === undefined ? undefined : parseRfc3339(dueAt);
  if (at !== undefined && (at <= now || at > MAX_TERM_MS))
    throw wrong('the term to answer must lie in the future, and before the year 2101', 'dueAt');
  return decision;
}
