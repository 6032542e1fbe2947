import type { RegionPack } from '../contract/region.ts';

/** Urban subdistricts raise more alerts than rural towns, whatever their area. */
const URBAN = 1;
const RURAL = 0.35;
/** The published district has 20 towns that weigh this much. */
const PUBLISHED = 16.1;

/**
 * How large a district's demonstration is beside that of the published figures (1): by its number of towns and their
 * kind, as nothing about alerts is published of the others. Between 0.15 and 1.
 */
export function demoScale({ towns }: RegionPack): number {
  const weight = towns.reduce((sum, { name }) => sum + (name['zh-CN'].endsWith('街道') ? URBAN : RURAL), 0);
  return Math.round(Math.min(1, Math.max(0.15, weight / PUBLISHED)) * 100) / 100;
}
