import { computed, nextTick, onScopeDispose, type ComputedRef } from 'vue';
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router';
import { useFrameStore } from '../live/frameStore.ts';
import type { DrillTarget } from '../panels/types.ts';
import { useSettingsStore } from '../shell/settings/settingsStore.ts';
import { alertPlace, pathOf, type Place } from './path.ts';
import { FILTER_KEYS, NO_FILTER, openingOf, readFilter, writeFilter, type DrillFilter } from './query.ts';

/** A figure read when the finger went down is the one meant, though the wall's round ends by that very touch. */
const PRESS_MS = 1_500;

/** What a route says of the layer; undefined: the wall itself. */
export function placeOf(route: {
  meta: { drill?: Place['level'] };
  params: Record<string, string | string[]>;
}): Place | undefined {
  const param = (key: string) => {
    const value = route.params[key];
    return (Array.isArray(value) ? value[0] : value) ?? '';
  };
  switch (route.meta.drill) {
    case 'list':
      return { level: 'list' };
    case 'alert':
      return { level: 'alert', id: param('id'), region: param('region') || undefined };
    case 'enterprise':
      return { level: 'enterprise', key: param('key') };
    default:
      return undefined;
  }
}

export interface Navigation {
  /** The screen that the layer lies over. */
  over: 'wall' | 'kiosk';
  place: ComputedRef<Place | undefined>;
  filter: ComputedRef<DrillFilter>;
  /** Goes a level on, or to another list; `scope`: a division's code, or empty for the region of the wall. */
  go(place: Place, change?: { filter?: DrillFilter; scope?: string; replace?: boolean }): void;
  /** Back to the screen as it was when the layer was opened. */
  close(): void;
}

/** Moves between the levels of the layer; each is an entry of the browser's history. Call in `setup`. */
export function useNavigation(): Navigation {
  const route = useRoute();
  const router = useRouter();
  const store = useFrameStore();
  const place = computed(() => placeOf(route));
  const filter = computed(() => readFilter(route.query));
  /** Path of the screen that the layer lies over. */
  const base = () => (route.params['town'] ? `/kiosk/${encodeURIComponent(String(route.params['town']))}` : '/wall');
  /** Entries since the wall; 0 where a link led here. */
  const depth = () => Number((history.state as { drill?: unknown } | null)?.drill ?? 0) || 0;

  function screenQuery(scope: string | undefined): LocationQueryRaw {
    const chosen = scope === '' ? store.urlScopeOf(store.pack?.code ?? '') : scope;
    const rest = Object.fromEntries(
      Object.entries(route.query).filter(
        ([key]) => !FILTER_KEYS.includes(key) && (scope === undefined || key !== 'scope'),
      ),
    );
    return chosen ? { scope: chosen, ...rest } : rest;
  }
  return {
    over: route.params['town'] ? 'kiosk' : 'wall',
    place,
    filter,
    go(to, { filter: next = filter.value, scope, replace = false } = {}) {
      // What the screen is of need not be said.
      const goal = to.level === 'alert' && to.region === store.pack?.code ? { ...to, region: undefined } : to;
      const query = { ...screenQuery(scope), ...writeFilter(next) };
      // A link that was sent on has no wall behind it: what follows it is not counted either.
      const state = place.value === undefined ? 1 : depth() > 0 ? depth() + 1 : 0;
      void (replace
        ? router.replace({ path: pathOf(goal, base()), query })
        : router.push({ path: pathOf(goal, base()), query, state: { drill: state } }));
    },
    close() {
      if (place.value === undefined) return;
      if (depth() > 0) router.go(-depth());
      else void router.replace({ path: base(), query: screenQuery(undefined) });
    },
  };
}

export interface Drill {
  isOpen: ComputedRef<boolean>;
  open(target: DrillTarget): void;
  close(): void;
}

/** The layer as the wall sees it: presses open it, and the focus comes back to what was pressed. Call in `setup`. */
export function useDrill(): Drill {
  const store = useFrameStore();
  const settings = useSettingsStore();
  const navigation = useNavigation();
  const isOpen = computed(() => navigation.place.value !== undefined);
  let pressed: { scope: string; at: number } | undefined;
  let opener: HTMLElement | undefined;

  function note(): void {
    pressed = store.frame && { scope: store.frame.scope, at: performance.now() };
  }
  const events = ['pointerdown', 'keydown'] as const;
  for (const event of events) addEventListener(event, note, { capture: true, passive: true });
  onScopeDispose(() => {
    for (const event of events) removeEventListener(event, note, { capture: true });
  });

  const router = useRouter();
  onScopeDispose(
    router.afterEach((to, from) => {
      if (placeOf(to) !== undefined || placeOf(from) === undefined) return;
      void nextTick(() => {
        if (opener?.isConnected) opener.focus({ preventScroll: true });
        opener = undefined;
      });
    }),
  );

  return {
    isOpen,
    open(target) {
      const region = store.home;
      const shown = pressed && performance.now() - pressed.at < PRESS_MS ? pressed.scope : settings.scope;
      const town = shown === region ? '' : shown;
      if (!isOpen.value && document.activeElement instanceof HTMLElement && document.activeElement !== document.body)
        opener = document.activeElement;
      // A region on the map of a city is a wall of its own: one goes in.
      if (target.kind === 'town' && target.code.length === 6) {
        settings.visit(target.code);
        return;
      }
      const opening = openingOf(target);
      if ('alert' in opening)
        navigation.go(alertPlace(opening.alert), { filter: { ...NO_FILTER, figure: 'all' }, scope: town });
      // Cells are on the map alone, which shows all of the region, whatever town the panels show.
      else
        navigation.go(
          { level: 'list' },
          { filter: opening.filter, scope: opening.scope ?? (target.kind === 'cell' ? '' : town) },
        );
    },
    close: navigation.close,
  };
}
