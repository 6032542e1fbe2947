import { Type, type Static } from 'typebox';
import { NAME_LANGS } from '../common/codeNames.ts';
import { TIME_PATTERN } from '../common/report/schedule.ts';
import { Timestamp } from './events.ts';
import { closed, codes } from './fields.ts';
import { ScopeSchema as Scope } from './protocol.ts';
import { LocalNameSchema } from './region.ts';
import { REPORT_KINDS, SCHEDULE_RHYTHMS } from './reportLimits.ts';

/** Reports and their schedules (contract §11, docs/reports.md). */

export const ReportKindSchema = codes(REPORT_KINDS);
const Lang = codes(NAME_LANGS);

export const ReportRequestSchema = Type.Object(
  {
    kind: ReportKindSchema,
    scope: Scope,
    lang: Type.Optional(Lang),
    /** A moment of the period that is meant; now where it is not given. Not with `special`. */
    at: Type.Optional(Timestamp),
    /** Of `special`: from when to when, full hours. */
    from: Type.Optional(Timestamp),
    to: Type.Optional(Timestamp),
  },
  closed,
);
export type ReportRequest = Static<typeof ReportRequestSchema>;

export const ReportItemSchema = Type.Object({
  id: Type.String(),
  kind: ReportKindSchema,
  scope: Scope,
  scopeName: LocalNameSchema,
  lang: Lang,
  from: Timestamp,
  to: Timestamp,
  /** Whether the period was over. */
  whole: Type.Boolean(),
  madeAt: Timestamp,
  /** Who asked for it; of a schedule, who set it up. */
  by: Type.String(),
  /** SHA-256 of the frozen situation. */
  digest: Type.String(),
  /** Bytes of each file. */
  files: Type.Object({ html: Type.Integer(), docx: Type.Integer(), xlsx: Type.Integer() }),
  schedule: Type.Optional(Type.Object({ id: Type.String(), dueAt: Timestamp, late: Type.Boolean() })),
});
export type ReportItem = Static<typeof ReportItemSchema>;

export const ReportListSchema = Type.Object({ total: Type.Integer(), items: Type.Array(ReportItemSchema) });
export type ReportList = Static<typeof ReportListSchema>;

const schedule = {
  kind: codes(REPORT_KINDS.filter((kind) => kind !== 'special')),
  scope: Scope,
  lang: Lang,
  rhythm: codes(SCHEDULE_RHYTHMS),
  /** Of `weekly`: 1 (Monday) to 7. */
  weekday: Type.Optional(Type.Integer({ minimum: 1, maximum: 7 })),
  /** Of `monthly`: which working day of the month. */
  nth: Type.Optional(Type.Integer({ minimum: 1, maximum: 15 })),
  /** `08:30`, region's time. */
  time: Type.String({ pattern: TIME_PATTERN }),
};
export const ScheduleRequestSchema = Type.Object(schedule, closed);
export type ScheduleRequest = Static<typeof ScheduleRequestSchema>;

export const ScheduleSchema = Type.Object({
  id: Type.String(),
  ...schedule,
  by: Type.String(),
  changedAt: Timestamp,
});
export type Schedule = Static<typeof ScheduleSchema>;

export const ScheduleItemSchema = Type.Object({
  ...ScheduleSchema.properties,
  /** When the next report is due. */
  nextAt: Timestamp,
  /** It rests on a year whose calendar of working days is not there. */
  provisional: Type.Boolean(),
});
export type ScheduleItem = Static<typeof ScheduleItemSchema>;
export const ScheduleListSchema = Type.Object({ items: Type.Array(ScheduleItemSchema) });
export type ScheduleList = Static<typeof ScheduleListSchema>;
