import type { CSSProperties } from 'vue';
import type { Tier } from '../../contract/codes.ts';
import { ink } from '../styles/ink.ts';

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

/** The fills in the theme that is on, for canvases (charts) where a CSS variable cannot be used. */
export const TIER_FILL: Readonly<Record<Tier, string>> = {
  get red() {
    return ink['--red-fill'];
  },
  get orange() {
    return ink['--orange-fill'];
  },
  get yellow() {
    return ink['--yellow-fill'];
  },
  get blue() {
    return ink['--blue-fill'];
  },
};

/** The rim of a filled bar in a chart. */
export const tierRim = (): { borderColor: string; borderWidth: number } => ({
  borderColor: ink['--rim'],
  borderWidth: Number.parseFloat(ink['--rim-width']),
});
