/** Open alerts of a scope: in all, by tier, area, industry, channel, and by tier within an area. */
export interface OpenView {
  readonly total: number;
  tier(code: string): number;
  town(code: string): number;
  industry(code: string): number;
  channel(code: string): number;
  townTier(town: string, tier: string): number;
}
