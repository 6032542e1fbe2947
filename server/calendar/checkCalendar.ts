import { Ajv } from 'ajv';
import { CalendarYearSchema, type CalendarFault, type CalendarYear } from '../../contract/calendar.ts';
import { calendarFaults } from '../../common/terms/calendarFaults.ts';
import { whenAsked } from '../../common/whenAsked.ts';
import { faultsToTell, schemaFault } from '../platform/schemaFaults.ts';
import { TRUSTED } from '../../common/trustedSchemas.ts';

export type CheckedCalendar = { ok: true; calendar: CalendarYear } | { ok: false; faults: CalendarFault[] };

const validator = whenAsked(() =>
  new Ajv({ allErrors: true, ...TRUSTED, verbose: true, code: { optimize: false } }).compile<CalendarYear>(
    CalendarYearSchema,
  ),
);

/**
 * A calendar from what a file or a body holds, or what is wrong with it: first its form, then what it says; at most 50 faults,
 * and one more that counts the rest.
 * @param json as parsed; nothing of it is believed
 */
export function checkCalendar(json: unknown): CheckedCalendar {
  const validate = validator();
  const faults = validate(json)
    ? calendarFaults(json)
    : (validate.errors ?? []).map((error): CalendarFault => schemaFault(error, 'a calendar'));
  if (!faults.length) return { ok: true, calendar: json as CalendarYear };
  return { ok: false, faults: faultsToTell(faults, furtherFaults) };
}

/** The same of a file's text; a byte order mark is ignored. */
export function checkCalendarText(text: string): CheckedCalendar {
  try {
    return checkCalendar(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, faults: [{ path: '', code: 'json', problem: `is no JSON: ${error.message}` }] };
  }
}

/** `/off/3/to 2026-10-0x is no date …`, for logs and command lines. */
export function faultText({ path, problem }: CalendarFault): string {
  return `${path || 'the calendar'} ${problem}`;
}

function furtherFaults(more: number): CalendarFault {
  return { path: '', code: 'more', given: String(more), problem: `has ${more} further faults` };
}
