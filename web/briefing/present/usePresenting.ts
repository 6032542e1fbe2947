import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { BriefingPage } from '../../../contract/briefingLimits.ts';
import type {
  FollowAck,
  InkCommand,
  Place,
  PresentAck,
  Presentation,
  PresentDo,
  PresentRefusal,
  Stroke,
} from '../../../contract/presenting.ts';
import { POINTER_MS } from '../../../contract/presentLimits.ts';
import { instant } from '../../http/instant.ts';
import { BriefingLine, type BriefingLink } from '../../live/briefingLine.ts';
import { ServerClock } from '../../live/serverClock.ts';
import { browserTimers, openBriefingSocket } from '../../live/socketIo.ts';
import { ALONE, confirmed, done, givenUp, hasUnsent, heard, shown, type Shown } from './inStep.ts';
import { liveOf } from '../../../contract/liveBriefing.ts';
import { lastOf, withInk } from './ink.ts';
import { createPen } from './pen.ts';

/** `alone`: this page turns by itself; `follow`: with the presenter; `present`: others turn with it. */
export type PresentMode = 'alone' | 'follow' | 'present';

export interface PresentingParts {
  /** Of one that is kept, or that names one of now; undefined while it is not known. */
  id: () => string | undefined;
  /** `either`: to present while it is I who do, else to follow. */
  mode: () => PresentMode | 'either';
  /** The pages that are on, in order; none while the briefing is being read. */
  names: () => readonly string[];
  page: Ref<number>;
  go: (n: number) => void;
  black: Ref<boolean>;
  /** At which moment this page is and with what it compares, for others to begin with; left out where it has neither. */
  view?: () => Pick<Shown, 'moment' | 'vs'>;
  /** Title or pages have been changed by somebody. */
  reread: () => void;
  /** The presentation has ended elsewhere. */
  leave: () => void;
}

export interface Presenting {
  link: Ref<BriefingLink>;
  /** While somebody presents. */
  on: ComputedRef<Presentation | undefined>;
  /** Whether it is I who present. */
  mine: ComputedRef<boolean>;
  /** The name of whoever presents and is not me. */
  other: ComputedRef<string | undefined>;
  /** Whether I am somebody who may present. */
  may: ComputedRef<boolean>;
  /** By the server's clock, ms; undefined while nobody presents or the time is unknown. */
  used: ComputedRef<number | undefined>;
  problem: ShallowRef<PresentRefusal | undefined>;
  strokes: ShallowRef<Stroke[]>;
  /** Moment and comparison as the presenter has them, while somebody presents. */
  seen: ComputedRef<Pick<Shown, 'moment' | 'vs'> | undefined>;
  /** Epoch ms by the server's clock, as long as it is known. */
  serverNow: () => number | undefined;
  begin: (take?: boolean) => void;
  /** The presenter has gone to another moment, or compares with something else. */
  tell: (view: Pick<Shown, 'moment' | 'vs'>) => void;
  end: () => void;
  /** Where the pointer is; undefined: nowhere. */
  point: (place: Place | undefined) => void;
  pen: { down: (place: Place) => void; move: (place: Place) => void; up: () => void };
  undo: () => void;
  clear: () => void;
}

/** Keeps a page in step with a presentation of its briefing, or others with this page. Call in `setup`. */
export function usePresenting(parts: PresentingParts): Presenting {
  const { page, black } = parts;
  const idNow = parts.id;
  const step = shallowRef(ALONE);
  const strokes = shallowRef<Stroke[]>([]);
  const link = ref<BriefingLink>('connecting');
  const you = ref<string>();
  const problem = shallowRef<PresentRefusal>();
  const clock = new ServerClock(() => performance.now());
  const now = ref<number>();
  let line: BriefingLine | undefined;
  /** To begin as soon as that is possible, taking it over from somebody or not. */
  let wanted: { take: boolean } | undefined;
  let edited: number | undefined;

  const on = computed(() => (step.value.heard?.on ? step.value.heard : undefined));
  const mine = computed(() => on.value !== undefined && on.value.presenter?.id === you.value);
  const other = computed(() => (on.value && !mine.value ? on.value.presenter?.name : undefined));
  const modeNow = (): PresentMode => {
    const mode = parts.mode();
    return mode !== 'either' ? mode : mine.value ? 'present' : 'follow';
  };
  const nameNow = () => parts.names()[page.value] as BriefingPage | undefined;

  const pen = createPen({
    send: (command) => say(command),
    strokes,
    full: (refusal) => {
      problem.value = refusal;
    },
  });

  async function say(command: InkCommand): Promise<PresentAck | undefined> {
    return line?.present(command);
  }

  /** Brings this page to where the presentation is. */
  function apply(): void {
    const { page: name, black: dark } = shown(step.value);
    const n = name === undefined ? -1 : parts.names().indexOf(name);
    if (n >= 0 && n !== page.value) parts.go(n);
    if (dark !== undefined) black.value = dark;
  }
  function settle(): void {
    if (parts.names().length === 0) return;
    if (mine.value) wanted = undefined;
    const mode = modeNow();
    if (wanted) void tryBegin();
    else if (on.value && (mode === 'follow' || (mode === 'present' && mine.value))) apply();
    if (mine.value) void flush();
  }
  function hear(presentation: Presentation | undefined): void {
    const was = mine.value;
    step.value = heard(step.value, presentation);
    const newest = step.value.heard;
    if (newest) {
      if (edited !== undefined && newest.edited > edited) parts.reread();
      edited = newest.edited;
    }
    // Strokes on figures that move end with their presentation.
    if (newest && !newest.on && liveOf(newest.briefing)) strokes.value = [];
    if (was && !mine.value) {
      step.value = givenUp(step.value);
      if (!on.value && parts.mode() === 'present') parts.leave();
    }
    settle();
  }
  function joined(answer: FollowAck): void {
    if ('problem' in answer) {
      problem.value = answer.problem;
      return;
    }
    problem.value = undefined;
    you.value = answer.you;
    strokes.value = answer.strokes;
    pen.again();
    if (!answer.presentation) {
      // Forgotten: whoever presented begins anew, and nobody follows any more.
      if (mine.value) wanted ??= { take: false };
      step.value = ALONE;
    }
    hear(answer.presentation);
  }

  async function tryBegin(): Promise<void> {
    const name = nameNow();
    const id = idNow();
    if (!wanted || !name || id === undefined) return;
    const { take } = wanted;
    const answer = await line?.present({ briefing: id, do: 'begin', page: name, ...(take ? { take } : {}) });
    // Not known to have arrived: again when the line is up.
    if (!answer) return;
    wanted = undefined;
    if ('problem' in answer) problem.value = answer.problem;
    else {
      problem.value = undefined;
      hear(answer.presentation);
      // What somebody else was at goes on.
      if (!take && parts.view) tell(parts.view());
    }
  }
  function tell(view: Pick<Shown, 'moment' | 'vs'>): void {
    if (modeNow() !== 'present' || !mine.value) return;
    step.value = done(step.value, view);
    void flush();
  }
  let sending = false;
  async function flush(): Promise<void> {
    const id = idNow();
    if (sending || id === undefined || !mine.value || !hasUnsent(step.value)) return;
    sending = true;
    const sent = { ...step.value.mine };
    const answer = await line?.present({
      briefing: id,
      do: 'show',
      ...(sent.page === undefined ? {} : { page: sent.page as BriefingPage }),
      ...(sent.black === undefined ? {} : { black: sent.black }),
      ...(sent.moment === undefined ? {} : { moment: sent.moment }),
      ...(sent.vs === undefined ? {} : { vs: sent.vs }),
    });
    sending = false;
    if (!answer) return;
    if ('problem' in answer) {
      problem.value = answer.problem;
      step.value = givenUp(step.value);
      return;
    }
    step.value = confirmed(step.value, sent, undefined);
    hear(answer.presentation);
  }
  // What the presenter does on this page is what the others are to see.
  watch([page, black], () => {
    const name = nameNow();
    if (modeNow() !== 'present' || !mine.value || name === undefined) return;
    step.value = done(step.value, { page: name, black: black.value });
    void flush();
  });
  watch(
    () => [parts.mode(), parts.names().join(' ')],
    ([mode], before) => {
      if (before?.[0] !== mode) wanted = mode === 'present' && !mine.value ? { take: false } : undefined;
      settle();
    },
    { immediate: true },
  );

  function erase(what: PresentDo<'erase'>['what']): void {
    const id = idNow();
    if (id === undefined || !mine.value) return;
    problem.value = undefined;
    pen.erase({ briefing: id, do: 'erase', what });
  }

  let pointing: ReturnType<typeof setTimeout> | undefined;
  /** Where the pointer is, where that has not been told. */
  let untold: { place: Place | undefined } | undefined;
  function point(place: Place | undefined): void {
    untold = { place };
    if (pointing === undefined) tellPlace();
  }
  function tellPlace(): void {
    pointing = undefined;
    const id = idNow();
    if (!untold || id === undefined || !mine.value) return;
    void line?.present({ briefing: id, do: 'show', pointer: untold.place ?? null });
    untold = undefined;
    pointing = setTimeout(tellPlace, POINTER_MS);
  }

  watch(
    idNow,
    (id) => {
      line?.end();
      line = undefined;
      step.value = ALONE;
      strokes.value = [];
      you.value = edited = undefined;
      if (id === undefined) return;
      line = new BriefingLine(openBriefingSocket, { briefing: id }, browserTimers, {
        joined,
        presentation: hear,
        ink: (change) => {
          strokes.value = withInk(strokes.value, change);
        },
        beat: ({ at }) => {
          const ms = instant(at);
          if (!Number.isNaN(ms)) clock.hear(ms);
          now.value ??= clock.now();
        },
        command: () => undefined,
        link: (state) => {
          link.value = state;
        },
      });
      line.start();
    },
    { immediate: true },
  );
  const wake = () => {
    if (document.visibilityState !== 'hidden') line?.wake();
  };
  const ticking = setInterval(() => {
    now.value = clock.now();
  }, 500);
  for (const event of ['online', 'pageshow'] as const) addEventListener(event, wake);
  document.addEventListener('visibilitychange', wake);
  onScopeDispose(() => {
    line?.end();
    clearInterval(ticking);
    clearTimeout(pointing);
    for (const event of ['online', 'pageshow'] as const) removeEventListener(event, wake);
    document.removeEventListener('visibilitychange', wake);
  });

  return {
    link,
    on,
    mine,
    other,
    may: computed(() => you.value !== undefined),
    used: computed(() =>
      on.value && now.value !== undefined ? Math.max(0, now.value - instant(on.value.began)) : undefined,
    ),
    problem,
    strokes,
    seen: computed(() => (on.value ? shown(step.value) : undefined)),
    serverNow: () => clock.now(),
    tell,
    begin(take = false) {
      wanted = { take };
      void tryBegin();
    },
    end() {
      const id = idNow();
      if (id !== undefined)
        void line?.present({ briefing: id, do: 'end' }).then((answer) => {
          if (answer && !('problem' in answer)) hear(answer.presentation);
        });
    },
    point,
    pen: {
      down(place) {
        const name = nameNow();
        const id = idNow();
        if (id !== undefined && name && mine.value) pen.down(id, name, place);
      },
      move: pen.move,
      up: pen.up,
    },
    undo() {
      const last = lastOf(strokes.value, nameNow() ?? '');
      if (last) erase({ stroke: last.id });
    },
    clear() {
      const name = nameNow();
      if (name) erase({ page: name });
    },
  };
}
