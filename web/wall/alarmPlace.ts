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

/**
 * @param point that the card is about, where it will be once the map has come to it; none for a list
 * @param map the map, which a list leaves free as far as it can
 * @param clear room kept around the point
 */
export function standBeside(
  card: { width: number; height: number },
  screen: { width: number; height: number },
  margin: number,
  point: Place | undefined,
  map: Frame | undefined,
  clear: number,
): Stand {
  const most = {
    left: Math.max(margin, screen.width - margin - card.width),
    top: Math.max(margin, screen.height - margin - card.height),
  };
  const keep: Frame | undefined = point
    ? { left: point.x - clear, right: point.x + clear, top: point.y - clear, bottom: point.y + clear }
    : map;
  const middle = point ?? { x: screen.width / 2, y: screen.height / 2 };
  if (!keep)
    return {
      left: clamp(middle.x - card.width / 2, margin, most.left),
      top: clamp(middle.y - card.height / 2, margin, most.top),
    };
  // Level with the point, so that the line is short; the card's upper third, where its name is.
  const level = clamp(middle.y - card.height * 0.4, margin, most.top);
  const upright = clamp(middle.x - card.width / 2, margin, most.left);
  const sides = [
    { room: screen.width - margin - keep.right - card.width, left: keep.right, top: level },
    { room: keep.left - margin - card.width, left: keep.left - card.width, top: level },
    { room: screen.height - margin - keep.bottom - card.height, left: upright, top: keep.bottom },
    { room: keep.top - margin - card.height, left: upright, top: keep.top - card.height },
  ];
  const fitting = sides.find(({ room }) => room >= 0);
  // Where it has room on no side, it stands on the largest and reaches over what it should leave free.
  const chosen = fitting ?? sides.reduce((best, side) => (side.room > best.room ? side : best));
  const left = clamp(chosen.left, margin, most.left);
  const top = clamp(chosen.top, margin, most.top);
  if (!point) return { left, top };
  return {
    left,
    top,
    from: {
      x: clamp(point.x, left, left + card.width),
      y: clamp(point.y, top + Math.min(card.height / 2, clear), top + card.height - Math.min(card.height / 2, clear)),
    },
  };
}
