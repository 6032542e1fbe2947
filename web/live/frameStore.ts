import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Boundaries } from '../../contract/boundaries.ts';
import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { AlertNotice, Beat } from '../../contract/protocol.ts';
import type { RegionAnswer, RegionsAnswer } from '../../contract/rest.ts';
import { parentOf, regionOfCode } from '../../common/divisions.ts';
import { boundariesOf } from '../http/boundaries.ts';
import { instant } from '../http/instant.ts';
import { displayLine } from './displayLine.ts';
import { firstFrame, firstPlaces, firstRegion, widestOf } from './earlyFrame.ts';
import type { OpenSource, SourceListener, SourceStatus } from './frameSource.ts';
import { Listeners } from './listeners.ts';
import { openLive } from './liveSource.ts';
import { isTownCode, regionFor, scopeOfUrl, urlScopeOf } from './scopes.ts';
import { ScreenSources } from './screenSources.ts';
import { nextShown } from './shown.ts';
import { useServerTime } from './useServerTime.ts';

export interface StartOptions {
  /** A town's or a region's code; the region is the first one the server has, or the one the scope begins with. */
  scope?: string | undefined;
  window: WindowName;
  /** The screen shows this town and nothing around it. */
  alone?: boolean;
  /** Where the frames come from; the live line without it. */
  open?: OpenSource;
}

/** What the screens know: the frame on show, the frame of the whole region, the pack, and how fresh they are. */
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
  const status = shallowRef<SourceStatus>({ link: 'connecting', silent: false });
  const problem = ref<string>();
  const { clock, second, now, readFirst, start: startClock } = useServerTime();
  /** Age of the data, ms: time since the last thing heard, and what the server has not counted yet. */
  const freshnessMs = ref(0);
  /** When the link was last heard, by the server's clock. */
  const heardAt = ref(0);

  const alerts = new Listeners<AlertNotice>();
  const beats = new Listeners<Beat>();
  let sources: ScreenSources | undefined;
  let lag = 0;
  let build: string | undefined;
  /** The home that this screen began with, to which it comes back when it is left alone. */
  let startHome = '';

  const isTown = computed(() => home.value !== '' && scope.value !== home.value);
  /** The region above that of the wall, if it is shown here, too. */
  const above = computed(() => (isTownCode(home.value) ? undefined : parentOf(regions.value, home.value)));

  /** The newest frame of home; on show once what belongs to it is there, too. */
  let newestHome: Frame | undefined;

  /** Puts on show what has come. */
  function show(): void {
    const next = nextShown(
      { frame: frame.value, region: regionFrame.value },
      {
        home: home.value,
        scope: scope.value,
        window: window.value,
        packCode: pack.value?.code,
        region: newestHome,
        place: sources?.townFrame,
      },
    );
    frame.value = next.frame;
    regionFrame.value = next.region;
  }

  function updateFreshness(time: number | undefined): void {
    const silence = sources?.silenceMs();
    if (silence === undefined) return;
    freshnessMs.value = silence + lag;
    const live = status.value.link === 'live' && !status.value.silent;
    // A line lost within its first second was heard, too.
    if (time !== undefined && (live || (heardAt.value === 0 && regionFrame.value))) heardAt.value = time - silence;
  }

  const homeListener: SourceListener = {
    frame(next) {
      newestHome = next;
      const at = instant(next.at);
      if (!Number.isNaN(at)) clock.seed(at);
      readFirst();
      show();
    },
    status(next) {
      status.value = next;
      problem.value = next.problem?.detail;
    },
    alert(notice) {
      alerts.emit(notice);
    },
    beat(beat) {
      const at = instant(beat.at);
      if (!Number.isNaN(at)) clock.hear(at);
      lag = Math.max(0, beat.lag);
      build ??= beat.build;
      readFirst();
      beats.emit(beat);
    },
    command: displayLine.command,
  };

  function followTown(): void {
    if (isTown.value) sources?.followTown(scope.value, window.value, show);
    else sources?.closeTown();
  }

  /**
   * Chooses what is shown; the frame on show stays until the new one has come. A scope of another region opens that one's
   * wall, unless it is `within` the one that is open: a city's round shows its districts on its own map.
   */
  function choose(next: { scope?: string; window?: WindowName; within?: boolean }): void {
    const bound = isTownCode(home.value);
    const stays = next.scope === undefined || next.within || bound;
    const region = stays ? home.value : regionFor(regions.value, next.scope!);
    if (next.scope !== undefined && region === home.value) scope.value = bound ? home.value : next.scope;
    if (next.window !== undefined && next.window !== window.value) {
      window.value = next.window;
      sources?.setHome(home.value, next.window);
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
    if (document.visibilityState !== 'hidden') sources?.wake();
  }

  async function widest(wantedScope: string | undefined): Promise<string> {
    const places = await firstPlaces();
    if (places.serverMs !== undefined) clock.seed(places.serverMs + performance.now() - places.heardAt);
    regions.value = places.regions;
    return widestOf(places, wantedScope);
  }

  /**
   * Opens the sources. Once only: another start needs another page.
   * @throws HttpError if the server does not show this scope
   */
  async function start({ scope: wanted, window: wantedWindow, alone, open = openLive }: StartOptions): Promise<void> {
    if (sources) return;
    sources = new ScreenSources(open);
    window.value = wantedWindow;
    startClock(updateFreshness);
    for (const event of ['online', 'focus', 'pageshow'] as const) globalThis.addEventListener(event, wake);
    document.addEventListener('visibilitychange', wake);

    startHome = alone && wanted ? wanted : await widest(wanted);
    await enter(startHome, wanted);
  }

  /** Opens a wall: its line, its pack, its map. What was on show stays until all of the new one has come. */
  async function enter(code: string, wantedScope?: string): Promise<void> {
    const first = home.value === '';
    const region = regionOfCode(code);
    const still = () => home.value === code;
    home.value = code;
    scope.value = code;
    newestHome = undefined;
    sources?.openHome(code, window.value, homeListener);
    displayLine.opened({
      send: (report) => {
        sources?.report(report);
      },
      state: () => ({ build, ageMs: freshnessMs.value }),
    });
    // The line needs a few round trips to open; the first figures need not wait for them.
    const early = firstFrame(code, window.value).then(
      (next) => {
        if (still()) sources?.seedHome(next);
      },
      () => {},
    );
    const drawing = boundariesOf(region).catch((error: unknown) => {
      // The figures are shown without a drawing, too; why there is none is worth a line in the console.
      console.error(error);
      return undefined;
    });
    const nextPack = await firstRegion(region);
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
    choose,
    start,
    /** The server's clock, epoch ms; 0 while unknown. */
    serverNow: () => clock.now() ?? 0,
    onAlert: (listen: (notice: AlertNotice) => void) => alerts.add(listen),
    onBeat: (listen: (beat: Beat) => void) => beats.add(listen),
    /** The `scope` of a URL that stands for a wall, and the scope that it asks for. */
    urlScopeOf: (code: string) => urlScopeOf(regions.value, home.value, code),
    scopeOfUrl: (urlScope: string) => scopeOfUrl(regions.value, home.value, urlScope),
    startHome: () => startHome,
  };
});
