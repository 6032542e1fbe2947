import type { ReportItem, ReportLists, ScheduleItem, ScheduleRequest } from '../../contract/reports.ts';
import type { ReportTemplate } from '../../contract/reportTemplates.ts';
import { LIST_EXAMPLE } from '../views/examples.ts';

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
export const LISTS_EXAMPLE: ReportLists = {
  report: REPORT_EXAMPLE,
  at: '2026-11-02T08:30:00+08:00',
  digest: 'c4d1f2a3b5e6978801122334455667788990aabbccddeeff0011223344556677',
  totals: { raised: 42, audited: 30, recovered: 11, closed: 25, open: 63 },
  list: 'raised',
  kept: 42,
  hidden: 0,
  items: [{ alert: LIST_EXAMPLE.items[0]! }],
};
export const TEMPLATE_EXAMPLE: ReportTemplate = {
  region: '330110',
  about: 'situation',
  kind: 'monthly',
  name: '某区月报.docx',
  digest: '0e1f2a3b4c5d6e7f8091a2b3c4d5e6f70e1f2a3b4c5d6e7f8091a2b3c4d5e6f7',
  bytes: 18_204,
  by: '某管理员',
  at: '2026-10-20T10:12:00+08:00',
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
