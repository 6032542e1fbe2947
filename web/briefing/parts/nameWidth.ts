/** How wide a name is in rem about, in letters of so many rem: Latin letters have half the width of Chinese ones, and a little. Pure. */
export const nameRem = (text: string, size: number): number =>
  [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1 : 0.56), 0) * size;

/**
 * The room that a column of names has: as the longest needs, so that none is cut, and not all of the row. What is longer goes on in a
 * second line.
 * @param least so that lists beside each other are alike where names are short
 * @param most rem
 */
export function nameColumn(names: readonly string[], size: number, least: number, most: number): string {
  const longest = Math.max(0, ...names.map((name) => nameRem(name, size)));
  return `${Math.min(most, Math.max(least, Math.ceil(longest + 0.5)))}rem`;
}
