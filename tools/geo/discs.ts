import { distance, type Point } from './plane.ts';

/** A town as first known: where its seat is, and how large it is. Plane km. */
export interface Disc {
  seat: Point;
  radius: number;
}

/** How far the middle of a town may be from its seat, as a share of its radius. */
const REACH = 0.55;
const ROUNDS = 400;

/**
 * Middles of the towns: seats, pushed apart where the discs overlap (a seat is seldom in the middle
 * of its town), so that together they cover the region about once.
 */
export function spread(discs: readonly Disc[]): Point[] {
  const middles = discs.map(({ seat }): Point => [...seat]);
  for (let round = 0; round < ROUNDS; round++) {
    const moves = middles.map((): Point => [0, 0]);
    for (let i = 0; i < discs.length; i++) {
      for (let j = i + 1; j < discs.length; j++) {
        const a = middles[i]!, b = middles[j]!;
        const apart = distance(a, b) || 1e-6;
        const overlap = discs[i]!.radius + discs[j]!.radius - apart;
        if (overlap <= 0) continue;
        // The smaller gives way: moves are shared out by area.
        const heavy = discs[i]!.radius ** 2, light = discs[j]!.radius ** 2;
        const push = (0.25 * overlap) / apart;
        const ux = (a[0] - b[0]) * push, uy = (a[1] - b[1]) * push;
        const share = light / (heavy + light);
        moves[i]![0] += ux * share; moves[i]![1] += uy * share;
        moves[j]![0] -= ux * (1 - share); moves[j]![1] -= uy * (1 - share);
      }
    }
    middles.forEach((middle, i) => {
      const { seat, radius } = discs[i]!;
      const x = middle[0] + moves[i]![0] - seat[0], y = middle[1] + moves[i]![1] - seat[1];
      const away = Math.hypot(x, y);
      const keep = away > REACH * radius ? (REACH * radius) / away : 1;
      middles[i] = [seat[0] + x * keep, seat[1] + y * keep];
    });
  }
  return middles;
}
