import { latLngToCell } from 'h3-js';
import { HEAT_RESOLUTION } from '../../contract/codes.ts';
import type { LngLat } from '../../contract/frame.ts';

const SLOTS = 1 << 16;
const lngs = new Float64Array(SLOTS).fill(NaN);
const lats = new Float64Array(SLOTS).fill(NaN);
const cells: string[] = new Array<string>(SLOTS).fill('');

/**
 * The H3 cell of a position (WGS-84/CGCS2000 degrees). Computing one takes microseconds and an alert's position is
 * asked for at every event of its life, so answers are kept: one in each of 65,536 places, the latest wins.
 */
export function heatCell({ lng, lat }: LngLat): string {
  // 1e7 puts all 32 bits to use: 180° × 1e7 is just below 2³¹.
  const mixed = Math.imul(lng * 1e7, 0x9e3779b1) ^ Math.imul(lat * 1e7, 0x85ebca6b);
  const slot = (mixed ^ (mixed >>> 15)) & (SLOTS - 1);
  if (lngs[slot] !== lng || lats[slot] !== lat) {
    cells[slot] = latLngToCell(lat, lng, HEAT_RESOLUTION);
    lngs[slot] = lng;
    lats[slot] = lat;
  }
  return cells[slot]!;
}
