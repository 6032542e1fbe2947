import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { HOLD_MS } from './paging.ts';

/** A page that somebody turned to: it stays for a minute, then the list shows again what it shows by itself. Call in `setup`. */
export function usePageHold(): { held: Readonly<ShallowRef<number | undefined>>; hold: (page: number) => void } {
  const held = shallowRef<number>();
  let release: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(release));
  return {
    held,
    hold(page) {
      held.value = page;
      clearTimeout(release);
      release = setTimeout(() => {
        held.value = undefined;
      }, HOLD_MS);
    },
  };
}
