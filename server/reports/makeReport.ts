import { createHash, randomBytes } from 'node:crypto';
import type { NameLang } from '../../common/codeNames.ts';
import { parseRfc3339, toRfc3339 } from '../../common/regionTime.ts';
import type { ReportSpan } from '../../common/report/spans.ts';
import type { Frame } from '../../contract/frame.ts';
import type { ReportKind } from '../../contract/reportLimits.ts';
import type { ReportItem } from '../../contract/reports.ts';
import type { RegionView } from '../region/region.ts';
import { freeze } from './freeze.ts';
import type { RenderJob, ReportFiles } from './files/renderFiles.ts';
import type { ReportStore } from './reportStore.ts';

export interface MakerParts {
  store: ReportStore;
  /** The frame that was kept of a moment, as it was shown then. */
  kept: (scope: string, at: number) => Promise<Frame | undefined>;
  render: (job: RenderJob) => Promise<ReportFiles>;
  /** Epoch ms. */
  now: () => number;
}

export interface ReportOrder {
  kind: ReportKind;
  scope: string;
  lang: NameLang;
  span: ReportSpan;
  by: string;
  /** Of a schedule: the same due moment of it gives the same id, so it is made once. */
  schedule?: { id: string; dueAt: number; late: boolean };
}

/** Freezes a situation, makes the files of its report and keeps them. @returns undefined if that report is there already */
export async function makeReport(
  parts: MakerParts,
  view: RegionView,
  order: ReportOrder,
): Promise<ReportItem | undefined> {
  const { store, kept, render, now } = parts;
  const { kind, scope, lang, span, by, schedule } = order;
  const id = idOf(order, now());
  if (schedule && (await store.find(id))) return undefined;
  const shown = await kept(scope, span.to);
  const situation = freeze(view, { kind, scope, span }, shown, now());
  const bytes = Buffer.from(JSON.stringify(situation));
  const digest = createHash('sha256').update(bytes).digest('hex');
  const madeAt = toRfc3339(now());
  const late = schedule?.late ? { lateSince: toRfc3339(schedule.dueAt) } : {};
  const files = await render({ situation, lang, making: { madeAt, digest, ...late } });
  const item: ReportItem = {
    id,
    kind,
    scope,
    scopeName: situation.scopeName,
    lang,
    from: situation.from,
    to: situation.to,
    whole: situation.whole,
    madeAt,
    by,
    digest,
    files: { html: files.html.length, docx: files.docx.length, xlsx: files.xlsx.length },
    ...(schedule ? { schedule: { ...schedule, dueAt: toRfc3339(schedule.dueAt) } } : {}),
  };
  return (await store.add(item, bytes, files)) ? item : undefined;
}

function idOf({ kind, scope, schedule }: ReportOrder, now: number): string {
  const at = toRfc3339(schedule?.dueAt ?? Math.floor(now / 1000) * 1000)
    .slice(0, 19)
    .replace(/[-:]/g, '');
  return `${at}-${scope}-${kind}-${schedule?.id ?? randomBytes(4).toString('hex')}`;
}

/** The name that a file of a report has for whoever takes it. */
export function fileName({ kind, scope, from, to }: ReportItem, format: string): string {
  const last = toRfc3339(parseRfc3339(to)! - 1).slice(0, 10);
  const span = from.slice(0, 10) === last ? last : `${from.slice(0, 10)}_${last}`;
  return `wagewatch-${kind}-${scope}-${span}.${format}`;
}
