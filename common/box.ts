import type { LngLat } from '../contract/frame.ts';
import type { RegionPack } from '../contract/region.ts';

/** The rectangle in which a region's positions lie, WGS-84 degrees (contract §1, Positions). */
export type Box = NonNullable<RegionPack['box']>;

/** Whether a position lies in the box, its border included. */
export function inBox([west, south, east, north]: Box, { lng, lat }: LngLat): boolean {
  return lng >= west && lng <= east && lat >= south && lat <= north;
}
