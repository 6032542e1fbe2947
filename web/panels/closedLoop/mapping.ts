import { STAGES, TERM_STAGES, type Stage } from '../../../contract/codes.ts';
import type { Frame } from '../../../contract/frame.ts';

export interface LoopStage {
  stage: Stage;
  /** Alerts waiting in it now. */
  count: number;
}

export interface ClosedLoopView {
  /** The five stages of open alerts, in order; absent for a moment in the past (contract §4). */
  stages?: LoopStage[];
  /** Alerts not closed. */
  open: number;
  /** Closed since the beginning; absent for a moment in the past. */
  closedEver?: number;
  /** Closed in the window. */
  closed: number;
  /** Raised in the window. */
  raised: number;
  /** Absent for a moment in the past. */
  overdue?: number;
  /** Overdue, of the alerts whose term is running, 0…1; absent when there is none. */
  overdueShare?: number;
  avgCloseHours?: number;
  /** The same for the period before. */
  previousCloseHours?: number;
}

/** Where the open alerts stand in the closed loop, and how fast it turns. */
export function toClosedLoop(frame: Frame): ClosedLoopView {
  const { totals, byStage, compare } = frame;
  const view: ClosedLoopView = { open: totals.open, closed: totals.closed, raised: totals.raised };
  if (byStage) {
    view.stages = STAGES.filter((stage) => stage !== 'closed').map((stage) => ({ stage, count: byStage[stage] ?? 0 }));
    view.closedEver = byStage.closed ?? 0;
  }
  if (totals.overdue !== undefined) {
    view.overdue = totals.overdue;
    const running = TERM_STAGES.reduce((sum, stage) => sum + (byStage?.[stage] ?? 0), 0);
    if (running > 0) view.overdueShare = Math.min(1, totals.overdue / running);
  }
  if (totals.avgCloseHours !== undefined) view.avgCloseHours = totals.avgCloseHours;
  if (compare.previous?.avgCloseHours !== undefined) view.previousCloseHours = compare.previous.avgCloseHours;
  return view;
}
