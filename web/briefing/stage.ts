/**
 * How large pages are set, and how they lie on screens of other shapes. Lengths in px. Pure.
 *
 * Pages are made for 192 × 108 rem, which is 1920 × 1080. A narrower screen has as much room in all: letters stay as large against
 * it, and pages lie otherwise, so that a tablet held upright shows the two parts of a page one below the other. What has been drawn
 * on, and what others follow, is shown as it is at 192 × 108 rem on every screen: strokes and pointer lie where they were drawn.
 */
export const STAGE_WIDTH = 192;
export const STAGE_HEIGHT = 108;

/** How many px a rem has. */
export function pageRem(width: number, height: number): number {
  return Math.min(height / STAGE_HEIGHT, Math.sqrt((width * height) / (STAGE_WIDTH * STAGE_HEIGHT)));
}

/**
 * How many px a rem has in the presenter's view: read from near, at the same distance whatever the screen, so that its letters are as
 * large on 3840 × 2160 as on 1920 × 1080; never smaller than those of a form.
 */
export function presenterRem(width: number, height: number): number {
  return Math.max(10, Math.min(width / 150, height / 84));
}

/** `upright`: higher than wide; `narrow`: no room for all that 192 rem have beside each other; `low`: less than the height of a page. */
export interface Shape {
  upright: boolean;
  narrow: boolean;
  low: boolean;
}
/** A page is this much narrower or lower than it was made for before it lies otherwise. */
const SPARE = 8;
export function shapeOf(width: number, height: number, rem: number): Shape {
  const upright = width < height;
  return {
    upright,
    narrow: !upright && width < (STAGE_WIDTH - SPARE) * rem,
    low: height < (STAGE_HEIGHT - SPARE) * rem,
  };
}

/** Where a page of 192 × 108 rem lies that is as large as its room allows, in the middle of it. */
export function stageIn(width: number, height: number, rem: number): { left: number; top: number; scale: number } {
  const scale = Math.min(width / (STAGE_WIDTH * rem), height / (STAGE_HEIGHT * rem));
  return {
    left: (width - STAGE_WIDTH * rem * scale) / 2,
    top: (height - STAGE_HEIGHT * rem * scale) / 2,
    scale,
  };
}
