import { onSeam, type Seams } from '../room.ts';
import type { Box } from '../types.ts';

/** A line that is too full is first set closer, by these shares of the gap. */
const CLOSER = [1, 0.75, 0.55];

/**
 * The signs below the land (tiers, height, platforms, notice) in rows from left to right, and up where one row does not
 * hold them; none on a seam. Where there are several rows they are about equally long: none holds what was left over. Pure;
 * CSS pixels.
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
  const rows = rowsOf();
  const boxes: Box[] = [];
  let bottom = size.height - edge / 2;
  for (const row of rows.reverse()) {
    const seam = seams.y.find((y) => y > bottom - line && y < bottom);
    if (seam !== undefined) bottom = seam - edge / 2;
    for (const { left, right, index } of row) boxes[index] = { left, right, top: bottom - line, bottom };
    bottom -= line;
  }
  return { boxes, height: size.height - bottom };

  type Row = { left: number; right: number; index: number }[];

  /** In as few rows as can be, and of those ways the one whose longest row is shortest. */
  function rowsOf(): Row[] {
    for (const share of CLOSER) {
      const single = filled(size.width - edge, gap * share);
      if (single.length === 1) return single;
    }
    let best = filled(size.width - edge, gap);
    let least = edge;
    let most = size.width - edge;
    while (most - least > 1) {
      const limit = (least + most) / 2;
      const tried = filled(limit, gap);
      if (tried.length > best.length) least = limit;
      else {
        best = tried;
        most = limit;
      }
    }
    return best;
  }

  /** Rows filled up to `limit` one after another. */
  function filled(limit: number, between: number): Row[] {
    const made: Row[] = [[]];
    let x = edge;
    widths.forEach((width, index) => {
      let row = made.at(-1)!;
      let left = place(x, width);
      if (row.length > 0 && left + width > limit) {
        row = [];
        made.push(row);
        left = place(edge, width);
      }
      row.push({ left, right: left + width, index });
      x = left + width + between;
    });
    return made;
  }

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
