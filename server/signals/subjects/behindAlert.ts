import { subjectKey } from '../../../common/subjectKey.ts';
import type { RulePack } from '../../../contract/rulePack.ts';
import type { AlertSignals } from '../../../contract/subjects.ts';
import { foldAlert } from '../../alerts/fold.ts';
import type { AlertState, StoredEvent } from '../../alerts/state.ts';
import type { Region } from '../../region/region.ts';
import { reasonsOf } from './alertReasons.ts';
import { isClue } from './cluePhotos.ts';
import type { Portrait } from './portrait.ts';
import type { SubjectReadParts } from './subjectScope.ts';

export interface BehindParts {
  of: SubjectReadParts['of'];
  /** A version of a region's rules; undefined where it is not known here. */
  rulePack: (region: string, version: string) => Promise<RulePack | undefined>;
}

/**
 * The observations behind each reason of an alert, and the portrait that they are from.
 * @param events of the alert, in the order that the fold has put them in
 */
export async function behindAlert(
  region: string,
  { state, events }: { state: AlertState; events: readonly StoredEvent[] },
  { of, rulePack }: BehindParts,
): Promise<{ portrait: Portrait | undefined; reasons: AlertSignals['reasons'] }> {
  // Reasons are those of the raised that gave the facts.
  const raised = events.find((event) => event.type === 'wage.alert.raised')!.data;
  const key = subjectKey(state.facts);
  const [portrait, pack] = await Promise.all([
    key === undefined ? undefined : of(region)?.portrait(key),
    raised.rule && rulePack(raised.rule.pack, raised.rule.version),
  ]);
  const kept = portrait ? [...portrait.counting, ...portrait.lapsed] : [];
  return { portrait, reasons: reasonsOf(raised.reasons ?? [], { raisedAt: state.raisedAt, pack }, kept) };
}

/** Ids of the clues behind the reasons of an alert; none where there is no such alert. */
export function cluesBehind(parts: BehindParts): (region: Region, alertId: string) => Promise<ReadonlySet<string>> {
  return async (region, alertId) => {
    const events = await region.events(alertId);
    const state = events && foldAlert(alertId, events, region.rules());
    if (!state) return new Set();
    const { reasons } = await behindAlert(region.code, { state, events }, parts);
    return new Set(reasons.flatMap(({ observations }) => observations.filter(isClue).map(({ id }) => id)));
  };
}
