/**
 * The address of a site's own base map, brought to the one form that the map knows: a URL with {z}, {x}
 * and {y}.
 */

const WMTS_NAMES: Record<string, string> = { tilematrix: '{z}', tilecol: '{x}', tilerow: '{y}' };

/**
 * Takes an XYZ template, a WMTS address in KVP form with placeholders of any of the usual spellings
 * ({TileMatrix}, {TileCol}, {TileRow}), or one without them, which then gets them.
 * @throws Error saying what is wrong
 */
export function tileTemplate(text: string): string {
  let template = text
    .trim()
    .replace(/\{(tilematrix|tilecol|tilerow)\}/gi, (_, name: string) => WMTS_NAMES[name.toLowerCase()]!);
  if (!/^(https?:\/\/[^/\s]+|\/(?!\/))\S*$/.test(template)) {
    throw new Error(
      `--base-map-tiles is no address: it begins with http://, https:// or / and has no spaces, but this is "${text}".`,
    );
  }
  if (/[?&]service=wmts(&|$)/i.test(template)) {
    for (const [name, place] of Object.entries(WMTS_NAMES)) {
      if (!new RegExp(`[?&]${name}=`, 'i').test(template)) template += `&${name.toUpperCase()}=${place}`;
    }
    if (!/[?&]request=/i.test(template)) template += '&REQUEST=GetTile';
  }
  const missing = ['{z}', '{x}', '{y}'].filter((place) => !template.includes(place));
  if (missing.length) {
    throw new Error(
      `--base-map-tiles lacks ${missing.join(', ')}: give an XYZ template such as http://maps.example/{z}/{x}/{y}.png, or a WMTS address in KVP form.`,
    );
  }
  return template;
}
