import type { Tier } from '../../../contract/codes.ts';
import type { Frame } from '../../../contract/frame.ts';
import type { RegionAnswer } from '../../../contract/rest.ts';
import { tiersOf } from '../parts/tiersOf.ts';

export interface TierLine {
  tier: Tier;
  /** Open now. */
  open: number;
  /** Raised in the window. */
  raised: number;
  /** Share of all open alerts, 0…1; 0 when none is open. */
  share: number;
  /** Absent when nothing was audited in the window. */
  successRate?: number;
}

/** A line for every tier of the region, gravest first, silent ones too. */
export function toTiers(frame: Frame, pack?: RegionAnswer): TierLine[] {
  const tiers = tiersOf(frame, pack);
  const open = tiers.reduce((sum, tier) => sum + (frame.byTier[tier]?.open ?? 0), 0);
  return tiers.map((tier) => {
    const row = frame.byTier[tier];
    const line: TierLine = {
      tier,
      open: row?.open ?? 0,
      raised: row?.raised ?? 0,
      share: open > 0 ? (row?.open ?? 0) / open : 0,
    };
    if (row?.successRate !== undefined) line.successRate = row.successRate;
    return line;
  });
}
