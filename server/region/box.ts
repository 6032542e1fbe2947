import type { Box } from '../../common/box.ts';
import type { Boundaries } from '../../contract/boundaries.ts';
import type { RegionPack } from '../../contract/region.ts';

/** A building site may lie beyond the border, and drawings are coarse: so far around is still the region, degrees (about 10 km) … */
const MARGIN = 0.1;
/** … or this share of the larger side, where that is more. */
const MARGIN_SHARE = 0.1;
const KM_PER_DEGREE = 111;

/**
 * The box of a region's positions, with its margin: around the drawing or, without one, around the seats of its towns,
 * each with room for its area. A position outside is a mistake of its source (0/0, another city, swapped degrees).
 */
export function boxOf(pack: Pick<RegionPack, 'towns'>, boundaries: Boundaries | undefined): Box {
  const extent: Box = [Infinity, Infinity, -Infinity, -Infinity];
  const widen = (lng: number, lat: number, by = 0) => {
    extent[0] = Math.min(extent[0], lng - by);
    extent[1] = Math.min(extent[1], lat - by);
    extent[2] = Math.max(extent[2], lng + by);
    extent[3] = Math.max(extent[3], lat + by);
  };
  if (boundaries) {
    for (const { geometry } of boundaries.features) {
      const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
      for (const [lng, lat] of polygons.flat(2)) widen(lng, lat);
    }
  }
  // Twice the side of a square of its area: towns are of any shape, and their seats anywhere in them.
  for (const { seat, areaKm2 } of pack.towns) {
    if (boundaries) widen(...seat);
    else widen(...seat, (2 * Math.sqrt(areaKm2)) / KM_PER_DEGREE);
  }
  const [west, south, east, north] = extent;
  const margin = Math.max(MARGIN, MARGIN_SHARE * Math.max(east - west, north - south));
  const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
  return [round(west - margin), round(south - margin), round(east + margin), round(north + margin)];
}
