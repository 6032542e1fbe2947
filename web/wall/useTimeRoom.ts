import { useElementSize, type MaybeComputedElementRef } from '@vueuse/core';
import { computed, type ComputedRef } from 'vue';
import type { Fit } from '../shell/layout/useShape.ts';
import { barColumn, mapColumn } from './panelGrid.ts';

/** Height of the banner of the past, rem. */
const BANNER = 3.6;
/** Between the time bar and what is above it, rem. */
const GAP = 1;
/** To the edges of a screen, rem: as wide as the clear space of the grid. */
const CLEAR = 1.4;

export interface TimeState {
  /** The time bar is open. */
  open: boolean;
  /** The past is on show. */
  active: boolean;
  /** Height of what lies below the bar, rem. */
  below: number;
}

/**
 * Where the time bar and the banner lie on a wall of several screens: each within one of them, so that no letter and no button is on a seam.
 * Elsewhere they are lines of the page like its header, and nothing is to be said.
 * @returns rem; `undefined` styles where the wall is one screen
 */
export function useTimeRoom(shape: ComputedRef<Fit>, bar: MaybeComputedElementRef, state: () => TimeState) {
  const { height } = useElementSize(bar, undefined, { box: 'border-box' });
  const room = computed(() => {
    const { panels, height: rem } = shape.value;
    const { open, active } = state();
    return {
      top: panels && active ? BANNER : 0,
      bar: panels && open && height.value > 0 ? height.value / (innerHeight / rem) + GAP : 0,
    };
  });
  const styles = computed(() => {
    const { panels } = shape.value;
    if (!panels) return { banner: undefined, bar: undefined };
    const screens = (count: number) => `calc(100vw / ${panels.columns} * ${count} + ${CLEAR}rem)`;
    /** Lengths to the left and to the right of a column of screens. */
    const beside = (column: number) => [screens(column), screens(panels.columns - 1 - column)] as const;
    const [paddingLeft, paddingRight] = beside(mapColumn(panels));
    const [left, right] = beside(barColumn(panels));
    return { banner: { paddingLeft, paddingRight }, bar: { left, right, bottom: `${CLEAR + state().below}rem` } };
  });
  return { room, styles };
}
