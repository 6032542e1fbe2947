import { nextTick, ref, watch, type Ref } from 'vue';
import { useBox } from '../charts/useBox.ts';

/** Rows of a list that says most with its first ones, and is no list with fewer than two; and where the page is scrolled anyway. */
const MOST = 8;
const LEAST = 2;
const USUAL = 4;

/**
 * How many rows the short lists of an article have: as many as leave it without a scroll bar, if any number does. Found by trying, as
 * lists may stand beside or below each other.
 * @param body the content of the element that scrolls
 * @param content changes when what is shown needs other room
 */
export function useFittingRows(body: Readonly<Ref<HTMLElement | null>>, content: () => unknown): Ref<number> {
  const rows = ref(USUAL);
  const box = useBox(body);
  async function fit(): Promise<void> {
    const scrolled = () => {
      const page = body.value?.parentElement;
      return page ? page.scrollHeight > page.clientHeight + 1 : false;
    };
    // All of it before the next picture: no row is seen to come and go.
    rows.value = MOST;
    await nextTick();
    while (rows.value > LEAST && scrolled()) {
      rows.value--;
      await nextTick();
    }
    if (scrolled()) rows.value = USUAL;
  }
  watch(
    [() => box.value.width, content],
    () => {
      void fit();
    },
    { flush: 'post' },
  );
  return rows;
}
