import { Type, type Static } from 'typebox';
import { CALENDAR_FILE_LIMIT, CALENDAR_WHY_LIMIT } from './calendarLimits.ts';
import { codes, object, Timestamp } from './fields.ts';

/**
 * The calendar of working days (docs/terms.md): for each year the days off and the make-up work days, as the notice of the
 * General Office of the State Council (国务院办公厅关于…年部分节假日安排的通知) has them. What a schema cannot say of a file is
 * checked by common/terms/calendarFaults.ts.
 */

/** Years that a calendar may be for: those that terms may lie in (contract §1). */
export const CALENDAR_YEARS = { first: 2000, last: 2100 } as const;
/** Bounds of a file: far above what a year needs. `bytes`: of a request with its reason. */
export const CALENDAR_LIMITS = {
  bytes: CALENDAR_FILE_LIMIT + 8_192,
  notices: 10,
  spans: 40,
  work: 60,
  why: CALENDAR_WHY_LIMIT,
} as const;

const YearNumber = Type.Integer({ minimum: CALENDAR_YEARS.first, maximum: CALENDAR_YEARS.last });
const CalendarDay = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'a date such as 2026-10-01' });
const Words = (most: number, description: string) =>
  Type.String({ minLength: 1, maxLength: most, pattern: '\\S', description });

/** The document that a year's days are taken from. */
export const NoticeSchema = object({
  title: Words(200, 'as it stands over the notice'),
  number: Type.String({
    pattern: '^[^〔〕\\s]{2,20}〔\\d{4}〕\\d{1,4}号$',
    description: 'such as 国办发明电〔2025〕7号',
  }),
  /** That of its signature. */
  date: CalendarDay,
  url: Type.String({ pattern: '^https?://\\S+$', maxLength: 500, description: 'where it can be read' }),
});

/** Days off that belong together, the last one included. Weekends beside them need not be named: they are off anyway. */
export const DaysOffSchema = object({
  name: Words(40, 'as the notice calls it, such as 春节'),
  from: CalendarDay,
  to: CalendarDay,
});
export type DaysOff = Static<typeof DaysOffSchema>;

/** One year: `assets/calendar/cn-2026.json`, and what an admin imports. */
export const CalendarYearSchema = Type.Object(
  {
    year: YearNumber,
    notices: Type.Array(NoticeSchema, { minItems: 1, maxItems: CALENDAR_LIMITS.notices }),
    off: Type.Array(DaysOffSchema, { minItems: 1, maxItems: CALENDAR_LIMITS.spans }),
    /** Saturdays and Sundays on which people work (调休上班). */
    work: Type.Array(CalendarDay, { maxItems: CALENDAR_LIMITS.work }),
  },
  { additionalProperties: false, title: 'CalendarYear' },
);
export type CalendarYear = Static<typeof CalendarYearSchema>;

/** What may be wrong with a calendar; the pages have words for each. */
export const CALENDAR_FAULTS = [
  'json',
  'missing',
  'unknown',
  'form',
  'otherYear',
  'noDate',
  'backwards',
  'long',
  'twice',
  'offAndWork',
  'weekday',
  'noticeYear',
  'noticeNumber',
  'statutory',
  // How many are not told.
  'more',
] as const;
export type CalendarFaultCode = (typeof CALENDAR_FAULTS)[number];
export const CalendarFaultSchema = object({
  /** JSON pointer into the file; empty for the whole of it. */
  path: Type.String(),
  code: codes(CALENDAR_FAULTS),
  /** The value at fault, where there is one. */
  given: Type.Optional(Type.String()),
  /** A sentence that goes on from the path. */
  problem: Type.String(),
});
export type CalendarFault = Static<typeof CalendarFaultSchema>;

/** Who imported a year, when and why. */
export const CalendarChangeSchema = Type.Object({
  year: YearNumber,
  by: Type.String(),
  at: Timestamp,
  why: Type.String(),
});
export type CalendarChange = Static<typeof CalendarChangeSchema>;

export const KnownYearSchema = Type.Object({
  year: YearNumber,
  /** Whether it came with the program or was imported; an import goes before what was shipped. */
  origin: codes(['shipped', 'imported'] as const),
  /** How many working days it has. */
  workdays: Type.Integer(),
  calendar: CalendarYearSchema,
  /** Of the import. */
  change: Type.Optional(CalendarChangeSchema),
});
export type KnownYear = Static<typeof KnownYearSchema>;

/** `GET /api/v1/calendars`. */
export const CalendarsSchema = Type.Object(
  {
    /** By year, the latest first. */
    years: Type.Array(KnownYearSchema),
    /**
     * Years between the first that is known and the next one that are not there: reckoned Monday to Friday. `missing`: it
     * should be there by now (the current year, and from 1 December on the next).
     */
    provisional: Type.Array(Type.Object({ year: YearNumber, missing: Type.Boolean() })),
    /** Every import, the latest first. */
    history: Type.Array(CalendarChangeSchema),
  },
  { title: 'Calendars' },
);
export type Calendars = Static<typeof CalendarsSchema>;

/** `GET /api/v1/terms`. */
export const TermEndSchema = Type.Object(
  {
    /** The end of the term; the end of a day at 24:00 is written as the next midnight. */
    dueAt: Timestamp,
    /** Whether it rests on a year whose calendar is not there yet, and may change when it comes. */
    provisional: Type.Boolean(),
  },
  { title: 'TermEnd' },
);
export type TermEndAnswer = Static<typeof TermEndSchema>;
