import type { ReportAbout } from '../../contract/reportLimits.ts';
import type { FrozenReport } from '../../contract/reportSituation.ts';
import type { Frame } from '../../contract/frame.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import type { Region, RegionView } from '../region/region.ts';
import { freeze, type FreezeQuery } from './freeze.ts';
import { freezeSupervision } from './freezeSupervision.ts';
import { freezeUnit, spansOf } from './freezeUnit.ts';
import { digestOf, encodeLists, situationLists, type ListsToWrite } from './frozenLists.ts';
import type { WorkPort } from '../views/reports/workPort.ts';

export interface FreezeParts {
  work: WorkPort;
  /** The frame that was kept of a moment, as it was shown then. */
  kept: (scope: string, at: number) => Promise<Frame | undefined>;
  /** Epoch ms. */
  now: () => number;
}

/** What a report is to be about; `unit` is the code of a unit of the region's pack. */
export interface Subject {
  about: ReportAbout;
  scope: string;
  unit?: string | undefined;
}

/** The frozen data of a report, as it is kept, with the lists behind its figures. */
export interface Frozen {
  situation: FrozenReport;
  bytes: Buffer;
  /** Of the bytes. */
  digest: string;
  lists: Buffer;
}

/**
 * Whether there can be a report about something.
 * @throws HttpProblem 400 for a unit too much or missing; 422 for a region where no cases are worked on, and a unit that its pack does not have
 */
export function assertSubject({ about, scope, unit }: Subject, region: Region, work: WorkPort): void {
  if (about !== 'unit' && unit !== undefined)
    throw new HttpProblem(400, 'Parameters exclude each other', `unit is for about unit alone, not ${about}`, 'unit');
  if (about === 'situation') return;
  if (!work.worksOn(region))
    throw new HttpProblem(
      422,
      'No casework',
      `cases of ${region.code} are not worked on here: there is no report about ${about === 'unit' ? 'a unit' : 'supervision'} of ${scope}`,
      'about',
    );
  if (about !== 'unit') return;
  if (unit === undefined) throw new HttpProblem(400, 'Parameter is missing', 'about unit needs unit', 'unit');
  if (!region.pack.units?.some(({ code }) => code === unit))
    throw new HttpProblem(422, 'Unknown unit', `${region.code} has no unit ${unit}`, 'unit');
}

/**
 * Freezes what a report is about.
 * @throws HttpProblem 422 for a unit that is gone (`assertSubject`), 503 while figures are loaded
 */
export async function freezeReport(
  { work, kept, now }: FreezeParts,
  region: Region,
  query: FreezeQuery & Subject,
): Promise<Frozen> {
  const { about, scope, unit } = query;
  assertSubject(query, region, work);
  const spans = spansOf(query);
  /** Asked again after each wait: all may have been read anew. */
  const viewNow = (): RegionView => {
    const view = region.view();
    if (!view) throw new HttpProblem(503, 'Not ready', 'the figures are still being loaded');
    return view;
  };
  if (about === 'unit') {
    const found = await work.unitWork(region, { scope, unit: unit!, spans });
    return frozenOf(freezeUnit(viewNow(), { ...query, unit: unit! }, found));
  }
  if (about === 'supervision')
    return frozenOf(freezeSupervision(viewNow(), query, await work.supervised(region, { scope, spans })));
  const shown = await kept(scope, query.span.to);
  const [view, at] = [viewNow(), now()];
  // No event comes between the figures and the lists.
  return frozenOf({ situation: freeze(view, query, shown, at), lists: situationLists(view, scope, query.span, at) });
}

async function frozenOf({
  situation: figures,
  lists,
}: {
  situation: FrozenReport;
  lists: ListsToWrite;
}): Promise<Frozen> {
  const file = await encodeLists({ at: figures.frozenAt, lists });
  const situation: FrozenReport = { ...figures, lists: digestOf(file) };
  const bytes = Buffer.from(JSON.stringify(situation));
  return { situation, bytes, digest: digestOf(bytes), lists: file };
}
