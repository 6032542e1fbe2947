import type { ReportFormat } from '../../contract/reportLimits.ts';
import type {
  ReportItem,
  ReportList,
  ReportRequest,
  ScheduleItem,
  ScheduleList,
  ScheduleRequest,
} from '../../contract/reports.ts';
import { OURS } from './accessApi.ts';
import { read, request } from './client.ts';

/** Reports and their schedules (contract §11). */

const REPORTS = '/api/v1/reports';
const SCHEDULES = '/api/v1/report-schedules';
/** A report of years on a busy machine. */
const MAKE_MS = 60_000;

export const reportsApi = {
  list: (skip: number, limit: number) => read<ReportList>(`${REPORTS}?skip=${skip}&limit=${limit}`),
  make: (body: ReportRequest) =>
    request<ReportItem>(REPORTS, { method: 'POST', body, headers: OURS, timeoutMs: MAKE_MS }),
  file: (id: string, format: ReportFormat) => `${REPORTS}/${encodeURIComponent(id)}.${format}`,
  schedules: () => read<ScheduleList>(SCHEDULES),
  setSchedule: (id: string | undefined, body: ScheduleRequest) =>
    request<ScheduleItem>(id === undefined ? SCHEDULES : `${SCHEDULES}/${encodeURIComponent(id)}`, {
      method: id === undefined ? 'POST' : 'PUT',
      body,
      headers: OURS,
    }),
  removeSchedule: (id: string) =>
    request<undefined>(`${SCHEDULES}/${encodeURIComponent(id)}`, { method: 'DELETE', headers: OURS }),
};
