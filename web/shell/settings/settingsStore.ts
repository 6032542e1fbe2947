import { defineStore } from 'pinia';
import { reactive, ref, toRefs, watch } from 'vue';
import { isNavigationFailure, NavigationFailureType, type LocationQuery, type Router } from 'vue-router';
import { setLang } from '../../i18n/index.ts';
import {
  goesRound,
  isScreenKey,
  readQuery,
  readStored,
  resolve,
  writeQuery,
  writeStored,
  type ScreenState,
  type Settings,
} from './screenState.ts';

const KEY = 'wagewatch.settings';

function load(): Partial<Settings> {
  try {
    return readStored(localStorage.getItem(KEY));
  } catch {
    return {};
  }
}
function save(settings: Partial<Settings>): void {
  try {
    localStorage.setItem(KEY, writeStored(settings));
  } catch {
    // Storage forbidden: the settings hold until the page is left, and the URL carries them.
  }
}

/** The state of this screen, tied to its URL (replaced, never pushed: a wall has no history). */
export const useSettingsStore = defineStore('settings', () => {
  const stored = ref(load());
  const state = reactive<ScreenState>(resolve({}, stored.value));

  /** Reads the URL now and whenever it changes, and writes the URL whenever the state changes. */
  function bind(router: Router): void {
    /** What the URL says of the screen. */
    let said = { ...state };
    /** A page is on its way, which takes a while where its code is still to come: writing the URL now would call it off. */
    let going = false;

    function write(): void {
      said = { ...state };
      const { query: before } = router.currentRoute.value;
      // What is not the screen's (the filters of a list) stays as it is.
      const others = Object.entries(before).filter(([key]) => !isScreenKey(key));
      // Nor is that taken out which the URL says itself: a briefing goes by its deck where it says nothing.
      const query = { ...writeQuery(said, stored.value, before), ...Object.fromEntries(others) };
      if (JSON.stringify(query) !== JSON.stringify(before)) void router.replace({ query });
    }

    router.beforeEach(() => {
      going = true;
    });
    router.afterEach((_to, _from, failure) => {
      // Another page is on its way instead.
      if (isNavigationFailure(failure, NavigationFailureType.cancelled)) return;
      going = false;
      if (failure) write();
    });
    router.onError(() => {
      going = false;
      write();
    });
    watch(
      () => router.currentRoute.value.query,
      (query) => {
        // What was chosen meanwhile holds there, too.
        const chosen = Object.entries(state).filter(([key, value]) => value !== said[key as keyof ScreenState]);
        said = stateFor(query);
        Object.assign(state, said, Object.fromEntries(chosen));
        if (chosen.length > 0) write();
      },
      { immediate: true },
    );
    watch(
      () => ({ ...state }),
      () => {
        if (!going) write();
      },
    );
    watch(() => state.lang, setLang, { immediate: true });
  }

  /** The state that a screen with this query will have. */
  const stateFor = (query: LocationQuery) => resolve(readQuery(query), stored.value);

  /** A choice for this screen now. */
  function choose(change: Partial<ScreenState>): void {
    Object.assign(state, change);
  }

  /** Whether `rotate=on` is in the URL only because somebody looks at a place on a wall that goes round. */
  let lent = false;

  /**
   * Somebody looks at another place. A wall that goes round will go on, and its URL says so, for whoever opens it meanwhile.
   * @param scope as a URL has it (`urlScopeOf`)
   */
  function visit(scope: string): void {
    if (scope !== '' && state.rotate === 'auto' && goesRound(state)) {
      lent = true;
      choose({ scope, rotate: 'on' });
    } else choose({ scope });
  }

  /** The visit is over: the wall shows again what it is for. */
  function comeBack(scope: string): void {
    choose(lent ? { scope, rotate: 'auto' } : { scope });
    lent = false;
  }

  /** A choice that this browser keeps. */
  function keep(change: Partial<Settings>): void {
    stored.value = { ...stored.value, ...change };
    save(stored.value);
    Object.assign(state, change);
  }

  return { ...toRefs(state), state, bind, choose, visit, comeBack, keep, stateFor };
});
