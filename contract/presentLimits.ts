/** Presenting a briefing to others (docs/briefing.md): constants, apart from the schemas so that a page does not carry TypeBox. */

/** Places on a page are told in so many parts of its width and of its height. */
export const GRID = 10_000;
/** Points that one message may add to a stroke, and points of a stroke. */
export const MAX_CHUNK_POINTS = 100;
export const MAX_STROKE_POINTS = 1_000;
/** Strokes of one briefing, and how long their points may be as they are kept. */
export const MAX_STROKES = 500;
export const MAX_INK_BYTES = 262_144;
/** A presentation that nobody has touched for so long is forgotten, ms. */
export const PRESENTATION_MS = 12 * 3_600_000;
/** A pointer that moves is told at most so often, ms; so is a stroke that grows. */
export const POINTER_MS = 50;

/**
 * Pages that a display may be shown: of others nobody has seen to it that they name nobody. `since` is what one person has not seen yet,
 * and a display is nobody: it shows `changes`.
 */
export const DISPLAY_PAGES = [
  'cover',
  'situation',
  'map',
  'towns',
  'sources',
  'loop',
  'cases',
  'recovered',
  'accounts',
  'changes',
  'outlook',
] as const;
/** A display turns its page after so many seconds, unless its settings say otherwise. */
export const TURN_SECONDS = 20;
