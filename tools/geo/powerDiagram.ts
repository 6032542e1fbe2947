import { between, centroid, distance, signedArea, type Point, type Ring } from './plane.ts';

/** A site of a power diagram: a point of its cell is one where |p − at|² − weight is least. Plane km, km². */
export interface Site {
  at: Point;
  weight: number;
}

/** The part of a ring where a linear function is not negative (Sutherland–Hodgman; parts of a concave ring that come apart still hang together by borders of no width). */
function clip(ring: Ring, height: (point: Point) => number): Ring {
  const kept: Ring = [];
  let previous = ring.at(-1);
  if (!previous) return kept;
  let before = height(previous);
  for (const point of ring) {
    const after = height(point);
    if (before >= 0 !== after >= 0) kept.push(between(previous, point, before / (before - after)));
    if (after >= 0) kept.push(point);
    [previous, before] = [point, after];
  }
  return kept;
}

/** The part of a ring where site `a` beats site `b`. */
function cut(ring: Ring, a: Site, b: Site): Ring {
  const nx = 2 * (b.at[0] - a.at[0]),
    ny = 2 * (b.at[1] - a.at[1]);
  const c = b.at[0] ** 2 + b.at[1] ** 2 - b.weight - (a.at[0] ** 2 + a.at[1] ** 2 - a.weight);
  return clip(ring, ([x, y]) => c - nx * x - ny * y);
}

/** The cell of one site within a ring, and the sites that took something from it. */
function carve(
  sites: readonly Site[],
  index: number,
  within: Ring,
  others: Iterable<number>,
): { cell: Ring; rivals: number[] } {
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

/** The part of a ring of any shape within a convex ring (counter-clockwise); of use for its area and middle only, like `clip`. */
export function clipped(ring: Ring, convex: Ring): Ring {
  return convex.reduce((rest, [px, py], k) => {
    const [qx, qy] = convex[(k + 1) % convex.length]!;
    return clip(rest, ([x, y]) => (qx - px) * (y - py) - (qy - py) * (x - px));
  }, ring);
}

/** A rectangle round points. */
export function frameOf(ring: Ring, margin: number): Ring {
  const xs = ring.map(([x]) => x),
    ys = ring.map(([, y]) => y);
  const left = Math.min(...xs) - margin,
    right = Math.max(...xs) + margin;
  const bottom = Math.min(...ys) - margin,
    top = Math.max(...ys) + margin;
  return [
    [left, bottom],
    [right, bottom],
    [right, top],
    [left, top],
  ];
}

export interface Wish {
  /** Where the seat is that must lie inside the cell, plane km. */
  seat: Point;
  /** Area of the cell, km². */
  area: number;
  /** How far the seat should be from the cell's border, km. */
  clearance: number;
}

/** Share of the way that a site moves in a round: to the middle of its cell (which rounds it off), and back to the seat. */
const DRIFT = 0.1,
  TETHER = 0.04;
/** How far a site may be from its seat, as a share of the way to the next seat: so that no two ever change places. */
const LEASH = 0.45;

/**
 * Sites whose cells have the areas wished for, each with its seat well inside. Weights chase the
 * areas (Newton's step, diagonal only); sites drift; where a border comes too near a seat, the sites and
 * weights on both sides of it give way, even if that costs some area.
 *
 * @param within what a cell may cover at most: an outline, the same for all, or a disc round the site
 */
function fit(wishes: readonly Wish[], start: readonly Site[], within: (site: Site) => Ring, rounds: number): Site[] {
  let sites = start.map((site) => ({ ...site }));
  const bounds = frameOf(
    start.map(({ at }) => at),
    4 * Math.sqrt(Math.max(...wishes.map(({ area }) => area))),
  );
  const leashes = wishes.map(
    ({ seat }) =>
      LEASH * Math.min(...wishes.map((other) => (other.seat === seat ? Infinity : distance(seat, other.seat)))),
  );
  for (let round = 0; round < rounds; round++) {
    sites = sites.map((site, i): Site => {
      const { rivals } = carve(sites, i, bounds, sites.keys());
      const cellAt = (weight: number) => {
        const tried = sites.with(i, { at: site.at, weight });
        return carve(tried, i, within(tried[i]!), rivals).cell;
      };
      const { area, seat } = wishes[i]!;
      const cell = cellAt(site.weight),
        size = Math.abs(signedArea(cell));
      const more = area * 0.02;
      const gain = Math.max((Math.abs(signedArea(cellAt(site.weight + more))) - size) / more, 0.5);
      const weight = site.weight + (0.6 * (area - size)) / gain;
      // A cell that has all but vanished has no middle: its site waits until the weight brings it back.
      if (round > rounds * 0.7 || size < area * 0.1) return { at: site.at, weight };
      return { at: between(between(site.at, centroid(cell), DRIFT), seat, TETHER), weight };
    });
    makeRoom(sites, wishes);
    sites.forEach((site, i) => {
      const { seat } = wishes[i]!;
      const away = distance(site.at, seat);
      if (away > leashes[i]!) site.at = between(seat, site.at, leashes[i]! / away);
    });
  }
  makeRoom(sites, wishes);
  return sites;
}

/** Shifts sites and weights, in place, where a border is nearer to a seat than its clearance. */
function makeRoom(sites: Site[], wishes: readonly Wish[]): void {
  for (let i = 0; i < sites.length; i++) {
    for (let j = 0; j < sites.length; j++) {
      if (i === j) continue;
      const a = sites[i]!,
        b = sites[j]!,
        { seat, clearance } = wishes[i]!;
      const apart = distance(a.at, b.at);
      const room = (distance(seat, b.at) ** 2 - b.weight - distance(seat, a.at) ** 2 + a.weight) / (2 * apart);
      const lack = clearance - room;
      if (lack <= 0) continue;
      const x = ((b.at[0] - a.at[0]) / apart) * lack * 0.3,
        y = ((b.at[1] - a.at[1]) / apart) * lack * 0.3;
      a.at = [a.at[0] + x, a.at[1] + y];
      b.at = [b.at[0] + x, b.at[1] + y];
      // A border moves by a 2 apart-th of the difference of weights: half of it is found so.
      a.weight += 0.5 * lack * apart;
      b.weight -= 0.5 * lack * apart;
    }
  }
}

const CORNERS = 72;
function disc({ at, weight }: Site): Ring {
  const radius = Math.sqrt(Math.max(weight, 0.01));
  return Array.from({ length: CORNERS }, (_, k): Point => {
    const angle = (2 * Math.PI * k) / CORNERS;
    return [at[0] + radius * Math.cos(angle), at[1] + radius * Math.sin(angle)];
  });
}

/**
 * Discs (radius² = weight) that share out the ground where they overlap by power lines, and have the
 * areas wished for in what is left to each.
 */
export function fitDiscs(wishes: readonly Wish[]): Site[] {
  const start = wishes.map(({ seat, area }): Site => ({ at: seat, weight: area / Math.PI }));
  return fit(wishes, start, disc, 200);
}

/** A power diagram within an outline, from sites that nearly fit. What the outline has too much or too little of is shared by all alike. */
export function fitOutline(wishes: readonly Wish[], start: readonly Site[], outline: Ring): Site[] {
  const share = Math.abs(signedArea(outline)) / wishes.reduce((sum, { area }) => sum + area, 0);
  return fit(
    wishes.map((wish) => ({ ...wish, area: wish.area * share })),
    start,
    () => outline,
    100,
  );
}
