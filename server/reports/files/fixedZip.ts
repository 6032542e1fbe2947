import { unzipSync, zipSync, type Zippable } from 'fflate';

/** The first moment that a zip can tell. */
const FIXED = new Date(1980, 0, 1);

/**
 * A zip made anew so that the same parts give the same bytes: in the order of the parts, each with the same date.
 * @param change what a part is to be; the part itself where nothing is given
 */
export function fixedZip(
  bytes: Uint8Array,
  change: (name: string, content: Uint8Array) => Uint8Array = (_, same) => same,
): Buffer {
  const parts: Zippable = {};
  for (const [name, content] of Object.entries(unzipSync(bytes)))
    if (!name.endsWith('/')) parts[name] = [change(name, content), { mtime: FIXED, level: 6 }];
  return Buffer.from(zipSync(parts));
}
