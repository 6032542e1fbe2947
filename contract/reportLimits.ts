/** What pages need to know of reports, without schemas. */

/** 日报 周报 月报 季报 年报 专报. */
export const REPORT_KINDS = ['daily', 'weekly', 'monthly', 'quarterly', 'yearly', 'special'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** Files of a report. */
export const REPORT_FORMATS = ['html', 'docx', 'xlsx'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A span has at most so many days: three years and a leap day. */
export const MAX_REPORT_DAYS = 1_096;

/** Who makes, lists and reads reports. */
export const REPORT_SCHEDULE_LIMIT = 50;

/** When a schedule is due: on every working day, on a weekday, or on the n-th working day of a month. */
export const SCHEDULE_RHYTHMS = ['workday', 'weekly', 'monthly'] as const;
export type ScheduleRhythm = (typeof SCHEDULE_RHYTHMS)[number];
