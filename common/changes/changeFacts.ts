import type { Changes } from '../../contract/briefingChanges.ts';

/** What a list of changes says of towns. */
export type TownsFact =
  /** All that was raised, in one. */
  | { kind: 'all'; code: string; count: number }
  /** Those with most, each with more than any that is not named. */
  | { kind: 'most'; towns: { code: string; count: number }[] }
  /** Nobody stands out: in so many. */
  | { kind: 'spread'; towns: number };

/** Towns that a sentence names at most. */
const NAMED = 3;

/** Where alerts were raised; undefined where none was. Pure. */
export function townsFact({ towns }: Pick<Changes, 'towns'>): TownsFact | undefined {
  const list = Object.entries(towns)
    .filter(([, count]) => count > 0)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([code, count]) => ({ code, count }));
  const [first] = list;
  if (!first) return undefined;
  if (list.length === 1) return { kind: 'all', ...first };
  for (let named = Math.min(NAMED, list.length); named > 0; named--) {
    if (named === list.length || list[named - 1]!.count > list[named]!.count)
      return { kind: 'most', towns: list.slice(0, named) };
  }
  return { kind: 'spread', towns: list.length };
}
