import type { Lang } from '../i18n/lang.ts';
import type { TownShape } from './mapping/townData.ts';
import type { Ring, ScreenPoint } from './types.ts';
import { fitView, projector, type Padding } from './view.ts';

/** A map seen from above as paths and places in CSS pixels: for pages that show towns without the map's library. Pure. */

/** Where a point of the plane (mercator units) is drawn. */
export type FlatPlace = (x: number, y: number) => ScreenPoint;

/**
 * The places of a map that just holds some towns within its padding.
 * @returns nothing where there is no land or no room
 */
export function flatPlace(
  towns: readonly Pick<TownShape, 'polygons'>[],
  size: { width: number; height: number },
  padding: Padding,
): FlatPlace | undefined {
  const outline = towns.flatMap(({ polygons }) => polygons.flatMap(([ring]) => [...(ring ?? [])]));
  if (outline.length === 0) return undefined;
  if (size.width <= padding.left + padding.right || size.height <= padding.top + padding.bottom) return undefined;
  const project = projector(fitView(outline, 0, size, padding, 0));
  // Flat and without horizon, every point has a place.
  return (x, y) => project(x, y) ?? { x: 0, y: 0 };
}

/** Closed rings as the `d` of an SVG path. */
export function ringsPath(rings: readonly Ring[], place: FlatPlace): string {
  return rings
    .map((ring) => {
      const corners = ring.map(([x, y], i) => {
        const p = place(x, y);
        return `${i ? 'L' : 'M'}${p.x.toFixed(1)} ${p.y.toFixed(1)}`;
      });
      return `${corners.join('')}Z`;
    })
    .join('');
}

/** A name and the middle of its foot, CSS px. */
export interface FlatName extends ScreenPoint {
  code: string;
  name: string;
}

/**
 * The names that have room: those that lie whole on the picture, and of two that would lie over one another the first.
 * @param letter height of the letters, CSS px
 */
export function freeNames(
  names: readonly FlatName[],
  { width, height }: { width: number; height: number },
  letter: number,
  lang: Lang,
): FlatName[] {
  const placed: (FlatName & { half: number })[] = [];
  for (const one of names) {
    const { name, x, y } = one;
    const half = ([...name].length * letter * (lang === 'en' ? 0.6 : 1)) / 2;
    if (x - half < 4 || x + half > width - 4 || y < 1.5 * letter || y > height - 2.6 * letter) continue;
    const over = (other: FlatName & { half: number }) =>
      Math.abs(other.y - y) < 1.5 * letter && Math.abs(other.x - x) < half + other.half + letter;
    if (!placed.some(over)) placed.push({ ...one, half });
  }
  return placed.map(({ code, name, x, y }) => ({ code, name, x, y }));
}
