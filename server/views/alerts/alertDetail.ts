import type { RegionPack } from '../../../contract/region.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { AlertDetail, RecordedEvent } from '../../../contract/rest.ts';
import { foldAlert, termsOf } from '../../alerts/fold.ts';
import { hasTerm, toBrief, toRow } from '../../alerts/row.ts';
import type { StoredEvent } from '../../alerts/state.ts';

/** All that is known of an alert, from its events in any order; undefined while it is pending (contract §2). */
export function alertDetail(
  pack: RegionPack,
  alertId: string,
  events: StoredEvent[],
  now: number,
): AlertDetail | undefined {
  const state = foldAlert(alertId, events, termsOf(pack.tiers));
  if (!state) return undefined;
  // The fold has put the events in order; reasons and score are those of the raised that gave the facts.
  const first = events.find((event) => event.type === 'wage.alert.raised')!;
  const detail: AlertDetail = {
    ...toBrief({ ...toRow(state), region: pack.code }, now),
    reasons: first.data.reasons ?? [],
    recoveries: state.recoveries.map(({ at, amountFen, workers }) => ({ at: toRfc3339(at), amountFen, workers })),
    conflicts: state.conflicts,
    events: events.map((event): RecordedEvent => ({
      id: event.id,
      source: event.source,
      type: event.type,
      time: toRfc3339(event.time),
      data: event.data,
    })),
  };
  if (state.facts.arrearsDays !== undefined) detail.arrearsDays = state.facts.arrearsDays;
  if (first.data.score !== undefined) detail.score = first.data.score;
  if (state.platform) detail.platform = state.platform;
  if (state.unit) detail.unit = state.unit;
  if (state.closedAt !== undefined) detail.closedAt = toRfc3339(state.closedAt);
  if (hasTerm(state.stage)) detail.remainingMs = state.dueAt - now;
  return detail;
}
