import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { placeholdersOf } from '../../../common/report/template.ts';
import { NAME_LANGS } from '../../../common/codeNames.ts';
import { DAY_MS, floorTo, toRfc3339 } from '../../../common/regionTime.ts';
import { coveredOf, lastPeriod, type ReportSpan } from '../../../common/report/spans.ts';
import { codes, RegionCode } from '../../../contract/fields.ts';
import { REPORT_ABOUTS, type ReportAbout, type ReportKind } from '../../../contract/reportLimits.ts';
import { ReportAboutSchema, ReportKindSchema } from '../../../contract/reports.ts';
import { MAX_TEMPLATE_BYTES, ReportTemplateSchema, ReportTemplatesSchema } from '../../../contract/reportTemplates.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { recordedName } from '../../platform/http/principal.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { problemOf, withExample } from '../../views/examples.ts';
import { TEMPLATE_EXAMPLE } from '../examples.ts';
import { freezeReport } from '../freezeReport.ts';
import { listsAddress } from '../makeReport.ts';
import { regionFor, type ReportRouteParts } from '../reportRoutes.ts';
import { checkTemplate } from './checkTemplate.ts';
import type { TemplateStore } from './templateStore.ts';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const URL_OF = '/api/v1/report-templates';
const TEMPLATE = withExample(ReportTemplateSchema, TEMPLATE_EXAMPLE);
const UNKNOWN = problemOf({
  title: 'No template',
  status: 404,
  detail: 'no template is in force for that',
  parameter: 'kind',
});

/** A name as it is shown: no path, no control characters. */
const nameOf = (given: string): string =>
  given
    .replace(/^.*[\\/]/s, '')
    .replace(/[\u0000-\u001f\u007f]/g, '')
    .trim()
    .slice(0, 120) || 'template.docx';

/** `/api/v1/report-templates`: a site's own documents for reports, uploaded, tried and put in force by admins. */
export function templateRoutes(parts: ReportRouteParts & { templates: TemplateStore }): FastifyPluginAsyncTypebox {
  const { regions, templates, render, publicUrl, now } = parts;
  const place = { region: RegionCode, about: ReportAboutSchema, kind: ReportKindSchema };
  const placed = Type.Object(place, { additionalProperties: false });

  /** The file that a request has sent, checked. @throws HttpProblem 400, 422 */
  async function sent(request: FastifyRequest, about: ReportAbout): Promise<Buffer> {
    const { body } = request;
    if (!Buffer.isBuffer(body) || body.length === 0)
      throw new HttpProblem(400, 'No file', 'the body of this request is the document itself, and there is none');
    await checkTemplate(body, about);
    return body;
  }

  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_TEMPLATE_BYTES }, (_request, body, done) => {
      done(null, body);
    });

    app.get(
      URL_OF,
      {
        config: { roles: ['admin'], scope: 'none', trail: 'none' },
        schema: {
          operationId: 'listReportTemplates',
          summary: 'Templates in force, and what a template may name',
          tags: ['reports'],
          response: {
            200: withExample(ReportTemplatesSchema, {
              items: [TEMPLATE_EXAMPLE],
              placeholders: { situation: { texts: ['title', 'raised'], loops: ['table.areas'], pictures: ['qr'] } },
            }),
            '4xx': ProblemSchema,
          },
        },
      },
      async () => ({
        items: await templates.list(),
        placeholders: Object.fromEntries(
          REPORT_ABOUTS.map((about) => {
            const { texts, loops, pictures } = placeholdersOf(about);
            return [about, { texts: [...texts], loops: [...loops], pictures: [...pictures] }];
          }),
        ),
      }),
    );

    app.put(
      URL_OF,
      {
        config: { roles: ['admin'], scope: 'handler', trail: 'reportTemplate.set' },
        bodyLimit: MAX_TEMPLATE_BYTES,
        schema: {
          operationId: 'setReportTemplate',
          summary: 'Put a document in force: reports are made with it from then on',
          description:
            'The body is the document itself (DOCX, at most 8 MiB). 422 names the `rule` that it breaks: `file-type`, `file-damaged`, `file-macros`, `file-locked`, `file-bomb`, or `template-placeholders` with all `faults`, each with part, paragraph and placeholder.',
          tags: ['reports'],
          querystring: Type.Object(
            { ...place, name: Type.String({ minLength: 1, maxLength: 1_000 }) },
            { additionalProperties: false },
          ),
          response: { 200: TEMPLATE, '4xx': ProblemSchema, 503: ProblemSchema, 507: ProblemSchema },
        },
      },
      async (request) => {
        const { region: code, about, kind, name: given } = request.query;
        const { region } = regionFor(regions, request, code);
        const content = await sent(request, about);
        // What cannot be filled is not put in force.
        await filled(region.code, { about, kind, lang: 'zh-CN' }, content);
        const name = nameOf(given);
        await request.trail('reportTemplate.set', code, { about, kind, name, bytes: content.length });
        const by = recordedName(request.principal!);
        return templates.set({ region: code, about, kind, name, by, at: toRfc3339(now()) }, content);
      },
    );

    app.post(
      `${URL_OF}/preview`,
      {
        config: { roles: ['admin'], scope: 'handler', trail: 'reportTemplate.read' },
        bodyLimit: MAX_TEMPLATE_BYTES,
        schema: {
          operationId: 'previewReportTemplate',
          summary: 'A document filled with the figures of the last whole period; nothing is kept',
          tags: ['reports'],
          querystring: Type.Object(
            { ...place, lang: Type.Optional(codes(NAME_LANGS)) },
            { additionalProperties: false },
          ),
          produces: [DOCX],
          response: { 200: { type: 'string', format: 'binary' }, '4xx': ProblemSchema, 503: ProblemSchema },
        },
      },
      async (request, reply) => {
        const { region: code, about, kind, lang = 'zh-CN' } = request.query;
        regionFor(regions, request, code);
        const content = await sent(request, about);
        await request.trail('reportTemplate.read', code, { about, kind });
        const docx = await filled(code, { about, kind, lang }, content);
        return reply
          .type(DOCX)
          .header('content-disposition', 'attachment; filename="preview.docx"')
          .serializer((payload: unknown) => payload as string)
          .send(Buffer.from(docx) as never);
      },
    );

    app.get(
      `${URL_OF}/file`,
      {
        config: { roles: ['admin'], scope: 'handler', trail: 'reportTemplate.read' },
        schema: {
          operationId: 'getReportTemplate',
          summary: 'The document in force, as it was uploaded',
          tags: ['reports'],
          querystring: placed,
          produces: [DOCX],
          response: { 200: { type: 'string', format: 'binary' }, '4xx': UNKNOWN },
        },
      },
      async (request, reply) => {
        const template = await found(request, request.query);
        await request.trail('reportTemplate.read', template.region, { about: template.about, kind: template.kind });
        const content = await templates.read(template);
        return reply
          .type(DOCX)
          .header('content-disposition', 'attachment; filename="template.docx"')
          .serializer((payload: unknown) => payload as string)
          .send(content as never);
      },
    );

    app.delete(
      URL_OF,
      {
        config: { roles: ['admin'], scope: 'handler', trail: 'reportTemplate.remove' },
        schema: {
          operationId: 'removeReportTemplate',
          summary: 'Make reports as the program does again; those that were made stay as they are',
          tags: ['reports'],
          querystring: placed,
          response: { 204: { type: 'null' }, '4xx': UNKNOWN },
        },
      },
      async (request, reply) => {
        const { region, about, kind } = await found(request, request.query);
        await request.trail('reportTemplate.remove', region, { about, kind });
        await templates.remove({ region, about, kind });
        return reply.code(204).send(null);
      },
    );
  };

  async function found(request: FastifyRequest, asked: { region: string; about: ReportAbout; kind: ReportKind }) {
    const template = request.mayRead(asked.region) ? await templates.inForce(asked) : undefined;
    if (!template)
      throw new HttpProblem(404, 'No template', `no template is in force for ${asked.about}, ${asked.kind}`, 'kind');
    return template;
  }

  /** A document filled with present figures: those of the last whole period, or of the last seven days. */
  async function filled(
    code: string,
    { about, kind, lang }: { about: ReportAbout; kind: ReportKind; lang: 'zh-CN' | 'en' },
    template: Buffer,
  ): Promise<Uint8Array> {
    const region = regions.of(code)!;
    const unit = about === 'unit' ? region.pack.units?.[0]?.code : undefined;
    const query = { kind, about, scope: code, unit, span: presentSpan(kind, now()) };
    const { situation, digest } = await freezeReport(parts, region, query);
    const making = { madeAt: toRfc3339(now()), digest, address: listsAddress(digest, publicUrl) };
    try {
      return (await render({ situation, lang, making, template })).docx;
    } catch (error) {
      throw new HttpProblem(
        422,
        'Template cannot be filled',
        `the document cannot be filled: ${(error as Error).message}`,
        undefined,
        { rule: 'template-filling' },
      );
    }
  }
}

function presentSpan(kind: ReportKind, now: number): ReportSpan {
  const today = floorTo(now, DAY_MS);
  if (kind === 'special') return { from: today - 7 * DAY_MS, to: today, whole: true };
  return coveredOf(kind, lastPeriod(kind, now), now)!;
}
