import type { Tier } from '../../contract/codes.ts';
import { ink } from '../styles/ink.ts';

/** Each tier has a shape, too, so that colour is never the only sign (screens.md, "Look"). */
export const TIER_SHAPES: Record<Tier, string> = { red: '▲', orange: '◆', yellow: '●', blue: '■' };

/** The tier's colour as a CSS variable reference, for style attributes. */
export function tierColour(tier: Tier): string {
  return `var(--${tier})`;
}

/** The same colours in the theme that is on, for canvases (charts) where a CSS variable cannot be used. */
export const TIER_HEX: Readonly<Record<Tier, string>> = {
  get red() {
    return ink['--red'];
  },
  get orange() {
    return ink['--orange'];
  },
  get yellow() {
    return ink['--yellow'];
  },
  get blue() {
    return ink['--blue'];
  },
};
