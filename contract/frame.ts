import { Type, type Static } from 'typebox';
import {
  CHANNELS,
  INDUSTRIES,
  PLATFORMS,
  STAGES,
  USCC_FAULTS,
  TIERS,
  WINDOWS,
  type MEASURES,
  type Tier,
} from './codes.ts';
import { codes, EnterpriseSchema, ProjectSchema, RegionCode, Timestamp } from './events.ts';
import { MonitoredSourceSchema, MonitorSchema } from './signals.ts';

/** Figures out (contract §4). Everything keyed is a record and nothing is null, so any change is a merge patch. */

const Count = Type.Integer();
const Rate = Type.Number({ minimum: 0, maximum: 1, description: '0…1, unrounded; absent when nothing was audited' });

const measures = {
  raised: Count,
  workers: Count,
  amountFen: Count,
  effective: Count,
  falseAlarm: Count,
  recoveredFen: Count,
  recoveredWorkers: Count,
  closed: Count,
  closeMs: Count,
} satisfies Record<(typeof MEASURES)[number], typeof Count>;

export const MeasuresSchema = Type.Object(measures);
/** Integers all; money in fen, `closeMs` in ms. */
export type Measures = Static<typeof MeasuresSchema>;

const row = { ...measures, open: Count, successRate: Type.Optional(Rate) };
export const RowSchema = Type.Object(row);
export type Row = Static<typeof RowSchema>;

export const ComparedSchema = Type.Object({
  ...measures,
  successRate: Type.Optional(Rate),
  avgCloseHours: Type.Optional(Type.Number()),
});
export type Compared = Static<typeof ComparedSchema>;

/** By tier of the region: a region need not use all four. */
const tierCounts = Type.Unsafe<Partial<Record<Tier, number>>>(Type.Record(Type.String(), Count));

export const TownRowSchema = Type.Object({
  ...row,
  tiers: tierCounts,
  /**
   * Alerts raised by day (`2026-11-28`, region's zone): of the last 30 days, today included, those with something in them,
   * whatever the window. Left out of a frame `at` a moment in the past, and where small figures are withheld and one is among them.
   */
  days: Type.Optional(Type.Record(Type.String(), Count)),
  /** When the oldest of the open alerts was raised; left out where none is open, in the past, and where small figures are withheld. */
  oldestOpenAt: Type.Optional(Timestamp),
});
export type TownRow = Static<typeof TownRowSchema>;

export const SeriesStepSchema = Type.Object({
  tiers: tierCounts,
  effective: Count,
  falseAlarm: Count,
  recoveredFen: Count,
});
export type SeriesStep = Static<typeof SeriesStepSchema>;

export const TotalsSchema = Type.Object({
  ...row,
  /** Left out of a frame `at` a moment in the past. */
  overdue: Type.Optional(Count),
  /**
   * Alerts whose term runs, has not ended yet, and ends by the next midnight of the region (a term that ends at 24:00 included).
   * Left out of a frame `at` a moment in the past.
   */
  dueToday: Type.Optional(Count),
  /** Open alerts whose last supervision has not been answered. Left out of a frame `at` a moment in the past. */
  supervised: Type.Optional(Count),
  enterprisesPaid: Count,
  avgCloseHours: Type.Optional(Type.Number()),
});
export type Totals = Static<typeof TotalsSchema>;

/** Position in WGS-84 / CGCS2000 degrees (the two agree within decimetres). */
export const LngLatSchema = Type.Object({ lng: Type.Number(), lat: Type.Number() });
export type LngLat = Static<typeof LngLatSchema>;

/** Which alert: ids are a region's own, so two districts of a city may use the same one. `common/alertRef.ts` makes a key of it. */
export const AlertRefSchema = Type.Object({ region: RegionCode, alertId: Type.String() });
export type AlertRef = Static<typeof AlertRefSchema>;

export const AlertBriefSchema = Type.Object({
  ...AlertRefSchema.properties,
  tier: codes(TIERS),
  town: Type.String(),
  industry: codes(INDUSTRIES),
  channel: codes(CHANNELS),
  stage: codes(STAGES),
  enterprise: EnterpriseSchema,
  project: Type.Optional(ProjectSchema),
  workers: Count,
  amountFen: Count,
  raisedAt: Timestamp,
  /** When the running term ends; left out where none runs. */
  dueAt: Type.Optional(Timestamp),
  overdue: Type.Boolean(),
  /** Of the last `dispatched` (contract §2): where it was sent to, and who must act. Left out before the first. */
  platform: Type.Optional(codes(PLATFORMS)),
  unit: Type.Optional(Type.String()),
  /** Id of who works on it: of the last `accepted` or `assigned` since it was dispatched (contract §2). */
  person: Type.Optional(Type.String()),
  /** It is open, and the last supervision has not been answered. */
  supervised: Type.Optional(Type.Literal(true)),
  verdict: Type.Optional(codes(['effective', 'false-alarm'] as const)),
  recoveredFen: Count,
  /** Left out where it lies outside the region. */
  location: Type.Optional(LngLatSchema),
  /** There is a position, and it lies outside the region (contract §1): on no map, in no heat. */
  positionOutside: Type.Optional(Type.Literal(true)),
  /** What is wrong with the uscc: its form, or its check character by GB 32100. Left out where nothing is. */
  usccFault: Type.Optional(codes(USCC_FAULTS)),
  changedAt: Timestamp,
});
export type AlertBrief = Static<typeof AlertBriefSchema>;

export const WindowSchema = codes(WINDOWS);

/** Of the alerts of one channel: when the last was raised, and the time of the last event of any kind. By the events' own times. */
export const LastEventSchema = Type.Object({ raisedAt: Timestamp, changedAt: Timestamp });
export type LastEvent = Static<typeof LastEventSchema>;

const monitored = MonitorSchema.properties;
/** What is watched, and by which sources (signals §5). Only where rules are in force; a town has the first three. */
export const FrameMonitorSchema = Type.Object({
  enterprises: monitored.enterprises,
  projects: monitored.projects,
  watch: monitored.watch,
  unplaced: Type.Optional(monitored.unplaced),
  observations: Type.Optional(monitored.observations),
  /** By channel. */
  sources: Type.Optional(Type.Record(Type.String(), MonitoredSourceSchema)),
});

export const FrameSchema = Type.Object({
  scope: Type.String(),
  window: WindowSchema,
  at: Timestamp,
  seq: Type.Integer(),
  totals: TotalsSchema,
  compare: Type.Object({ previous: Type.Optional(ComparedSchema), lastYear: Type.Optional(ComparedSchema) }),
  byTier: Type.Record(Type.String(), RowSchema),
  byTown: Type.Record(Type.String(), TownRowSchema),
  byIndustry: Type.Record(Type.String(), RowSchema),
  byChannel: Type.Record(Type.String(), RowSchema),
  byStage: Type.Optional(Type.Record(Type.String(), Count)),
  /** Of those overdue, how many in each open stage. Left out of a frame `at` a moment in the past. */
  overdueByStage: Type.Optional(Type.Record(Type.String(), Count)),
  series: Type.Record(Type.String(), SeriesStepSchema),
  heat: Type.Record(Type.String(), Count),
  /** By `alertId`; in the frame of a city or province by `region/alertId` (`alertKey`). */
  latest: Type.Record(Type.String(), AlertBriefSchema),
  /**
   * What is late first: the 30 open alerts whose term runs with the earliest `dueAt` (then alertId, then region), keyed like
   * `latest`; overdue ones are among them. Left out of a frame `at` a moment in the past.
   */
  agenda: Type.Optional(Type.Record(Type.String(), AlertBriefSchema)),
  /** Where small figures are withheld, in place of `agenda`: of its alerts, how many each unit has, where that passes. */
  agendaByUnit: Type.Optional(Type.Record(Type.String(), Count)),
  /**
   * By channel that has ever had an alert. Only in frames of regions, cities and provinces as they stand now, and not where
   * small figures are withheld.
   */
  lastByChannel: Type.Optional(Type.Record(Type.String(), LastEventSchema)),
  monitor: Type.Optional(FrameMonitorSchema),
  /**
   * Only in a frame for a display, and only where the site withholds small figures: every figure over fewer alerts than this
   * is given as 0 (server/privacy/withhold.ts), as are large figures that would tell a small one, and `latest` and `agenda` are empty. A page says so wherever it shows figures.
   */
  withheld: Type.Optional(Count),
});
/**
 * The situation of one scope in one window. A frame `at` a moment in the past leaves out
 * what only the present has: `byStage`, `overdueByStage`, `totals.overdue`, `dueToday` and `supervised`, the `days` and `oldestOpenAt` of towns, `agenda`,
 * `lastByChannel` and `monitor` (contract §4).
 */
export type Frame = Static<typeof FrameSchema>;
