import type { Increments } from '../../server/aggregations/increments.ts';

/** Increments as a sum by what they count, so that two ways of arriving at it can be compared. */
export function summed(list: Increments[]): Record<string, number> {
  const sum: Record<string, number> = {};
  const add = (key: string, n: number) => {
    const next = (sum[key] ?? 0) + n;
    if (next === 0) delete sum[key];
    else sum[key] = next;
  };
  for (const { cells, heat, paid } of list) {
    for (const [cell, minute, measures] of cells)
      measures.forEach((n, i) => {
        if (n) add(`cell ${cell} ${minute} ${i}`, n);
      });
    for (const [town, h3, minute, n] of heat) add(`heat ${town} ${h3} ${minute}`, n);
    for (const [town, enterprise, minute, n] of paid) add(`paid ${town} ${enterprise} ${minute}`, n);
  }
  return sum;
}
