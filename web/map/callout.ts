import { meet } from './marks/layout.ts';
import type { Box, ScreenPoint } from './types.ts';

/** The line from the call-out to the place that it is about. Pure; CSS pixels. */

/** Corners of the line, from the call-out to the place. */
export type Leader = readonly ScreenPoint[];

/** Segments of a line. */
export const segments = (line: Leader): [ScreenPoint, ScreenPoint][] =>
  line.slice(1).map((to, i): [ScreenPoint, ScreenPoint] => [line[i]!, to]);

/** Upright or level lines have a box; a hair wide, so that what touches them meets them. */
const boxOf = ([a, b]: [ScreenPoint, ScreenPoint]): Box => ({
  left: Math.min(a.x, b.x) - 2,
  right: Math.max(a.x, b.x) + 2,
  top: Math.min(a.y, b.y) - 2,
  bottom: Math.max(a.y, b.y) + 2,
});
const lengthOf = (line: Leader): number =>
  segments(line).reduce((sum, [a, b]) => sum + Math.abs(a.x - b.x) + Math.abs(a.y - b.y), 0);

/**
 * An angled line of one or two legs that runs over as few marks as can be, and is short.
 * @param ends places within the area where it may end, the most natural first
 */
export function leaderTo(callout: Box, ends: readonly ScreenPoint[], marks: readonly Box[]): Leader | undefined {
  let best: Leader | undefined;
  let least = Infinity;
  for (const [rank, end] of ends.entries()) {
    const lines: ScreenPoint[][] = [];
    for (const x of [callout.left, callout.right]) {
      const outward = x === callout.left ? end.x < x : end.x > x;
      if (!outward) continue;
      const y = Math.min(callout.bottom, Math.max(callout.top, end.y));
      if (y === end.y) lines.push([{ x, y }, end]);
      for (const share of [0.5, 0.2, 0.8]) {
        const from = { x, y: callout.top + share * (callout.bottom - callout.top) };
        lines.push([from, { x: end.x, y: from.y }, end]);
      }
    }
    for (const y of [callout.top, callout.bottom]) {
      const outward = y === callout.top ? end.y < y : end.y > y;
      if (!outward) continue;
      const x = Math.min(callout.right, Math.max(callout.left, end.x));
      if (x === end.x) lines.push([{ x, y }, end]);
      for (const from of [callout.left, callout.right].map((side) => ({ x: side, y })))
        lines.push([from, { x: from.x, y: end.y }, end]);
    }
    for (const line of lines) {
      const boxes = segments(line).map(boxOf);
      const over = marks.filter((mark) => boxes.some((box) => meet(box, mark))).length;
      const cost = over * 1000 + lengthOf(line) + rank * 12 + line.length;
      if (cost < least) {
        least = cost;
        best = line;
      }
    }
  }
  return best;
}
