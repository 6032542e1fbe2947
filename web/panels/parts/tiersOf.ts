import { TIERS, type Tier } from '../../../contract/codes.ts';
import type { Frame } from '../../../contract/frame.ts';
import type { RegionAnswer } from '../../../contract/rest.ts';

/** The tiers a region uses, gravest first: by its pack, or, before that has come, by the frame's rows. */
export function tiersOf(frame: Pick<Frame, 'byTier'>, pack?: Pick<RegionAnswer, 'tiers'>): Tier[] {
  const used = new Set<string>(pack ? pack.tiers.map((rule) => rule.tier) : []);
  // A row outside the pack still has alerts in it: it must not vanish from the screen.
  for (const tier in frame.byTier) used.add(tier);
  return TIERS.filter((tier) => used.has(tier));
}
