import { randomBytes } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { contains } from '../../../common/divisions.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { dueAfter, rhythmFault } from '../../../common/report/schedule.ts';
import type { Workdays } from '../../../common/terms/workdays.ts';
import { ScopeSchema } from '../../../contract/protocol.ts';
import { REPORT_SCHEDULE_LIMIT } from '../../../contract/reportLimits.ts';
import {
  ScheduleItemSchema,
  ScheduleListSchema,
  ScheduleRequestSchema,
  type Schedule,
  type ScheduleItem,
  type ScheduleRequest,
} from '../../../contract/reports.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { READERS } from '../../../contract/roles.ts';
import { recordedName } from '../../platform/http/principal.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { problemOf, withExample } from '../../views/examples.ts';
import { SCHEDULE_EXAMPLE, SCHEDULE_REQUEST_EXAMPLE } from '../examples.ts';
import { assertSubject } from '../freezeReport.ts';
import { regionFor, type ReportRouteParts } from '../reportRoutes.ts';
import type { ScheduleStore } from './scheduleStore.ts';

const ITEM = withExample(ScheduleItemSchema, SCHEDULE_EXAMPLE);
const UNKNOWN = problemOf({
  title: 'Unknown schedule',
  status: 404,
  detail: 'there is no schedule s1',
  parameter: 'id',
});
const BODY = withExample(ScheduleRequestSchema, SCHEDULE_REQUEST_EXAMPLE);

/** `/api/v1/report-schedules`: when reports are made by themselves. */
export function scheduleRoutes(
  parts: Pick<ReportRouteParts, 'regions' | 'work' | 'now'> & {
    schedules: ScheduleStore;
    workdays: () => Promise<Workdays>;
  },
): FastifyPluginAsyncTypebox {
  const { regions, schedules, work, workdays, now } = parts;
  const url = '/api/v1/report-schedules';
  const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 40 }) });

  async function itemOf(schedule: Schedule): Promise<ScheduleItem> {
    const done = (await schedules.doneUntil(schedule.id)) ?? now();
    const { at, provisional } = dueAfter(schedule, Math.max(done, now()), await workdays());
    const unit = regions.of(schedule.scope)?.pack.units?.find(({ code }) => code === schedule.unit);
    return { ...schedule, nextAt: toRfc3339(at), provisional, ...(unit ? { unitName: unit.name } : {}) };
  }
  /** @throws HttpProblem 404 for one that is not there, or is of a scope that is not the asker's */
  async function found(request: FastifyRequest, id: string): Promise<Schedule> {
    const schedule = await schedules.find(id);
    if (!request.mayRead(schedule?.scope ?? '') || !schedule)
      throw new HttpProblem(404, 'Unknown schedule', `there is no schedule ${id}`, 'id');
    return schedule;
  }
  async function keep(request: FastifyRequest, id: string, body: ScheduleRequest): Promise<ScheduleItem> {
    const { region } = regionFor(regions, request, body.scope);
    const { about = 'situation', scope, unit } = body;
    assertSubject({ about, scope, unit }, region, work);
    const fault = rhythmFault(body);
    if (fault)
      throw new HttpProblem(
        422,
        'Rhythm is not whole',
        fault === 'weekday'
          ? 'weekday (1, Monday, to 7) belongs to the rhythm weekly, and to no other'
          : 'nth (which working day of the month, 1 to 15) belongs to the rhythm monthly, and to no other',
        fault,
      );
    if (body.tell?.includes('unit') === true && about !== 'unit')
      throw new HttpProblem(422, 'No unit to tell', 'only a report about a unit can be told to its unit', 'tell');
    await request.trail('reportSchedule.set', id, { ...body });
    const schedule: Schedule = { id, ...body, by: recordedName(request.principal!), changedAt: toRfc3339(now()) };
    await schedules.set(schedule, now());
    return itemOf(schedule);
  }

  return async (app) => {
    app.get(
      url,
      {
        config: { roles: READERS, scope: 'query', trail: 'none' },
        schema: {
          operationId: 'listReportSchedules',
          summary: 'Schedules of a scope and of what lies in it, with when the next report is due',
          tags: ['reports'],
          querystring: Type.Object({ scope: Type.Optional(ScopeSchema) }, { additionalProperties: false }),
          response: { 200: withExample(ScheduleListSchema, { items: [SCHEDULE_EXAMPLE] }), '4xx': ProblemSchema },
        },
      },
      async (request) => {
        const { scope } = request.query;
        const all = (await schedules.list()).filter((schedule) =>
          scope === undefined ? request.mayRead(schedule.scope) : contains(scope, schedule.scope),
        );
        return { items: await Promise.all(all.map(itemOf)) };
      },
    );

    app.post(
      url,
      {
        config: { roles: READERS, scope: 'handler', trail: 'reportSchedule.set' },
        schema: {
          operationId: 'addReportSchedule',
          summary: 'Have a report made by itself from now on',
          tags: ['reports'],
          body: BODY,
          response: { 201: ITEM, '4xx': ProblemSchema, 503: ProblemSchema },
        },
      },
      async (request, reply) => {
        regionFor(regions, request, request.body.scope);
        if ((await schedules.list()).length >= REPORT_SCHEDULE_LIMIT)
          throw new HttpProblem(
            409,
            'Too many schedules',
            `there are ${REPORT_SCHEDULE_LIMIT} schedules, and no more can be kept: remove one first`,
          );
        return reply.code(201).send(await keep(request, randomBytes(5).toString('hex'), request.body));
      },
    );

    app.put(
      `${url}/:id`,
      {
        config: { roles: READERS, scope: 'handler', trail: 'reportSchedule.set' },
        schema: {
          operationId: 'setReportSchedule',
          summary: 'Change a schedule; what was due before is not made any more',
          tags: ['reports'],
          params,
          body: BODY,
          response: { 200: ITEM, '4xx': UNKNOWN, 503: ProblemSchema },
        },
      },
      async (request) => keep(request, (await found(request, request.params.id)).id, request.body),
    );

    app.delete(
      `${url}/:id`,
      {
        config: { roles: READERS, scope: 'handler', trail: 'reportSchedule.remove' },
        schema: {
          operationId: 'removeReportSchedule',
          summary: 'Remove a schedule; the reports that were made stay',
          tags: ['reports'],
          params,
          response: { 204: { type: 'null' }, '4xx': UNKNOWN },
        },
      },
      async (request, reply) => {
        const { id } = await found(request, request.params.id);
        await request.trail('reportSchedule.remove', id);
        await schedules.remove(id);
        return reply.code(204).send(null);
      },
    );
  };
}
