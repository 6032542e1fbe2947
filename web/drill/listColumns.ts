import type { DrillFilter, SortOrder } from './query.ts';

/** The columns of a list of alerts, which of them are shown, and the order that a press on one gives. Pure. */

const COLUMNS = [
  'tier',
  'enterprise',
  'town',
  'industry',
  'channel',
  'stage',
  'workers',
  'amount',
  'recovered',
  'due',
  'raised',
  'changed',
] as const;
export type Column = (typeof COLUMNS)[number];

const SORTABLE: readonly Column[] = ['workers', 'amount', 'due', 'raised', 'changed'];
export const isSortable = (column: Column): boolean => SORTABLE.includes(column);

/** Those shown: on a narrow screen only what orders the list; the less asked for only where there is room, or they matter. */
export function columnsOf({ sort, figure }: DrillFilter, room: { narrow: boolean; wide: boolean }): Column[] {
  return COLUMNS.filter((column) => {
    if (room.narrow) return isSortable(column);
    return (
      room.wide ||
      !['recovered', 'changed'].includes(column) ||
      sort.endsWith(column) ||
      (column === 'recovered' && figure.startsWith('recovered'))
    );
  });
}

export const orderOf = (sort: SortOrder, column: Column): 'ascending' | 'descending' | 'none' =>
  sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : 'none';

/** The order after a press on a column: first the greatest on top, but the nearest term; then the other way round. */
export function sortAfterPress(sort: SortOrder, column: Column): SortOrder {
  const first = column === 'due' ? 'due' : `-${column}`;
  const other = column === 'due' ? '-due' : column;
  return (sort === first ? other : first) as SortOrder;
}
