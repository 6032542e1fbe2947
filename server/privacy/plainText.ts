import { simplified } from './simplified.ts';

/**
 * A text as a reader sees it: compatibility forms (full-width digits and letters, circled numbers) as plain ones, digits of
 * any script as 0 to 9, traditional characters as simplified ones, without code points that show nothing and without spaces between Chinese characters.
 */
export function plainText(text: string): string {
  return simplified(text.normalize('NFKC'))
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\u20e3]/gu, '')
    .replace(/\p{Nd}/gu, asciiDigit)
    .replace(/(?<=\p{Script=Han})\p{Zs}+(?=\p{Script=Han})/gu, '');
}

/** The digits of a script follow one another, 0 first. */
function asciiDigit(digit: string): string {
  if (digit <= '9') return digit;
  let value = 0;
  for (let code = digit.codePointAt(0)! - 1; /\p{Nd}/u.test(String.fromCodePoint(code)); code--) value++;
  return String(value % 10);
}

/** In lower case, each letter being one: only İ would become two, with its dot as a mark behind it. @param letters letters and digits alone */
export const lowerOf = (letters: string): string => letters.toLowerCase().replaceAll('\u0307', '');

/** The letters and digits of a text, in lower case, and where each of them stands. What separates them says nothing. */
export interface Skeleton {
  readonly letters: readonly string[];
  /** Index in the text, by letter. */
  readonly at: readonly number[];
}

export function skeletonOf(text: string): Skeleton {
  const letters: string[] = [];
  const at: number[] = [];
  for (const { 0: letter, index } of text.matchAll(/[\p{L}\p{N}]/gu)) {
    letters.push(lowerOf(letter));
    at.push(index);
  }
  return { letters, at };
}

/** What stands in the place of what was taken out. */
export const TAKEN_OUT = '***';

/** The text with ranges of it (first and last index) taken out; those that touch or overlap are one. */
export function without(text: string, ranges: readonly (readonly [first: number, last: number])[]): string {
  let left = '';
  let end = 0;
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (first > end || end === 0) left += text.slice(end, first) + TAKEN_OUT;
    end = Math.max(end, last + 1);
  }
  return left + text.slice(end);
}
