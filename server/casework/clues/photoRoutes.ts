import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { BaseLogger } from 'pino';
import { Type } from 'typebox';
import { isUpper } from '../../../common/divisions.ts';
import { isPictureType } from '../../../contract/attachmentLimits.ts';
import { CluePhotoSchema, FileDigest } from '../../../contract/attachments.ts';
import { RegionCode } from '../../../contract/events.ts';
import { MAX_STRING } from '../../../contract/fields.ts';
import { CASE_READERS } from '../../../contract/roles.ts';
import { coversRegion } from '../../platform/http/principal.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { Turns } from '../../platform/http/turns.ts';
import type { Region } from '../../region/region.ts';
import { NOT_READY, problemOf, withExample } from '../../views/examples.ts';
import type { AlertReadParts } from '../../views/regionTables.ts';
import { MAX_GIVEN_NAME, NOT_TAKEN } from '../attachments/attachmentRoutes.ts';
import { hexOf, type FileRecord } from '../attachments/attachmentStore.ts';
import { fileRefused } from '../../platform/files/fileRefused.ts';
import { sendFile } from '../attachments/sendFile.ts';
import { createUploads, takeBodiesAsTheyCome } from '../attachments/upload.ts';
import { actorOf } from '../casePort.ts';
import { PHOTO_EXAMPLE } from '../examples.ts';
import { caseStateOf } from '../rules/caseState.ts';
import { isTheirs, type Actor } from '../rules/mayAct.ts';
import { uploaderOf, type PhotoRecord, type PhotoStore } from './photoStore.ts';

export interface PhotoRoutesParts extends AlertReadParts {
  photos: (region: string) => PhotoStore;
  /** Ids of the clues that an alert speaks of in its reasons. */
  cluesBehind: (region: Region, alertId: string) => Promise<ReadonlySet<string>>;
  /** Looks at a picture when its turn comes. */
  looking: Turns;
  log: Pick<BaseLogger, 'error'>;
}

/** In place of a clue: what the asker has uploaded, and no clue has named yet. */
const MINE = 'mine';
const Id = Type.String({ minLength: 1, maxLength: MAX_STRING });

/** Whether a clue's town alone lets somebody see its pictures: not a handler, who sees what they have reported themselves. */
export const readsByTown = (
  { by }: Pick<PhotoRecord, 'by'>,
  { id, role }: Pick<Actor, 'id' | 'role'>,
  mayRead: boolean,
): boolean => mayRead && (role !== 'handler' || by === id);

/** `POST /api/v1/clues/photos` and `GET /api/v1/clues/{id}/photos/{digest}` (docs/casework.md §6). */
export function photoRoutes(parts: PhotoRoutesParts): FastifyPluginAsyncTypebox {
  const { log } = parts;
  const take = createUploads(parts);

  /** @throws HttpProblem 404 for one that counts no clues here */
  function regionOf(code: string): Region {
    const region = parts.regions.of(code);
    if (!region || isUpper(region.pack))
      throw new HttpProblem(404, 'Unknown region', `${code} is no region whose clues are kept here`, 'region');
    return region;
  }

  /** Whether somebody may see a picture of a clue: by its town, as who reported it, or by an alert that speaks of it. */
  async function maySee(
    request: FastifyRequest,
    record: PhotoRecord,
    { region, clue, alert }: { region: Region; clue: string; alert: string | undefined },
  ): Promise<boolean> {
    const actor = actorOf(request.principal!);
    if (readsByTown(record, actor, request.mayRead(record.town))) return true;
    if (alert === undefined) return false;
    const events = await region.events(alert);
    const state = events && caseStateOf(alert, events, region.rules());
    return (
      state !== undefined &&
      isTheirs(state.alert, actor, region.pack) &&
      (await parts.cluesBehind(region, alert)).has(clue)
    );
  }

  async function ownPhoto(request: FastifyRequest, region: string, digest: string): Promise<FileRecord | undefined> {
    const works = request.mayRead(region) || coversRegion(request.principal!, region);
    return works ? parts.photos(region).unnamed(actorOf(request.principal!).id, digest) : undefined;
  }

  async function cluePhoto(
    request: FastifyRequest,
    digest: string,
    of: Parameters<typeof maySee>[2],
  ): Promise<FileRecord | undefined> {
    const record = await parts.photos(of.region.code).photo(of.clue, digest);
    return record && (await maySee(request, record, of)) ? record : undefined;
  }

  return async (app) => {
    app.post(
      '/api/v1/clues/photos',
      {
        config: {
          roles: ['handler', 'officer', 'admin'],
          scope: 'region-query',
          trail: 'clue.addPhoto',
          inOnesName: true,
          clerk: true,
        },
        schema: {
          operationId: 'uploadCluePhoto',
          summary: 'Upload a picture that a clue of yours will name',
          description:
            'The body is the picture itself, of at most 20 MiB: JPEG, PNG or WebP, told from its content whatever `Content-Type` says. It is kept without metadata. 422 names the `rule` that it breaks. Until a clue names it, it is yours alone; after a day without, it is removed.',
          tags: ['casework'],
          querystring: Type.Object(
            {
              region: RegionCode,
              name: Type.String({
                minLength: 1,
                maxLength: MAX_GIVEN_NAME,
                description: 'of the picture; its extension is made to fit what it is',
              }),
            },
            { additionalProperties: false },
          ),
          response: { 200: withExample(CluePhotoSchema, PHOTO_EXAMPLE), '4xx': NOT_TAKEN, 503: NOT_READY },
        },
      },
      async (request) => {
        const { region, name } = request.query;
        return take(request, {
          what: 'picture',
          store: parts.photos(regionOf(region).code).held,
          holder: uploaderOf(actorOf(request.principal!).id),
          name,
          async mayKeep({ digest, type, bytes }) {
            if (!isPictureType(type))
              throw fileRefused('file-type', `it is ${type}: a clue takes JPEG, PNG and WebP alone`);
            await request.trail('clue.addPhoto', region, { digest, type, bytes });
          },
        });
      },
    );

    app.get(
      '/api/v1/clues/:id/photos/:digest',
      {
        config: { roles: [...CASE_READERS], scope: 'handler', trail: 'clue.readPhoto' },
        schema: {
          operationId: 'getCluePhoto',
          summary: 'Download a picture of a clue, or look at its thumbnail',
          description: `For those who read the clue's town, whoever reported it, and by \`alert\` those who work on an alert that speaks of it. With the id \`${MINE}\`: what you have uploaded and no clue has named yet.`,
          tags: ['casework'],
          params: Type.Object({ id: Id, digest: FileDigest }),
          querystring: Type.Object(
            {
              region: RegionCode,
              alert: Type.Optional(Id),
              thumb: Type.Optional(
                Type.Literal('1', { description: 'a small WebP, at most 320 pixels wide and high' }),
              ),
            },
            { additionalProperties: false },
          ),
          produces: ['*/*'],
          response: { 200: Type.Any({ description: 'the picture' }), '4xx': NO_PHOTO, 503: NOT_READY },
        },
      },
      async (request, reply) => {
        const { id, digest } = request.params;
        const { alert } = request.query;
        const thumb = request.query.thumb !== undefined;
        const region = regionOf(request.query.region);
        const mine = id === MINE;
        // What is not theirs to see is not there; one's own is, as long as one works in the region.
        const record = mine
          ? await ownPhoto(request, region.code, hexOf(digest))
          : await cluePhoto(request, hexOf(digest), { region, clue: id, alert });
        const wanted = thumb ? record?.thumbnail : hexOf(digest);
        if (!record || wanted === undefined) throw noPhoto(id, digest);
        await request.trail('clue.readPhoto', id, {
          region: region.code,
          digest,
          ...(alert === undefined ? {} : { alert }),
          ...(thumb ? { thumb } : {}),
        });
        const { files } = parts.photos(region.code).held;
        if (await sendFile(reply, files, wanted, { ...record, thumb })) return reply;
        log.error({ region: region.code, clue: id, digest }, 'clues: a picture is not in FILES_DIR any more');
        throw noPhoto(id, digest);
      },
    );
    takeBodiesAsTheyCome(app);
  };
}

const NO_PHOTO = problemOf({
  title: 'Unknown picture',
  status: 404,
  detail: `the clue act-0J4yTr1kd3mVYz9hVwQzQhX2c1o has no picture ${PHOTO_EXAMPLE.digest}`,
  parameter: 'digest',
});

function noPhoto(id: string, digest: string): HttpProblem {
  return new HttpProblem(404, 'Unknown picture', `the clue ${id} has no picture ${digest}`, 'digest');
}
