import { toRfc3339 } from '../../../common/regionTime.ts';
import type { ReplayFrame } from '../../../contract/replay.ts';
import { isShownWindow, SHOWN_WINDOWS, type ReplayStep, type ShownWindow } from '../../../contract/replayLimits.ts';
import type { WindowName } from '../../../contract/codes.ts';
import type { ReplaySpan } from '../../aggregations/replay.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { everyOf, slotMs, slotOf } from './shownHours.ts';
import type { ShownStore } from './shownStore.ts';

/**
 * What can be replayed as it was shown.
 * @throws HttpProblem 422 for a window whose frames are not kept, or a step finer than they are
 */
export function assertShown(scope: string, window: WindowName, step: ReplayStep): asserts window is ShownWindow {
  if (!isShownWindow(window))
    throw new HttpProblem(
      422,
      'Window is not kept',
      `frames are kept as they were shown of the windows ${SHOWN_WINDOWS.join(', ')}, not of ${window}`,
      'window',
    );
  const every = everyOf(scope);
  if (step !== 'day' && step !== every)
    throw new HttpProblem(
      422,
      'Step is too fine',
      `of ${scope} a frame is kept every ${every}, as it was shown then: use the step "${every}"`,
      'step',
    );
}

/** Files that are read ahead: most of the time of one is the disk's and another thread's. */
const AHEAD = 4;

/** The kept frames of a span, one moment after another; where none was kept, that there is none. */
export async function* shownFrames(
  store: ShownStore,
  scope: string,
  window: ShownWindow,
  { from, stepMs, steps }: ReplaySpan,
): AsyncGenerator<ReplayFrame, void> {
  const last = from + steps * stepMs;
  const kept = new Map<number, number>();
  for (const hour of await store.instants(scope, slotOf(scope, from), slotOf(scope, last) + slotMs(scope) - 1)) {
    const slot = slotOf(scope, hour);
    if (!kept.has(slot)) kept.set(slot, hour);
  }
  const frameAt = async (k: number): Promise<ReplayFrame> => {
    const at = from + k * stepMs;
    const hour = kept.get(slotOf(scope, at));
    const frame = hour === undefined ? undefined : (await store.read(scope, hour))?.[window];
    return frame ?? { scope, window, at: toRfc3339(at), missing: true };
  };
  const coming: Promise<ReplayFrame>[] = [];
  let asked = 0;
  for (let k = 0; k <= steps; k++) {
    while (asked <= steps && coming.length < AHEAD) {
      const frame = frameAt(asked++);
      // If the reader leaves first, nobody waits for it.
      frame.catch(() => undefined);
      coming.push(frame);
    }
    yield await coming.shift()!;
  }
}
