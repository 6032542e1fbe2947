import type { Frame } from '../../contract/frame.ts';
import type { RegionAnswer } from '../../contract/rest.ts';
import type { Figure } from './figures.ts';

/**
 * What a panel is in: nothing heard yet, nothing to show, showing, or showing figures that have
 * grown old (screens.md, "Freshness and failure").
 */
export type PanelState = 'loading' | 'empty' | 'normal' | 'stale';

/** The properties every panel takes. `now` is the server's clock, epoch ms, never the machine's. `frame` is what the screen is about. */
export interface PanelProps {
  frame?: Frame | undefined;
  /**
   * The frame of the whole region in the same window, where `frame` is of one of its towns: a town is read among the others, and
   * some things are known of regions alone.
   */
  region?: Frame | undefined;
  pack?: RegionAnswer | undefined;
  state: PanelState;
  now: number;
}

export type DrillKind = 'tier' | 'town' | 'industry' | 'channel' | 'stage' | 'headline' | 'cell' | 'alert';

/** What a press on something countable opens; `code` is the code of contract §1, an H3 cell, a measure or an `alertKey`. */
export interface DrillTarget {
  kind: DrillKind;
  code: string;
  /**
   * Which alerts were counted, where a panel shows another figure of this kind than usual: who presses a rate asks for what was
   * audited, who presses a count of the window for what was raised.
   */
  figure?: Figure;
}
