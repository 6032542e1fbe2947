import type { AlertDetail } from '../../contract/rest.ts';
import type { AlertSignals, ShownObservation } from '../../contract/subjects.ts';

export interface ReasonBar {
  channel: string;
  text: string;
  /** As the source gave it; absent if it gave none. */
  weight?: number;
  /** Length of its bar, 0…1 of the weightiest. */
  share: number;
  /** What was known when the alert was raised, newest first; none where nobody said by which indicator. */
  observations: readonly ShownObservation[];
}

/**
 * Reasons, the weightiest first; those without a weight follow in the order given. Pure.
 * @param behind what stands behind each of them, in the same order
 */
export function reasonBars(reasons: AlertDetail['reasons'], behind: AlertSignals['reasons'] = []): ReasonBar[] {
  const most = Math.max(0, ...reasons.map(({ weight }) => weight ?? 0));
  return reasons
    .map(({ channel, text, weight }, index) => ({
      channel,
      text,
      ...(weight === undefined ? {} : { weight }),
      share: most > 0 ? Math.max(0, weight ?? 0) / most : 0,
      // Both may be read on either side of a correction.
      observations: behind[index]?.text === text ? behind[index].observations : [],
    }))
    .sort((a, b) => (b.weight ?? -1) - (a.weight ?? -1));
}
