/** Whether a count is over so few alerts that it is withheld. None (0) is no figure about anybody. */
export type Small = (count: number) => boolean;

export const smallerThan =
  (least: number): Small =>
  (count) =>
    count !== 0 && Math.abs(count) < least;

/** The rows of a breakdown in a fixed order: their keys, and of each the counts that are added up column by column. */
export type CountRows = readonly (readonly [key: string, counts: readonly number[]])[];

/**
 * Which rows of a breakdown lose their counts, so that neither a small count nor the rest that their totals leave is told:
 * those with a small count in any column (and those that are `forced`), and for each column that lost a small count one
 * large row beside it. Then what a total less all rows shown leaves is at least `least` alerts of two rows or more.
 *
 * The row beside is the last one in order that is large, not the smallest: which one it is does not depend on how large
 * the others are, so a change of what is shown does not change what is withheld, and a further small row never gives one free.
 *
 * A column without any large row has a total that is small itself, or made of small rows alone: those are all withheld.
 */
export function hiddenRows(rows: CountRows, small: Small, forced: ReadonlySet<string> = new Set()): Set<string> {
  const hidden = new Set(rows.filter(([key, counts]) => forced.has(key) || counts.some(small)).map(([key]) => key));
  const columns = Math.max(0, ...rows.map(([, counts]) => counts.length));
  for (let column = 0; column < columns; column++) {
    if (!rows.some(([, counts]) => small(counts[column]!))) continue;
    const beside = rows.findLast(([, counts]) => counts[column] !== 0 && !small(counts[column]!));
    if (beside) hidden.add(beside[0]);
  }
  return hidden;
}
