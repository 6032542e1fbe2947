import type { Channel, Industry, Stage, Tier } from './codes.ts';
import type { Measures, SeriesStep, Totals } from './frame.ts';
import type { ReportKind } from './reportLimits.ts';
import type { LocalName } from './region.ts';

/**
 * A frozen situation (docs/reports.md): all that a report is made from. It is kept as JSON and never changed, so that the same one gives
 * the same report. Moments are RFC 3339 with the region's offset; a span is half-open, `from` ≤ t < `to`, on full hours.
 */
export interface ReportSituation {
  version: 1;
  kind: ReportKind;
  /** A region (6 digits; also a city or province) or a town (9). */
  scope: string;
  scopeName: LocalName;
  /** What the areas of the scope are: towns, or the regions of a city or province. Of a town there is one, itself. */
  areas: { code: string; name: LocalName }[];
  /** Tiers that the region uses, gravest first. */
  tiers: Tier[];
  from: string;
  to: string;
  /** Whether the period is over; else the span is the part that has elapsed. */
  whole: boolean;
  frozenAt: string;
  /** The first day of which anything is known. */
  beginning: string;
  figures: SpanFigures;
  /** Raised by tier and what came of it, by start of the step (`hour`, `day` or `month`). */
  series: Record<string, SeriesStep>;
  step: 'hour' | 'day' | 'month';
  /** The span before (环比), by the same elapsed part. A yearly report has none: it is the same as `lastYear`. */
  previous?: ComparedSpan;
  /** The same span a year before (同比), by the same elapsed part. */
  lastYear: ComparedSpan;
  /** Stages and what is late; not known of every moment of the past. */
  state: SituationState;
  /** Of those raised in the span the gravest: by tier, then by amount. No names. */
  gravest: GravestCase[];
}

/** Measures of a span in today's facts; `open` is what stood open at its end. */
export type SpanRow = Measures & { open: number; successRate?: number };
export interface SpanFigures {
  totals: Measures & Pick<Totals, 'open' | 'enterprisesPaid' | 'successRate' | 'avgCloseHours'>;
  byTier: Partial<Record<Tier, SpanRow>>;
  byTown: Record<string, SpanRow>;
  byIndustry: Partial<Record<Industry, SpanRow>>;
  byChannel: Partial<Record<Channel, SpanRow>>;
}

/** Why something is not there: nothing was known then; its hours are no longer kept, and it does not begin and end at midnight. */
export type SpanMissing = 'beginning' | 'hours';
export type ComparedSpan = { from: string; to: string } & ({ figures: SpanFigures } | { missing: SpanMissing });

/** `kept`: as the screens showed it at the end of the span; `now`: when the situation was frozen, as the end of the span was less than a day ago. */
export type SituationState =
  | {
      source: 'kept' | 'now';
      at: string;
      open: number;
      overdue: number;
      supervised: number;
      byStage: Partial<Record<Stage, number>>;
      overdueByStage: Partial<Record<Stage, number>>;
    }
  | { missing: 'not-kept' };

export interface GravestCase {
  region: string;
  alertId: string;
  tier: Tier;
  area: string;
  industry: Industry;
  channel: Channel;
  workers: number;
  amountFen: number;
  recoveredFen: number;
  raisedAt: string;
  /** When the situation was frozen. */
  stage: Stage;
}
