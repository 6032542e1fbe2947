import { shallowReactive } from 'vue';
import type { Frame } from '../../../contract/frame.ts';
import type { RegionAnswer } from '../../../contract/rest.ts';
import type { DrillTarget, PanelState } from '../../../web/panels/types.ts';

/** What the board shows; tests change it in place, so that updates are updates and not new pages. */
export interface Board {
  panels: string[];
  width: number;
  height: number;
  sizes: Record<string, [number, number]>;
  state: PanelState;
  quality: 'high' | 'low';
  frame: Frame | undefined;
  region: Frame | undefined;
  pack: RegionAnswer | undefined;
  now: number;
}
export const board = shallowReactive<Board>({
  panels: [],
  width: 440,
  height: 230,
  sizes: {},
  state: 'loading',
  quality: 'high',
  frame: undefined,
  region: undefined,
  pack: undefined,
  now: 0,
});
/** Everything the panels asked to open. */
export const opened: DrillTarget[] = [];
