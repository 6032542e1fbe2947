import { computed, ref, type ComputedRef, type Ref } from 'vue';

/** What the keys of a list need to know of it. */
export interface ListKeysParts {
  /** The element that has the focus. */
  scroller: Readonly<Ref<HTMLElement | null>>;
  rows: ComputedRef<number>;
  /** Rows that a page key passes over; at least one is passed over. */
  pageRows: () => number;
  isShown: (index: number) => boolean;
  scrollTo: (index: number) => void;
  /** Opens a row; false if it has not been read yet. */
  open: (index: number) => boolean;
}

/** The keyboard of a list: the list has the focus, and one row is the active one. */
export function useListKeys({ scroller, rows, pageRows, isShown, scrollTo, open }: ListKeysParts) {
  const active = ref(0);
  const rowId = (index: number) => `drill-row-${index}`;
  const shownActive = computed(() => (isShown(active.value) ? rowId(active.value) : undefined));

  function move(to: number): void {
    active.value = Math.max(0, Math.min(rows.value - 1, to));
    scrollTo(active.value);
  }
  function openRow(index: number): void {
    if (open(index)) active.value = index;
  }
  function press({ target }: MouseEvent): void {
    const row = (target as Element).closest('[role="row"]');
    if (row) openRow(Number(row.getAttribute('aria-rowindex')) - 2);
  }
  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== scroller.value) return;
    const page = Math.max(1, pageRows());
    const runs: Record<string, () => void> = {
      ArrowDown: () => move(active.value + 1),
      ArrowUp: () => move(active.value - 1),
      PageDown: () => move(active.value + page),
      PageUp: () => move(active.value - page),
      Home: () => move(0),
      End: () => move(rows.value - 1),
      Enter: () => openRow(active.value),
      ' ': () => openRow(active.value),
    };
    const run = runs[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  }
  return { active, rowId, shownActive, press, onKey };
}
