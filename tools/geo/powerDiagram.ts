import { between, centroid, distance, signedArea, type Point, type Ring } from './plane.ts';

/** A site of a power diagram: a point of its cell is one where |p − at|² − weight is least. Plane km, km². */
export interface Site { at: Point; weight: number }

/** The side of a ring on which site `a` beats site `b` (Sutherland–Hodgman; of a concave ring the parts hang together by borders of no width). */
function cut(ring: Ring, a: Site, b: Site): Ring {
  const nx = 2 * (b.at[0] - a.at[0]), ny = 2 * (b.at[1] - a.at[1]);
  const c = b.at[0] ** 2 + b.at[1] ** 2 - b.weight - (a.at[0] ** 2 + a.at[1] ** 2 - a.weight);
  const kept: Ring = [];
  let previous = ring.at(-1);
  if (!previous) return kept;
  let before = c - nx * previous[0] - ny * previous[1];
  for (const point of ring) {
    const after = c - nx * point[0] - ny * point[1];
    if (before >= 0 !== after >= 0) {
      const t = before / (before - after);
      kept.push([previous[0] + (point[0] - previous[0]) * t, previous[1] + (point[1] - previous[1]) * t]);
    }
    if (after >= 0) kept.push(point);
    [previous, before] = [point, after];
  }
  return kept;
}

/** The cell of one site within a ring, and the sites that took something from it. */
function carve(sites: readonly Site[], index: number, within: Ring, others: Iterable<number>): { cell: Ring; rivals: number[] } {
  const rivals: number[] = [];
  let cell = within;
  for (const i of others) {
    if (i === index) continue;
    const left = cut(cell, sites[index]!, sites[i]!);
    if (left.length !== cell.length || left.some((point, k) => point !== cell[k])) rivals.push(i);
    cell = left;
  }
  return { cell, rivals };
}

/** The cells of all sites within a convex ring. */
export function cellsOf(sites: readonly Site[], frame: Ring): Ring[] {
  return sites.map((_, i) => carve(sites, i, frame, sites.keys()).cell);
}

/** The cell of one site within a ring of any shape. The convex cell comes first: few sites are then left to cut the long ring. */
function cellWithin(sites: readonly Site[], index: number, frame: Ring, outline: Ring): Ring {
  return carve(sites, index, outline, carve(sites, index, frame, sites.keys()).rivals).cell;
}

/** A rectangle round a ring. */
export function frameOf(ring: Ring, margin: number): Ring {
  const xs = ring.map(([x]) => x), ys = ring.map(([, y]) => y);
  const left = Math.min(...xs) - margin, right = Math.max(...xs) + margin;
  const bottom = Math.min(...ys) - margin, top = Math.max(...ys) + margin;
  return [[left, bottom], [right, bottom], [right, top], [left, top]];
}

export interface Fit {
  sites: Site[];
  /** Area of each cell within the outline, km². */
  areas: number[];
}

const ROUNDS = 300;

/**
 * A power diagram within an outline whose cells have given areas, each with its seat well inside.
 * Weights chase the areas; sites drift to the middle of their cells (which rounds them off), and
 * where a border comes too near a seat, both its sites shift away from it.
 *
 * @param clearance how far a seat should be from the border of its cell, km, one for each
 */
export function fitDiagram(
  outline: Ring, start: readonly Point[], seats: readonly Point[], targets: readonly number[], clearance: readonly number[],
): Fit {
  const frame = frameOf(outline, 1);
  const sites = start.map((at, i): Site => ({ at: [...at], weight: targets[i]! / Math.PI }));
  const sizeOf = (i: number, extra: number) => {
    const tried = sites.map((site, j) => (i === j ? { ...site, weight: site.weight + extra } : site));
    return Math.abs(signedArea(cellWithin(tried, i, frame, outline)));
  };
  let areas: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const cells = sites.map((_, i) => cellWithin(sites, i, frame, outline));
    areas = cells.map((cell) => Math.abs(signedArea(cell)));
    // Newton's step with the diagonal only, held back: neighbours step at the same time.
    const steps = areas.map((area, i) => {
      const extra = targets[i]! * 0.02;
      const gain = Math.max((sizeOf(i, extra) - area) / extra, 0.5);
      return (0.6 * (targets[i]! - area)) / gain;
    });
    steps.forEach((step, i) => { sites[i]!.weight += step; });
    if (round > ROUNDS * 0.85) continue;
    cells.forEach((cell, i) => {
      if (areas[i]! > targets[i]! * 0.1) sites[i]!.at = between(sites[i]!.at, centroid(cell), 0.1);
    });
    makeRoom(sites, seats, clearance);
  }
  return { sites, areas };
}

/** Shifts sites, in place, so that no border is nearer to a seat than its clearance. */
function makeRoom(sites: Site[], seats: readonly Point[], clearance: readonly number[]): void {
  for (let i = 0; i < sites.length; i++) {
    for (let j = 0; j < sites.length; j++) {
      if (i === j) continue;
      const a = sites[i]!, b = sites[j]!, seat = seats[i]!;
      const apart = distance(a.at, b.at);
      const room = (distance(seat, b.at) ** 2 - b.weight - distance(seat, a.at) ** 2 + a.weight) / (2 * apart);
      const lack = clearance[i]! - room;
      if (lack <= 0) continue;
      const x = ((b.at[0] - a.at[0]) / apart) * lack * 0.3, y = ((b.at[1] - a.at[1]) / apart) * lack * 0.3;
      a.at = [a.at[0] + x, a.at[1] + y];
      b.at = [b.at[0] + x, b.at[1] + y];
    }
  }
}
