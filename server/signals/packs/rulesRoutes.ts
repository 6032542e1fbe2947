import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  ActivateSchema,
  PACK_LIMITS,
  PackFaultSchema,
  RulePackSchema,
  RulesSchema,
  TestResultSchema,
  VERSION_STATES,
} from '../../../contract/rulePack.ts';
import { codes, RegionCode } from '../../../contract/fields.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { READERS } from '../../../contract/roles.ts';
import { VERSION_PATTERN } from '../../../contract/signals.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { recordedName, type Principal } from '../../platform/http/principal.ts';
import type { RegionRules } from './rules.ts';

export interface RulesRoutesParts {
  of(region: string): RegionRules | undefined;
  /** Whether somebody else than this one is let in as an admin. */
  otherAdmin(than: Principal): boolean;
}

const State = codes(VERSION_STATES);
const FaultyPackSchema = Type.Object(
  { ...ProblemSchema.properties, faults: Type.Optional(Type.Array(PackFaultSchema)) },
  { additionalProperties: true },
);

/** `/api/v1/rules`: the rule versions of a region (signals §5). Officers read, admins write. */
export function rulesRoutes({ of, otherAdmin }: RulesRoutesParts): FastifyPluginAsyncTypebox {
  const url = '/api/v1/rules';
  const querystring = Type.Object({ region: RegionCode }, { additionalProperties: false });
  const params = Type.Object({ version: Type.String({ pattern: VERSION_PATTERN }) });
  // Rules are what all towns of a region have in common: a town's officer reads them, too.
  const reads = { roles: [...READERS], scope: 'region-query' as const, trail: 'none' as const };
  const errors = { '4xx': ProblemSchema, 503: ProblemSchema };

  return async (app) => {
    app.get(
      url,
      {
        config: reads,
        schema: {
          operationId: 'listRules',
          summary: 'The versions of the rules, their states, and every change of these',
          description: 'A state is draft, shadow (assesses beside the active one, raises nothing), active or retired.',
          tags: ['rules'],
          querystring,
          response: { 200: RulesSchema, ...errors },
        },
      },
      async (request) => rulesFor(request, of).list(),
    );

    app.get(
      `${url}/:version`,
      {
        config: reads,
        schema: {
          operationId: 'getRules',
          summary: 'A version of the rules: the whole pack',
          tags: ['rules'],
          params,
          querystring,
          response: { 200: RulePackSchema, ...errors },
        },
      },
      async (request) => rulesFor(request, of).pack(request.params.version),
    );

    app.post(
      url,
      {
        config: { roles: ['admin'], trail: 'rules.add' },
        bodyLimit: PACK_LIMITS.sentBytes,
        schema: {
          operationId: 'addRules',
          summary: 'Add a version of the rules, as a draft',
          description:
            'Checked by its schema and by the tests that it carries. 422 tells all faults with their paths; 409: there is such a version.',
          tags: ['rules'],
          querystring,
          // Checked as a whole by its own rules, so that every fault is told with its path.
          body: Type.Unsafe<unknown>({ title: 'RulePack', description: 'A rule pack, as GET …/{version} answers.' }),
          response: { 201: Type.Object({ version: Type.String(), state: State }), 422: FaultyPackSchema, ...errors },
        },
      },
      async (request, reply) => {
        const rules = rulesFor(request, of);
        // Not checked yet: it may be anything, and nested so deeply that no text can be made of it.
        const given = (request.body as { version?: unknown } | null)?.version;
        const version = typeof given === 'string' ? given.slice(0, 60) : 'none';
        await request.trail('rules.add', version, { region: request.query.region });
        return reply.code(201).send(await rules.add(request.body, recordedName(request.principal!)));
      },
    );

    app.post(
      `${url}/:version/test`,
      {
        config: { roles: ['admin'], trail: 'none' },
        schema: {
          operationId: 'testRules',
          summary: 'Run the tests that a version carries',
          tags: ['rules'],
          params,
          querystring,
          response: { 200: Type.Object({ ok: Type.Boolean(), tests: Type.Array(TestResultSchema) }), ...errors },
        },
      },
      async (request) => {
        const tests = await rulesFor(request, of).test(request.params.version);
        return { ok: tests.every(({ ok }) => ok), tests };
      },
    );

    app.post(
      `${url}/:version/activate`,
      {
        config: { roles: ['admin'], trail: 'rules.activate' },
        bodyLimit: 4_096,
        schema: {
          operationId: 'activateRules',
          summary: 'Put a version in force',
          description:
            'Without raises and settle: answers how many alerts it would raise now, and does nothing. With raises, that number: done. With settle: all that is known is taken as dealt with, and nothing is raised. Who drafted a version may ask, but does not activate it where there is another admin (403). A number that is another one by now, and a version that is in force: 409.',
          tags: ['rules'],
          params,
          querystring,
          body: ActivateSchema,
          response: {
            200: Type.Object({ version: Type.String(), state: State, raises: Type.Optional(Type.Integer()) }),
            ...errors,
          },
        },
      },
      async (request) => {
        const rules = rulesFor(request, of);
        const { version } = request.params;
        const { region } = request.query;
        await request.trail('rules.activate', version, { region, ...request.body });
        const principal = request.principal!;
        return rules.activate(version, request.body, recordedName(principal), otherAdmin(principal));
      },
    );
  };
}

function rulesFor(
  { query: { region } }: FastifyRequest<{ Querystring: { region: string } }>,
  of: RulesRoutesParts['of'],
): RegionRules {
  const rules = of(region);
  if (!rules)
    throw new HttpProblem(404, 'Unknown region', `region ${region} is not counted here, so it has no rules`, 'region');
  return rules;
}
