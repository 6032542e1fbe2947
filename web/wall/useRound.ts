import { computed, onScopeDispose, ref, watch, type ComputedRef } from 'vue';
import { wasDisplay } from '../http/signIn.ts';
import type { useFrameStore } from '../live/frameStore.ts';
import { goesRound } from '../shell/settings/screenState.ts';
import type { useSettingsStore } from '../shell/settings/settingsStore.ts';
import { rotates, stopAt, stopsOf } from './rotation.ts';

export interface Round {
  /** The scope to show now, while the round goes on. */
  stop: ComputedRef<string | undefined>;
  /** The scope that the wall is held to: nothing of other places is its business. */
  held: ComputedRef<string | undefined>;
  /** A hand, a key or an alarm took over: the round rests for a minute. */
  touch(): void;
  /** Server's clock (ms) of the last touch; −∞ if there was none. */
  touchedAt: () => number;
}

/**
 * Which place an untouched wall shows, by the server's clock: the round's stop, or the scope that its URL names, for good
 * (docs/screens.md, Rotation). A paired display comes back by itself to the place it is paired to. Call once, in the wall's setup.
 * @param free whether the round may go on: nothing is opened over the wall
 */
export function useRound(
  store: ReturnType<typeof useFrameStore>,
  settings: ReturnType<typeof useSettingsStore>,
  free: () => boolean,
): Round {
  const touchedAt = ref(-Infinity);
  const opened = { scope: settings.scope, rotate: settings.rotate };
  const stops = computed(() => stopsOf(store.regionFrame, store.pack));
  const wanted = computed(() => goesRound(settings.state));
  const goesOn = computed(() => store.second > 0 && rotates(wanted.value && free(), store.second, touchedAt.value));
  const stop = computed(() => (goesOn.value ? stopAt(store.second, stops.value) : undefined));
  const held = computed(() => (!wanted.value && settings.scope !== '' ? settings.scope : undefined));
  const touch = () => {
    touchedAt.value = store.serverNow();
  };
  const events = ['pointerdown', 'keydown', 'wheel'] as const;
  for (const event of events) addEventListener(event, touch, { passive: true });
  onScopeDispose(() => {
    for (const event of events) removeEventListener(event, touch);
  });
  watch(
    () => store.second,
    (now, before) => {
      // A scope beside `rotate=on` is where the round begins: it is looked at for as long as one that somebody chose.
      if (before === 0 && now > 0 && opened.scope !== '') touch();
      // A clock set back must not stop the round for ever.
      if (touchedAt.value > now + 60_000) touchedAt.value = now;
      const away = settings.scope !== opened.scope || settings.rotate !== opened.rotate;
      if (away && !wanted.value && free() && rotates(true, now, touchedAt.value) && wasDisplay() !== undefined)
        settings.choose(opened);
    },
  );
  return { stop, held, touch, touchedAt: () => touchedAt.value };
}
