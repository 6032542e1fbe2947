import type { Tier } from '../../../contract/codes.ts';

/** Symbols of the tiers, ▲ ◆ ● ■: colour is never the only sign (screens.md, "Look"). */

/** Outlines within −1…1, equal in weight to the eye. */
const TRACES: Record<Tier, (ctx: CanvasRenderingContext2D | Path2D, r: number) => void> = {
  red: (p, r) => {
    p.moveTo(0, -1.12 * r);
    p.lineTo(1.08 * r, 0.78 * r);
    p.lineTo(-1.08 * r, 0.78 * r);
    p.closePath();
  },
  orange: (p, r) => {
    p.moveTo(0, -1.12 * r);
    p.lineTo(1.12 * r, 0);
    p.lineTo(0, 1.12 * r);
    p.lineTo(-1.12 * r, 0);
    p.closePath();
  },
  yellow: (p, r) => {
    p.arc(0, 0, 0.9 * r, 0, 2 * Math.PI);
  },
  blue: (p, r) => {
    p.rect(-0.8 * r, -0.8 * r, 1.6 * r, 1.6 * r);
  },
};

export interface Sprite {
  image: HTMLCanvasElement;
  /** Half its side, CSS pixels. */
  half: number;
}

/**
 * Pictures of the symbols at one size and pixel ratio; drawing thousands is then copying.
 * @param radius CSS pixels
 */
export function tierSprites(
  radius: number,
  ratio: number,
  colours: Record<Tier, string>,
  halo: string,
): Record<Tier, Sprite> {
  const half = Math.ceil(radius * 1.6 + 2);
  const make = (tier: Tier): Sprite => {
    const image = document.createElement('canvas');
    image.width = image.height = Math.ceil(half * 2 * ratio);
    const ctx = image.getContext('2d');
    if (ctx) {
      ctx.scale(ratio, ratio);
      ctx.translate(half, half);
      ctx.lineJoin = 'round';
      ctx.beginPath();
      TRACES[tier](ctx, radius);
      // A dark rim keeps neighbouring symbols apart and the shape legible on bright ground.
      ctx.strokeStyle = halo;
      ctx.lineWidth = Math.max(1.5, radius * 0.42);
      ctx.stroke();
      ctx.fillStyle = colours[tier];
      ctx.fill();
    }
    return { image, half };
  };
  return { red: make('red'), orange: make('orange'), yellow: make('yellow'), blue: make('blue') };
}

/** The same outline as an SVG path in a box of −1.3…1.3, for legend and plain map. */
export const TIER_PATHS: Record<Tier, string> = {
  red: 'M0-1.12 1.08.78-1.08.78Z',
  orange: 'M0-1.12 1.12 0 0 1.12-1.12 0Z',
  yellow: 'M-.9 0A.9.9 0 1 1 .9 0 .9.9 0 1 1-.9 0Z',
  blue: 'M-.8-.8H.8V.8H-.8Z',
};
