import type { Sharp, SharpOptions } from 'sharp';
import { MAX_PICTURE_PIXELS, THUMBNAIL_PX } from '../../../contract/attachmentLimits.ts';
import { whenAsked } from '../../../common/whenAsked.ts';
import { fileRefused } from '../../platform/files/fileRefused.ts';

/**
 * Pictures, read and written anew with sharp (libvips): turned the way that they are meant to be seen, in sRGB, and without any
 * metadata, so without the place where they were taken. What was hidden behind or beside the picture does not come along either.
 */

export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp';
export interface Picture {
  type: PictureType;
  content: Buffer;
  /** WebP. */
  thumbnail: Buffer;
}

const TYPES: Record<string, PictureType> = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp' };
/** Far more than the largest that is taken needs. */
const TIMEOUT_S = 60;
const QUALITY = 90;

/** Loaded with the first picture, and then only what reads these three kinds: no SVG, no PDF, no other library behind it. */
const library = whenAsked(async () => {
  const { default: sharp } = await import('sharp');
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Webp'].flatMap((kind) => [
      `VipsForeignLoad${kind}File`,
      `VipsForeignLoad${kind}Buffer`,
    ]),
  });
  // One picture keeps one thread, so that others are served meanwhile; nothing of it is remembered.
  sharp.concurrency(1);
  sharp.cache(false);
  return sharp;
});

/**
 * Reads a picture and writes it anew. Of a moving one, the first image is kept.
 * @param path of the file as it was sent
 * @throws HttpProblem 422 for one of too many pixels, told by its header before it is opened, and for one that is damaged
 */
export async function renewPicture(path: string): Promise<Picture> {
  const sharp = await library();
  const open = (options: SharpOptions = {}): Sharp =>
    sharp(path, { failOn: 'error', sequentialRead: true, limitInputPixels: MAX_PICTURE_PIXELS, ...options });
  // Its header alone: how large it says that it is.
  const { format, width, height } = await orDamaged(open({ limitInputPixels: false }).metadata());
  const type = TYPES[format];
  if (!type) throw fileRefused('file-type', `the picture is ${format}: JPEG, PNG and WebP are taken`);
  if (width * height > MAX_PICTURE_PIXELS)
    throw fileRefused(
      'file-pixels',
      `the picture has ${width} × ${height} pixels: at most ${MAX_PICTURE_PIXELS / 1e6} million are taken`,
    );
  const upright = open().autoOrient().timeout({ seconds: TIMEOUT_S });
  const content = await orDamaged(written(upright, type).toBuffer());
  const small = sharp(content).resize(THUMBNAIL_PX, THUMBNAIL_PX, { fit: 'inside', withoutEnlargement: true });
  const thumbnail = await orDamaged(small.webp({ quality: 75 }).toBuffer());
  return { type, content, thumbnail };
}

function written(picture: Sharp, type: PictureType): Sharp {
  if (type === 'image/jpeg') return picture.jpeg({ quality: QUALITY });
  return type === 'image/png' ? picture.png({ compressionLevel: 8 }) : picture.webp({ quality: QUALITY });
}

async function orDamaged<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const why = (error as Error).message.split('\n')[0]!.slice(0, 120);
    throw fileRefused('file-damaged', `the picture cannot be opened: it is damaged or not whole (${why})`);
  }
}
