import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { contains } from '../../common/divisions.ts';
import { ScopeSchema } from '../../contract/protocol.ts';
import {
  ReportAboutSchema,
  ReportItemSchema,
  ReportKindSchema,
  ReportListSchema,
  ReportRequestSchema,
  type ReportItem,
} from '../../contract/reports.ts';
import { REPORT_FORMATS, type ReportFormat } from '../../contract/reportLimits.ts';
import { ProblemSchema } from '../../contract/rest.ts';
import { CASE_READERS, READERS } from '../../contract/roles.ts';
import { bareType } from '../platform/http/describeProblems.ts';
import { recordedName, unitOfView, viewOf } from '../platform/http/principal.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import type { Mask } from '../privacy/mask.ts';
import type { Region, Regions, RegionView } from '../region/region.ts';
import { problemOf, withExample } from '../views/examples.ts';
import { REPORT_EXAMPLE } from './examples.ts';
import { assertSubject } from './freezeReport.ts';
import { fileName, makeReport, type MakerParts } from './makeReport.ts';
import type { ReportStore } from './reportStore.ts';
import { spanOf } from './reportSpan.ts';

const TYPES: Record<ReportFormat, string> = {
  html: 'text/html; charset=utf-8',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
/** A report as a page runs nothing and fetches nothing, wherever it is opened. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox allow-modals";
/** By its id, or by the digest of its data. */
export const REPORT_PARAMS = Type.Object({ id: Type.String({ minLength: 1, maxLength: 80 }) });
const ITEM = withExample(ReportItemSchema, REPORT_EXAMPLE);
export const NO_REPORT = problemOf({
  title: 'Unknown report',
  status: 404,
  detail: 'there is no report r1',
  parameter: 'id',
});

export interface ReportRouteParts extends MakerParts {
  regions: Regions;
  mask: Pick<Mask, 'shows'>;
}

/** What a report may be about for an asker. @throws HttpProblem 403 for a scope that is not theirs, 422 for one that is not known, 503 while it is loaded */
export function regionFor(
  regions: Regions,
  request: FastifyRequest,
  scope: string,
): { region: Region; view: RegionView } {
  if (!request.mayRead(scope)) throw new HttpProblem(403, 'Not allowed', `${scope} lies outside your scope`, 'scope');
  const region = regions.of(scope);
  if (!region) throw new HttpProblem(422, 'Unknown scope', `scope ${scope} is not known here`, 'scope');
  const view = region.view();
  if (!view) throw new HttpProblem(503, 'Not ready', 'the figures are still being loaded');
  return { region, view };
}

/** Whether a report is somebody's to read: of their scope, and for a handler about their own unit. */
export function isTheirs(request: FastifyRequest, { scope, unit }: Pick<ReportItem, 'scope' | 'unit'>): boolean {
  const own = unitOfView(viewOf(request.principal!));
  return request.mayRead(scope) && (own === undefined || unit?.code === own);
}

/**
 * The report that somebody means by its id, or by the digest of its data. What is not theirs is not there.
 * @throws HttpProblem 404
 */
export async function reportFor(store: ReportStore, request: FastifyRequest, id: string): Promise<ReportItem> {
  const named = await store.find(id);
  const item = [...(named ? [named] : []), ...(await store.ofDigest(id))].find((one) => isTheirs(request, one));
  if (item) return item;
  // Whoever reads one that is not there has asked, too.
  request.mayRead('');
  throw new HttpProblem(404, 'Unknown report', `there is no report ${id}`, 'id');
}

/** `/api/v1/reports`: made, listed and taken by officers, leaders and admins, each in their scope; handlers read those about their unit. */
export function reportRoutes(parts: ReportRouteParts): FastifyPluginAsyncTypebox {
  const { store, regions, now } = parts;
  const params = REPORT_PARAMS;
  const found = (request: FastifyRequest, id: string) => reportFor(store, request, id);

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
        const { kind, about = 'situation', scope, unit, lang = 'zh-CN' } = body;
        const { region, view } = regionFor(regions, request, scope);
        assertSubject({ about, scope, unit }, region, parts.work);
        const span = spanOf(body, view, now());
        await request.trail('report.make', scope, { ...body });
        const by = recordedName(request.principal!);
        const item = await makeReport(parts, region, { kind, about, scope, unit, lang, span, by });
        // Ids of reports that somebody asks for are by chance.
        if (!item) throw new HttpProblem(409, 'Made already', 'a report of that id is there: ask again');
        return reply.code(201).send(item);
      },
    );

    app.get(
      '/api/v1/reports',
      {
        config: { roles: CASE_READERS, scope: 'query', trail: 'none' },
        schema: {
          operationId: 'listReports',
          summary:
            'Reports of a scope and of what lies in it, the latest first; a handler is told of those about their own unit',
          tags: ['reports'],
          querystring: Type.Object(
            {
              scope: Type.Optional(ScopeSchema),
              kind: Type.Optional(ReportKindSchema),
              about: Type.Optional(ReportAboutSchema),
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
        const { scope, kind, about, skip = 0, limit = 50 } = request.query;
        const items = (await store.list()).filter(
          (item) =>
            isTheirs(request, item) &&
            (scope === undefined || contains(scope, item.scope)) &&
            (kind === undefined || item.kind === kind) &&
            (about === undefined || (item.about ?? 'situation') === about),
        );
        return { total: items.length, items: items.slice(skip, skip + limit) };
      },
    );

    app.get(
      '/api/v1/reports/:id',
      {
        config: { roles: CASE_READERS, scope: 'handler', trail: 'none' },
        schema: {
          operationId: 'getReport',
          summary: 'What the list tells of a report',
          tags: ['reports'],
          params,
          response: { 200: ITEM, '4xx': NO_REPORT },
        },
      },
      async (request) => found(request, request.params.id),
    );

    for (const format of REPORT_FORMATS)
      app.get(
        `/api/v1/reports/:id.${format}`,
        {
          config: { roles: CASE_READERS, scope: 'handler', trail: 'report.read' },
          schema: {
            operationId: `getReport${format[0]!.toUpperCase()}${format.slice(1)}`,
            summary: `A report as ${format.toUpperCase()}`,
            tags: ['reports'],
            params,
            produces: [bareType(TYPES[format])],
            response: { 200: { type: 'string', format: 'binary' }, '4xx': NO_REPORT },
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
