/**
 * Takes one face out of a TrueType collection (OpenType 1.9, "Font collections"): its table directory points into
 * the shared data; a font of its own needs a copy of the tables and a directory with new offsets.
 */

const TTC_TAG = 0x74746366; // 'ttcf'
const HEADER = 12;
const RECORD = 16;

const align4 = (n: number) => (n + 3) & ~3;

/** Number of faces; 1 for a file that is no collection. */
export function faceCount(file: Buffer): number {
  return file.readUInt32BE(0) === TTC_TAG ? file.readUInt32BE(8) : 1;
}

/** The face `index` as an sfnt file of its own. Throws a RangeError when there is no such face. */
export function extractFace(file: Buffer, index: number): Buffer {
  if (index >= faceCount(file))
    throw new RangeError(`the collection has ${faceCount(file)} faces, asked for number ${index}`);
  if (file.readUInt32BE(0) !== TTC_TAG) return file;
  const start = file.readUInt32BE(HEADER + index * 4);
  const tables = file.readUInt16BE(start + 4);
  const records = Array.from({ length: tables }, (_, i) => {
    const at = start + HEADER + i * RECORD;
    return { at, offset: file.readUInt32BE(at + 8), length: file.readUInt32BE(at + 12) };
  });
  const head = HEADER + tables * RECORD;
  const out = Buffer.alloc(records.reduce((size, { length }) => size + align4(length), head));
  file.copy(out, 0, start, start + head);
  let to = head;
  records.forEach(({ offset, length }, i) => {
    file.copy(out, to, offset, offset + length);
    out.writeUInt32BE(to, HEADER + i * RECORD + 8);
    to += align4(length);
  });
  return out;
}
