import type { InkChange, Stroke } from '../../../contract/presenting.ts';

/** The strokes of a briefing as a page knows them. Pure. */

/**
 * With what was drawn, or without what was taken away. What a stroke has already is not added again, so the page that draws it may
 * have it before the server tells it.
 */
export function withInk(strokes: readonly Stroke[], change: InkChange): Stroke[] {
  if ('erased' in change) {
    const { erased } = change;
    return strokes.filter(({ id, page }) => ('stroke' in erased ? id !== erased.stroke : page !== erased.page));
  }
  const { stroke: id, page, from, points } = change;
  const held = strokes.find((one) => one.id === id);
  if (!held) return from === 0 ? [...strokes, { id, page, points: [...points] }] : [...strokes];
  const known = held.points.length / 2;
  // Points before these are missing: they come with all strokes when the line comes up again.
  if (from > known || from + points.length / 2 <= known) return [...strokes];
  const grown = { ...held, points: [...held.points, ...points.slice(2 * (known - from))] };
  return strokes.map((one) => (one === held ? grown : one));
}

/** The stroke that an undo takes away. */
export const lastOf = (strokes: readonly Stroke[], page: string): Stroke | undefined =>
  strokes.findLast((one) => one.page === page);
