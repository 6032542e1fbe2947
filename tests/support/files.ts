import { crc32, deflateRawSync } from 'node:zlib';
import sharp from 'sharp';

/** Files to upload in tests: honest ones, and ones that lie. */

const OFFICE = 'application/vnd.openxmlformats-officedocument';

interface Part {
  name: string;
  content: Buffer | string;
  /** What the directory claims, in place of what is so. */
  claims?: { bytes?: number; flags?: number; crc?: number };
}

/** A ZIP with these parts, deflated; its directory says what it is told to say. */
export function zipOf(parts: readonly Part[], more: { comment?: string; copies?: number } = {}): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, claims = {} } of parts) {
    const whole = Buffer.from(content);
    const packed = deflateRawSync(whole);
    const label = Buffer.from(name);
    const fields = (offset: number, bytes: number) => {
      const head = Buffer.alloc(bytes);
      head.writeUInt16LE(claims.flags ?? 0x800, offset);
      head.writeUInt16LE(8, offset + 2);
      head.writeUInt32LE(claims.crc ?? crc32(whole), offset + 8);
      head.writeUInt32LE(packed.length, offset + 12);
      head.writeUInt32LE(claims.bytes ?? whole.length, offset + 16);
      head.writeUInt16LE(label.length, offset + 20);
      return head;
    };
    const local = fields(6, 30);
    local.writeUInt32LE(0x04034b50, 0);
    for (let copy = 0; copy < (more.copies ?? 1); copy++) {
      const own = copy === 0 ? label : Buffer.from(`${String(copy).padStart(label.length, '0')}`);
      const central = fields(8, 46);
      central.writeUInt32LE(0x02014b50, 0);
      central.writeUInt32LE(at, 42);
      directory.push(central, own);
    }
    bodies.push(local, label, packed);
    at += local.length + label.length + packed.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  for (const offset of [8, 10]) end.writeUInt16LE(parts.length * (more.copies ?? 1), offset);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(more.comment?.length ?? 0, 20);
  return Buffer.concat([...bodies, ...directory, end, Buffer.from(more.comment ?? '')]);
}

const typesPart = (part: string, declared: string) => ({
  name: '[Content_Types].xml',
  content: `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/${part}" ContentType="${declared}"/></Types>`,
});
/** The parts of a document of Word. */
export const docxParts = (text = '某说明'): Part[] => [
  typesPart('word/document.xml', `${OFFICE}.wordprocessingml.document.main+xml`),
  { name: 'word/document.xml', content: `<w:document>${text}</w:document>` },
];
export const docx = (text?: string) => zipOf(docxParts(text));
export const xlsx = () =>
  zipOf([
    typesPart('xl/workbook.xml', `${OFFICE}.spreadsheetml.sheet.main+xml`),
    { name: 'xl/workbook.xml', content: '<workbook/>' },
  ]);

/** A PDF of one empty page; `padding` bytes of a comment. */
export function pdf(padding = 0): Buffer {
  const head = '%PDF-1.4\n';
  const objects =
    '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n';
  const filling = padding ? `%${'x'.repeat(padding)}\n` : '';
  const body = head + objects + filling;
  return Buffer.from(
    `${body}xref\n0 1\n0000000000 65535 f \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n${body.length}\n%%EOF\n`,
  );
}

/** Where the photo says that it was taken: 30° 15′ N, 120° 9′ E, in a part of its EXIF of its own. */
export const GPS = {
  GPSLatitude: '30/1 15/1 0/1',
  GPSLatitudeRef: 'N',
  GPSLongitude: '120/1 9/1 0/1',
  GPSLongitudeRef: 'E',
};
export const CAMERA = 'SECRET-CAMERA-7';

/** A photo as a telephone takes it: lying on its side, turned by a mark in its EXIF, which also says where. Its top half is red. */
export function photo(width = 600, height = 400): Promise<Buffer> {
  const red = { create: { width: width / 2, height, channels: 3 as const, background: '#c00000' } };
  return sharp({ create: { width, height, channels: 3, background: '#2060a0' } })
    .composite([{ input: red, left: 0, top: 0 }])
    .jpeg()
    .withExif({ IFD0: { Model: CAMERA, Orientation: '6' }, IFD3: GPS })
    .withMetadata({ orientation: 6 })
    .toBuffer();
}
export const png = (width = 60, height = 40) =>
  sharp({ create: { width, height, channels: 4, background: '#10a01080' } })
    .png()
    .toBuffer();
export const webp = (width = 60, height = 40) =>
  sharp({ create: { width, height, channels: 3, background: '#1010a0' } })
    .webp()
    .toBuffer();

/** The beginning of a picture that says that it is so large; there is little behind it. */
export async function claimsToBe(kind: 'jpeg' | 'png' | 'webp', width: number, height: number): Promise<Buffer> {
  if (kind === 'png') {
    const file = Buffer.from(await png());
    file.writeUInt32BE(width, 16);
    file.writeUInt32BE(height, 20);
    file.writeUInt32BE(crc32(file.subarray(12, 29)), 29);
    return file;
  }
  if (kind === 'webp') {
    const file = Buffer.from(await webp());
    // The key frame of VP8 has both sides in 14 bits.
    const at = file.indexOf(Buffer.from([0x9d, 0x01, 0x2a]));
    file.writeUInt16LE(width, at + 3);
    file.writeUInt16LE(height, at + 5);
    return file;
  }
  const file = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#123456' } })
    .jpeg()
    .toBuffer();
  const at = file.indexOf(Buffer.from([0xff, 0xc0]));
  file.writeUInt16BE(height, at + 5);
  file.writeUInt16BE(width, at + 7);
  return file;
}
