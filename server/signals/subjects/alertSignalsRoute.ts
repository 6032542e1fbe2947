import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { MAX_STRING } from '../../../contract/events.ts';
import { ScopeSchema } from '../../../contract/protocol.ts';
import { ProblemSchema } from '../../../contract/rest.ts';
import { CASE_READERS } from '../../../contract/roles.ts';
import type { AlertRule } from '../../../contract/signals.ts';
import { AlertSignalsSchema, type AlertSignals } from '../../../contract/subjects.ts';
import { foldAlert } from '../../alerts/fold.ts';
import { unitOfView, viewOf } from '../../platform/http/principal.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { Mask } from '../../privacy/mask.ts';
import { placeOfAlert } from '../../views/regionTables.ts';
import { ruleInWords } from './alertReasons.ts';
import { behindAlert, type BehindParts } from './behindAlert.ts';
import { isClue, withPhotos, type CluePhotos } from './cluePhotos.ts';
import type { SubjectReadParts } from './subjectScope.ts';

export interface AlertSignalsParts extends SubjectReadParts, BehindParts {
  /** The region meant where no scope is given. */
  defaultRegion: string;
  mask: Mask;
  photos: CluePhotos;
}

/** `GET /api/v1/alerts/{id}/signals` (signals §5). Never for displays: observations name what an alert does not. */
export function alertSignalsRoute(parts: AlertSignalsParts): FastifyPluginAsyncTypebox {
  const packOf = (rule: AlertRule | undefined) =>
    rule ? parts.rulePack(rule.pack, rule.version) : Promise.resolve(undefined);
  return async (app) => {
    app.get(
      '/api/v1/alerts/:id/signals',
      {
        config: { roles: CASE_READERS, scope: 'handler', trail: 'alert.read' },
        schema: {
          operationId: 'getAlertSignals',
          summary: 'What stands behind an alert: the rule in words, and the observations of each reason',
          description:
            'Observations are those that counted when the alert was raised, by their own times, as far as they are kept (400 days).',
          tags: ['alerts'],
          params: Type.Object({ id: Type.String({ minLength: 1, maxLength: MAX_STRING, description: 'alertId' }) }),
          querystring: Type.Object({ scope: Type.Optional(ScopeSchema) }, { additionalProperties: false }),
          response: { 200: AlertSignalsSchema, '4xx': ProblemSchema, 503: ProblemSchema },
        },
      },
      async (request): Promise<AlertSignals> => {
        const { id } = request.params;
        const principal = request.principal!;
        const place = placeOfAlert(parts, principal, id, request.query.scope);
        const events = await place?.region.events(id);
        const state = place && events && foldAlert(id, events, place.region.rules());
        // What lies outside somebody's scope, or is another unit's for who sees a unit's alone, is not there.
        const told =
          state &&
          request.mayRead(state.facts.town) &&
          parts.mask.shows(
            { region: place.region.code, ...(state.unit === undefined ? {} : { unit: state.unit }) },
            viewOf(principal),
          );
        if (!told) throw new HttpProblem(404, 'Unknown alert', `there is no alert ${id}`, 'id');
        const region = place.region.code;
        await request.trail('alert.read', id, { signals: true });
        const { rule } = state.facts;
        const [{ portrait, reasons }, pack] = await Promise.all([
          behindAlert(region, { state, events }, parts),
          packOf(rule),
        ]);
        // A unit's staff see the alert that is theirs, and what stands behind it; not the employer's portrait, nor the way to it.
        const whole = unitOfView(viewOf(principal)) === undefined ? portrait : undefined;
        const photos = await parts.photos(
          region,
          reasons.flatMap(({ observations }) => observations.filter(isClue)),
        );
        return {
          ...(whole ? { key: whole.key } : {}),
          ...(rule ? { rule: ruleInWords(rule, pack) } : {}),
          reasons: reasons.map((reason) => ({ ...reason, observations: reason.observations.map(withPhotos(photos)) })),
          ...(whole?.assessment ? { assessment: whole.assessment } : {}),
        };
      },
    );
  };
}
