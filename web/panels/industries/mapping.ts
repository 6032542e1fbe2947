import type { Frame } from '../../../contract/frame.ts';

export interface IndustryLine {
  /** Section letter of GB/T 4754. */
  code: string;
  /** Raised in the window. */
  raised: number;
  /** Open now, whenever raised. */
  open: number;
}

/** Industries with something in them, by alerts raised in the window, then open, then code. */
export function toIndustries(frame: Frame): IndustryLine[] {
  return Object.entries(frame.byIndustry)
    .map(([code, row]) => ({ code, raised: row.raised, open: row.open }))
    .filter((line) => line.raised > 0 || line.open > 0)
    .sort((a, b) => b.raised - a.raised || b.open - a.open || (a.code < b.code ? -1 : 1));
}
