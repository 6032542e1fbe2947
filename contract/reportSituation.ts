import type { Channel, Industry, Stage, SupervisionLevel, Tier } from './codes.ts';
import type { Measures, SeriesStep, Totals } from './frame.ts';
import type { LetterState } from './oversightNames.ts';
import type { UnitFigures } from './performance.ts';
import type { ReportKind } from './reportLimits.ts';
import type { LocalName } from './region.ts';

/**
 * What a report is made from (docs/reports.md): frozen data, kept as JSON and never changed, so that the same data give the same report.
 * Moments are RFC 3339 with the region's offset; a span is half-open, `from` ≤ t < `to`, on full hours.
 */
export type FrozenReport = ReportSituation | UnitSituation | SupervisionSituation;

export interface FrozenHead {
  version: 1;
  kind: ReportKind;
  /** A region (6 digits; also a city or province) or a town (9). */
  scope: string;
  scopeName: LocalName;
  /** What the areas of the scope are: towns, or the regions of a city or province. Of a town there is one, itself. */
  areas: { code: string; name: LocalName }[];
  from: string;
  to: string;
  /** Whether the period is over; else the span is the part that has elapsed. */
  whole: boolean;
  frozenAt: string;
  /** The first day of which anything is known. */
  beginning: string;
  /** SHA-256 of the file of the lists that were frozen with it; reports of versions that kept none have none. */
  lists?: string;
}

/** Why something is not there: nothing was known then; its hours are no longer kept, and it does not begin and end at midnight. */
export type SpanMissing = 'beginning' | 'hours';
export type ComparedWith<F> = { from: string; to: string } & ({ figures: F } | { missing: SpanMissing });

/** Figures of a span with what they are compared with. */
export interface FiguresOf<F> {
  figures: F;
  /** The span before (环比), by the same elapsed part. A yearly report has none: it is the same as `lastYear`. */
  previous?: ComparedWith<F>;
  /** The same span a year before (同比), by the same elapsed part. */
  lastYear: ComparedWith<F>;
}
/** Of any frozen data: its spans. */
export type FrozenSpans = FrozenHead & Pick<FiguresOf<unknown>, 'previous' | 'lastYear'>;

/** The situation of a scope. */
export interface ReportSituation extends FrozenHead, FiguresOf<SpanFigures> {
  about?: 'situation';
  /** Tiers that the region uses, gravest first. */
  tiers: Tier[];
  /** Raised by tier and what came of it, by start of the step (`hour`, `day` or `month`). */
  series: Record<string, SeriesStep>;
  step: ReportStep;
  /** Stages and what is late; not known of every moment of the past. */
  state: SituationState;
  /** Of those raised in the span the gravest: by tier, then by amount. No names. */
  gravest: GravestCase[];
}
export type ReportStep = 'hour' | 'day' | 'month';

/** Measures of a span in today's facts; `open` is what stood open at its end. */
export type SpanRow = Measures & { open: number; successRate?: number };
export interface SpanFigures {
  totals: Measures & Pick<Totals, 'open' | 'enterprisesPaid' | 'successRate' | 'avgCloseHours'>;
  byTier: Partial<Record<Tier, SpanRow>>;
  byTown: Record<string, SpanRow>;
  byIndustry: Partial<Record<Industry, SpanRow>>;
  byChannel: Partial<Record<Channel, SpanRow>>;
}

export type ComparedSpan = ComparedWith<SpanFigures>;

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

/** What one unit (承办单位) has done, as docs/casework.md §8 counts it, of the alerts that lie in the scope. */
export interface UnitSituation extends FrozenHead, FiguresOf<UnitSpanFigures> {
  about: 'unit';
  unit: { code: string; name: LocalName };
  byTown: Record<string, UnitTownRow>;
  /** By start of the step. */
  series: Record<string, { received: number; handled: number }>;
  step: ReportStep;
  /** With the unit when the data were frozen, and how many of them past their term. */
  held: { open: number; overdue: number };
  /** Of those the gravest: what is late first, then by tier, then by amount. No names. */
  gravest: HeldCase[];
}
/** `extended`: how often its terms were extended while it had the alert. */
export type UnitSpanFigures = UnitFigures & { extended: number };
export type UnitTownRow = Pick<UnitFigures, 'received' | 'handled' | 'handledLate' | 'returned' | 'recoveredFen'>;
export type HeldCase = GravestCase & { overdue: boolean; dueAt?: string };

/** What was supervised in the span (docs/casework.md §7), and what has come of it by the moment of freezing. */
export interface SupervisionSituation extends FrozenHead, FiguresOf<{ issued: number }> {
  about: 'supervision';
  state: SupervisionState;
  byLevel: Partial<Record<SupervisionLevel, number>>;
  /** By unit, most first; `name` is left out of what went to nobody but the officers. */
  byUnit: (LetterCounts & { name?: LocalName })[];
  /** Late ones first; the first `MAX_NAMED_LETTERS`. */
  letters: SupervisedLetter[];
}
/** `answered` with or without delay, of those `answeredLate`; not answered: `overdue`, `open`, or nothing is left to answer (`ended`). */
export interface LetterCounts {
  issued: number;
  answered: number;
  answeredLate: number;
  overdue: number;
  open: number;
  ended: number;
}
export interface SupervisionState extends LetterCounts {
  /** Different alerts, and of those how many are closed. */
  alerts: number;
  closed: number;
  /** Of those alerts, as they stood when they were last supervised. */
  workers: number;
  amountFen: number;
}
export interface SupervisedLetter {
  alertId: string;
  /** 督〔2026〕7号. */
  number?: string;
  level: SupervisionLevel;
  /** To whom; left out where officers had to act. */
  unit?: LocalName;
  /** As the letter names it (docs/casework.md §7). */
  enterprise: string;
  area: string;
  tier: Tier;
  workers: number;
  amountFen: number;
  /** When it was issued: the stage, and whether its term was past. */
  stage: Stage;
  late: boolean;
  at: string;
  answerBy?: string;
  state: LetterState;
  answeredAt?: string;
  answeredLate: boolean;
  /** When the data were frozen. */
  stageNow: Stage;
  recoveredFen: number;
}
