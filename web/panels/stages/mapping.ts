import { STAGES, type Stage } from '../../../contract/codes.ts';
import type { Frame } from '../../../contract/frame.ts';
import { compareAmounts, type Comparison } from '../parts/comparison.ts';

export interface StageLine {
  stage: Exclude<Stage, 'closed'>;
  open: number;
  /** Of them overdue; absent where the frame does not name every overdue alert. */
  late?: number;
}

export interface StagesView {
  /** Open alerts by stage, now, in the order of the way; absent in a frame of the past. */
  stages?: StageLine[];
  /** All that are overdue. */
  late?: number;
  /** Closed in the window. */
  closed: number;
  closedAgainst?: Comparison;
  /** Mean time from raised to closed of those closed in the window, hours. */
  avgCloseHours?: number;
  previousCloseHours?: number;
  /** Figures of 0 may be withheld ones. */
  withheld: boolean;
}

/** Where the open alerts stand now, and, apart from it, what was closed in the window. Pure. */
export function toStages(frame: Frame): StagesView {
  const { totals, compare, byStage } = frame;
  const view: StagesView = { closed: totals.closed, withheld: frame.withheld !== undefined };
  if (compare.previous) view.closedAgainst = compareAmounts(totals.closed, compare.previous.closed);
  if (totals.avgCloseHours !== undefined) view.avgCloseHours = totals.avgCloseHours;
  if (compare.previous?.avgCloseHours !== undefined) view.previousCloseHours = compare.previous.avgCloseHours;
  if (!byStage) return view;
  const late = lateByStage(frame);
  view.stages = STAGES.filter((stage) => stage !== 'closed').map((stage) => ({
    stage,
    open: byStage[stage] ?? 0,
    ...(late ? { late: late.get(stage) ?? 0 } : {}),
  }));
  if (totals.overdue !== undefined) view.late = totals.overdue;
  return view;
}

/** Overdue alerts by stage; of a frame that does not say it, if its agenda holds all of them. */
function lateByStage({ agenda, totals, overdueByStage }: Frame): Map<Stage, number> | undefined {
  if (overdueByStage) return new Map(Object.entries(overdueByStage) as [Stage, number][]);
  const late = Object.values(agenda ?? {}).filter(({ overdue }) => overdue);
  if (late.length !== totals.overdue) return undefined;
  const by = new Map<Stage, number>();
  for (const { stage } of late) by.set(stage, (by.get(stage) ?? 0) + 1);
  return by;
}
