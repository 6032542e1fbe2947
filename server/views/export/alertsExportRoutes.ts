import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { parseAlertKey } from '../../../common/alertRef.ts';
import { contains } from '../../../common/divisions.ts';
import { codes, MAX_STRING } from '../../../contract/events.ts';
import type { AlertRef } from '../../../contract/frame.ts';
import { AlertFilterSchema, ALERT_SORTS } from '../../../contract/rest.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { AlertRow, RegionRow } from '../../alerts/row.ts';
import type { AlertLists } from '../../lists/alertLists.ts';
import { MAX_LIMIT, type AlertQuery } from '../../lists/query.ts';
import { CASE_READERS } from '../../../contract/roles.ts';
import { alertQuery } from '../alerts/alertFilter.ts';
import { BAD_FILTER, NOT_READY } from '../examples.ts';
import { bareType } from '../../platform/http/describeProblems.ts';
import { viewOf } from '../../platform/http/principal.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { STANDARD_MASK } from '../../privacy/mask.ts';
import { answering, regionViewOf, viewOfScope, type AlertReadParts } from '../regionTables.ts';
import { columnsOf, type Column } from './exportColumns.ts';
import { csvOf } from './csv.ts';
import { NAME_LANGS } from '../../../common/codeNames.ts';
import { MAX_XLSX_ROWS, xlsxOf } from './xlsx.ts';

type Writer = (columns: readonly Column[], batches: AsyncIterable<readonly AlertRow[]>) => AsyncGenerator<Buffer>;
const FILES: { kind: 'csv' | 'xlsx'; type: string; most: number; write: Writer }[] = [
  { kind: 'csv', type: 'text/csv; charset=utf-8', most: Infinity, write: csvOf },
  {
    kind: 'xlsx',
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    most: MAX_XLSX_ROWS,
    write: xlsxOf,
  },
];

/** A screenful is some dozen rows. */
const MAX_IDS = 200;

/** `GET /api/v1/alerts.csv` and `.xlsx`: all that match the filters of the list, or the rows named by `id`, as a file. */
export function alertsExportRoutes(parts: AlertReadParts): FastifyPluginAsyncTypebox {
  const { defaultRegion, now, mask = STANDARD_MASK } = parts;
  return async (app) => {
    for (const { kind, type, most, write } of FILES) {
      app.get(
        `/api/v1/alerts.${kind}`,
        {
          config: { roles: CASE_READERS, scope: 'query', trail: 'alerts.export' },
          schema: {
            operationId: `exportAlerts${kind === 'csv' ? 'Csv' : 'Xlsx'}`,
            summary: `All alerts that match, or those named, as a ${kind.toUpperCase()} file, streamed`,
            tags: ['alerts'],
            querystring: Type.Object(
              {
                ...AlertFilterSchema.properties,
                sort: Type.Optional(codes(ALERT_SORTS)),
                lang: Type.Optional(codes(NAME_LANGS)),
                id: Type.Optional(
                  Type.Array(Type.String({ minLength: 1, maxLength: MAX_STRING }), {
                    maxItems: MAX_IDS,
                    description:
                      'alertId (in a city or province `region/alertId`, as in its frame), again and again: these rows in this order, whatever else they are; in place of all filters but scope',
                  }),
                ),
              },
              { additionalProperties: false },
            ),
            produces: [bareType(type)],
            response: { 200: { type: 'string', format: 'binary' }, '4xx': BAD_FILTER, 503: NOT_READY },
          },
        },
        async (request, reply) => {
          const { sort, lang = 'zh-CN', id, ...filter } = request.query;
          const moment = now();
          const view = viewOf(request.principal!);
          const query = alertQuery(filter, { defaultScope: defaultRegion, view, now: moment });
          if (sort !== undefined) query.sort = sort;
          const { lists, pack } = regionViewOf(parts, query.scope);
          if (id) {
            const other =
              Object.keys(filter).find((key) => key !== 'scope') ?? (sort === undefined ? undefined : 'sort');
            if (other !== undefined)
              throw new HttpProblem(
                400,
                'Parameters exclude each other',
                `id and ${other}: give one or the other`,
                other,
              );
          }
          // What is not of the scope, or not to be told, is not there.
          const shows = (row: RegionRow) => contains(query.scope, row.town) && mask.shows(row, view);
          const named = id?.flatMap((one) => refOf(parts, lists, query.scope, one) ?? []);
          const rows = () => named!.flatMap((ref) => lists.find(ref) ?? []).filter(shows);
          // Asked once before the first byte: what is wrong with the filters is still a problem answer.
          const { total } = answering(() => lists.query({ ...query, limit: 1 }, moment));
          if (!id && total > most) {
            throw new HttpProblem(
              422,
              'Too many alerts',
              `${total} alerts match, and such a file holds ${most}: narrow the filters, or take the CSV`,
            );
          }
          await request.trail('alerts.export', query.scope, {
            kind,
            ...(id ? namedDetail(id, rows()) : { rows: total, ...filter }),
          });
          const stamp = toRfc3339(moment).slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
          const body = Readable.from(
            write(columnsOf(pack, lang, moment), named ? batchOf(rows) : batchesOf(lists, query, moment)),
            { objectMode: false },
          );
          return reply
            .type(type)
            .header('content-disposition', `attachment; filename="wagewatch-alerts-${stamp}.${kind}"`)
            .serializer((payload: unknown) => payload as string)
            .send(body as never);
        },
      );
    }
  };
}

/**
 * Which alert an `id` means in a scope; undefined if there is none.
 * @throws HttpProblem 409 if several regions of a city have an alert of this id, and it does not say which
 */
function refOf(parts: AlertReadParts, lists: AlertLists, scope: string, id: string): AlertRef | undefined {
  const ref = parseAlertKey(id);
  if (ref && lists.find(ref)) return ref;
  const holders = viewOfScope(parts.regions, scope).holders(id);
  if (holders.length > 1)
    throw new HttpProblem(
      409,
      'Several alerts',
      `${holders.join(', ')} each have an alert ${id}: name it as ${holders[0]}/${id}`,
      'id',
    );
  return holders[0] === undefined ? undefined : { region: holders[0], alertId: id };
}

/** Characters of ids that are named in an entry of the trail. */
const MAX_NAMED = 4_000;

/**
 * What the trail keeps of an export of named alerts: which of them there were, as far as there is room, so that one cannot
 * be hidden among many that are none; how many were asked for; and a digest (SHA-256 over the sorted ids, one a line) with
 * which a list of ids can be compared.
 */
export function namedDetail(asked: readonly string[], rows: readonly { alertId: string }[]): Record<string, unknown> {
  const ids: string[] = [];
  let room = MAX_NAMED;
  for (const { alertId } of rows) if ((room -= alertId.length) >= 0) ids.push(alertId);
  const digest = createHash('sha256')
    .update([...asked].sort().join('\n'))
    .digest('base64url');
  return { rows: rows.length, asked: asked.length, digest, ids };
}

/** What is on somebody's screen, as it stands now. */
async function* batchOf(rows: () => AlertRow[]): AsyncGenerator<AlertRow[]> {
  yield rows();
}

/** Page after page, other requests being answered in between; what happens meanwhile counts where it is still to come. */
async function* batchesOf(lists: AlertLists, query: AlertQuery, now: number): AsyncGenerator<AlertRow[]> {
  for (let cursor: string | undefined; ;) {
    const page = lists.query({ ...query, limit: MAX_LIMIT, ...(cursor === undefined ? {} : { cursor }) }, now);
    yield page.rows;
    cursor = page.cursor;
    if (cursor === undefined) return;
    await breathe();
  }
}
