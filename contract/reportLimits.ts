/** What pages need to know of reports, without schemas. */

/** 日报 周报 月报 季报 年报 专报. */
export const REPORT_KINDS = ['daily', 'weekly', 'monthly', 'quarterly', 'yearly', 'special'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** What a report is about: the situation of a scope, the work of one unit (承办单位), or what was supervised (督办通报). */
export const REPORT_ABOUTS = ['situation', 'unit', 'supervision'] as const;
export type ReportAbout = (typeof REPORT_ABOUTS)[number];

/** Files of a report. */
export const REPORT_FORMATS = ['html', 'docx', 'xlsx'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A span has at most so many days: three years and a leap day. */
export const MAX_REPORT_DAYS = 1_096;

/** The alerts behind the figures of a report, by what it is about. */
export const LISTS_OF = {
  situation: ['raised', 'audited', 'recovered', 'closed', 'open'],
  unit: [
    'received',
    'accepted',
    'acceptedLate',
    'handled',
    'handledLate',
    'extended',
    'audited',
    'returned',
    'recovered',
    'open',
    'overdue',
  ],
  supervision: ['supervised', 'answered', 'answeredLate', 'overdue', 'open', 'ended'],
} as const satisfies Record<ReportAbout, readonly string[]>;
export type ReportListName = (typeof LISTS_OF)[ReportAbout][number];
export const REPORT_LISTS: readonly ReportListName[] = [...new Set(Object.values(LISTS_OF).flat())];
/** Of each list so many alerts are kept, the first; how many there were is kept in any case. */
export const MAX_REPORT_LIST = 2_000;
export const MAX_REPORT_LIST_PAGE = 200;
/** Alerts that a 督办通报 names one by one. */
export const MAX_NAMED_LETTERS = 200;

/** Who makes, lists and reads reports. */
export const REPORT_SCHEDULE_LIMIT = 50;

/** Who can be told of a report that a schedule has made; the unit of one that is about a unit. */
export const REPORT_RECIPIENTS = ['officers', 'leaders', 'unit'] as const;
export type ReportRecipient = (typeof REPORT_RECIPIENTS)[number];

/** When a schedule is due: on every working day, on a weekday, or on the n-th working day of a month. */
export const SCHEDULE_RHYTHMS = ['workday', 'weekly', 'monthly'] as const;
export type ScheduleRhythm = (typeof SCHEDULE_RHYTHMS)[number];
