import type { IndicatorKind, RulePack, Rules } from '../../../contract/rulePack.ts';

/** Every code that any version of the region's pack has known. None is ever removed, and neither kind nor number changes. */
export type KnownIndicators = ReadonlyMap<string, KnownIndicator>;
export interface KnownIndicator {
  number: number;
  kind: IndicatorKind;
  /** Of the newest version that has it. */
  channel: string;
}

/** The rule versions of a region, as whoever assesses needs them. */
export interface RuleStore {
  /** The version in force; undefined when none has been activated. */
  active(): Promise<string | undefined>;
  /** The pack of a version; undefined when there is none. */
  pack(version: string): Promise<RulePack | undefined>;
  /** All versions and all changes of their states (GET /api/v1/rules). */
  rules(): Promise<Rules>;
  /** For `compilePack`, and for the numbers of observations. A code that is missing here has come with a version made since: read again. */
  indicators(): Promise<KnownIndicators>;
}

/** What the engine can tell of a version that is not in force (signals §5, activate). */
export interface Trial {
  /**
   * How many alerts the pack would raise now, if it were activated without `settle`.
   * @throws when no engine of this region can be asked now
   */
  wouldRaise(region: string, pack: RulePack): Promise<number>;
}
