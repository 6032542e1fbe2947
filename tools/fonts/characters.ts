import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which characters the font for machines without Chinese fonts has to have. */

/** GB 2312 level 1: rows 16 to 55, the 3,755 most used characters, which is what enterprise names are made of. */
export function gb2312Level1(): string {
  const decode = new TextDecoder('gb2312');
  let text = '';
  for (let row = 0xb0; row <= 0xd7; row++) {
    for (let cell = 0xa1; cell <= (row === 0xd7 ? 0xf9 : 0xfe); cell++) text += decode.decode(Uint8Array.of(row, cell));
  }
  return text;
}

/** Punctuation, arrows and marks that the screens draw. */
const MARKS = '　、。〈〉《》「」『』【】〔〕！（），．：；？～￥…—–·•×÷±％‰°→←↑↓▲◆●■▾✕↻℃㎡①②③④⑤⑥⑦⑧⑨⑩';

function jsonFiles(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return jsonFiles(path);
    return entry.name.endsWith('.json') ? [path] : [];
  });
}

/** Every character of the texts in `folders` (their JSON files), of ASCII, of the marks and of GB 2312 level 1, once. */
export function neededCharacters(folders: readonly string[]): string {
  const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');
  const texts = folders.flatMap(jsonFiles).map((path) => readFileSync(path, 'utf8'));
  return [...new Set([...ascii, ...MARKS, ...gb2312Level1(), ...texts.join('')])]
    .filter((c) => c >= ' ')
    .sort()
    .join('');
}
