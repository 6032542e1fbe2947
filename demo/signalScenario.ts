import { Type, type Static } from 'typebox';
import { CHANNELS, INDUSTRIES } from '../contract/codes.ts';
import { codes } from '../contract/fields.ts';
import { readAsset, some } from './scenario.ts';

/** What the watched half of the demonstration is made of: figures and shares, in assets/demo/signals.json. */

const Positive = Type.Number({ exclusiveMinimum: 0 });
const Share = Type.Number({ minimum: 0, maximum: 1 });
const Count = Type.Integer({ minimum: 1 });

/** A hardship short of any tier: what a source tells of it, from a light case to a grave one. */
const StrainSchema = Type.Object({
  indicator: Type.String(),
  channel: codes(CHANNELS),
  /** `value` of the lightest and of the gravest case, in the indicator's unit. */
  from: Positive,
  to: Positive,
  /** What the gravest case adds to a score by the shipped rules. */
  points: Positive,
  weight: Positive,
});
export type Strain = Static<typeof StrainSchema>;

const SignalScenarioSchema = Type.Object({
  /** As published: what the district watches, and the banks that keep wage accounts. */
  employers: Count,
  sites: Count,
  banks: Count,
  /** Shares of industries among all employers. */
  industries: some(INDUSTRIES, Positive),
  /** Median number of workers. */
  headcount: some(INDUSTRIES, Positive),
  capitalYuan: Type.Array(Type.Tuple([Count, Positive])),
  /** Shares of those who have had hardships in the year. */
  strained: Type.Object({ enterprise: Share, project: Share }),
  /**
   * The hidden state, 0 to 1: each month keeps a share of how far the last one was from the subject's own mean, and gets a
   * shock. From `tellsFrom` on sources notice.
   */
  drift: Type.Object({ mean: Share, spread: Positive, keeps: Share, shock: Positive, tellsFrom: Share }),
  /** Hardships of one subject add up to no more points than this, so that by themselves they raise nothing. */
  most: Positive,
  strains: Type.Object({ enterprise: Type.Array(StrainSchema), project: Type.Array(StrainSchema) }),
  /** Mean seconds between two observations of the feed that raise nothing, at pace 1. */
  everySeconds: Positive,
});
export type SignalScenario = Static<typeof SignalScenarioSchema>;

let scenario: SignalScenario | undefined;

/** @throws Error naming the field at fault */
export function signalScenario(): SignalScenario {
  return (scenario ??= readAsset('signals.json', SignalScenarioSchema));
}
