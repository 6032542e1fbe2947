import { ref } from 'vue';
import { describe, expect, it } from 'vitest';
import { useStops } from '../../../../web/map/useStops.ts';

/** A key as the browser hands it over, and what was done to it. */
function pressed(key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) {
  const done: string[] = [];
  const event = {
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...held,
    preventDefault: () => done.push('prevented'),
    stopPropagation: () => done.push('stopped'),
  } as unknown as KeyboardEvent;
  return { event, done };
}

describe('many things in one stop of the keyboard', () => {
  it('are gone through by the arrows, to either end and not beyond', () => {
    const { index, onKey } = useStops(() => ['a', 'b', 'c']);
    const at = (key: string) => (onKey(pressed(key).event), index.value);
    expect(index.value).toBe(0);
    expect(['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowLeft', 'Home', 'ArrowUp', 'End'].map(at)).toEqual([
      1, 2, 2, 1, 0, 0, 2,
    ]);
  });

  it('keep the stop on what was chosen while others pass it by, and begin anew when it is gone', () => {
    const keys = ref(['a', 'b', 'c']);
    const { index, choose } = useStops(() => keys.value);
    choose(1);
    keys.value = ['c', 'x', 'b', 'a'];
    expect(index.value).toBe(2);
    keys.value = ['c', 'a'];
    expect(index.value).toBe(0);
    keys.value = [];
    expect(index.value).toBe(0);
  });

  it('take their keys from the screen, and leave it all others', () => {
    const { onKey } = useStops(() => ['a', 'b']);
    const arrow = pressed('ArrowRight');
    expect(onKey(arrow.event)).toBe(true);
    expect(arrow.done).toEqual(['prevented', 'stopped']);
    for (const other of [pressed('Enter'), pressed('Tab'), pressed('ArrowLeft', { altKey: true })]) {
      expect(onKey(other.event)).toBe(false);
      expect(other.done).toEqual([]);
    }
  });
});
