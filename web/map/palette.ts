import type { Tier } from '../../contract/codes.ts';

/** Colours of the map (screens.md, "Look"): areas in blues, tier colours for tiers only. */

/** Choropleth, from none to most. The first is for towns without open alerts. */
export const AREA_COLOURS = ['#0b1e3b', '#10305c', '#14427c', '#19569c', '#1f6cbd', '#2885dc'] as const;
/** A town outside the scope of the figures. */
export const AREA_ABSENT = '#0a182f';
export const WALL_TOP = '#2a79bd';
export const WALL_FOOT = '#071a36';
export const EDGE = '#59c8ff';
/** The region's own outline: the structural colour, lit. */
export const OUTLINE = '#9fe0ff';
export const TEXT = '#e8f3ff';
export const TEXT_2 = '#8fb0d3';
export const HALO = '#06101f';
/** Heat: the lights of a town seen at night, from faint to bright. */
export const HEAT_COLOURS = ['#38b6ff', '#66ccff', '#98e0ff', '#d6f4ff'] as const;
export const HEAT_OPACITY = [0.2, 0.32, 0.46, 0.62] as const;

export const TIER_COLOURS: Record<Tier, string> = {
  red: '#ff4d5e',
  orange: '#ff9f40',
  yellow: '#ffdb4d',
  blue: '#4da3ff',
};
