import type { Channel, Tier } from '../../../contract/codes.ts';
import type { IndicatorKind, IndicatorMeasure, RulePack } from '../../../contract/rulePack.ts';

/** A rule pack made ready to assess with (compilePack.ts): numbers in whole thousandths, conditions as functions. */
export interface CompiledPack {
  readonly source: RulePack;
  readonly region: string;
  readonly version: string;
  readonly indicators: readonly CompiledIndicator[];
  /** By the number of the indicator's code; codes that the pack does not use have none. */
  readonly byNumber: readonly (CompiledIndicator | undefined)[];
  /** In the order of the vocabulary. */
  readonly channels: readonly { code: Channel; cap: number; slot: number }[];
  /** Gravest first. */
  readonly rules: readonly CompiledRule[];
  /** Thousandths. */
  readonly watch: number;
  readonly quietDays: number;
  /** How many variables conditions may read, and where the plain ones stand. */
  readonly variables: number;
  readonly slots: Readonly<Record<'score' | 'channels' | 'workers' | 'amountYuan' | 'months' | 'headcount', number>>;
}

export interface CompiledIndicator {
  readonly code: string;
  readonly number: number;
  /** Place in `channels` of the pack. */
  readonly channel: number;
  readonly kind: IndicatorKind;
  readonly measure: IndicatorMeasure;
  /** `validDays` of a state, `windowDays` of an event. */
  readonly days: number;
  readonly thresholds: readonly number[];
  readonly points: readonly number[];
  readonly owed: boolean;
  readonly months: boolean;
  /** Where its measure stands among the variables. */
  readonly slot: number;
}

export interface CompiledRule {
  readonly id: string;
  readonly tier: Tier;
  /** @param variables in whole thousandths, by slot */
  readonly matches: (variables: readonly number[]) => boolean;
}

/** What a pack must fit. Without it, only the pack itself is checked, and its codes are numbered in its own order. */
export interface PackContext {
  /** The region that it must be for. */
  region?: string;
  /** Tiers that the region uses. */
  tiers?: readonly Tier[];
  /** Every code that a stored version knows: its kind, which never changes, and its number. */
  indicators?: ReadonlyMap<string, { kind: IndicatorKind; number: number }>;
}
