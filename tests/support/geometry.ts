import type { Boundaries } from '../../contract/boundaries.ts';

/** Plain geometry on degrees, made otherwise than in tools/geo, to check it by. */

export type P = readonly number[];

export const ringsOf = (geometry: { type: string; coordinates: unknown }) =>
  (geometry.type === 'Polygon' ? geometry.coordinates : (geometry.coordinates as unknown[]).flat()) as P[][];

/** Area of rings on the sphere, km², counter-clockwise positive: by the integral of sin(lat) d(lng). */
export function sphericalKm2(...rings: P[][]): number {
  const rad = Math.PI / 180;
  let sum = 0;
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [x1, y1] = ring[i - 1]!,
        [x2, y2] = ring[i]!;
      sum += ((x2! - x1!) * rad * (Math.sin(y1! * rad) + Math.sin(y2! * rad))) / 2;
    }
  }
  return -sum * 6371.0088 ** 2;
}

/** Winding number by angles: 1 inside a counter-clockwise ring, 0 outside. */
export function winding([x, y]: P, ring: P[]): number {
  let turn = 0;
  for (let i = 1; i < ring.length; i++) {
    const a = Math.atan2(ring[i - 1]![1]! - y!, ring[i - 1]![0]! - x!),
      b = Math.atan2(ring[i]![1]! - y!, ring[i]![0]! - x!);
    turn += Math.atan2(Math.sin(b - a), Math.cos(b - a));
  }
  return Math.round(turn / (2 * Math.PI)) || 0;
}

const edgesOf = (rings: P[][]) =>
  rings.flatMap((ring) => ring.slice(1).map((point, i) => `${ring[i]!.join()} ${point.join()}`));

/**
 * What is wrong with how the towns fit: every edge must run once one way in one town, and once the
 * other way in another, or else along the outline.
 */
export function misfits(map: Boundaries): string[] {
  const faults: string[] = [];
  const directed = new Map<string, number>();
  map.features.forEach((feature, town) => {
    for (const edge of edgesOf(ringsOf(feature.geometry))) {
      if (directed.has(edge)) faults.push(`${edge} twice`);
      directed.set(edge, town);
    }
  });
  const outer = new Set(edgesOf(ringsOf(map.outline!)));
  for (const [edge, town] of directed) {
    const other = directed.get(edge.split(' ').reverse().join(' '));
    if (other === undefined ? !outer.has(edge) : other === town || outer.has(edge)) faults.push(`${edge} alone`);
  }
  return [...faults, ...[...outer].filter((edge) => !directed.has(edge)).map((edge) => `${edge} of no town`)];
}
