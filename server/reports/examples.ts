import type { ReportItem, ScheduleItem, ScheduleRequest } from '../../contract/reports.ts';

/** What `/docs` shows of reports. */
export const REPORT_EXAMPLE: ReportItem = {
  id: '20261102T083000-330110-monthly-k3f9x2a1',
  kind: 'monthly',
  scope: '330110',
  scopeName: { 'zh-CN': '余杭区', en: 'Yuhang District' },
  lang: 'zh-CN',
  from: '2026-10-01T00:00:00+08:00',
  to: '2026-11-01T00:00:00+08:00',
  whole: true,
  madeAt: '2026-11-02T08:30:03+08:00',
  by: '某科长',
  digest: '5a1c8b0e9f4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2b1a0918273645f0e1',
  files: { html: 48_210, docx: 61_300, xlsx: 19_802 },
  schedule: { id: 'k3f9x2a1', dueAt: '2026-11-02T08:30:00+08:00', late: false },
};
export const SCHEDULE_REQUEST_EXAMPLE: ScheduleRequest = {
  kind: 'monthly',
  scope: '330110',
  lang: 'zh-CN',
  rhythm: 'monthly',
  nth: 1,
  time: '08:30',
};
export const SCHEDULE_EXAMPLE: ScheduleItem = {
  id: 'k3f9x2a1',
  ...SCHEDULE_REQUEST_EXAMPLE,
  by: '某科长',
  changedAt: '2026-10-20T10:12:00+08:00',
  nextAt: '2026-12-01T08:30:00+08:00',
  provisional: false,
};
