import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { isUpper, regionOfCode } from '../../../common/divisions.ts';
import { MAX_IDEMPOTENCY_KEY } from '../../../contract/casework.ts';
import { ClueAnswerSchema, ClueSchema, type Clue, type ClueAnswer } from '../../../contract/clues.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { NOT_READY, problemOf, withExample } from '../../views/examples.ts';
import { actorOf } from '../casePort.ts';
import { PHOTO_EXAMPLE } from '../examples.ts';
import { once, type Answer, type EventIds, type OnceParts } from '../once.ts';
import { clueFault, reportClue, type CluesParts } from './clues.ts';

const BYTES = 16 * 1024;
const CLUE_EXAMPLE: Clue = {
  enterprise: { name: '某某餐饮店' },
  town: '330110012',
  industry: 'H',
  location: { lng: 120.0461, lat: 30.3744, crs: 'WGS84' },
  text: '店面已关，门口十余名员工称两个月未发工资。',
  workers: 12,
  amountFen: 9_600_000,
  photos: [PHOTO_EXAMPLE.digest],
};
const ANSWER_EXAMPLE: ClueAnswer = {
  region: '330110',
  town: '330110012',
  event: 'act-0J4yTr1kd3mVYz9hVwQzQhX2c1o',
  state: 'assessed',
  alert: { region: '330110', alertId: 'SG-2026-000018', tier: 'red', stage: 'dispatched', fresh: true },
};
const OUTSIDE_EXAMPLE = problemOf({
  title: 'Cannot be done',
  status: 422,
  detail:
    '121.4737, 31.2304 is not in Yuhang District, which lies within 119.6, 30.1, 120.3, 30.6 (west, south, east, north): choose the place on the map',
  parameter: 'location',
});

/** `POST /api/v1/clues` (docs/casework.md §6): what somebody has seen becomes an observation; the rules decide whether that is an alert. */
export function clueRoute(parts: OnceParts & CluesParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/api/v1/clues',
      {
        config: {
          roles: ['handler', 'officer', 'admin'],
          scope: 'handler',
          trail: 'clue.report',
          inOnesName: true,
          clerk: true,
        },
        bodyLimit: BYTES,
        schema: {
          operationId: 'reportClue',
          summary: 'Report a clue about an employer',
          description:
            'It becomes an observation `grid.report`, and the rules decide whether that is an alert. 200: the rules have looked at it, with the open alert of the employer where that is the asker’s to see; 202: it is kept, and they will.',
          tags: ['casework'],
          headers: Type.Object({
            'idempotency-key': Type.Optional(
              Type.String({
                description: `of your choice, at most ${MAX_IDEMPOTENCY_KEY} characters: the same clue with the same key counts once`,
              }),
            ),
          }),
          body: withExample(ClueSchema, CLUE_EXAMPLE),
          response: {
            200: withExample(ClueAnswerSchema, ANSWER_EXAMPLE),
            202: withExample(ClueAnswerSchema, { ...ANSWER_EXAMPLE, state: 'kept', alert: undefined }),
            '4xx': OUTSIDE_EXAMPLE,
            503: NOT_READY,
          },
        },
      },
      async (request, reply) => {
        const clue = request.body;
        const { town } = clue;
        const region = parts.regions.of(regionOfCode(town));
        // What lies outside somebody's scope is refused before it is told whether it is there.
        if (!request.mayRead(town))
          throw new HttpProblem(403, 'Not allowed', `town ${town} is not in your scope`, 'town');
        if (!region || isUpper(region.pack))
          throw new HttpProblem(422, 'Cannot be done', `${town} is no town of a region that is counted here`, 'town', {
            rule: 'town',
          });
        const fault = clueFault(clue, region);
        if (fault) throw fault;
        const actor = actorOf(request.principal!);
        const report = async (eventId: EventIds): Promise<Answer> => {
          const id = eventId(0);
          const { photos } = clue;
          await request.trail('clue.report', town, { event: id, ...(photos?.length ? { photos } : {}) });
          const body = await reportClue(clue, { region, id, actor }, parts);
          if (body.alert) await request.trail('alert.read', body.alert.alertId, { region: region.code });
          return { status: body.state === 'assessed' ? 200 : 202, body };
        };
        const { status, body } = await once(
          request,
          parts,
          () => `act-${randomUUID()}`,
          async (eventId) => ({ answer: await report(eventId), kept: [], written: true }),
          // The same event again counts once, and what became of it is told anew.
          (_kept, eventId) => report(eventId),
        );
        return reply.code(status as 200).send(body as ClueAnswer);
      },
    );
  };
}
