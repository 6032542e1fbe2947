import type { Tier } from '../../contract/codes.ts';

/** Colours of the map (screens.md, "Look"): areas in blues, tier colours for tiers only. */

/** Choropleth, from none to most. The first is for towns without open alerts. */
export const AREA_COLOURS = ['#0c2040', '#123363', '#17498a', '#1c62b3', '#2580d6', '#3fa2f2'] as const;
/** A town outside the scope of the figures. */
export const AREA_ABSENT = '#0a182f';
export const WALL_TOP = '#1b5a96';
export const WALL_FOOT = '#06142b';
export const EDGE = '#59c8ff';
export const TEXT = '#e8f3ff';
export const TEXT_2 = '#8fb0d3';
export const HALO = '#06101f';
/** Heat: the lights of a town seen at night, from faint to bright. */
export const HEAT_COLOURS = ['#7fdcff', '#a5e7ff', '#cdf3ff', '#f4fdff'] as const;
export const HEAT_OPACITY = [0.2, 0.36, 0.54, 0.74] as const;

export const TIER_COLOURS: Record<Tier, string> = { red: '#ff4d5e', orange: '#ff9f40', yellow: '#ffdb4d', blue: '#4da3ff' };
