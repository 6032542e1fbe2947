import { Ajv, type ErrorObject } from 'ajv';
import { CalendarYearSchema, type CalendarFault, type CalendarYear } from '../../contract/calendar.ts';
import { calendarFaults } from '../../common/terms/calendarFaults.ts';

export type CheckedCalendar = { ok: true; calendar: CalendarYear } | { ok: false; faults: CalendarFault[] };

/** One missing comma can make hundreds. */
const MAX_FAULTS = 30;

const validate = new Ajv({ allErrors: true, strict: false, verbose: true }).compile<CalendarYear>(CalendarYearSchema);

/**
 * A calendar from what a file or a body holds, or all that is wrong with it: first its form, then what it says.
 * @param json as parsed; nothing of it is believed
 */
export function checkCalendar(json: unknown): CheckedCalendar {
  if (!validate(json)) return { ok: false, faults: (validate.errors ?? []).slice(0, MAX_FAULTS).map(formFault) };
  const faults = calendarFaults(json).slice(0, MAX_FAULTS);
  return faults.length ? { ok: false, faults } : { ok: true, calendar: json };
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

function formFault({ instancePath, keyword, params, message, data }: ErrorObject): CalendarFault {
  if (keyword === 'required')
    return { path: `${instancePath}/${String(params['missingProperty'])}`, code: 'missing', problem: 'is missing' };
  if (keyword === 'additionalProperties') {
    const given = String(params['additionalProperty']).slice(0, 80);
    return { path: `${instancePath}/${given}`, code: 'unknown', given, problem: 'is not known here' };
  }
  const given = typeof data === 'string' || typeof data === 'number' ? String(data).slice(0, 80) : undefined;
  return {
    path: instancePath,
    code: 'form',
    ...(given === undefined ? {} : { given }),
    problem: `${given === undefined ? '' : `is ${JSON.stringify(given)}, but `}${message ?? 'is wrong'}`,
  };
}
