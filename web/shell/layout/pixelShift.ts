/** Every three minutes another place, against burn-in (screens.md, "Look"). */
export const SHIFT_EVERY_MS = 3 * 60_000;
export const SHIFT_PX = 4;

/** Around a square: no step is longer than 4 px, and the mean of all places is the middle. */
const PLACES = [
  [SHIFT_PX, 0],
  [SHIFT_PX, SHIFT_PX],
  [0, SHIFT_PX],
  [-SHIFT_PX, SHIFT_PX],
  [-SHIFT_PX, 0],
  [-SHIFT_PX, -SHIFT_PX],
  [0, -SHIFT_PX],
  [SHIFT_PX, -SHIFT_PX],
] as const;

/** Offset in px at a moment of the server's clock: screens side by side shift together, and no seam opens. */
export function shiftAt(nowMs: number): { x: number; y: number } {
  const [x, y] = PLACES[Math.floor(nowMs / SHIFT_EVERY_MS) % PLACES.length]!;
  return { x, y };
}
