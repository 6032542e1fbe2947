import { setImmediate as turn } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  MAX_CASES_PAGE,
  MAX_MONTHS,
  MONTH_PATTERN,
  OTHER_UNITS,
  PerformanceCasesSchema,
  PerformanceFigureSchema,
  PerformanceSchema,
  type Performance,
  type PerformanceCases,
} from '../../../contract/performance.ts';
import { RegionCode } from '../../../contract/fields.ts';
import { UNIT_PATTERN } from '../../../contract/region.ts';
import { CASE_READERS } from '../../../contract/roles.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { toBrief } from '../../alerts/row.ts';
import { unitOfView, viewOf } from '../../platform/http/principal.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { Region } from '../../region/region.ts';
import { BAD_FILTER, NOT_READY, withExample } from '../../views/examples.ts';
import { viewOfScope } from '../../views/regionTables.ts';
import { caseworkRegion } from '../clock/supervisionRoutes.ts';
import { PERFORMANCE_CASES_EXAMPLE, PERFORMANCE_EXAMPLE } from './examples.ts';
import type { CaseHistory } from './history.ts';
import type { OversightParts } from './letterRoutes.ts';
import { casesBehind, countPerformance, monthBefore, spanOf, type Span } from './performance.ts';

/** Without `from`, so many months with the one that is asked for. */
const MONTHS = 6;
/** For so long figures are summed up before other work gets its turn, ms. */
const TURN_MS = 8;

/** `GET /api/v1/units/performance` and the cases behind each figure of it (docs/casework.md §8). */
export function performanceRoutes(parts: OversightParts): FastifyPluginAsyncTypebox {
  const { mask, histories, now } = parts;
  const month = (what: string) =>
    Type.Optional(Type.String({ pattern: MONTH_PATTERN, maxLength: 7, description: what, examples: ['2026-11'] }));
  const span = {
    region: RegionCode,
    from: month(`first month; without it, ${MONTHS} months are told`),
    to: month('last month; without it, that which it is'),
  };

  /** @throws HttpProblem 400 */
  function spanAsked({ from, to }: { from?: string; to?: string }): Span {
    const last = to ?? monthBefore(now(), 0);
    const first = from ?? spanBack(last);
    const found = spanOf(first, last);
    if (!found) throw new HttpProblem(400, 'Parameter is not valid', `from ${first} comes after to ${last}`, 'from');
    if (found.months.length > MAX_MONTHS)
      throw new HttpProblem(400, 'Too long a span', `${first} to ${last} is more than ${MAX_MONTHS} months`, 'from');
    return found;
  }

  /** The alerts that whoever asks may count: those of their scope. */
  async function counted(request: FastifyRequest, region: Region): Promise<CaseHistory[]> {
    const all = await histories(region).all();
    return [...all.values()].filter(({ town }) => request.mayRead(town));
  }

  return async (app) => {
    app.get(
      '/api/v1/units/performance',
      {
        // Figures by unit: nobody is named.
        config: { roles: CASE_READERS, scope: 'region-query', trail: 'none' },
        schema: {
          operationId: 'readPerformance',
          summary: 'How units have done, month by month',
          description:
            'What each figure counts is in docs/casework.md. Of the alerts that lie in the scope of whoever asks; a handler is told of their own unit.',
          tags: ['casework'],
          querystring: Type.Object(span, { additionalProperties: false }),
          response: { 200: withExample(PerformanceSchema, PERFORMANCE_EXAMPLE), '4xx': BAD_FILTER, 503: NOT_READY },
        },
      },
      async (request): Promise<Performance> => {
        const region = caseworkRegion(parts, request.query.region);
        viewOfScope(parts.regions, region.code);
        const months = spanAsked(request.query);
        const own = unitOfView(viewOf(request.principal!));
        const codes = (region.pack.units ?? []).map(({ code }) => code);
        const moment = now();
        const count = countPerformance(codes, months, moment);
        let began = performance.now();
        for (const history of (await histories(region).all()).values()) {
          if (request.mayRead(history.town)) count.add(history);
          if (performance.now() - began < TURN_MS) continue;
          await turn();
          began = performance.now();
        }
        const units = count.done();
        return {
          region: region.code,
          at: toRfc3339(moment),
          months: [...months.months],
          units: units.filter(({ unit }) => own === undefined || unit === own),
        };
      },
    );

    app.get(
      '/api/v1/units/performance/cases',
      {
        config: { roles: CASE_READERS, scope: 'region-query', trail: 'performance.read' },
        schema: {
          operationId: 'listPerformanceCases',
          summary: 'The cases behind a figure of a unit',
          tags: ['casework'],
          querystring: Type.Object(
            {
              ...span,
              unit: Type.String({
                pattern: UNIT_PATTERN,
                maxLength: 100,
                description: `code of the unit; \`${OTHER_UNITS}\` for all that the pack does not name`,
              }),
              figure: PerformanceFigureSchema,
              skip: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
              limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_CASES_PAGE, default: 50 })),
            },
            { additionalProperties: false },
          ),
          response: {
            200: withExample(PerformanceCasesSchema, PERFORMANCE_CASES_EXAMPLE),
            '4xx': BAD_FILTER,
            503: NOT_READY,
          },
        },
      },
      async (request): Promise<PerformanceCases> => {
        const { unit, figure, skip = 0, limit = 50, ...asked } = request.query;
        const region = caseworkRegion(parts, asked.region);
        const { table } = viewOfScope(parts.regions, region.code);
        const months = spanAsked(asked);
        const view = viewOf(request.principal!);
        const own = unitOfView(view);
        if (own !== undefined && unit !== own)
          throw new HttpProblem(403, 'Not allowed', 'the work of another unit is not shown to a handler', 'unit');
        const isKnown = region.pack.units?.some(({ code }) => code === unit) === true;
        if (!isKnown && unit !== OTHER_UNITS)
          throw new HttpProblem(404, 'Unknown unit', `${region.code} has no unit ${unit}`, 'unit');
        await request.trail('performance.read', unit, { ...asked, figure, skip });
        const moment = now();
        const all = casesBehind(await counted(request, region), {
          unit: isKnown ? unit : '',
          figure,
          span: months,
          now: moment,
        });
        const seen = all.flatMap(({ alertId, deed }) => {
          const row = table?.get(alertId);
          return row && mask.shows(row, view) ? [{ row, deed }] : [];
        });
        return {
          total: all.length,
          hidden: all.length - seen.length,
          items: seen.slice(skip, skip + limit).map(({ row, deed }) => ({
            ...(deed ? { at: toRfc3339(deed.at) } : {}),
            ...(deed && 'ms' in deed ? { ms: deed.ms } : {}),
            ...(deed?.kind === 'recovered' ? { amountFen: deed.amountFen } : {}),
            alert: toBrief(row, moment),
          })),
        };
      },
    );
  };
}

/** The month from which on a span of the usual length ends with another. */
function spanBack(last: string): string {
  const of = Number(last.slice(0, 4)) * 12 + Number(last.slice(5)) - MONTHS;
  return `${Math.floor(of / 12)}-${String((of % 12) + 1).padStart(2, '0')}`;
}
