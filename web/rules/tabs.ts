/** The parts of the page. */
export const RULE_TABS = ['tiers', 'indicators', 'versions'] as const;
export type RuleTab = (typeof RULE_TABS)[number];
