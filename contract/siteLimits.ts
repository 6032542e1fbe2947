/** Limits of a region's own lines; without schemas, so that a page does not carry TypeBox. */
export const EMBLEM_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/webp'];
/** Largest picture, bytes. */
export const EMBLEM_LIMIT = 65_536;
/** Longest emblem as a data URL. */
export const MAX_EMBLEM = 90_000;
/** Longest lines, in characters. */
export const SITE_LINES = { leader: 20, officer: 20, phone: 24, announcement: 120, name: 24 } as const;
export type SiteLine = keyof typeof SITE_LINES;
