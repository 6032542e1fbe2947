import { writeFileSync } from 'node:fs';
import sharp from 'sharp';

/** Many pictures in one, to be looked over at once. */

const WIDTH = 1920;
const GAP = 12;

/** @param across how many lie beside one another */
export async function contactSheet(files: readonly string[], across: number, to: string): Promise<void> {
  const [first] = files;
  if (first === undefined) return;
  const { width = 16, height = 9 } = await sharp(first).metadata();
  const cell = Math.floor((WIDTH - GAP * (across + 1)) / across);
  const high = Math.round((cell * height) / width);
  const rows = Math.ceil(files.length / across);
  const pictures = await Promise.all(
    files.map(async (file, i) => ({
      input: await sharp(file).resize(cell, high, { fit: 'contain', background: '#888888' }).toBuffer(),
      left: GAP + (i % across) * (cell + GAP),
      top: GAP + Math.floor(i / across) * (high + GAP),
    })),
  );
  const sheet = sharp({
    create: { width: WIDTH, height: GAP + rows * (high + GAP), channels: 3, background: '#888888' },
  }).composite(pictures);
  writeFileSync(to, await sheet.png({ palette: true, quality: 90 }).toBuffer());
}
