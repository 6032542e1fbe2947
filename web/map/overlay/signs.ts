import { onSeam, type Seams } from '../room.ts';
import type { Box } from '../types.ts';

/**
 * The signs below the land (tiers, height, platforms, notice) in rows from left to right, and up where one row does not
 * hold them; none on a seam. Pure; CSS pixels.
 * @param widths of the signs, in their order
 * @returns the place of each sign, and how much of the map's foot they take
 */
export function flowSigns(
  widths: readonly number[],
  line: number,
  size: { width: number; height: number },
  edge: number,
  gap: number,
  seams: Seams,
): { boxes: Box[]; height: number } {
  const rows: { left: number; right: number; index: number }[][] = [[]];
  let x = edge;
  widths.forEach((width, index) => {
    let row = rows.at(-1)!;
    let left = place(x, width);
    if (row.length > 0 && left + width > size.width - edge) {
      row = [];
      rows.push(row);
      left = place(edge, width);
    }
    row.push({ left, right: left + width, index });
    x = left + width + gap;
  });
  const boxes: Box[] = [];
  let bottom = size.height - edge / 2;
  for (const row of rows.reverse()) {
    const seam = seams.y.find((y) => y > bottom - line && y < bottom);
    if (seam !== undefined) bottom = seam - edge / 2;
    for (const { left, right, index } of row) boxes[index] = { left, right, top: bottom - line, bottom };
    bottom -= line;
  }
  return { boxes, height: size.height - bottom };

  /** The first place from `from` on where a sign of this width lies on no seam. */
  function place(from: number, width: number): number {
    let left = from;
    for (const seam of [...seams.x].sort((a, b) => a - b)) {
      if (onSeam({ left, right: left + width, top: 0, bottom: 0 }, { x: [seam], y: [] }, edge / 2))
        left = seam + edge / 2;
    }
    return left;
  }
}
