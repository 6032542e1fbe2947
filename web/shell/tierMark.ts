import type { Tier } from '../../contract/codes.ts';

/** Each tier has a shape, too, so that colour is never the only sign (screens.md, "Look"). */
export const TIER_SHAPES: Record<Tier, string> = { red: '▲', orange: '◆', yellow: '●', blue: '■' };

/** The tier's colour as a CSS variable reference, for style attributes. */
export function tierColour(tier: Tier): string {
  return `var(--${tier})`;
}

/** The same colours as literals, for canvases (charts, map) where a CSS variable cannot be used. */
export const TIER_HEX: Record<Tier, string> = { red: '#ff4d5e', orange: '#ff9f40', yellow: '#ffdb4d', blue: '#4da3ff' };
