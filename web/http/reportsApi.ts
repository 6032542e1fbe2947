import type { ReportFormat, ReportListName } from '../../contract/reportLimits.ts';
import type {
  ReportItem,
  ReportList,
  ReportLists,
  ReportRequest,
  ScheduleItem,
  ScheduleList,
  ScheduleRequest,
} from '../../contract/reports.ts';
import type { ReportTemplate, ReportTemplates } from '../../contract/reportTemplates.ts';
import { OURS } from './accessApi.ts';
import { errorOf, read, request } from './client.ts';

/** Reports and their schedules (contract §11). */

const REPORTS = '/api/v1/reports';
const TEMPLATES = '/api/v1/report-templates';
const SCHEDULES = '/api/v1/report-schedules';
/** A report of years on a busy machine. */
const MAKE_MS = 60_000;

export type TemplatePlace = Pick<ReportTemplate, 'region' | 'about' | 'kind'>;
const placeQuery = ({ region, about, kind }: TemplatePlace) => `region=${region}&about=${about}&kind=${kind}`;
/** The body is the file itself. @throws HttpError */
async function sendFile(method: 'PUT' | 'POST', url: string, file: Blob): Promise<Response> {
  const answer = await fetch(url, {
    method,
    headers: { ...OURS, 'content-type': 'application/octet-stream' },
    body: file,
  });
  if (!answer.ok) throw await errorOf(answer);
  return answer;
}

export const reportsApi = {
  list: (skip: number, limit: number) => read<ReportList>(`${REPORTS}?skip=${skip}&limit=${limit}`),
  make: (body: ReportRequest) =>
    request<ReportItem>(REPORTS, { method: 'POST', body, headers: OURS, timeoutMs: MAKE_MS }),
  file: (id: string, format: ReportFormat) => `${REPORTS}/${encodeURIComponent(id)}.${format}`,
  /** @param id or the digest of the report's data */
  lists: (id: string, list: ReportListName | undefined, skip: number, limit: number) =>
    read<ReportLists>(
      `${REPORTS}/${encodeURIComponent(id)}/lists?skip=${skip}&limit=${limit}${list === undefined ? '' : `&list=${list}`}`,
    ),
  templates: () => read<ReportTemplates>(TEMPLATES),
  /** @throws HttpError whose problem has `faults` where placeholders are wrong */
  setTemplate: async (place: TemplatePlace, file: Blob, name: string) => {
    await sendFile('PUT', `${TEMPLATES}?${placeQuery(place)}&name=${encodeURIComponent(name)}`, file);
  },
  previewTemplate: async (place: TemplatePlace, file: Blob, lang: string) =>
    (await sendFile('POST', `${TEMPLATES}/preview?${placeQuery(place)}&lang=${lang}`, file)).blob(),
  templateFile: (place: TemplatePlace) => `${TEMPLATES}/file?${placeQuery(place)}`,
  removeTemplate: (place: TemplatePlace) =>
    request<undefined>(`${TEMPLATES}?${placeQuery(place)}`, { method: 'DELETE', headers: OURS }),
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
