import type { CalendarFault, Calendars, KnownYear } from '../../contract/calendar.ts';
import { OURS } from './accessApi.ts';
import { read, request, type HttpError } from './client.ts';

/** The calendars of working days (contract §8). */

const PATH = '/api/v1/calendars';

export const calendarApi = {
  list: () => read<Calendars>(PATH),
  /** @param calendar what the file holds; the server tells what is wrong with it (`calendarFaults`) */
  add: (calendar: unknown, why: string) =>
    request<KnownYear>(PATH, { method: 'POST', body: { calendar, why }, headers: OURS }),
};

/** What the server found wrong with a calendar; empty if it said something else. */
export function calendarFaults(error: HttpError | undefined): CalendarFault[] {
  const faults = error?.status === 422 ? error.more['faults'] : undefined;
  return Array.isArray(faults) ? (faults as CalendarFault[]) : [];
}
