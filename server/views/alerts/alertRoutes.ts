import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Delivery } from '../../../contract/connectors.ts';
import { MAX_STRING } from '../../../contract/events.ts';
import { ScopeSchema } from '../../../contract/protocol.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import {
  AlertCountQuerySchema,
  AlertCountSchema,
  AlertDetailSchema,
  AlertListQuerySchema,
  AlertListSchema,
  NeighboursSchema,
  type AlertDetail,
  type AlertList,
} from '../../../contract/rest.ts';
import { STANDARD_MASK, type Dispatched } from '../../privacy/mask.ts';
import { CASE_READERS, VIEWERS } from '../../../contract/roles.ts';
import { viewOf, type View } from '../../platform/http/principal.ts';
import { toBrief } from '../../alerts/row.ts';
import { haversine } from '../../lists/geo.ts';
import {
  BAD_FILTER,
  DETAIL_EXAMPLE,
  LIST_EXAMPLE,
  NEIGHBOURS_EXAMPLE,
  NO_ALERT,
  NOT_READY,
  withExample,
} from '../examples.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { answering, placeOfAlert, regionViewOf, type AlertReadParts } from '../regionTables.ts';
import { alertDetail, UnknownCursor } from './alertDetail.ts';
import { withCase, type CasePort } from './casePort.ts';
import { lastIdOf } from '../../lists/query.ts';
import { alertQuery } from './alertFilter.ts';

/** Filters by what is masked. */
const HIDDEN_FILTERS = ['q', 'uscc', 'h3', 'unit', 'supervised'] as const;
/** Events of an alert in one answer. */
const EVENTS = 200;
const NEAR_M = 1000;
const MAX_NEAR_M = 10_000;

/** `GET /api/v1/alerts`, `/api/v1/alerts/{id}` and `/api/v1/alerts/{id}/neighbours` (contract §4). */
export function alertRoutes(parts: AlertReadParts & { cases?: CasePort }): FastifyPluginAsyncTypebox {
  const { defaultRegion, now, mask = STANDARD_MASK, deliveries: deliveriesOf, cases } = parts;
  const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: MAX_STRING, description: 'alertId' }) });
  const scope = Type.Optional(ScopeSchema);
  const noAlert = (id: string) => new HttpProblem(404, 'Unknown alert', `there is no alert ${id}`, 'id');

  /** Whether an alert is there for somebody: what lies outside their scope, or is another unit's for who sees a unit's alone, is not. */
  const mayRead = (request: FastifyRequest, alert: Dispatched & { town: string }) =>
    request.mayRead(alert.town) && mask.shows(alert, viewOf(request.principal!));

  /** A page of an alert's events; a cursor of no event is told to those alone who may know of the alert. */
  const orUnknown = <T>(request: FastifyRequest, id: string, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UnknownCursor)) throw error;
      if (!mayRead(request, error.alert)) throw noAlert(id);
      throw new HttpProblem(400, 'Unknown cursor', error.message, 'cursor');
    }
  };

  /** How much somebody is shown. @throws HttpProblem 403 for displays, where small figures are withheld: one alert is the smallest */
  const showing = (request: FastifyRequest): View => {
    const view = viewOf(request.principal!);
    if (view === 'masked' && mask.least > 0)
      throw new HttpProblem(
        403,
        'Not allowed',
        'displays are shown no single alerts here, as small figures are withheld',
      );
    return view;
  };

  const placeOf = (request: FastifyRequest, id: string, asked: string | undefined) =>
    placeOfAlert(parts, request.principal!, id, asked);

  return async (app) => {
    app.get(
      '/api/v1/alerts',
      {
        config: { roles: VIEWERS, scope: 'query', trail: 'alerts.list' },
        schema: {
          operationId: 'listAlerts',
          summary: 'Alerts that match all filters, page by page, and how many there are',
          description:
            'Pages follow each other by `cursor`. While alerts arrive and change, none is shown twice, and none is missed that keeps its sort value.',
          tags: ['alerts'],
          querystring: AlertListQuerySchema,
          response: { 200: withExample(AlertListSchema, LIST_EXAMPLE), '4xx': BAD_FILTER, 503: NOT_READY },
        },
      },
      async (request): Promise<AlertList> => {
        const { sort, cursor, skip, limit, ...filter } = request.query;
        const view = showing(request);
        // Whether a name or a place has an alert is as good as telling it.
        const hidden = view === 'masked' ? HIDDEN_FILTERS.find((name) => filter[name] !== undefined) : undefined;
        if (hidden) throw new HttpProblem(403, 'Not allowed', `${hidden} asks for what a display is not shown`, hidden);
        const moment = now();
        const query = alertQuery(filter, { defaultScope: defaultRegion, view, now: moment });
        const { lists } = regionViewOf(parts, query.scope);
        if (sort !== undefined) query.sort = sort;
        if (limit !== undefined) query.limit = limit;
        if (skip !== undefined) query.skip = skip;
        if (cursor !== undefined) query.cursor = request.openCursor(cursor);
        // Each page: whoever asks for a later one first has read that one.
        if (view !== 'masked')
          await request.trail('alerts.list', query.scope, {
            ...filter,
            ...(sort === undefined ? {} : { sort }),
            ...(skip === undefined ? {} : { skip }),
            ...(query.cursor === undefined ? {} : { after: lastIdOf(query.cursor) }),
          });
        return answering(() => {
          const page = lists.query(query, moment);
          const answer: AlertList = {
            total: page.total,
            items: page.rows.map((row) => mask.brief(toBrief(row, moment), view)),
          };
          // The figure behind such a list counts enterprises.
          if (query.measure === 'recovered') answer.enterprises = lists.countEnterprises(query, moment);
          if (page.cursor !== undefined) answer.cursor = request.signCursor(page.cursor);
          if (filter.window !== undefined && query.from !== undefined) answer.from = toRfc3339(query.from);
          return answer;
        });
      },
    );

    app.get(
      '/api/v1/alert-counts',
      {
        // A number names nobody: what asks for an employer or a place is left out.
        config: { roles: CASE_READERS, scope: 'query', trail: 'none' },
        schema: {
          operationId: 'countAlerts',
          summary: 'How many alerts match all filters',
          tags: ['alerts'],
          querystring: AlertCountQuerySchema,
          response: { 200: withExample(AlertCountSchema, { total: 76 }), '4xx': BAD_FILTER, 503: NOT_READY },
        },
      },
      async (request) => {
        const moment = now();
        const view = viewOf(request.principal!);
        const query = alertQuery(request.query, { defaultScope: defaultRegion, view, now: moment });
        const { lists } = regionViewOf(parts, query.scope);
        return answering(() => ({ total: lists.query({ ...query, limit: 1 }, moment).total }));
      },
    );

    app.get(
      '/api/v1/alerts/:id',
      {
        config: { roles: VIEWERS, scope: 'handler', trail: 'alert.read' },
        schema: {
          operationId: 'getAlert',
          summary: 'One alert: facts, term, reasons, and the latest recoveries and events in order',
          description:
            'With `cursor`, the events before those that it came with; every event is on one of these pages.',
          tags: ['alerts'],
          params,
          querystring: Type.Object(
            {
              scope,
              limit: Type.Optional(Type.Integer({ minimum: 1, maximum: EVENTS, default: EVENTS })),
              cursor: Type.Optional(Type.String({ maxLength: 200 })),
            },
            { additionalProperties: false },
          ),
          response: { 200: withExample(AlertDetailSchema, DETAIL_EXAMPLE), '4xx': NO_ALERT, 503: NOT_READY },
        },
      },
      async (request) => {
        const { id } = request.params;
        // Before anything is looked up: an alert that is refused, and another that is not there, would count a town's by their ids.
        const view = showing(request);
        const region = placeOf(request, id, request.query.scope)?.region;
        if (!region) throw noAlert(id);
        const events = await region.events(id);
        const { limit = EVENTS, cursor: given } = request.query;
        const cursor = given === undefined ? undefined : request.openCursor(given);
        const detail =
          events &&
          orUnknown(request, id, () => alertDetail(region.code, region.rules(), id, events, now(), { limit, cursor }));
        if (!detail || !mayRead(request, detail)) throw noAlert(id);
        if (view !== 'masked') await request.trail('alert.read', id, cursor === undefined ? {} : { before: cursor });
        const shown =
          view === 'masked' || !cases
            ? mask.detail(detail, view)
            : withCase(mask.detail(detail, view), cases, { region, events, principal: request.principal! });
        const deliveries = view === 'masked' ? [] : ((await deliveriesOf?.(region.code, id)) ?? []);
        return {
          ...shown,
          ...told(deliveries),
          ...(shown.cursor === undefined ? {} : { cursor: request.signCursor(shown.cursor) }),
        };
      },
    );

    app.get(
      '/api/v1/alerts/:id/neighbours',
      {
        config: { roles: CASE_READERS, scope: 'handler', trail: 'neighbours.read' },
        schema: {
          operationId: 'listNeighbours',
          summary: 'The nearest other alerts around an alert, nearest first',
          tags: ['alerts'],
          params,
          querystring: Type.Object(
            {
              scope,
              metres: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_NEAR_M, default: NEAR_M })),
              limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
            },
            { additionalProperties: false },
          ),
          response: { 200: withExample(NeighboursSchema, NEIGHBOURS_EXAMPLE), '4xx': NO_ALERT, 503: NOT_READY },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { scope: asked, metres = NEAR_M, limit = 50 } = request.query;
        const place = placeOf(request, id, asked);
        if (!place) throw noAlert(id);
        const { table, region } = place;
        const centre = table.get(id);
        if (!centre || !mayRead(request, centre)) throw noAlert(id);
        await request.trail('neighbours.read', id);
        const at = centre.location;
        // Near a position outside the region there is nobody.
        if (!at || centre.positionOutside) return { items: [] };
        const all = request.mayRead(region.code) && viewOf(request.principal!) === 'full';
        const most = all ? limit + 1 : Infinity;
        const others = table
          .near(at, metres, most)
          .filter((row) => row.alertId !== id && mayRead(request, row))
          .slice(0, limit);
        const moment = now();
        return {
          items: others.map((row) => ({
            ...toBrief(row, moment),
            metres: Math.round(haversine(at.lng, at.lat, row.location!.lng, row.location!.lat)),
          })),
        };
      },
    );
  };
}

/** What is said of how events came to their platforms. That one was told of losing the alert is no news of the alert itself. */
function told(deliveries: readonly Delivery[]): Pick<AlertDetail, 'delivery' | 'deliveries'> {
  const latest = deliveries.find(({ away }) => !away);
  return { ...(latest ? { delivery: latest } : {}), ...(deliveries.length ? { deliveries: [...deliveries] } : {}) };
}
