import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { BaseLogger } from 'pino';
import { Type } from 'typebox';
import { FileDigest } from '../../../contract/attachments.ts';
import { AttachmentSchema, RegionCode } from '../../../contract/events.ts';
import { MAX_STRING } from '../../../contract/fields.ts';
import { CASE_READERS } from '../../../contract/roles.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { Turns } from '../../platform/http/turns.ts';
import type { Region } from '../../region/region.ts';
import { NO_ALERT, NOT_READY, problemOf, withExample } from '../../views/examples.ts';
import { placeOfAlert, type AlertReadParts } from '../../views/regionTables.ts';
import { askerOf } from '../askerOf.ts';
import type { Desk } from '../desk/desk.ts';
import { noAlert } from '../desk/outcome.ts';
import { FILE_EXAMPLE } from '../examples.ts';
import { hexOf, type AttachmentStore } from './attachmentStore.ts';
import { sendFile } from './sendFile.ts';
import { createUploads, takeBodiesAsTheyCome } from './upload.ts';

export interface AttachmentRoutesParts extends AlertReadParts {
  desk: Desk;
  store: (region: string) => AttachmentStore;
  /** Looks at a file when its turn comes. */
  looking: Turns;
  log: Pick<BaseLogger, 'error'>;
}

/** A name of 200 characters in Chinese, percent-encoded, and what is cut off it. */
export const MAX_GIVEN_NAME = 1_000;

/** `POST /api/v1/alerts/{id}/attachments` and `GET /api/v1/alerts/{id}/attachments/{digest}` (docs/casework.md §2). */
export function attachmentRoutes(parts: AttachmentRoutesParts): FastifyPluginAsyncTypebox {
  const { desk, log } = parts;
  const take = createUploads(parts);
  const params = { id: Type.String({ minLength: 1, maxLength: MAX_STRING, description: 'alertId' }) };
  const region = Type.Optional(RegionCode);

  function regionOf(request: FastifyRequest, id: string, asked: string | undefined): Region {
    const found = placeOfAlert(parts, request.principal!, id, asked)?.region;
    if (!found) throw noAlert(id);
    return found;
  }

  return async (app) => {
    app.post(
      '/api/v1/alerts/:id/attachments',
      {
        config: { roles: [...CASE_READERS], scope: 'handler', trail: 'attachment.add', inOnesName: true },
        schema: {
          operationId: 'uploadAttachment',
          summary: 'Upload a file that an action on this alert will name',
          description:
            'The body is the file itself, of at most 20 MiB: JPEG, PNG, WebP, PDF, DOCX or XLSX, told from its content whatever `Content-Type` says. Pictures are kept without metadata. 422 names the `rule` that a file breaks. What no action has named after a day is removed.',
          tags: ['casework'],
          params: Type.Object(params),
          querystring: Type.Object(
            {
              region,
              name: Type.String({
                minLength: 1,
                maxLength: MAX_GIVEN_NAME,
                description: 'of the file; its extension is made to fit what it is',
              }),
            },
            { additionalProperties: false },
          ),
          response: { 200: withExample(AttachmentSchema, FILE_EXAMPLE), '4xx': NOT_TAKEN, 503: NOT_READY },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { name } = request.query;
        const asker = askerOf(request);
        const place = regionOf(request, id, request.query.region);
        const about = { region: place, alertId: id, action: 'attach' } as const;
        // Before anything is read: whoever may not attach it fills no disk.
        await desk.mustBeAllowed(about, asker);
        return take(request, {
          what: 'file',
          store: parts.store(place.code),
          holder: id,
          name,
          async mayKeep({ digest, type, bytes }) {
            await desk.mustBeAllowed(about, asker);
            await request.trail('attachment.add', id, { region: place.code, digest, type, bytes });
          },
        });
      },
    );

    app.get(
      '/api/v1/alerts/:id/attachments/:digest',
      {
        config: { roles: [...CASE_READERS], scope: 'handler', trail: 'attachment.read' },
        schema: {
          operationId: 'getAttachment',
          summary: 'Download a file of an alert, or look at the thumbnail of a picture',
          tags: ['casework'],
          params: Type.Object({ ...params, digest: FileDigest }),
          querystring: Type.Object(
            {
              region,
              thumb: Type.Optional(
                Type.Literal('1', { description: 'a small WebP of the picture, at most 320 pixels wide and high' }),
              ),
            },
            { additionalProperties: false },
          ),
          produces: ['*/*'],
          response: { 200: Type.Any({ description: 'the file' }), '4xx': NO_ALERT, 503: NOT_READY },
        },
      },
      async (request, reply) => {
        const { id, digest } = request.params;
        const thumb = request.query.thumb !== undefined;
        const place = regionOf(request, id, request.query.region);
        await desk.see(place, id, askerOf(request));
        const store = parts.store(place.code);
        const record = await store.record(id, hexOf(digest));
        const wanted = thumb ? record?.thumbnail : record && hexOf(digest);
        if (!record || wanted === undefined) throw noFile(id, digest, thumb);
        await request.trail('attachment.read', id, { region: place.code, digest, ...(thumb ? { thumb } : {}) });
        if (await sendFile(reply, store.files, wanted, { ...record, thumb })) return reply;
        log.error({ region: place.code, alertId: id, digest }, 'attachments: a file is not in FILES_DIR any more');
        throw noFile(id, digest, thumb);
      },
    );

    takeBodiesAsTheyCome(app);
  };
}

export const NOT_TAKEN = problemOf({
  title: 'File is not taken',
  status: 422,
  detail: 'by its content it is none of JPEG, PNG, WebP, PDF, DOCX, XLSX',
  rule: 'file-type',
});

function noFile(id: string, digest: string, thumb: boolean): HttpProblem {
  return new HttpProblem(
    404,
    'Unknown file',
    thumb ? `the alert ${id} has no picture ${digest}` : `the alert ${id} has no file ${digest}`,
    'digest',
  );
}
