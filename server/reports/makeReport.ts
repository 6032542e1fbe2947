import { randomBytes } from 'node:crypto';
import type { NameLang } from '../../common/codeNames.ts';
import { parseRfc3339, toRfc3339 } from '../../common/regionTime.ts';
import type { ReportSpan } from '../../common/report/spans.ts';
import type { ReportAbout, ReportKind } from '../../contract/reportLimits.ts';
import type { ReportItem } from '../../contract/reports.ts';
import type { Region } from '../region/region.ts';
import { freezeReport, type FreezeParts } from './freezeReport.ts';
import type { RenderJob, ReportFiles } from './files/renderFiles.ts';
import type { ReportStore } from './reportStore.ts';
import type { TemplateStore } from './templates/templateStore.ts';

export interface MakerParts extends FreezeParts {
  store: ReportStore;
  render: (job: RenderJob) => Promise<ReportFiles>;
  /** The address that people know; undefined where it is not set. */
  publicUrl: string | undefined;
  templates: Pick<TemplateStore, 'inForce' | 'read'>;
}

export interface ReportOrder {
  kind: ReportKind;
  about: ReportAbout;
  scope: string;
  unit?: string | undefined;
  lang: NameLang;
  span: ReportSpan;
  by: string;
  /** Of a schedule: the same due moment of it gives the same id, so it is made once. */
  schedule?: { id: string; dueAt: number; late: boolean };
}

/** Where the lists behind a report are shown: an address, or the path of it where no address of this site is set. */
export function listsAddress(digest: string, publicUrl: string | undefined): string {
  const path = `/reports/${digest}/lists`;
  return publicUrl === undefined ? path : new URL(path, publicUrl).href;
}

/** Freezes a situation, makes the files of its report and keeps them. @returns undefined if that report is there already */
export async function makeReport(
  parts: MakerParts,
  region: Region,
  order: ReportOrder,
): Promise<ReportItem | undefined> {
  const { store, render, publicUrl, now } = parts;
  const { kind, about, scope, lang, by, schedule } = order;
  const id = reportIdOf(order, now());
  if (schedule && (await store.find(id))) return undefined;
  const { situation, bytes, digest, lists } = await freezeReport(parts, region, order);
  const madeAt = toRfc3339(now());
  const late = schedule?.late ? { lateSince: toRfc3339(schedule.dueAt) } : {};
  const address = listsAddress(digest, publicUrl);
  const template = await parts.templates.inForce({ region: region.code, about, kind });
  const files = await render({
    situation,
    lang,
    making: { madeAt, digest, address, ...late },
    ...(template ? { template: await parts.templates.read(template) } : {}),
  });
  const item: ReportItem = {
    id,
    kind,
    ...(about === 'situation' ? {} : { about }),
    ...(situation.about === 'unit' ? { unit: situation.unit } : {}),
    scope,
    scopeName: situation.scopeName,
    lang,
    from: situation.from,
    to: situation.to,
    whole: situation.whole,
    madeAt,
    by,
    digest,
    ...(template ? { template: { name: template.name, digest: template.digest } } : {}),
    files: { html: files.html.length, docx: files.docx.length, xlsx: files.xlsx.length },
    ...(schedule ? { schedule: { ...schedule, dueAt: toRfc3339(schedule.dueAt) } } : {}),
  };
  return (await store.add(item, { situation: bytes, lists, files })) ? item : undefined;
}

/** Of a schedule the same each time that it is asked. */
export function reportIdOf(
  { kind, scope, schedule }: Pick<ReportOrder, 'kind' | 'scope' | 'schedule'>,
  now: number,
): string {
  const at = toRfc3339(schedule?.dueAt ?? Math.floor(now / 1000) * 1000)
    .slice(0, 19)
    .replace(/[-:]/g, '');
  return `${at}-${scope}-${kind}-${schedule?.id ?? randomBytes(4).toString('hex')}`;
}

/** The name that a file of a report has for whoever takes it. */
export function fileName({ kind, about, unit, scope, from, to }: ReportItem, format: string): string {
  const last = toRfc3339(parseRfc3339(to)! - 1).slice(0, 10);
  const span = from.slice(0, 10) === last ? last : `${from.slice(0, 10)}_${last}`;
  const what = unit?.code ?? about;
  return `wagewatch-${kind}-${scope}${what === undefined ? '' : `-${what}`}-${span}.${format}`;
}
