import type { Tier } from '../../contract/codes.ts';
import type { ScreenPoint } from '../map/types.ts';

/** Outline of a tier's symbol around a place: ▲ ◆ ● ■ of equal weight; `r` half its size. Pure. */
export function symbolPath(tier: Tier, { x, y }: ScreenPoint, r: number): string {
  const line = (...corners: [number, number][]) =>
    `${corners.map(([dx, dy], i) => `${i ? 'L' : 'M'}${(x + dx * r).toFixed(1)} ${(y + dy * r).toFixed(1)}`).join('')}Z`;
  switch (tier) {
    case 'red':
      return line([0, -1.15], [1.1, 0.85], [-1.1, 0.85]);
    case 'orange':
      return line([0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]);
    case 'yellow':
      return `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
    case 'blue':
      return line([-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]);
  }
}
