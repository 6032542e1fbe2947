import type { Panels } from './seams.ts';

/** The shapes of screens that a wall is arranged for, and the size that each is designed at. */
export type ShapeName = 'phone' | 'portrait' | 'small' | 'wide16' | 'wide21' | 'wide32' | 'wide48';

export interface Shape {
  name: ShapeName;
  /** CSS px for which 1rem is 10 px. */
  design: readonly [width: number, height: number];
}

const DESIGNS: Record<ShapeName, Shape['design']> = {
  // A phone scrolls: only its width counts.
  phone: [390, 1],
  portrait: [1080, 1920],
  small: [1720, 968],
  wide16: [1920, 1080],
  wide21: [2560, 1080],
  wide32: [3840, 1080],
  wide48: [5760, 1080],
};
export const SHAPES = Object.fromEntries(
  Object.entries(DESIGNS).map(([name, design]) => [name, { name, design }]),
) as Record<ShapeName, Shape>;

/** Upper bounds of the aspect ratio (width / height) of each class, in order. */
const BOUNDS: readonly (readonly [ShapeName, number])[] = [
  ['portrait', 0.85],
  ['wide16', 2.05],
  ['wide21', 2.9],
  ['wide32', 4.4],
  ['wide48', Infinity],
];
/** Below this height a landscape screen is small. */
const SMALL_HEIGHT = 880;
/** A screen narrower or lower than this is held in a hand. */
const PHONE_WIDTH = 540;
const PHONE_HEIGHT = 450;
/** How far a bound must be passed before the shape changes: a window dragged along it must not flicker. */
const HYSTERESIS = 0.03;

/** The shape of a viewport in CSS px, holding on to `current` near a bound. */
export function chooseShape(width: number, height: number, current?: ShapeName): ShapeName {
  const pick = (aspect: number, tall: number): ShapeName => {
    if (aspect * tall < PHONE_WIDTH || tall < PHONE_HEIGHT) return 'phone';
    const name = BOUNDS.find(([, bound]) => aspect < bound)![0];
    return name === 'wide16' && tall < SMALL_HEIGHT ? 'small' : name;
  };
  const aspect = width / Math.max(1, height);
  const chosen = pick(aspect, height);
  if (!current || chosen === current) return chosen;
  // Still the current one if a slightly other viewport would be.
  for (const a of [1 - HYSTERESIS, 1, 1 + HYSTERESIS]) {
    for (const h of [1 - HYSTERESIS, 1, 1 + HYSTERESIS]) {
      if (pick(aspect * a, height * h) === current) return current;
    }
  }
  return chosen;
}

/** Text that is read from six metres is so much larger: 15 px become 22 (docs/screens.md, Distance). */
export const FAR = 1.47;

/** Whether a wall is read from afar: as it was chosen, else by its shape. */
export function isFar(distance: 'auto' | 'far' | 'near', shape: ShapeName): boolean {
  if (shape === 'phone') return false;
  return distance === 'auto' ? shape === 'wide32' || shape === 'wide48' : distance === 'far';
}

/** Smallest panel of a wall of several that a column of text fits into, in rem. */
const LEAST_PANEL = { width: 44, height: 32 };

/**
 * Root font size in px: 10 at the design size, so that nothing is ever scaled by a transform.
 * @param far read from afar
 * @param panels a wall of several: each of them must hold what is put on it
 */
export function rootSize(
  width: number,
  height: number,
  shape: Pick<Shape, 'name' | 'design'>,
  far = false,
  panels?: Panels,
): number {
  if (shape.name === 'phone') return Math.floor((Math.min(width, 480) / shape.design[0]) * 10_000) / 1000;
  let size = Math.min(width / shape.design[0], height / shape.design[1]) * 10 * (far ? FAR : 1);
  if (panels)
    size = Math.min(size, width / panels.columns / LEAST_PANEL.width, height / panels.rows / LEAST_PANEL.height);
  return Math.floor(size * 1000) / 1000;
}
