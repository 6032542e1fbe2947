import { Type, type Static } from 'typebox';
import { CRS } from '../../contract/codes.ts';
import { codes, Timestamp } from '../../contract/events.ts';
import { RegionPackSchema, type RegionPack } from '../../contract/region.ts';

/** `DATA_DIR/geo/<code>/map.json`: what `geo:import` notes about the boundaries beside it. */
export const MapOverlaySchema = Type.Object({
  kind: Type.Literal('licensed'),
  /** 审图号, shown on every map. */
  reviewNumber: Type.String({ minLength: 1 }),
  importedAt: Timestamp,
  /** In which system the file came; what is kept is CGCS2000/WGS-84. */
  crs: codes(CRS),
  /** Name of the imported file, for the record. */
  file: Type.String({ minLength: 1 }),
  baseMap: RegionPackSchema.properties.map.properties.baseMap,
});
export type MapOverlay = Static<typeof MapOverlaySchema>;

/** The pack with the map a site has imported. A base map that the pack names stays unless the import names another. */
export function withOverlay(pack: RegionPack, overlay: MapOverlay): RegionPack {
  const baseMap = overlay.baseMap ?? pack.map.baseMap;
  return { ...pack, map: { kind: overlay.kind, reviewNumber: overlay.reviewNumber, ...(baseMap && { baseMap }) } };
}
