import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Boundaries } from '../../contract/boundaries.ts';
import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { AlertNotice, Beat, Watch } from '../../contract/protocol.ts';
import { parentOf, regionOfCode } from '../../common/divisions.ts';
import type { RegionAnswer, RegionsAnswer } from '../../contract/rest.ts';
import { reads } from '../http/reads.ts';
import { HttpError } from '../http/client.ts';
import { instant } from '../http/instant.ts';
import { untilRead } from '../http/untilRead.ts';
import { displayLine } from './displayLine.ts';
import { firstFrame } from './earlyFrame.ts';
import { ServerClock } from './serverClock.ts';
import { browserTimers, openSocketIo } from './socketIo.ts';
import { WallSession, type SessionStatus } from './wallSession.ts';

/** Ages in lists are in minutes; they need no finer clock than this, and nothing is redrawn for it more often. */
const COARSE_MS = 10_000;

/**
 * What the screens know: the frame on show, the frame of the whole region, the pack, and how fresh they are.
 *
 * Two lines are kept while a single town of a region is on show: the region's, which feeds map, rotation and alarm, and the
 * town's, which feeds the panels. So coming back to the region is instant, and the map never loses its other towns.
 */
export const useFrameStore = defineStore('frame', () => {
  const pack = shallowRef<RegionAnswer>();
  /** All regions of this server, the one it shows first before the others. */
  const regions = shallowRef<RegionsAnswer['items']>([]);
  const boundaries = shallowRef<Boundaries>();
  /** All that may be seen here, in the wanted window: the whole region, or the one town of a town's token or screen. */
  const regionFrame = shallowRef<Frame>();
  /** What the panels show; keeps the old one until the wanted one has come. */
  const frame = shallowRef<Frame>();
  const scope = ref('');
  /** Code of what `regionFrame` is about: the region whose wall is open. */
  const home = ref('');
  const window = ref<WindowName>('30d');
  const status = shallowRef<SessionStatus>({ link: 'connecting', silent: false });
  const problem = ref<string>();
  /** Server's clock by the second and by ten seconds, epoch ms; 0 while unknown. */
  const second = ref(0);
  const now = ref(0);
  /** Age of the data, ms: time since the last thing heard, and what the server has not counted yet. */
  const freshnessMs = ref(0);
  /** When the link was last heard, by the server's clock. */
  const heardAt = ref(0);

  const clock = new ServerClock(() => performance.now());
  const alertListeners = new Set<(notice: AlertNotice) => void>();
  const beatListeners = new Set<(beat: Beat) => void>();
  let regionLine: WallSession | undefined;
  let townLine: WallSession | undefined;
  let townFrame: Frame | undefined;
  let lag = 0;
  let started = false;
  let build: string | undefined;
  /** The home that this screen began with, to which it comes back when it is left alone. */
  let began = '';

  const isTown = computed(() => home.value !== '' && scope.value !== home.value);

  /** The region above that of the wall, if it is shown here, too. */
  const above = computed(() => (home.value.length === 6 ? parentOf(regions.value, home.value) : undefined));

  /** The region whose wall a scope belongs on; the one shown first where there is none. */
  function regionFor(wanted: string): string {
    return regions.value.find(({ code }) => code === regionOfCode(wanted))?.code ?? regions.value[0]?.code ?? '';
  }

  /** The scope in a URL that stands for a wall: none for the one that is shown without being asked for. */
  function scopeFor(code: string): string {
    return code === regions.value[0]?.code || (code.length === 9 && code === home.value) ? '' : code;
  }

  /** The scope that a URL asks for. */
  function wantedBy(scopeOfUrl: string): string {
    return scopeOfUrl || (home.value.length === 9 ? home.value : (regions.value[0]?.code ?? ''));
  }

  function serverNow(): number {
    return clock.now() ?? 0;
  }

  function show(): void {
    const candidate = isTown.value ? townFrame : regionFrame.value;
    if (candidate?.scope === scope.value && candidate.window === window.value) frame.value = candidate;
  }

  function readClock(): void {
    const time = clock.now();
    if (time === undefined) return;
    second.value = Math.floor(time / 1000) * 1000;
    const coarse = Math.floor(time / COARSE_MS) * COARSE_MS;
    if (coarse !== now.value) now.value = coarse;
  }
  /** Terms and ages are nothing without a time: the first that is heard counts at once, not from the next second on. */
  function firstTime(): void {
    if (second.value === 0) readClock();
  }

  function tick(): void {
    const time = clock.now();
    readClock();
    if (regionLine) {
      const silence = regionLine.silenceMs();
      freshnessMs.value = silence + lag;
      const live = status.value.link === 'live' && !status.value.silent;
      // A line lost within its first second was heard, too.
      if (time !== undefined && (live || (heardAt.value === 0 && regionFrame.value))) heardAt.value = time - silence;
    }
    // Aligned to the server's second, so that several screens of one wall turn over together.
    setTimeout(tick, 1_000 - ((time ?? performance.now()) % 1_000) + 5);
  }

  function onBeat(beat: Beat): void {
    const at = instant(beat.at);
    if (!Number.isNaN(at)) clock.hear(at);
    lag = Math.max(0, beat.lag);
    build ??= beat.build;
    firstTime();
    for (const listen of beatListeners) listen(beat);
  }

  function openHomeLine(): void {
    regionLine = new WallSession(openSocketIo, { scope: home.value, window: window.value }, browserTimers, {
      frame(next) {
        regionFrame.value = next;
        const at = instant(next.at);
        if (!Number.isNaN(at)) clock.seed(at);
        firstTime();
        show();
      },
      status(next) {
        status.value = next;
        problem.value = next.problem?.detail;
      },
      alert(notice) {
        for (const listen of alertListeners) listen(notice);
      },
      beat: onBeat,
      command: displayLine.command,
    });
    const line = regionLine;
    displayLine.opened({
      send: (report) => {
        line.report(report);
      },
      state: () => ({ build, ageMs: freshnessMs.value }),
    });
    regionLine.start();
  }

  function followTown(): void {
    if (!isTown.value) {
      townLine?.end();
      townLine = undefined;
      townFrame = undefined;
      return;
    }
    const watch: Watch = { scope: scope.value, window: window.value };
    if (townLine) {
      townLine.setWatch(watch);
      return;
    }
    townLine = new WallSession(openSocketIo, watch, browserTimers, {
      frame(next) {
        townFrame = next;
        show();
      },
      status() {},
      alert() {},
      beat() {},
    });
    townLine.start();
  }

  /**
   * Chooses what is shown; the frame on show stays until the new one has come. A scope of another region opens that one's
   * wall, unless it is `within` the one that is open: a city's round shows its districts on its own map.
   */
  function choose(next: { scope?: string; window?: WindowName; within?: boolean }): void {
    const bound = home.value.length === 9;
    const region = next.scope === undefined || next.within || bound ? home.value : regionFor(next.scope);
    if (next.scope !== undefined && region === home.value) scope.value = bound ? home.value : next.scope;
    if (next.window !== undefined && next.window !== window.value) {
      window.value = next.window;
      regionLine?.setWatch({ scope: home.value, window: next.window });
    }
    if (home.value !== '' && region !== home.value) {
      void enter(region, next.scope);
      return;
    }
    if (!pack.value) return;
    followTown();
    show();
  }

  function wake(): void {
    if (document.visibilityState === 'hidden') return;
    regionLine?.wake();
    townLine?.wake();
  }

  /** The widest scope that may be seen: the region's, or the town to which whoever looks is bound. */
  async function widest(wantedScope: string | undefined): Promise<string> {
    const [answer, session] = await Promise.all([
      untilRead(() =>
        reads.regions((ms) => {
          clock.seed(ms);
        }),
      ),
      reads.session().catch(() => undefined),
    ]);
    regions.value = answer.items;
    const own = session?.principal?.scope;
    if (own?.length === 9) return own;
    return regionFor(wantedScope ?? '');
  }

  /**
   * Opens the lines. `wantedScope` is a town's or the region's code; the region is the first one the server has,
   * or the one the scope begins with. Once only: another start needs another page.
   * @param alone the screen shows this town and nothing around it
   * @throws HttpError if the server does not show this scope
   */
  async function start(wantedScope: string | undefined, wantedWindow: WindowName, alone = false): Promise<void> {
    if (started) return;
    started = true;
    window.value = wantedWindow;
    tick();
    for (const event of ['online', 'focus', 'pageshow'] as const) globalThis.addEventListener(event, wake);
    document.addEventListener('visibilitychange', wake);

    began = alone && wantedScope ? wantedScope : await widest(wantedScope);
    await enter(began, wantedScope);
  }

  /** Opens a wall: its line, its pack, its map. What was on show stays until all of the new one has come. */
  async function enter(code: string, wantedScope?: string): Promise<void> {
    const first = home.value === '';
    const region = regionOfCode(code);
    const still = () => home.value === code;
    home.value = code;
    scope.value = code;
    townLine?.end();
    townLine = townFrame = undefined;
    regionLine?.end();
    openHomeLine();
    // The line needs a few round trips to open; the first figures need not wait for them.
    const early = firstFrame(code, window.value).then(
      (frame) => {
        if (still()) regionLine?.seed(frame);
      },
      () => {},
    );
    const drawing = untilRead(() => reads.boundaries(region)).catch((error: unknown) => {
      // A region without a drawn map is shown without one, and who must sign in is on the way there; anything else is worth a line in the console.
      if (!(error instanceof HttpError && [401, 404].includes(error.status))) console.error(error);
      return undefined;
    });
    const nextPack = await untilRead(() => reads.region(region));
    if (!first) await early;
    if (!still()) return;
    // Not for a moment the shapes of one region under the figures of another.
    boundaries.value = undefined;
    pack.value = nextPack;
    if (code === region && nextPack.towns.some((town) => town.code === wantedScope)) scope.value = wantedScope!;
    followTown();
    show();
    const nextBoundaries = await drawing;
    if (still()) boundaries.value = nextBoundaries;
  }

  function onAlert(listen: (notice: AlertNotice) => void): () => void {
    alertListeners.add(listen);
    return () => {
      alertListeners.delete(listen);
    };
  }
  function onBeatHeard(listen: (beat: Beat) => void): () => void {
    beatListeners.add(listen);
    return () => {
      beatListeners.delete(listen);
    };
  }

  return {
    pack,
    above,
    boundaries,
    regionFrame,
    frame,
    home,
    scope,
    window,
    status,
    problem,
    second,
    now,
    freshnessMs,
    heardAt,
    isTown,
    serverNow,
    choose,
    start,
    onAlert,
    onBeatHeard,
    scopeFor,
    wantedBy,
    began: () => began,
  };
});
