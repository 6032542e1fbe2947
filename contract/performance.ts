import { Type, type Static } from 'typebox';
import { closed, codes, RegionCode, Timestamp } from './fields.ts';
import { AlertBriefSchema } from './frame.ts';
import { PERFORMANCE_FIGURES } from './oversightNames.ts';

export { OTHER_UNITS, PERFORMANCE_FIGURES, type PerformanceFigure } from './oversightNames.ts';

/** How the units of a region have done, month by month (docs/casework.md §8). */

/** So many months in one answer. */
export const MAX_MONTHS = 24;
export const MONTH_PATTERN = '^20\\d{2}-(0[1-9]|1[0-2])$';
const Count = Type.Integer({ minimum: 0 });

/** Of how many times something took, the mean and the median, ms. */
export const DurationsSchema = Type.Object({ count: Count, meanMs: Type.Number(), medianMs: Type.Number() });
export type Durations = Static<typeof DurationsSchema>;

export const UnitFiguresSchema = Type.Object({
  received: Count,
  accepted: Count,
  acceptedLate: Count,
  handled: Count,
  handledLate: Count,
  /** Audits of what the unit had handled, and how many of them sent it back. */
  audited: Count,
  returned: Count,
  /** How long until it was accepted, and then until it was handled, in the unit's own time; left out where there is none. */
  toAccept: Type.Optional(DurationsSchema),
  toHandle: Type.Optional(DurationsSchema),
  recoveredFen: Count,
  recoveredWorkers: Count,
});
export type UnitFigures = Static<typeof UnitFiguresSchema>;

export const UnitPerformanceSchema = Type.Object({
  /** Code of the unit; left out for all that the region's pack does not name. */
  unit: Type.Optional(Type.String()),
  open: Count,
  overdue: Count,
  total: UnitFiguresSchema,
  /** By month, in the order of `months`. */
  months: Type.Array(UnitFiguresSchema),
});
export type UnitPerformance = Static<typeof UnitPerformanceSchema>;

export const PerformanceSchema = Type.Object(
  {
    region: RegionCode,
    /** When it was so. */
    at: Timestamp,
    /** `2026-11`, the first first. */
    months: Type.Array(Type.String({ pattern: MONTH_PATTERN })),
    units: Type.Array(UnitPerformanceSchema),
  },
  { title: 'Performance' },
);
export type Performance = Static<typeof PerformanceSchema>;

export const PerformanceFigureSchema = codes(PERFORMANCE_FIGURES);
export const MAX_CASES_PAGE = 200;
export const PerformanceCasesSchema = Type.Object(
  {
    /** How many are counted. */
    total: Count,
    /** So many of them whoever asks may not read now: they are with another unit. */
    hidden: Count,
    /** The latest first; an alert is there as often as it is counted. */
    items: Type.Array(
      Type.Object(
        {
          /** When it was done; of what is open, left out. */
          at: Type.Optional(Timestamp),
          /** How long it took, ms. */
          ms: Type.Optional(Type.Number()),
          amountFen: Type.Optional(Count),
          alert: AlertBriefSchema,
        },
        closed,
      ),
    ),
  },
  { title: 'PerformanceCases' },
);
export type PerformanceCases = Static<typeof PerformanceCasesSchema>;
