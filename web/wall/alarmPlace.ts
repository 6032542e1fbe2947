/**
 * Where the card of an alarm stands: beside the point that it is about, wholly on the screen, with a line from its edge to
 * the point. Pure; CSS pixels of the viewport.
 */
export interface Place {
  x: number;
  y: number;
}
export interface Frame {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
export interface Stand {
  left: number;
  top: number;
  /** Where the line leaves the card. */
  from?: Place;
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));
/** How far a place is from a box; 0 within it. */
const distance = ({ x, y }: Place, { left, top, right, bottom }: Frame) =>
  Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
const overlap = (a: Frame, b: Frame) =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

/**
 * @param point that the card is about, where it will be once the map has come to it; none for a list
 * @param map the map, which a list leaves free as far as it can
 * @param clear room kept around the point
 * @param seams lines that the card does not lie on where it has room beside them
 */
export function standBeside(
  card: { width: number; height: number },
  screen: { width: number; height: number },
  margin: number,
  point: Place | undefined,
  map: Frame | undefined,
  clear: number,
  seams: { x: readonly number[]; y: readonly number[] } = { x: [], y: [] },
): Stand {
  const most = {
    left: Math.max(margin, screen.width - margin - card.width),
    top: Math.max(margin, screen.height - margin - card.height),
  };
  const keep: Frame | undefined = point
    ? { left: point.x - clear, right: point.x + clear, top: point.y - clear, bottom: point.y + clear }
    : map;
  const middle = point ?? { x: screen.width / 2, y: screen.height / 2 };
  // Level with the point, so that the line is short: the card's upper half, where its name is.
  const lefts = [keep?.right, keep && keep.left - card.width, middle.x - card.width / 2];
  const tops = [middle.y - card.height * (point ? 0.4 : 0.5), keep?.bottom, keep && keep.top - card.height];
  for (const x of seams.x) lefts.push(x + margin, x - margin - card.width);
  for (const y of seams.y) tops.push(y + margin, y - margin - card.height);

  let best: { left: number; top: number } | undefined;
  let least = Infinity;
  for (const [i, wantedLeft] of lefts.entries()) {
    for (const [j, wantedTop] of tops.entries()) {
      if (wantedLeft === undefined || wantedTop === undefined) continue;
      const left = clamp(wantedLeft, margin, most.left);
      const top = clamp(wantedTop, margin, most.top);
      const box = { left, top, right: left + card.width, bottom: top + card.height };
      const cut =
        seams.x.filter((x) => x > box.left && x < box.right).length +
        seams.y.filter((y) => y > box.top && y < box.bottom).length;
      const over = keep ? overlap(box, keep) / (card.width * card.height) : 0;
      // First what it must not cover, then the seams, then a short line; the right-hand side where all is equal.
      const cost = over * 1e7 + cut * 1e5 + distance(middle, box) + (i + j) * 0.01;
      if (cost < least) {
        least = cost;
        best = { left, top };
      }
    }
  }
  const { left, top } = best!;
  if (!point) return { left, top };
  const inset = Math.min(card.height / 2, clear);
  return {
    left,
    top,
    from: {
      x: clamp(point.x, left, left + card.width),
      y: clamp(point.y, top + inset, top + card.height - inset),
    },
  };
}
