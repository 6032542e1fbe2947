import { onScopeDispose, watch } from 'vue';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { PresentedMoment } from '../../../contract/presenting.ts';
import { instant } from '../../http/instant.ts';
import type { LedMoment } from '../../timebar/useReplay.ts';
import { otherOf, otherText } from '../compare/other.ts';
import type { Compare } from '../compare/useCompare.ts';
import type { DeckTime } from '../time/useDeckTime.ts';
import type { Shown } from './inStep.ts';
import type { Presenting, PresentMode } from './usePresenting.ts';

/** While time goes by it is told so often, ms: followers see about as many frames as the presenter. */
const TELL_MS = 250;

/** Moment and comparison of a presentation, on a screen of its own. */
type View = Pick<Shown, 'moment' | 'vs'>;
export const ledMoment = (moment: PresentedMoment | null | undefined): LedMoment | undefined =>
  moment ? { ...moment, at: instant(moment.at) } : undefined;

/** What this page's own time bar and comparison are, as others are told. */
export function ownView(time: DeckTime, compare: Compare): View {
  const { active, led, at, step, shown, playing } = time.replay;
  const asked = compare.asked.value;
  return {
    moment: active && !led && at !== undefined ? { at: toRfc3339(at), step, shown, playing } : null,
    vs: asked ? otherText(asked) : null,
  };
}

/**
 * Keeps the time bar and the comparison of a page in step: a follower's with those of the presenter, and, on each screen of the
 * presenter's, with those of their others. What a screen itself does there is told. Call in `setup`.
 * @returns what this page is at, for others to begin with
 */
export function useInStepView(parts: {
  mode: () => PresentMode | 'either';
  presenting: Presenting;
  time: DeckTime;
  compare: Compare;
}): { view: () => View } {
  const { mode, presenting, time, compare } = parts;
  const { replay } = time;
  const presents = () => mode() === 'present' && presenting.mine.value;
  const follows = () => mode() === 'follow' || mode() === 'either';
  const text = (value: View['moment'] | View['vs']) => JSON.stringify(value ?? null);
  /** As this screen has told it last, or taken it over: what comes back of that is no news. */
  let told: { moment: string; vs: string } | undefined;

  function view(): View {
    const now = ownView(time, compare);
    told = { moment: text(now.moment), vs: text(now.vs) };
    return now;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!presents()) return;
    // The moment that another screen has moved is not this one's to tell.
    if (!replay.led) presenting.tell(view());
    else if (told) {
      const { vs } = ownView(time, compare);
      told.vs = text(vs);
      presenting.tell({ vs: vs ?? null });
    }
  }
  watch(
    () => ownView(time, compare),
    (now, before) => {
      if (!presents() || (text(now.moment) === text(before.moment) && text(now.vs) === text(before.vs))) return;
      if (now.moment?.playing) timer ??= setTimeout(tell, TELL_MS);
      else tell();
    },
  );
  // Somebody at this screen leaves the moment at which another one of theirs is.
  watch(
    () => replay.led,
    (led) => {
      if (!led && presents() && presenting.seen.value?.moment && !ownView(time, compare).moment) tell();
    },
  );

  function lead(moment: View['moment']): void {
    if (moment) replay.lead(ledMoment(moment));
    // Also where it was this screen itself that was there.
    else if (replay.active || replay.led) replay.close();
  }
  function present(seen: View): void {
    const own = ownView(time, compare);
    told ??= { moment: text(own.moment), vs: text(own.vs) };
    const [moment, vs] = [text(seen.moment), text(seen.vs)];
    if (moment !== told.moment) {
      told.moment = moment;
      lead(seen.moment);
    }
    if (vs !== told.vs) {
      told.vs = vs;
      compare.choose(otherOf(seen.vs ?? undefined));
    }
  }
  /** What a follower was led to last. */
  let ledText = text(null);
  watch(
    () => [mode(), presents(), presenting.seen.value] as const,
    ([now, , seen], before) => {
      if (!presents()) told = undefined;
      if (follows()) {
        const moment = text(seen?.moment);
        const began = before?.[0] !== now;
        if (began || moment !== ledText) lead(seen?.moment);
        ledText = moment;
        compare.led.value = seen ? { vs: seen.vs ?? undefined } : undefined;
        return;
      }
      compare.led.value = undefined;
      if (presents() && seen) present(seen);
      else replay.lead(undefined);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
  });
  return { view };
}
