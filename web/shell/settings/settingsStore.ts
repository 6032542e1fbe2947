import { defineStore } from 'pinia';
import { reactive, ref, toRefs, watch } from 'vue';
import type { LocationQuery, Router } from 'vue-router';
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
    watch(
      () => router.currentRoute.value.query,
      (query) => {
        Object.assign(state, stateFor(query));
      },
      { immediate: true },
    );
    watch(
      () => ({ ...state }),
      (now) => {
        // What is not the screen's (the filters of a list) stays as it is.
        const others = Object.entries(router.currentRoute.value.query).filter(([key]) => !isScreenKey(key));
        // Nor is that taken out which the URL says itself: a briefing goes by its deck where it says nothing.
        const query = {
          ...writeQuery(now, stored.value, router.currentRoute.value.query),
          ...Object.fromEntries(others),
        };
        if (JSON.stringify(query) !== JSON.stringify(router.currentRoute.value.query)) void router.replace({ query });
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
