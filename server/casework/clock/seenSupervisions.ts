import { contains, isRegionCode } from '../../../common/divisions.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { Supervision, Supervisions, SupervisionState } from '../../../contract/supervision.ts';
import { foldAlert } from '../../alerts/fold.ts';
import { inBlocks } from '../../platform/inBlocks.ts';
import type { Region } from '../../region/region.ts';
import type { SupervisionStore } from './supervisionStore.ts';

/**
 * A supervision as whoever asks for a scope may see it: undefined where its alert lies elsewhere by now. A draft says how its alert stands.
 */
export async function asItStands(
  region: Region,
  supervision: Supervision,
  scope: string,
): Promise<Supervision | undefined> {
  const { state: decided, facts, alertId } = supervision;
  if (isRegionCode(scope) && decided !== 'draft') return supervision;
  const events = await region.events(alertId);
  const state = events && foldAlert(alertId, events, region.rules());
  if (!contains(scope, (state?.facts ?? facts).town)) return undefined;
  if (decided !== 'draft') return supervision;
  const { stage, stageAt } = facts;
  return {
    ...supervision,
    ...(state ? { expect: { stage: state.stage, events: events.length } } : {}),
    ...(state?.stage === stage && toRfc3339(state.stageAt) === stageAt ? {} : { movedOn: true }),
  };
}

/**
 * A page of the supervisions in a state that belong to a scope, the latest first. Of a town, the alerts alone are read that lay there when
 * the draft was made, or do by the lists of this process; the documents decide, as the lists may be behind.
 */
export async function seenSupervisions(
  region: Region,
  store: Pick<SupervisionStore, 'list'>,
  scope: string,
  { state, skip, limit }: { state: SupervisionState; skip: number; limit: number },
): Promise<Supervisions> {
  const whole = isRegionCode(scope);
  const { total, items } = await store.list(state, whole ? skip : 0, whole ? limit : undefined);
  const lists = region.view()?.lists;
  const mayLieThere = ({ alertId, facts }: Supervision) =>
    contains(scope, facts.town) || contains(scope, lists?.find({ region: region.code, alertId })?.town ?? '');
  const seen: Supervision[] = [];
  for await (const [, one] of inBlocks(items.filter(mayLieThere), (each) => asItStands(region, each, scope)))
    if (one) seen.push(one);
  return whole ? { total, items: seen } : { total: seen.length, items: seen.slice(skip, skip + limit) };
}
