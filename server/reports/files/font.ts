import { existsSync } from 'node:fs';

/**
 * A Chinese font of this machine with all characters, for pictures in documents: the pages' own is a subset that lacks
 * some (鑫). Debian and Ubuntu have it in `fonts-noto-cjk`, as has our image.
 */
const FONTS = [
  { path: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', family: 'Noto Sans CJK SC' },
  { path: '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc', family: 'Noto Sans CJK SC' },
  { path: '/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc', family: 'Noto Sans CJK SC' },
  { path: '/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc', family: 'Noto Sans CJK SC' },
];

/** Undefined where there is none: then documents have no pictures, and their tables say the same. */
export const chineseFont = (): { path: string; family: string } | undefined =>
  FONTS.find(({ path }) => existsSync(path));
