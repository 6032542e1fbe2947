import { onScopeDispose, ref, watch, type Ref } from 'vue';
import type { Presenting } from './usePresenting.ts';

export type Tool = 'none' | 'pointer' | 'pen';

/**
 * What a presenter has in hand, and its keys: L the pointer, P the pen, Z takes the last stroke away, Esc lays it down. Call in `setup`.
 * @param drawable whether the page is one that is drawn on: compared with another it is not
 */
export function useTools(
  { mine, point, undo }: Pick<Presenting, 'mine' | 'point' | 'undo'>,
  drawable: () => boolean,
): {
  tool: Ref<Tool>;
  take: (what: Tool) => void;
} {
  const tool = ref<Tool>('none');
  /** The same once more lays it down. */
  function take(what: Tool): void {
    if (tool.value === 'pointer') point(undefined);
    tool.value = mine.value && tool.value !== what && (what !== 'pen' || drawable()) ? what : 'none';
  }
  watch([mine, drawable], () => {
    if (!mine.value || (tool.value === 'pen' && !drawable())) tool.value = 'none';
  });
  function onKey(event: KeyboardEvent): void {
    if (!mine.value || event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.target as HTMLElement).closest?.('input, textarea, select, dialog')) return;
    const key = event.key.toLowerCase();
    if (key === 'l') take('pointer');
    else if (key === 'p') take('pen');
    else if (key === 'z' && drawable()) undo();
    else if (key === 'escape' && tool.value !== 'none') take('none');
    else return;
    // Esc means this, and not the overview as well.
    event.stopImmediatePropagation();
    event.preventDefault();
  }
  addEventListener('keydown', onKey, true);
  onScopeDispose(() => {
    removeEventListener('keydown', onKey, true);
  });
  return { tool, take };
}
