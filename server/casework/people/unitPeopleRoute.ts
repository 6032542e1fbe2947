import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { contains, regionOfCode } from '../../../common/divisions.ts';
import { UnitPeopleSchema, type UnitPeople } from '../../../contract/deskFilters.ts';
import { RegionCode, TownCode } from '../../../contract/fields.ts';
import { MAX_STRING } from '../../../contract/fields.ts';
import { CASE_READERS } from '../../../contract/roles.ts';
import type { Staff } from '../../access/staff.ts';
import { covers, coversRegion } from '../../platform/http/principal.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { problemOf, withExample } from '../../views/examples.ts';
import { ownScope, type AlertReadParts } from '../../views/regionTables.ts';

const EXAMPLE: UnitPeople = {
  items: [
    { id: 'kq3Zr0aVtW1b', name: '某经办人' },
    { id: 'p81Zc2bYwQ7d', name: '某子墨' },
  ],
};
const UNKNOWN = problemOf({
  title: 'Unknown unit',
  status: 404,
  detail: 'region 330110 has no unit nowhere',
  parameter: 'code',
});

/** `GET /api/v1/units/{code}/people` (docs/casework.md §6): whom an alert of a unit can be assigned to. Ids and names, and nothing else. */
export function unitPeopleRoute(parts: AlertReadParts & { staff: Staff }): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/v1/units/:code/people',
      {
        config: { roles: CASE_READERS, scope: 'handler', trail: 'none' },
        schema: {
          operationId: 'listUnitPeople',
          summary: 'People of a unit who may be told to work on an alert',
          description: 'With `town`, those who may work on an alert of that town. A handler asks for their own unit.',
          tags: ['casework'],
          params: Type.Object({ code: Type.String({ minLength: 1, maxLength: MAX_STRING }) }),
          querystring: Type.Object(
            { region: Type.Optional(RegionCode), town: Type.Optional(TownCode) },
            { additionalProperties: false },
          ),
          response: { 200: withExample(UnitPeopleSchema, EXAMPLE), '4xx': UNKNOWN },
        },
      },
      async (request, reply): Promise<UnitPeople> => {
        const principal = request.principal!;
        const { region = regionOfCode(ownScope(parts, principal)), town } = request.query;
        request.scopeAsked = true;
        if (!coversRegion(principal, region) || (town !== undefined && !covers(principal, town)))
          throw new HttpProblem(
            403,
            'Not allowed',
            `the scope of this token is ${principal.scope}, not ${town ?? region}`,
            town === undefined ? 'region' : 'town',
          );
        const pack = parts.regions.of(region)?.pack;
        const unit = pack?.units?.find(({ code }) => code === request.params.code);
        if (!unit)
          throw new HttpProblem(404, 'Unknown unit', `region ${region} has no unit ${request.params.code}`, 'code');
        if (principal.role === 'handler' && principal.unit !== unit.code)
          throw new HttpProblem(403, 'Not allowed', 'a handler hands on within their unit', 'code');
        if (principal.role !== 'admin' && unit.towns?.every((one) => !contains(principal.scope, one)))
          throw new HttpProblem(403, 'Not allowed', `unit ${unit.code} is not there for ${principal.scope}`, 'code');
        void reply.header('cache-control', 'no-store');
        const items = parts.staff
          .members()
          .filter(
            ({ role, scope, unit: theirs }) =>
              (role === 'handler' || role === 'officer') &&
              theirs === unit.code &&
              regionOfCode(scope) === region &&
              (town === undefined || contains(scope, town)),
          )
          .map(({ id, name }) => ({ id, name }))
          .sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'));
        return { items };
      },
    );
  };
}
