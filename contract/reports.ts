import { Type, type Static } from 'typebox';
import { NAME_LANGS } from '../common/codeNames.ts';
import { TIME_PATTERN } from '../common/report/schedule.ts';
import { Timestamp } from './events.ts';
import { closed, codes } from './fields.ts';
import { ScopeSchema as Scope } from './protocol.ts';
import { AlertBriefSchema } from './frame.ts';
import { LocalNameSchema, UNIT_PATTERN } from './region.ts';
import { REPORT_ABOUTS, REPORT_KINDS, REPORT_LISTS, REPORT_RECIPIENTS, SCHEDULE_RHYTHMS } from './reportLimits.ts';

/** Reports and their schedules (contract §11, docs/reports.md). */

export const ReportKindSchema = codes(REPORT_KINDS);
export const ReportAboutSchema = codes(REPORT_ABOUTS);
export const ReportListNameSchema = codes(REPORT_LISTS);
const UnitCode = Type.String({ pattern: UNIT_PATTERN, maxLength: 100 });
const Lang = codes(NAME_LANGS);

export const ReportRequestSchema = Type.Object(
  {
    kind: ReportKindSchema,
    scope: Scope,
    /** Default `situation`. */
    about: Type.Optional(ReportAboutSchema),
    /** Of `unit`: its code in the region's pack. */
    unit: Type.Optional(UnitCode),
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
  /** Left out of one about the situation of its scope. */
  about: Type.Optional(ReportAboutSchema),
  /** Of `unit`: whom it is about, by the name that the pack had for it. */
  unit: Type.Optional(Type.Object({ code: Type.String(), name: LocalNameSchema })),
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
  /** The site's own document that the Word file was made with. */
  template: Type.Optional(Type.Object({ name: Type.String(), digest: Type.String() })),
  /** Bytes of each file. */
  files: Type.Object({ html: Type.Integer(), docx: Type.Integer(), xlsx: Type.Integer() }),
  schedule: Type.Optional(Type.Object({ id: Type.String(), dueAt: Timestamp, late: Type.Boolean() })),
});
export type ReportItem = Static<typeof ReportItemSchema>;

export const ReportListSchema = Type.Object({ total: Type.Integer(), items: Type.Array(ReportItemSchema) });
export type ReportList = Static<typeof ReportListSchema>;

/** An alert of a frozen list. `at`: when it happened that it is in the list for. */
export const FrozenAlertSchema = Type.Object({
  at: Type.Optional(Timestamp),
  /** As it stood when the report was frozen; left out of one that was not known then any more. */
  alert: Type.Optional(AlertBriefSchema),
  alertId: Type.Optional(Type.String()),
});
export type FrozenAlert = Static<typeof FrozenAlertSchema>;
export const ReportListsSchema = Type.Object(
  {
    report: ReportItemSchema,
    /** When they were frozen. */
    at: Timestamp,
    /** SHA-256 of the frozen lists, which stands in the data that `report.digest` is of. */
    digest: Type.String(),
    /** How many alerts each list has. */
    totals: Type.Record(Type.String(), Type.Integer()),
    list: ReportListNameSchema,
    /** So many of it were kept, the first. */
    kept: Type.Integer(),
    /** So many of those whoever asks may not read now: they are with another unit. */
    hidden: Type.Integer(),
    items: Type.Array(FrozenAlertSchema),
  },
  { title: 'ReportLists' },
);
export type ReportLists = Static<typeof ReportListsSchema>;

const schedule = {
  kind: codes(REPORT_KINDS.filter((kind) => kind !== 'special')),
  scope: Scope,
  about: Type.Optional(ReportAboutSchema),
  unit: Type.Optional(UnitCode),
  lang: Lang,
  rhythm: codes(SCHEDULE_RHYTHMS),
  /** Of `weekly`: 1 (Monday) to 7. */
  weekday: Type.Optional(Type.Integer({ minimum: 1, maximum: 7 })),
  /** Of `monthly`: which working day of the month. */
  nth: Type.Optional(Type.Integer({ minimum: 1, maximum: 15 })),
  /** `08:30`, region's time. */
  time: Type.String({ pattern: TIME_PATTERN }),
  /** Who is sent a message with the link when a report of it is made. */
  tell: Type.Optional(Type.Array(codes(REPORT_RECIPIENTS), { uniqueItems: true, minItems: 1 })),
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
  /** Of `unit`: how the region's pack calls it; left out where it has it no more, and then nothing is made. */
  unitName: Type.Optional(LocalNameSchema),
});
export type ScheduleItem = Static<typeof ScheduleItemSchema>;
export const ScheduleListSchema = Type.Object({ items: Type.Array(ScheduleItemSchema) });
export type ScheduleList = Static<typeof ScheduleListSchema>;
