import { setImmediate as turn } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { normalName, normalUscc } from '../../../common/identity.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { RegionCode } from '../../../contract/fields.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { READERS } from '../../../contract/roles.ts';
import {
  SubjectKeySchema,
  SubjectListQuerySchema,
  SubjectListSchema,
  SubjectPortraitSchema,
  type SubjectList,
  type SubjectPortrait,
} from '../../../contract/subjects.ts';
import { toBrief } from '../../alerts/row.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { isClue, withPhotos, type CluePhotos } from './cluePhotos.ts';
import { afterOf, pageOf, positionOf, subjectQuery } from './subjectQuery.ts';
import { maySee, subjectsIn, type SubjectReadParts } from './subjectScope.ts';
import { briefOf, lapsedView, observationView, registrationView } from './subjectView.ts';

const PAGE = 50;

/** `GET /api/v1/subjects` and `/api/v1/subjects/{key}` (signals §5). Never for displays. */
export function subjectsRoutes(parts: SubjectReadParts & { photos: CluePhotos }): FastifyPluginAsyncTypebox {
  const errors = { '4xx': ProblemSchema, 503: ProblemSchema };
  return async (app) => {
    app.get(
      '/api/v1/subjects',
      {
        config: { roles: READERS, scope: 'region-query', trail: 'subjects.list' },
        schema: {
          operationId: 'listSubjects',
          summary: 'Employers and projects that match all filters, page by page, and how many there are',
          description:
            'Greatest first by `score` (default), `changed` or `workers`; of equals by key. Pages follow each other by `cursor`.',
          tags: ['subjects'],
          querystring: SubjectListQuerySchema,
          response: { 200: SubjectListSchema, ...errors },
        },
      },
      async (request): Promise<SubjectList> => {
        const { sort = 'score', cursor, limit = PAGE, ...filter } = request.query;
        const { subjects, query } = subjectQuery(parts, request, filter, sort);
        const after = cursor === undefined ? undefined : afterOf(sort, request.openCursor(cursor));
        const { region, scope, ...rest } = filter;
        // Each page: whoever asks for a later one first has read that one.
        await request.trail('subjects.list', scope ?? query.town ?? region, {
          ...rest,
          sort,
          ...(after === undefined ? {} : { after: after.key }),
        });
        const { total, items, next } = pageOf(subjects, { ...query, after, limit });
        return {
          total,
          items: items.map((item) => briefOf(region, item)),
          ...(next === undefined ? {} : { cursor: request.signCursor(positionOf(sort, next)) }),
        };
      },
    );

    app.get(
      '/api/v1/subjects/:key',
      {
        config: { roles: READERS, scope: 'region-query', trail: 'subject.read' },
        schema: {
          operationId: 'getSubject',
          summary: 'A portrait: registration, assessment, what counts and what has lapsed, alerts, scores by day',
          description:
            'A name (`N:`) that one registered, active employer alone has answers as that employer (`U:`): `key` says which.',
          tags: ['subjects'],
          params: Type.Object({ key: SubjectKeySchema }),
          querystring: Type.Object({ region: RegionCode }, { additionalProperties: false }),
          response: { 200: SubjectPortraitSchema, ...errors },
        },
      },
      async (request): Promise<SubjectPortrait> => {
        const { region } = request.query;
        const { subjects } = subjectsIn(parts, region);
        if (!subjects.ready) throw new HttpProblem(503, 'Not ready', 'what is watched is still being loaded');
        const asked = normalKey(request.params.key);
        const portrait = await subjects.portrait(asked);
        // What lies outside somebody's scope is not there.
        if (!portrait || !maySee(request, region, portrait.registration?.town))
          throw new HttpProblem(404, 'Unknown subject', `region ${region} has no subject ${asked}`, 'key');
        const { key, registration, assessment, counting, lapsed, alerts, settledAt, scores, recompute } = portrait;
        await request.trail('subject.read', key, { region });
        const moment = parts.now();
        const lists = parts.regions.of(region)?.view()?.lists;
        const rows = alerts.flatMap(({ alertId }) => lists?.find({ region, alertId }) ?? []);
        const [shown, gone] = [counting.map(observationView), lapsed.map(lapsedView)];
        const photos = await parts.photos(region, [...shown, ...gone].filter(isClue));
        const pictured = withPhotos(photos, (town) => request.mayRead(town));
        // Of tens of thousands of observations this takes tens of ms, too: screens have their turn in between.
        await turn();
        const recomputed = recompute?.();
        return {
          key,
          region,
          kind: key.startsWith('P:') ? 'project' : 'enterprise',
          name: subjects.item(key)?.name ?? key.slice(2),
          ...(registration ? { registration: registrationView(key, registration) } : {}),
          ...(assessment ? { assessment } : {}),
          counting: shown.map(pictured),
          lapsed: gone.map(pictured),
          alerts: rows.filter(({ town }) => request.mayRead(town)).map((row) => toBrief(row, moment)),
          ...(settledAt === undefined ? {} : { settledAt: toRfc3339(settledAt) }),
          scores,
          ...(recomputed === undefined ? {} : { recomputed }),
        };
      },
    );
  };
}

/** A key in its one way of writing. Project ids have no other. */
function normalKey(key: string): SubjectKey {
  const rest = key.slice(2);
  if (key.startsWith('U:')) return `U:${normalUscc(rest)}`;
  return key.startsWith('N:') ? `N:${normalName(rest)}` : (key as SubjectKey);
}
