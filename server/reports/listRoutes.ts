import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { LISTS_OF, MAX_REPORT_LIST_PAGE, type ReportListName } from '../../contract/reportLimits.ts';
import type { ReportSituation } from '../../contract/reportSituation.ts';
import { ReportListNameSchema, ReportListsSchema, type FrozenAlert, type ReportItem } from '../../contract/reports.ts';
import { CASE_READERS } from '../../contract/roles.ts';
import { viewOf, type View } from '../platform/http/principal.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import { withExample } from '../views/examples.ts';
import { LISTS_EXAMPLE } from './examples.ts';
import { decodeLists, digestOf, type FrozenLists } from './frozenLists.ts';
import { NO_REPORT, REPORT_PARAMS, reportFor, type ReportRouteParts } from './reportRoutes.ts';

/** `GET /api/v1/reports/{id}/lists`: the alerts behind the figures of a report, as they were frozen; the QR code of its sheets leads there. */
export function listRoutes({ store, regions, mask }: ReportRouteParts): FastifyPluginAsyncTypebox {
  /** @throws HttpProblem 404 for a report of before lists were kept, 410 for what is not what was kept */
  async function listsOf(item: ReportItem): Promise<{ lists: FrozenLists; digest: string }> {
    const gone = (why: string) => new HttpProblem(410, 'Lists are gone', `what was frozen of ${item.id}: ${why}`, 'id');
    const frozen = await store.frozen(item.id);
    if (!frozen) throw gone('its file is not there any more');
    const found = digestOf(frozen.situation);
    if (found !== item.digest) throw gone(`the digest of its data is ${found}, not ${item.digest}`);
    const { lists: digest } = JSON.parse(frozen.situation.toString()) as Pick<ReportSituation, 'lists'>;
    if (digest === undefined)
      throw new HttpProblem(
        404,
        'No lists',
        `the report ${item.id} was made before lists were kept with reports`,
        'id',
      );
    if (!frozen.lists) throw gone('the file of its lists is not there any more');
    try {
      return { lists: await decodeLists(frozen.lists, digest), digest };
    } catch (error) {
      throw gone((error as Error).message);
    }
  }

  /** A handler reads the alerts that are with their unit now; the others of a list are a number to them. */
  function mayRead({ alert }: FrozenAlert, item: ReportItem, view: View): boolean {
    if (view === 'full') return true;
    const row = alert && regions.of(item.scope)?.view()?.table?.get(alert.alertId);
    return row !== undefined && mask.shows(row, view);
  }

  return async (app) => {
    app.get(
      '/api/v1/reports/:id/lists',
      {
        config: { roles: CASE_READERS, scope: 'handler', trail: 'report.read' },
        schema: {
          operationId: 'getReportLists',
          summary: 'The alerts behind the figures of a report, as they were frozen',
          description:
            'By the id of the report, or by its digest, as the QR code on its sheets has it. Which lists there are depends on what the report is about.',
          tags: ['reports'],
          params: REPORT_PARAMS,
          querystring: Type.Object(
            {
              list: Type.Optional(ReportListNameSchema),
              skip: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
              limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_REPORT_LIST_PAGE, default: 50 })),
            },
            { additionalProperties: false },
          ),
          response: { 200: withExample(ReportListsSchema, LISTS_EXAMPLE), '4xx': NO_REPORT },
        },
      },
      async (request) => {
        const item = await reportFor(store, request, request.params.id);
        const names: readonly ReportListName[] = LISTS_OF[item.about ?? 'situation'];
        const { list = names[0]!, skip = 0, limit = 50 } = request.query;
        if (!names.includes(list))
          throw new HttpProblem(
            400,
            'Unknown list',
            `a report of this kind has the lists ${names.join(', ')}, not ${list}`,
            'list',
          );
        const { lists, digest } = await listsOf(item);
        await request.trail('report.read', item.id, { list, skip });
        const all = lists.lists[list]?.items ?? [];
        const view = viewOf(request.principal!);
        const seen = all.filter((one) => mayRead(one, item, view));
        return {
          report: item,
          at: lists.at,
          digest,
          totals: Object.fromEntries(names.map((name) => [name, lists.lists[name]?.total ?? 0])),
          list,
          kept: all.length,
          hidden: all.length - seen.length,
          items: seen.slice(skip, skip + limit),
        };
      },
    );
  };
}
