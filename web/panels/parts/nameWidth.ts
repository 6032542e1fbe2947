/** Least and greatest room for the names of a list, in em. */
const LEAST_EM = 3;
const MOST_EM = 24;

/** Rough width of a text in em: Chinese characters are as wide as high, others about half. */
export function emWidth(text: string): number {
  let width = 0;
  for (const character of text) width += character.codePointAt(0)! >= 0x2e80 ? 1 : 0.54;
  return width;
}

/**
 * Width of the column of names, the same for all rows of a list, so that the bars beside them start where the
 * longest name ends and no further out. Longer names end in an ellipsis.
 */
export function nameWidth(names: readonly string[]): string {
  const longest = Math.max(LEAST_EM, ...names.map(emWidth));
  return `${Math.round(Math.min(MOST_EM, longest + 0.2) * 100) / 100}em`;
}
