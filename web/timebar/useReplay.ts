import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue';
import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { Mark } from '../../contract/replay.ts';
import { isShownWindow, type ReplayStep } from '../../contract/replayLimits.ts';
import { parseRfc3339, toRfc3339 } from '../../common/regionTime.ts';
import { reads } from '../http/reads.ts';
import { wholeFrame } from './pastFrames.ts';
import { ReplayPlayer, type PlayerState } from './replayPlayer.ts';
import {
  firstMoment,
  keptView,
  momentBefore,
  nearestMoment,
  nextMark,
  pastOf,
  stepAt,
  stepOfSpeed,
  stepOfZoom,
  viewOf,
  zoomFor,
  type Past,
  type Span,
  type Speed,
  type Zoom,
} from './timeline.ts';
import { retryAfter, troubleOf, type Trouble } from './trouble.ts';
import { useCorrected } from './useCorrected.ts';

/** A screen that is left in the past, untouched and standing still for so long, comes back to now. */
export const LEFT_ALONE_MS = 10 * 60_000;
const LOOK_MS = 5_000;
/** What the server says of the past is asked for again after this, at the soonest and as a rule. */
const SOONEST_MS = 10_000;
const OFTEN_MS = 300_000;
const SETTLED_MS = 300;
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

export interface ReplayOptions {
  /** What the screen shows: the whole first, then the part of it that the panels are about, if there is one. */
  scopes: () => readonly string[];
  window: () => WindowName;
  /** The server's clock, epoch ms; 0 while unknown. */
  present: () => number;
}
/** A moment that another screen shows, epoch ms, by the distance of its frames. */
export interface LedMoment {
  at: number;
  step: ReplayStep;
  shown: boolean;
  /** There time goes by. */
  playing: boolean;
}
export type Replay = ReturnType<typeof useReplay>;

/**
 * The past on a screen: what its time bar shows and does, and the frames that take the place of those of now. The line of now goes on
 * beside it, and is untouched. Call in `setup`.
 */
export function useReplay({ scopes, window, present }: ReplayOptions) {
  const open = ref(false);
  const past = shallowRef<Past>();
  const marks = shallowRef<readonly Mark[]>([]);
  /** How long a mark is, ms. */
  let markMs = 0;
  const gaps = shallowRef<readonly Span[]>([]);
  const zoom = ref<Zoom>('day');
  const speed = ref<Speed>(60);
  const shown = ref(false);
  const view = shallowRef<Span>({ from: 0, to: 1 });
  const state = shallowRef<PlayerState>();
  const loading = shallowRef<Trouble>();
  const region = shallowRef<Frame>();
  const frame = shallowRef<Frame>();
  /** The moment on show has no kept frame. */
  const missing = ref(false);
  const scrubbing = ref(false);
  let player: ReplayPlayer | undefined;
  let askedAt = -Infinity;
  let asking: AbortController | undefined;
  let askAgain: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  /** What is to be done once it is known what there is of the past. */
  let later: (() => void) | undefined;
  let movedAt = performance.now();

  /** The past is on show. */
  const active = computed(() => state.value !== undefined);
  const position = computed(() => state.value?.position);
  const at = computed(() => state.value?.at);
  /** The moment that another screen says is on show here; until somebody moves time here. */
  const ledTo = shallowRef<LedMoment>();
  const playing = computed(() => (state.value?.playing ?? false) || (ledTo.value?.playing ?? false));
  const waiting = computed(() => state.value?.waiting ?? false);
  const trouble = computed(() => state.value?.trouble ?? (past.value ? undefined : loading.value));
  /** Whether frames were kept of this scope, in this window. */
  const canShow = computed((): 'yes' | 'window' | 'none' => {
    if (past.value?.shown.since === undefined) return 'none';
    return isShownWindow(window()) ? 'yes' : 'window';
  });
  /** The distance between two frames at the position. */
  const step = computed(() => {
    const wanted = playing.value ? stepOfSpeed(speed.value) : stepOfZoom(zoom.value);
    return past.value ? stepAt(position.value ?? present(), wanted, past.value, shown.value) : wanted;
  });

  function changed(next: PlayerState): void {
    if (next.position !== state.value?.position) movedAt = performance.now();
    if (next.caughtUp) {
      toNow();
      return;
    }
    state.value = next;
    if (next.waiting) return;
    const [whole, part = whole] = scopes();
    const wholeOf = next.frames.get(whole ?? '');
    const partOf = next.frames.get(part ?? '');
    if (!wholeOf || !partOf) return;
    missing.value = 'missing' in wholeOf || 'missing' in partOf;
    if (raw.whole !== wholeOf) region.value = wholeFrame(wholeOf);
    if (raw.part !== partOf || raw.whole !== wholeOf)
      frame.value = partOf === wholeOf ? region.value : wholeFrame(partOf);
    raw = { whole: wholeOf, part: partOf };
  }
  let raw: { whole?: object; part?: object } = {};

  /** Asks what there is of the past, as long as the bar is open. */
  async function ask(): Promise<void> {
    clearTimeout(askAgain);
    const scope = scopes().at(-1);
    if (!open.value || scope === undefined || scope === '') return;
    asking?.abort();
    const mine = (asking = new AbortController());
    askedAt = performance.now();
    try {
      const answer = await reads.replayMarks(scope, undefined, undefined, mine.signal);
      if (mine.signal.aborted) return;
      past.value = pastOf(answer);
      loading.value = undefined;
      attempt = 0;
      look();
      later?.();
      later = undefined;
      askAgain = setTimeout(() => void ask(), OFTEN_MS);
      player?.refresh();
    } catch (error) {
      if (mine.signal.aborted) return;
      loading.value = troubleOf(error);
      const after = retryAfter(error, attempt++);
      if (after !== undefined) askAgain = setTimeout(() => void ask(), after);
    }
  }

  /** Marks of the view, as fine as its length allows. */
  let marksOf: AbortController | undefined;
  let marksLater: ReturnType<typeof setTimeout> | undefined;
  watch([view, past], () => {
    clearTimeout(marksLater);
    marksLater = setTimeout(() => {
      const scope = scopes().at(-1);
      if (!open.value || !past.value || scope === undefined) return;
      marksOf?.abort();
      const mine = (marksOf = new AbortController());
      const from = Math.max(view.value.from, past.value.beginning);
      const to = Math.max(from, Math.min(view.value.to, present()));
      reads.replayMarks(scope, toRfc3339(Math.floor(from)), toRfc3339(Math.floor(to)), mine.signal).then(
        (answer) => {
          if (mine.signal.aborted) return;
          marks.value = answer.marks;
          markMs = MARK_MS[answer.every];
        },
        () => {
          // Those that are there stay; the next view asks anew.
        },
      );
    }, SETTLED_MS);
  });
  /** Hours of which no frame was kept. */
  watch([shown, past, () => scopes().at(-1)], ([on, , scope]) => {
    gaps.value = [];
    if (!on || scope === undefined) return;
    reads.shownInstants(scope).then(
      (answer) => {
        const ms = (text: string) => parseRfc3339(text) ?? 0;
        if (shown.value && scopes().at(-1) === scope)
          gaps.value = answer.missing.map(({ from, to }) => ({ from: ms(from), to: ms(to) }));
      },
      () => {
        // Missing moments are told when they are come to.
      },
    );
  });

  /** The view follows the position, but not under a finger. */
  function look(): void {
    if (scrubbing.value) return;
    view.value = keptView(view.value, zoom.value, position.value, present(), past.value?.beginning ?? present());
  }
  watch([zoom, position], look);

  function begin(ms: number, step = stepOfZoom(zoom.value)): ReplayPlayer | undefined {
    if (player || !past.value) return player;
    movedAt = performance.now();
    player = new ReplayPlayer(
      {
        open: (query, signal) => reads.replay(query, signal),
        timers: {
          now: () => performance.now(),
          after(delay, run) {
            const id = setTimeout(run, delay);
            return () => {
              clearTimeout(id);
            };
          },
        },
        present,
        past: () => past.value!,
        outdated() {
          if (performance.now() - askedAt >= SOONEST_MS) void ask();
        },
        changed,
      },
      watched(),
      ms,
      step,
    );
    return player;
  }
  const watched = () => ({
    scopes: [...new Set(scopes())],
    window: window(),
    shown: shown.value && canShow.value === 'yes',
  });
  watch([scopes, window, shown, canShow], () => {
    // A past that was not kept cannot be shown: today's facts stand in for it, and the bar says so.
    if (shown.value && canShow.value !== 'yes') shown.value = false;
    player?.watch(watched());
  });
  // Of a town other frames are kept than of its region.
  watch(
    () => scopes().at(-1),
    () => void ask(),
  );

  function goTo(ms: number, on: boolean): void {
    if (!past.value) return;
    scrubbing.value = on;
    const asked = stepOfZoom(zoom.value);
    const possible = stepAt(ms, asked, past.value, shown.value);
    const moment = Math.max(firstMoment(past.value, asked, shown.value), nearestMoment(ms, possible, shown.value));
    if (moment >= present()) {
      // The right end is now.
      if (!on) toNow();
      return;
    }
    if (player) player.seek(moment, playing.value ? stepOfSpeed(speed.value) : asked, on);
    else begin(moment);
  }
  function toNow(): void {
    player?.end();
    player = undefined;
    state.value = region.value = frame.value = undefined;
    raw = {};
    scrubbing.value = missing.value = false;
    look();
  }
  function close(): void {
    toNow();
    ledTo.value = undefined;
    later = undefined;
    open.value = shown.value = false;
    asking?.abort();
    marksOf?.abort();
    clearTimeout(askAgain);
    past.value = loading.value = undefined;
  }
  function play(): void {
    if (!past.value) return;
    // From now there is nothing to play: what the bar shows is played from its beginning.
    const from = player
      ? undefined
      : Math.max(view.value.from, firstMoment(past.value, stepOfSpeed(speed.value), shown.value));
    (player ?? begin(from!))?.play(speed.value, stepOfSpeed(speed.value));
  }

  /** Another screen says which moment is on show; undefined: now again. */
  function lead(moment: LedMoment | undefined): void {
    if (!moment) {
      if (ledTo.value) close();
      return;
    }
    ledTo.value = moment;
    show();
    if (!past.value) {
      later = () => {
        lead(moment);
      };
      return;
    }
    shown.value = moment.shown && canShow.value === 'yes';
    player?.pause();
    if (player) player.seek(moment.at, moment.step);
    else begin(moment.at, moment.step);
  }
  function show(): void {
    if (open.value) return;
    open.value = true;
    view.value = viewOf(zoom.value, undefined, present(), present());
    void ask();
  }
  /** Whoever moves time here goes on from where it is, by themselves. */
  const own =
    <Args extends unknown[]>(act: (...args: Args) => void) =>
    (...args: Args): void => {
      ledTo.value = undefined;
      act(...args);
    };
  /** Plays from a moment up to now in so many seconds. */
  function playSpan(from: number, seconds: number): void {
    show();
    if (!past.value) {
      later = () => {
        playSpan(from, seconds);
      };
      return;
    }
    const pace = (moment: number) => Math.max(1, (present() - moment) / (1_000 * seconds));
    const start = Math.max(from, firstMoment(past.value, stepOfSpeed(pace(from)), shown.value));
    if (start >= present()) return;
    zoom.value = zoomFor(start, present());
    const step = stepOfSpeed(pace(start));
    if (player) player.seek(start, step);
    (player ?? begin(start))?.play(pace(start), step);
  }

  const touch = () => {
    movedAt = performance.now();
  };
  for (const event of TOUCHES) addEventListener(event, touch, { capture: true, passive: true });
  const looking = setInterval(() => {
    if (active.value && !ledTo.value && performance.now() - movedAt >= LEFT_ALONE_MS) close();
    else if (open.value && !active.value) look();
  }, LOOK_MS);
  onScopeDispose(() => {
    for (const event of TOUCHES) removeEventListener(event, touch, { capture: true });
    clearInterval(looking);
    clearTimeout(marksLater);
    close();
  });

  const corrected = useCorrected(() =>
    active.value && !playing.value && !waiting.value && !scrubbing.value && frame.value && past.value
      ? { frame: frame.value, shown: shown.value, past: past.value }
      : undefined,
  );

  return reactive({
    open,
    active,
    past,
    marks,
    gaps,
    zoom,
    view,
    speed,
    shown,
    canShow,
    step,
    position,
    at,
    playing,
    waiting,
    scrubbing,
    trouble,
    missing,
    region,
    frame,
    corrected,
    show,
    close,
    toNow: own(toNow),
    playSpan: own(playSpan),
    lead,
    led: computed(() => ledTo.value !== undefined),
    /** The playhead is being dragged over a moment. */
    scrub: own((ms: number) => {
      goTo(ms, true);
    }),
    /** The playhead is put on a moment. */
    seek: own((ms: number) => {
      goTo(ms, false);
    }),
    /** By so many frames; back from now is the last frame before it. */
    stepBy: own((count: number) => {
      if (!past.value) return;
      if (player) player.stepBy(count, stepOfZoom(zoom.value));
      else if (count < 0) goTo(present() - Math.abs(count) * 60_000 * STEP_MINUTES[stepOfZoom(zoom.value)], false);
    }),
    toMark: own((by: 1 | -1) => {
      // What came in the hour that goes on is seen at the last moment before now.
      const latest = momentBefore(present() - 1, step.value, shown.value);
      const next = nextMark(marks.value, markMs, position.value ?? present(), by, latest);
      if (next !== undefined) goTo(next, false);
    }),
    playOrPause() {
      // What is played elsewhere stands still here.
      const elsewhere = ledTo.value?.playing === true;
      ledTo.value = undefined;
      if (playing.value || elsewhere) player?.pause();
      else play();
    },
    setSpeed(next: Speed) {
      speed.value = next;
      if (playing.value && !ledTo.value) play();
    },
    setZoom(next: Zoom) {
      zoom.value = next;
    },
    setShown: own((next: boolean) => {
      shown.value = next && canShow.value === 'yes';
    }),
  });
}
const MARK_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const STEP_MINUTES = { minute: 1, '5m': 5, hour: 60, day: 1_440 } as const;
