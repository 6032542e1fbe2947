import type { PanelProps } from '../types.ts';

/** The properties of the chart panels: those of every panel, and how much may move. */
export interface ChartPanelProps extends PanelProps {
  /** `low` on weak machines: the same figures, nothing animated. */
  quality?: 'high' | 'low' | undefined;
}
