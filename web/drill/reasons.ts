import type { AlertDetail } from '../../contract/rest.ts';

export interface ReasonBar {
  channel: string;
  text: string;
  /** As the source gave it; absent if it gave none. */
  weight?: number;
  /** Length of its bar, 0…1 of the weightiest. */
  share: number;
}

/** Reasons, the weightiest first; those without a weight follow in the order given. Pure. */
export function reasonBars(reasons: AlertDetail['reasons']): ReasonBar[] {
  const most = Math.max(0, ...reasons.map(({ weight }) => weight ?? 0));
  return reasons
    .map(({ channel, text, weight }) => ({
      channel,
      text,
      ...(weight === undefined ? {} : { weight }),
      share: most > 0 ? Math.max(0, weight ?? 0) / most : 0,
    }))
    .sort((a, b) => (b.weight ?? -1) - (a.weight ?? -1));
}
