import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { floorTo, toRfc3339 } from '../../common/regionTime.ts';
import { MarksQuerySchema, MarksSchema, type Mark, type Marks } from '../../contract/replay.ts';
import { REPLAY_STEPS, SHOWN_WINDOWS } from '../../contract/replayLimits.ts';
import { ProblemSchema } from '../../contract/rest.ts';
import { VIEWERS } from '../../contract/roles.ts';
import type { CubeView } from '../aggregations/cubeView.ts';
import { GRAIN_MS, GRAINS, keptFrom, type Grain } from '../aggregations/grains.ts';
import { querySeries } from '../aggregations/series.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import { viewOf } from '../platform/http/principal.ts';
import type { RegionView } from '../region/region.ts';
import { viewOfScope } from '../views/regionTables.ts';
import { pastMoment, type ReplayParts } from './replayParts.ts';
import { beginningOf, earliestOf } from './replaySpan.ts';
import { everyOf } from './shown/shownHours.ts';

/** The finest marks that still are so few: a bar has some hundred pixels. */
const MOST_MARKS = 750;

/** `GET /api/v1/replay/marks` (contract §4): what a time bar needs to know of a scope. */
export function marksRoute(parts: ReplayParts): FastifyPluginAsyncTypebox {
  const { regions, defaultScope, store, mask, now } = parts;
  return async (app) => {
    app.get(
      '/api/v1/replay/marks',
      {
        config: { roles: VIEWERS, scope: 'query', trail: 'none' },
        schema: {
          operationId: 'getReplayMarks',
          summary: 'Since when the past is known, by which steps, and where red alerts came',
          tags: ['figures'],
          querystring: MarksQuerySchema,
          response: { 200: MarksSchema, '4xx': ProblemSchema, 503: ProblemSchema },
        },
      },
      async (request): Promise<Marks> => {
        const { scope = defaultScope } = request.query;
        const view = viewOfScope(regions, scope);
        const { cube } = view;
        const present = now();
        const beginning = beginningOf(cube, present);
        const to = request.query.to === undefined ? present : pastMoment(request.query.to, 'to', present);
        const from =
          request.query.from === undefined ? Math.min(beginning, to) : pastMoment(request.query.from, 'from', present);
        if (from > to) throw new HttpProblem(400, 'Span is empty', 'from must not be after to', 'from');
        const every = markLength(cube, from, to, present);
        const withheld = mask.least > 0 && viewOf(request.principal!) === 'masked';
        const since = await store.first(scope);
        return {
          scope,
          from: toRfc3339(from),
          to: toRfc3339(to),
          beginning: toRfc3339(beginning),
          steps: Object.fromEntries(REPLAY_STEPS.map((step) => [step, toRfc3339(earliestOf(cube, step, present))])),
          every,
          marks: withheld ? [] : marksOf(view, scope, from, to, every),
          shown: {
            windows: [...SHOWN_WINDOWS],
            every: everyOf(scope),
            ...(since === undefined ? {} : { since: toRfc3339(since) }),
          },
          ...(withheld ? { withheld: mask.least } : {}),
        };
      },
    );
  };
}

/** The finest grain that is kept for all of a span, and of which there are not too many. */
function markLength(cube: CubeView, from: number, to: number, now: number): Grain {
  return (
    GRAINS.find((grain) => {
      const kept = Math.max(cube.keptFrom(grain), keptFrom(grain, now));
      return floorTo(from, GRAIN_MS[grain]) >= kept && (to - from) / GRAIN_MS[grain] <= MOST_MARKS;
    }) ?? 'day'
  );
}

/** All marks of a span, ascending. */
function marksOf({ cube, lists }: RegionView, scope: string, from: number, to: number, every: Grain): Mark[] {
  const marks = [
    ...redMarks(cube, scope, from, to, every),
    ...supervisedMarks(lists.supervisions(scope), from, to, every),
  ];
  return marks.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** Where alerts were put under supervision. @param times epoch ms, in any order */
function supervisedMarks(times: readonly number[], from: number, to: number, every: Grain): Mark[] {
  const length = GRAIN_MS[every];
  const counts = new Map<number, number>();
  for (const time of times) {
    const at = floorTo(time, length);
    if (at >= floorTo(from, length) && at <= to) counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return [...counts].map(([at, count]): Mark => ({ at: toRfc3339(at), kind: 'supervised', count }));
}

/** Where red alerts were raised, in today's facts. */
function redMarks(cube: CubeView, scope: string, from: number, to: number, every: Grain): Mark[] {
  const { steps } = querySeries(cube, {
    measure: 'raised',
    split: 'tier',
    scope,
    from,
    // The last moment counts, as a replay shows it.
    to: floorTo(to, GRAIN_MS[every]) + GRAIN_MS[every],
    step: every,
  });
  return Object.entries(steps).flatMap(([at, { red = 0 }]): Mark[] =>
    red > 0 ? [{ at, kind: 'red', count: red }] : [],
  );
}
