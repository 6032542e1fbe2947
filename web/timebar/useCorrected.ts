import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { isShownWindow } from '../../contract/replayLimits.ts';
import type { Frame } from '../../contract/frame.ts';
import { floorTo, HOUR_MS, MINUTE_MS, parseRfc3339, toRfc3339 } from '../../common/regionTime.ts';
import { reads, type Reads } from '../http/reads.ts';
import type { ReplayFrame } from '../../contract/replay.ts';
import type { Corrected } from '../panels/headline/corrected.ts';
import { correctedOf, wholeFrame } from './pastFrames.ts';
import type { Past } from './timeline.ts';

/** A moment must have been looked at for so long, ms: while the past goes by, nobody compares. */
const LOOKED_AT_MS = 400;
/** A kept frame is taken within this after the full hour (docs/replay.md). */
const TAKEN_WITHIN_MS = MINUTE_MS;

export interface LookedAt {
  frame: Frame;
  shown: boolean;
  past: Past;
}

/**
 * What has been corrected since: compares, at the moment that is looked at, what was shown then with today's facts. Undefined
 * where only one of them exists, or they agree.
 * @param looked undefined while nothing stands still
 */
export function useCorrected(
  looked: () => LookedAt | undefined,
  { replay, snapshot }: Pick<Reads, 'replay' | 'snapshot'> = reads,
): ShallowRef<Corrected | undefined> {
  const corrected = shallowRef<Corrected>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let controller: AbortController | undefined;

  /** The frame that was kept at an instant, if one was: a replay of one moment says so without an error. */
  async function keptAt({ scope, window, at }: Frame, signal: AbortSignal): Promise<Frame | undefined> {
    const lines = replay({ scope, window, from: at, to: at, step: 'hour', shown: true }, signal);
    for await (const line of lines) return wholeFrame(JSON.parse(line) as ReplayFrame);
    return undefined;
  }

  async function compare({ frame, shown, past }: LookedAt, signal: AbortSignal): Promise<void> {
    const { scope, window } = frame;
    const at = parseRfc3339(frame.at);
    if (at === undefined || !isShownWindow(window) || past.shown.since === undefined) return;
    // Today's facts stand on a full hour or lie within it; only the hour itself was kept.
    if (!shown && (at !== floorTo(at, HOUR_MS) || past.shown.every !== 'hour' || at < past.shown.since)) return;
    const kept = shown ? frame : await keptAt(frame, signal);
    const taken = kept && parseRfc3339(kept.at);
    if (taken === undefined || (!shown && Math.abs(taken - at) > TAKEN_WITHIN_MS)) return;
    // Hours long ago are known as a whole: the one that ended with the frame, and not the one that began.
    const until = floorTo(taken, MINUTE_MS) - 1;
    if (until < past.steps.hour) return;
    const facts = wholeFrame(await snapshot(scope, window, toRfc3339(until), signal));
    if (!signal.aborted && facts) corrected.value = correctedOf(kept!, facts, shown ? 'shown' : 'facts');
  }

  const stop = () => {
    clearTimeout(timer);
    controller?.abort();
  };
  watch(
    looked,
    (next) => {
      stop();
      corrected.value = undefined;
      if (!next) return;
      const mine = (controller = new AbortController());
      timer = setTimeout(() => {
        // Where there is no kept frame, or no answer, there is nothing to compare with: the figure stands alone.
        compare(next, mine.signal).catch(() => undefined);
      }, LOOKED_AT_MS);
    },
    { immediate: true },
  );
  onScopeDispose(stop);
  return corrected;
}
