import { getStroke } from 'perfect-freehand';
import { GRID } from '../../../contract/presentLimits.ts';

/** Strokes are drawn in a box of this size, whatever the page's own. */
export const INK_WIDTH = 1_920;
export const INK_HEIGHT = 1_080;

/** The outline of a stroke as the `d` of a path. Pure. @param points x and y in turns, in 10,000ths */
export function inkPath(points: readonly number[]): string {
  const places = Array.from({ length: points.length / 2 }, (_, i) => [
    (points[2 * i]! / GRID) * INK_WIDTH,
    (points[2 * i + 1]! / GRID) * INK_HEIGHT,
  ]);
  const outline = getStroke(places, { size: 9, thinning: 0.4, smoothing: 0.6, streamline: 0.4 });
  const [first] = outline;
  if (!first) return '';
  const at = ([x = 0, y = 0]: readonly number[]) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  // Through the middle between any two corners, so that there are none.
  const curves = outline.map((corner, i) => {
    const [x = 0, y = 0] = corner;
    const [nextX = 0, nextY = 0] = outline[(i + 1) % outline.length]!;
    return `${at(corner)} ${at([(x + nextX) / 2, (y + nextY) / 2])}`;
  });
  return `M${at(first)}Q${curves.join(' ')}Z`;
}
