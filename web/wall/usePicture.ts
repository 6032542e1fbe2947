import { computed, onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { Boundaries } from '../../contract/boundaries.ts';
import type { Frame } from '../../contract/frame.ts';
import type { RegionAnswer } from '../../contract/rest.ts';

/** All that one picture of the wall is made of; its parts always belong together. */
export interface Picture {
  /** The figures of what is shown. */
  frame: Frame | undefined;
  /** Those of the whole region, in the same window. */
  region: Frame | undefined;
  pack: RegionAnswer | undefined;
  boundaries: Boundaries | undefined;
}

/** The old picture goes in so many ms, before the new one comes. */
export const LEAVE_MS = 160;

/** What a picture is about: place and window. Within it figures roll and rows slide; to another one all changes at once. */
export const aboutOf = ({ frame, region }: Picture): string =>
  frame ? `${region?.scope ?? ''} ${frame.scope} ${frame.window}` : '';

/**
 * The picture on show. A change of place or window lets the whole old picture go first, then the whole new one appears; no
 * picture is ever drawn with parts of both (docs/screens.md, True at every moment). What is shown in the end is the newest
 * picture, whatever becomes of the fading.
 * @param newest what there is to show; parts that belong together change together
 * @param fades whether the change is to be seen: not at low quality, nor on a hidden page
 */
export function usePicture(
  newest: () => Picture,
  fades: () => boolean,
): { picture: ShallowRef<Picture>; about: Readonly<Ref<string>>; leaving: Readonly<Ref<boolean>> } {
  const picture = shallowRef(newest());
  const leaving = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  function put(): void {
    clearTimeout(timer);
    timer = undefined;
    leaving.value = false;
    picture.value = newest();
  }
  watch(
    newest,
    (next) => {
      const before = aboutOf(picture.value);
      if (before === '' || aboutOf(next) === before || !fades() || document.visibilityState === 'hidden') put();
      else if (timer === undefined) {
        leaving.value = true;
        timer = setTimeout(put, LEAVE_MS);
      }
    },
    // Before anything is drawn with the new values.
  );
  onScopeDispose(() => {
    clearTimeout(timer);
  });
  return { picture, about: computed(() => aboutOf(picture.value)), leaving };
}
