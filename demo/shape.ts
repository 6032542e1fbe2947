import type { Boundaries, TownShape } from '../contract/boundaries.ts';
import type { LngLat } from '../contract/frame.ts';
import type { Town } from '../contract/region.ts';
import type { Random } from './random.ts';

/** Where in a town something may be. Degrees WGS-84. */

const KM_PER_DEGREE = 111.32;
/** A site keeps this far from the border, so that every alert at it, give or take some metres, is inside. */
const MARGIN = 0.0006;

type Ring = readonly (readonly [number, number])[];

export class TownShapes {
  readonly #byTown = new Map<string, Ring[][]>();

  /** @param boundaries without them, a town is a disc of its area around its seat */
  constructor(boundaries?: Boundaries) {
    for (const feature of boundaries?.features ?? []) this.#byTown.set(feature.properties.code, polygons(feature));
  }

  contains(town: Town, { lng, lat }: LngLat): boolean {
    const shape = this.#byTown.get(town.code);
    if (shape)
      return shape.some(
        ([outer, ...holes]) => inRing(outer!, lng, lat) && !holes.some((hole) => inRing(hole, lng, lat)),
      );
    const dx = (lng - town.seat[0]) * Math.cos((town.seat[1] * Math.PI) / 180) * KM_PER_DEGREE;
    const dy = (lat - town.seat[1]) * KM_PER_DEGREE;
    return dx * dx + dy * dy <= town.areaKm2 / Math.PI;
  }

  /**
   * A point in the town, more likely near `around`.
   * @param spread standard deviation, as a share of the radius of a disc of the town's area
   */
  sample(town: Town, around: readonly [number, number], spread: number, random: Random): LngLat {
    const sigma = (Math.sqrt(town.areaKm2 / Math.PI) / KM_PER_DEGREE) * spread;
    const stretch = 1 / Math.cos((town.seat[1] * Math.PI) / 180);
    for (let attempt = 0; attempt < 60; attempt++) {
      const point = { lng: around[0] + random.normal() * sigma * stretch, lat: around[1] + random.normal() * sigma };
      if (this.#wellInside(town, point)) return rounded(point);
    }
    return rounded(this.#inner(town));
  }

  #wellInside(town: Town, { lng, lat }: LngLat): boolean {
    return [-MARGIN, MARGIN].every((dx) =>
      [-MARGIN, MARGIN].every((dy) => this.contains(town, { lng: lng + dx, lat: lat + dy })),
    );
  }

  /** The seat; where a drawing leaves the seat outside, the middle of the town's widest stretch at some height. */
  #inner(town: Town): LngLat {
    const seat = { lng: town.seat[0], lat: town.seat[1] };
    const shape = this.#byTown.get(town.code);
    if (!shape || this.#wellInside(town, seat)) return seat;
    const points = shape.flatMap(([outer]) => outer!);
    const low = Math.min(...points.map(([, y]) => y));
    const high = Math.max(...points.map(([, y]) => y));
    let best = { width: -1, lng: seat.lng, lat: seat.lat };
    for (let i = 1; i < 40; i++) {
      const lat = low + ((high - low) * i) / 40;
      for (const [outer] of shape) {
        const crossings = crossingsAt(outer!, lat);
        for (let k = 0; k + 1 < crossings.length; k += 2) {
          const width = crossings[k + 1]! - crossings[k]!;
          const lng = (crossings[k]! + crossings[k + 1]!) / 2;
          if (width > best.width && this.contains(town, { lng, lat })) best = { width, lng, lat };
        }
      }
    }
    return { lng: best.lng, lat: best.lat };
  }
}

function polygons({ geometry }: TownShape): Ring[][] {
  return geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
}

function crossingsAt(ring: Ring, lat: number): number[] {
  const found: number[] = [];
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!;
    const [xj, yj] = ring[j]!;
    if (yi > lat !== yj > lat) found.push(xi + ((lat - yi) / (yj - yi)) * (xj - xi));
  }
  return found.sort((a, b) => a - b);
}

/** Even–odd rule. */
function inRing(ring: Ring, lng: number, lat: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!;
    const [xj, yj] = ring[j]!;
    if (yi > lat !== yj > lat && lng < xi + ((lat - yi) / (yj - yi)) * (xj - xi)) inside = !inside;
  }
  return inside;
}

/** Five decimals: about a metre. */
export function rounded({ lng, lat }: LngLat): LngLat {
  return { lng: Math.round(lng * 1e5) / 1e5, lat: Math.round(lat * 1e5) / 1e5 };
}
