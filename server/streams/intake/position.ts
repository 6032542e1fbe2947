import { createRequire } from 'node:module';
import type gcoordModule from 'gcoord';
import type { Position } from '../../../contract/events.ts';
import type { LngLat } from '../../../contract/frame.ts';

// gcoord's types describe an ES module, what Node loads is its CommonJS build: the default export is the module itself.
const gcoord = createRequire(import.meta.url)('gcoord') as (typeof gcoordModule)['default'];

const SYSTEMS = { GCJ02: gcoord.GCJ02, BD09: gcoord.BD09 } as const;

/**
 * A position in CGCS2000/WGS-84 degrees (which agree within decimetres), to 6 decimals (0.1 m).
 * GCJ-02 and BD-09 are converted with `gcoord`, to within about a metre.
 */
export function toWgs84({ lng, lat, crs = 'CGCS2000' }: Position): LngLat {
  const [x, y] =
    crs === 'GCJ02' || crs === 'BD09' ? gcoord.transform([lng, lat], SYSTEMS[crs], gcoord.WGS84) : [lng, lat];
  return { lng: Math.round(x * 1e6) / 1e6, lat: Math.round(y * 1e6) / 1e6 };
}
