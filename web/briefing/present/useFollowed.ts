import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { BriefingContent, DeckPage } from '../../../contract/briefings.ts';
import { liveOf } from '../../../contract/liveBriefing.ts';
import type { Presentation } from '../../../contract/presenting.ts';
import { briefingsApi } from '../../http/briefingsApi.ts';
import { untilRead } from '../../http/untilRead.ts';
import { untilNext } from '../untilNext.ts';

/** A briefing that is presented, as a display is told it. */
export interface Followed {
  id: string;
  deck: string;
  pages: readonly DeckPage[];
  content: BriefingContent;
  live: boolean;
}

/**
 * The briefing that is presented: read when it begins and when its pages have been changed, one of now again and again; undefined while
 * nothing is. Call in `setup`.
 * @param now epoch ms by the server's clock
 */
export function useFollowed(
  presentation: () => Presentation | undefined,
  now: () => number | undefined,
): ShallowRef<Followed | undefined> {
  const followed = shallowRef<Followed>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function read(id: string): Promise<Followed> {
    const live = liveOf(id);
    if (!live) {
      const { deck, pages, content } = await briefingsApi.get(id);
      return { id, deck, pages, content, live: false };
    }
    const { deck, content } = await briefingsApi.live({ ...live, together: 'on' });
    return { id, deck: deck.deck, pages: deck.pages, content, live: true };
  }
  const isOn = (id: string) => {
    const one = presentation();
    return one?.on === true && one.briefing === id;
  };
  function again(id: string): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      read(id)
        .then(
          (next) => {
            if (isOn(id)) followed.value = next;
          },
          () => {
            // What is there stays; the next time it may be answered.
          },
        )
        .finally(() => {
          if (isOn(id)) again(id);
        });
    }, untilNext(now()));
  }
  watch(
    () => {
      const one = presentation();
      return one?.on ? `${one.briefing} ${one.edited}` : '';
    },
    async (wanted) => {
      const id = wanted.split(' ')[0]!;
      clearTimeout(timer);
      if (followed.value?.id !== id) followed.value = undefined;
      if (id === '') return;
      const found = await untilRead(() => read(id)).catch(() => undefined);
      if (!isOn(id)) return;
      followed.value = found;
      if (liveOf(id)) again(id);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
  });
  return followed;
}
