import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { BriefingContent } from '../../../contract/briefings.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { briefingsApi } from '../../http/briefingsApi.ts';
import { instant } from '../../http/instant.ts';
import { useReplay } from '../../timebar/useReplay.ts';
import { pastContent } from './pastContent.ts';

/** A moment must have been looked at for so long before all of it is read, ms. */
const RESTED_MS = 400;
/** How long a replay of what one has missed takes. */
const SPAN_SECONDS = 30;

export type DeckTime = ReturnType<typeof useDeckTime>;

/**
 * The past on the pages of a briefing, by the wall's time bar: it ends at the moment of the briefing (frozen, or now). While time goes
 * by, pages show the frames of the replay; where it rests, all that the server knows of that moment. Call in `setup`.
 * @param base what the briefing itself shows
 * @param masked for a display: it is told frames of the past, and no more of it
 */
export function useDeckTime(base: () => BriefingContent | undefined, masked = false) {
  const replay = useReplay({
    scopes: () => (base() ? [base()!.scope] : []),
    window: () => base()?.window ?? 'today',
    present: () => (base() ? instant(base()!.at) : 0),
  });
  /** Why a press did nothing; until the past moves on. */
  const noted = ref(false);
  watch(
    () => [replay.active, replay.at],
    () => {
      noted.value = false;
    },
  );

  /** Of the moment at which the bar rests: all there is. */
  const rested = shallowRef<BriefingContent>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    () =>
      replay.active && !replay.playing && !replay.waiting && !replay.scrubbing && !replay.shown ? replay.at : undefined,
    (at) => {
      clearTimeout(timer);
      rested.value = undefined;
      const briefing = base();
      if (at === undefined || !briefing || masked) return;
      const { scope, window } = briefing;
      timer = setTimeout(() => {
        briefingsApi.live({ scope, window, at: toRfc3339(at) }).then(
          ({ content }) => {
            if (replay.at === at) rested.value = content;
          },
          () => {
            // The pages keep what the replay has told them.
          },
        );
      }, RESTED_MS);
    },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
  });

  const content = computed(() => {
    const briefing = base();
    const { active, at, frame, shown } = replay;
    if (!briefing || !active || at === undefined || !frame) return briefing;
    const whole = rested.value;
    return whole && !shown && instant(whole.at) === at ? whole : pastContent(briefing, frame, shown);
  });

  function toggle(): void {
    if (replay.open) replay.close();
    else replay.show();
  }
  /** Keys of the wall's time bar. @returns whether it was one of them */
  function onKey(event: KeyboardEvent): boolean {
    if (event.key === 't' || event.key === 'T') toggle();
    else if (!replay.open) return false;
    else if (event.key === 'Escape') replay.close();
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
      replay.stepBy((event.key === 'ArrowLeft' ? -1 : 1) * (event.shiftKey ? 10 : 1));
    else if (event.key === ' ') replay.playOrPause();
    else if (event.key === '[' || event.key === ']') replay.toMark(event.key === '[' ? -1 : 1);
    else return false;
    return true;
  }

  return {
    replay,
    content,
    /** The same where nothing moves: undefined while time goes by. */
    settled: computed(() => {
      if (!replay.active) return base();
      if (masked) return replay.playing || replay.waiting ? undefined : content.value;
      const whole = rested.value;
      return whole && instant(whole.at) === replay.at ? whole : undefined;
    }),
    /** The past is on show, and its first frame has come. */
    past: computed(() => replay.active && replay.at !== undefined),
    noted,
    toggle,
    onKey,
    playFrom: (from: number) => {
      replay.playSpan(from, SPAN_SECONDS);
    },
  };
}
