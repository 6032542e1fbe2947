import type { RegionAnswer } from '../../contract/rest.ts';

/** The parts of a mapbox style (version 8) this map uses: no glyphs, no sprite, nothing from another origin. */
export interface LocalStyle {
  version: 8;
  sources: Record<string, { type: 'raster'; tiles: string[]; tileSize: number; attribution: string }>;
  layers: (
    | { id: string; type: 'background'; paint: Record<string, string | number> }
    | { id: string; type: 'raster'; source: string; paint: Record<string, string | number> }
  )[];
}

/** Turns a WMTS address in KVP form, or an XYZ template, into the template mapbox fills in. */
export function tileTemplate(address: string): string {
  return address
    .replace(/\{TileMatrix\}/gi, '{z}')
    .replace(/\{TileCol\}/gi, '{x}')
    .replace(/\{TileRow\}/gi, '{y}');
}

/** The local style: nothing but the room's own ground, and the site's own base map under the towns if it has one. */
export function localStyle(baseMap: RegionAnswer['map']['baseMap']): LocalStyle {
  const style: LocalStyle = {
    version: 8,
    sources: {},
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': 'rgba(0,0,0,0)' } }],
  };
  if (baseMap) {
    style.sources['base'] = {
      type: 'raster',
      tiles: [tileTemplate(baseMap.tiles)],
      tileSize: 256,
      attribution: baseMap.attribution,
    };
    // Dimmed and pulled towards blue: it says where things are, it does not compete with the figures.
    style.layers.push({
      id: 'base',
      type: 'raster',
      source: 'base',
      paint: {
        'raster-opacity': 0.35,
        'raster-saturation': -0.8,
        'raster-brightness-max': 0.6,
        'raster-fade-duration': 0,
      },
    });
  }
  return style;
}
