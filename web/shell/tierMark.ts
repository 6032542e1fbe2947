import type { CSSProperties } from 'vue';
import type { Tier } from '../../contract/codes.ts';

/** Each tier has a shape, too, so that colour is never the only sign (screens.md, "Look"). */
export const TIER_SHAPES: Record<Tier, string> = { red: '▲', orange: '◆', yellow: '●', blue: '■' };

/** The tier's colour for words and figures, as a CSS variable reference for style attributes. */
export function tierColour(tier: Tier): string {
  return `var(--${tier})`;
}

/** The tier's colour for what is filled with it: as bright as its name, where the rim tells it from a bright ground. */
export function tierFill(tier: Tier): string {
  return `var(--${tier}-fill)`;
}

/** How the shape of a tier is set. */
export function tierGlyph(tier: Tier): CSSProperties {
  return { color: tierFill(tier), WebkitTextStroke: 'var(--rim-width) var(--rim)' };
}
