import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { contains } from '../../common/divisions.ts';
import { ScopeSchema } from '../../contract/protocol.ts';
import {
  ReportItemSchema,
  ReportKindSchema,
  ReportListSchema,
  ReportRequestSchema,
  type ReportItem,
} from '../../contract/reports.ts';
import { REPORT_FORMATS, type ReportFormat } from '../../contract/reportLimits.ts';
import { ProblemSchema } from '../../contract/rest.ts';
import { READERS } from '../../contract/roles.ts';
import { recordedName } from '../platform/http/principal.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import type { Regions, RegionView } from '../region/region.ts';
import { problemOf, withExample } from '../views/examples.ts';
import { REPORT_EXAMPLE } from './examples.ts';
import { fileName, makeReport, type MakerParts } from './makeReport.ts';
import { spanOf } from './reportSpan.ts';

const TYPES: Record<ReportFormat, string> = {
  html: 'text/html; charset=utf-8',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
/** A report as a page runs nothing and fetches nothing, wherever it is opened. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox allow-modals";
const ITEM = withExample(ReportItemSchema, REPORT_EXAMPLE);
const UNKNOWN = problemOf({ title: 'Unknown report', status: 404, detail: 'there is no report r1', parameter: 'id' });

export interface ReportRouteParts extends MakerParts {
  regions: Regions;
}

/** What a report may be about for an asker. @throws HttpProblem 403 for a scope that is not theirs, 422 for one that is not known, 503 while it is loaded */
export function viewFor(regions: Regions, request: FastifyRequest, scope: string): RegionView {
  if (!request.mayRead(scope)) throw new HttpProblem(403, 'Not allowed', `${scope} lies outside your scope`, 'scope');
  const region = regions.of(scope);
  if (!region) throw new HttpProblem(422, 'Unknown scope', `scope ${scope} is not known here`, 'scope');
  const view = region.view();
  if (!view) throw new HttpProblem(503, 'Not ready', 'the figures are still being loaded');
  return view;
}

/** `/api/v1/reports`: made, listed and taken by officers, leaders and admins, each in their scope. */
export function reportRoutes(parts: ReportRouteParts): FastifyPluginAsyncTypebox {
  const { store, regions, now } = parts;
  const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 80 }) });

  /** What lies outside somebody's scope is not there. */
  async function found(request: FastifyRequest, id: string): Promise<ReportItem> {
    const item = await store.find(id);
    if (!request.mayRead(item?.scope ?? '') || !item)
      throw new HttpProblem(404, 'Unknown report', `there is no report ${id}`, 'id');
    return item;
  }

  return async (app) => {
    app.post(
      '/api/v1/reports',
      {
        config: { roles: READERS, scope: 'handler', trail: 'report.make' },
        schema: {
          operationId: 'makeReport',
          summary: 'Freeze the situation of a span and make its report',
          tags: ['reports'],
          body: withExample(ReportRequestSchema, { kind: 'monthly', scope: '330110', at: '2026-10-15T00:00:00+08:00' }),
          response: { 201: ITEM, '4xx': ProblemSchema, 503: ProblemSchema, 507: ProblemSchema },
        },
      },
      async (request, reply) => {
        const { body } = request;
        const view = viewFor(regions, request, body.scope);
        const span = spanOf(body, view, now());
        await request.trail('report.make', body.scope, { ...body });
        const { kind, scope, lang = 'zh-CN' } = body;
        const item = await makeReport(parts, view, { kind, scope, lang, span, by: recordedName(request.principal!) });
        // Ids of reports that somebody asks for are by chance.
        if (!item) throw new HttpProblem(409, 'Made already', 'a report of that id is there: ask again');
        return reply.code(201).send(item);
      },
    );

    app.get(
      '/api/v1/reports',
      {
        config: { roles: READERS, scope: 'query', trail: 'none' },
        schema: {
          operationId: 'listReports',
          summary: 'Reports of a scope and of what lies in it, the latest first',
          tags: ['reports'],
          querystring: Type.Object(
            {
              scope: Type.Optional(ScopeSchema),
              kind: Type.Optional(ReportKindSchema),
              skip: Type.Optional(Type.Integer({ minimum: 0 })),
              limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
            },
            { additionalProperties: false },
          ),
          response: {
            200: withExample(ReportListSchema, { total: 1, items: [REPORT_EXAMPLE] }),
            '4xx': ProblemSchema,
          },
        },
      },
      async (request) => {
        const { scope, kind, skip = 0, limit = 50 } = request.query;
        const items = (await store.list()).filter(
          (item) =>
            (scope === undefined ? request.mayRead(item.scope) : contains(scope, item.scope)) &&
            (kind === undefined || item.kind === kind),
        );
        return { total: items.length, items: items.slice(skip, skip + limit) };
      },
    );

    app.get(
      '/api/v1/reports/:id',
      {
        config: { roles: READERS, scope: 'handler', trail: 'none' },
        schema: {
          operationId: 'getReport',
          summary: 'What the list tells of a report',
          tags: ['reports'],
          params,
          response: { 200: ITEM, '4xx': UNKNOWN },
        },
      },
      async (request) => found(request, request.params.id),
    );

    for (const format of REPORT_FORMATS)
      app.get(
        `/api/v1/reports/:id.${format}`,
        {
          config: { roles: READERS, scope: 'handler', trail: 'report.read' },
          schema: {
            operationId: `getReport${format[0]!.toUpperCase()}${format.slice(1)}`,
            summary: `A report as ${format.toUpperCase()}`,
            tags: ['reports'],
            params,
            response: { 200: { type: 'string', format: 'binary' }, '4xx': UNKNOWN },
          },
        },
        async (request, reply) => {
          const item = await found(request, request.params.id);
          const content = await store.read(item.id, format);
          if (!content) throw new HttpProblem(404, 'Unknown report', `there is no report ${item.id}`, 'id');
          await request.trail('report.read', item.id, { format });
          if (format === 'html') void reply.header('content-security-policy', PAGE_POLICY);
          return reply
            .type(TYPES[format])
            .header(
              'content-disposition',
              `${format === 'html' ? 'inline' : 'attachment'}; filename="${fileName(item, format)}"`,
            )
            .serializer((payload: unknown) => payload as string)
            .send(content as never);
        },
      );
  };
}
