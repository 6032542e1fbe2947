import type { Frame } from '../../contract/frame.ts';
import type { RegionAnswer } from '../../contract/rest.ts';

/**
 * What a panel is in: nothing heard yet, nothing to show, showing, or showing figures that have
 * grown old (screens.md, "Freshness and failure").
 */
export type PanelState = 'loading' | 'empty' | 'normal' | 'stale';

/** The properties every panel takes. `now` is the server's clock, epoch ms, never the machine's. */
export interface PanelProps {
  frame?: Frame | undefined;
  pack?: RegionAnswer | undefined;
  state: PanelState;
  now: number;
}

export type DrillKind = 'tier' | 'town' | 'industry' | 'channel' | 'stage' | 'headline' | 'cell' | 'alert';

/** What a press on something countable opens; `code` is the code of contract §1, an H3 cell, a measure or an `alertKey`. */
export interface DrillTarget {
  kind: DrillKind;
  code: string;
}
