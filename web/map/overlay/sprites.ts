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

/** Pictures of one symbol: for a known position, and hollow for one that is not where it stands. */
export interface Sprites {
  full: Sprite;
  hollow: Sprite;
}

/**
 * Pictures of the symbols at one pixel ratio; drawing hundreds is then copying.
 * @param radius CSS pixels, by tier
 */
export function tierSprites(
  radius: (tier: Tier) => number,
  ratio: number,
  colours: Record<Tier, string>,
  { halo, rim }: { halo: string; rim: string },
): Record<Tier, Sprites> {
  const make = (tier: Tier, hollow: boolean): Sprite => {
    const r = radius(tier);
    const half = Math.ceil(r * 1.6 + 2);
    const image = document.createElement('canvas');
    image.width = image.height = Math.ceil(half * 2 * ratio);
    const ctx = image.getContext('2d');
    if (ctx) {
      ctx.scale(ratio, ratio);
      ctx.translate(half, half);
      ctx.lineJoin = 'round';
      ctx.beginPath();
      TRACES[tier](ctx, hollow ? r * 0.82 : r);
      // A rim keeps neighbouring symbols apart and the shape legible on any ground.
      ctx.strokeStyle = rim;
      ctx.lineWidth = Math.max(1.5, r * 0.42) + (hollow ? r * 0.36 : 0);
      ctx.stroke();
      ctx.fillStyle = hollow ? halo : colours[tier];
      ctx.fill();
      if (hollow) {
        ctx.strokeStyle = colours[tier];
        ctx.lineWidth = Math.max(1.5, r * 0.36);
        ctx.stroke();
      }
    }
    return { image, half };
  };
  const both = (tier: Tier): Sprites => ({ full: make(tier, false), hollow: make(tier, true) });
  return { red: both('red'), orange: both('orange'), yellow: both('yellow'), blue: both('blue') };
}

/** The same outline as an SVG path in a box of −1.3…1.3, for the signs and the clusters. */
export const TIER_PATHS: Record<Tier, string> = {
  red: 'M0-1.12 1.08.78-1.08.78Z',
  orange: 'M0-1.12 1.12 0 0 1.12-1.12 0Z',
  yellow: 'M-.9 0A.9.9 0 1 1 .9 0 .9.9 0 1 1-.9 0Z',
  blue: 'M-.8-.8H.8V.8H-.8Z',
};
