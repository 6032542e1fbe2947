import type { Frame } from '../../../contract/frame.ts';
import { asOf, onAxis } from '../../charts/series.ts';
import { compareAmounts, type Comparison } from '../parts/comparison.ts';
import { legibleStep } from '../../../common/charts/timeAxis.ts';
import type { RecoveredSteps } from '../../../common/charts/recoveredOption.ts';

export interface RecoveredView extends RecoveredSteps {
  totalFen: number;
  workers: number;
  enterprises: number;
  /** Against the period before, where there is one. */
  against?: Comparison;
}

/**
 * Wages recovered by step of the window, months for a year of days.
 * @param now the server's clock, epoch ms
 * @param live whether the frame is up to date
 */
export function toRecovered(frame: Frame, now: number, live: boolean): RecoveredView {
  const { axis, entries } = onAxis(frame, asOf(frame, now, live), legibleStep(frame.window, 'month'));
  const { totals, compare } = frame;
  const view: RecoveredView = {
    axis,
    fen: entries.map((steps, index) =>
      index > axis.current ? undefined : steps.reduce((sum, step) => sum + step.recoveredFen, 0),
    ),
    totalFen: totals.recoveredFen,
    workers: totals.recoveredWorkers,
    enterprises: totals.enterprisesPaid,
  };
  if (compare.previous)
    view.against = compareAmounts(
      totals.recoveredFen,
      compare.previous.recoveredFen,
      compare.previous.recoveredWorkers,
    );
  return view;
}
