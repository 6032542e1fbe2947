import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { CALENDAR_LIMITS, CalendarFaultSchema, CalendarsSchema, KnownYearSchema } from '../../contract/calendar.ts';
import { ProblemSchema } from '../../contract/rest.ts';
import { CASE_READERS } from '../../contract/roles.ts';
import { recordedName } from '../platform/http/principal.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import type { KnownCalendars } from './calendars.ts';
import { checkCalendar, faultText } from './checkCalendar.ts';

const FaultySchema = Type.Object(
  { ...ProblemSchema.properties, faults: Type.Optional(Type.Array(CalendarFaultSchema)) },
  { additionalProperties: true },
);

/** `/api/v1/calendars`: the calendars of working days, for all regions. Read by whoever reads alerts in full, imported by admins. */
export function calendarRoutes(calendars: KnownCalendars): FastifyPluginAsyncTypebox {
  const url = '/api/v1/calendars';
  return async (app) => {
    app.get(
      url,
      {
        config: { roles: CASE_READERS, scope: 'none', trail: 'none' },
        schema: {
          operationId: 'listCalendars',
          summary: 'The calendars of working days, with their sources, and the years that are provisional',
          tags: ['terms'],
          response: { 200: CalendarsSchema, '4xx': ProblemSchema },
        },
      },
      async () => calendars.list(),
    );

    app.post(
      url,
      {
        config: { roles: ['admin'], trail: 'calendar.import' },
        bodyLimit: CALENDAR_LIMITS.bytes,
        schema: {
          operationId: 'importCalendar',
          summary: 'Import the calendar of a year',
          description:
            'It counts from now on, for all regions, and takes the place of one that was there for the year. 422 tells the faults with their paths in the calendar, at most 50 and how many more.',
          tags: ['terms'],
          body: Type.Object(
            {
              // Checked as a whole by its own rules, so that every fault is told with its path.
              calendar: Type.Unsafe<unknown>({
                title: 'CalendarYear',
                description: 'As assets/calendar/cn-2026.json.',
              }),
              why: Type.String({ minLength: 1, maxLength: CALENDAR_LIMITS.why, pattern: '\\S' }),
            },
            { additionalProperties: false },
          ),
          response: { 201: KnownYearSchema, 422: FaultySchema, '4xx': ProblemSchema },
        },
      },
      async (request, reply) => {
        const checked = checkCalendar(request.body.calendar);
        if (!checked.ok) {
          const { faults } = checked;
          throw new HttpProblem(422, 'Calendar is not valid', faultText(faults[0]!), undefined, { faults });
        }
        const { calendar } = checked;
        const why = request.body.why.trim();
        await request.trail('calendar.import', String(calendar.year), {
          why,
          notices: calendar.notices.map(({ number }) => number).join('、'),
        });
        return reply.code(201).send(await calendars.add(calendar, recordedName(request.principal!), why));
      },
    );
  };
}
