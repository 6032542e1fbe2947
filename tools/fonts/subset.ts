import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import subsetFont from 'subset-font';
import { neededCharacters } from './characters.ts';
import { extractFace } from './ttc.ts';

/**
 * Makes the Chinese font that the screens carry for machines without one: a subset of Noto Sans CJK SC (SIL OFL 1.1).
 * Its output is committed; run it again after new texts: `npm run fonts:subset` (Debian: fonts-noto-cjk).
 */
const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc' },
    // Simplified Chinese: the collection has JP, KR, SC, TC, HK and their monospaced faces, in this order.
    face: { type: 'string', default: '2' },
    to: { type: 'string', default: 'web/styles/fonts/wagewatch-sans.woff2' },
  },
});

const characters = neededCharacters(['web/i18n', 'assets/geo', 'assets/demo']);
// Without the glyphs that only vertical or Japanese typesetting would reach.
const font = await subsetFont(extractFace(readFileSync(values.from), Number(values.face)), characters, {
  targetFormat: 'woff2',
  noLayoutClosure: true,
});
writeFileSync(values.to, font);
process.stdout.write(`${values.to}: ${[...characters].length} characters, ${(font.length / 1024).toFixed(0)} KB\n`);
