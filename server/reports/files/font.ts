import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Font {
  path: string;
  family: string;
}

/** Chinese fonts with all characters, by the name of their file. The pages' own is a subset that lacks some (鑫). */
const FONTS: Record<string, string> = {
  'NotoSansCJK-Regular.ttc': 'Noto Sans CJK SC',
  'NotoSansCJKsc-Regular.otf': 'Noto Sans CJK SC',
  'SourceHanSansSC-Regular.otf': 'Source Han Sans SC',
};
/** Where Debian and our image have it (`fonts-noto-cjk`), where other systems do, and where somebody puts it who has no packages. */
const FOLDERS = ['/usr/share/fonts/opentype/noto', '/usr/share/fonts', '/usr/local/share/fonts'];

/** What a log says where there is none. */
export const NO_FONT =
  `reports: no Chinese font for charts: documents have no pictures. Install fonts-noto-cjk, or put one of ` +
  `${Object.keys(FONTS).join(', ')} into /usr/local/share/fonts`;

/** The font that draws pictures in documents. Undefined where this machine has none: then documents have no pictures. */
export function chineseFont(folders: readonly string[] = FOLDERS): Font | undefined {
  for (const folder of folders)
    for (const name of filesIn(folder)) {
      const family = FONTS[basename(name)];
      if (family !== undefined) return { path: join(folder, name), family };
    }
  return undefined;
}

/** In one order on all machines: the same font draws the same picture. */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  } catch {
    // There is no such folder, or it is not ours to read.
    return [];
  }
}
