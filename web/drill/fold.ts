/** What lies below the lower edge of a page that scrolls. Pure. */
export interface Extent {
  top: number;
  bottom: number;
}

/** A part of which less than this is under the edge is not called hidden, CSS px: rounding, and the line under the last row. */
const TOLERANCE_PX = 2;

/** How many of the parts are not wholly above the edge. Parts that have no height are not there. */
export function countBelow(parts: readonly Extent[], edge: number): number {
  return parts.filter(({ top, bottom }) => bottom > top && bottom > edge + TOLERANCE_PX).length;
}
