import type { Lang } from '../i18n/lang.ts';
import type { DrillFilter, SortOrder } from './query.ts';

/** The columns of a list of alerts, which of them there is room for, and the order that a press on one gives. Pure. */

const COLUMNS = [
  'tier',
  'enterprise',
  'town',
  'industry',
  'channel',
  'stage',
  'platform',
  'unit',
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

/** What the texts of a column need in letters of 18 px, rem. Longer ones end in an ellipsis and have a title. */
const WIDTHS: Record<Lang, Record<Column, number>> = {
  'zh-CN': {
    tier: 2.4,
    enterprise: 46,
    town: 9.4,
    industry: 7.6,
    channel: 10,
    stage: 6,
    platform: 13,
    unit: 21.6,
    workers: 6.8,
    amount: 11,
    recovered: 11,
    due: 16.4,
    raised: 11,
    changed: 9.4,
  },
  en: {
    tier: 2.4,
    enterprise: 44,
    town: 18,
    industry: 13,
    channel: 16,
    stage: 11,
    platform: 15,
    unit: 20,
    workers: 9.4,
    amount: 10,
    recovered: 10,
    due: 17,
    raised: 11,
    changed: 10,
  },
};
/** Space between columns, and at both ends of a row, rem (AlertRow.vue, ListHead.vue). */
export const GAP_REM = 1.6;
const ENDS_REM = 2.4;
/** A column that is not always there goes rather than that a name has less than this, rem. */
const LEAST_NAME_REM = 36;
/** What is missed least takes no room from employer and project at all. */
const FULL_NAME_REM = 44;
const LESSER: readonly Column[] = ['platform', 'changed', 'recovered'];
/** Columns that are there only where there is room, those that are missed most first. */
const OPTIONAL: readonly Column[] = ['channel', 'industry', 'unit', 'platform', 'changed', 'recovered'];

export interface ColumnPlan {
  columns: Column[];
  /** `grid-template-columns`, the same for the head and for every row; empty where rows have two lines. */
  template: string;
}

/**
 * The columns that fit side by side, and how they share the width. Where a row has two lines, its head holds only what orders
 * the list. What the list is ordered by or counts is always there.
 * @param room width of the list, rem
 */
export function planColumns(
  { sort, figure }: Pick<DrillFilter, 'sort' | 'figure'>,
  { room, narrow, lang }: { room: number; narrow: boolean; lang: Lang },
): ColumnPlan {
  if (narrow) return { columns: COLUMNS.filter(isSortable), template: '' };
  const widths = WIDTHS[lang];
  const chosen = new Set(COLUMNS.filter((column) => !OPTIONAL.includes(column)));
  for (const column of OPTIONAL)
    if (sort.endsWith(column) || (column === 'recovered' && figure.startsWith('recovered'))) chosen.add(column);
  const needed = (name: number) =>
    ENDS_REM +
    [...chosen].reduce((sum, column) => sum + (column === 'enterprise' ? name : widths[column]), 0) +
    (chosen.size - 1) * GAP_REM;
  for (const column of OPTIONAL) {
    if (chosen.has(column)) continue;
    chosen.add(column);
    if (needed(LESSER.includes(column) ? FULL_NAME_REM : LEAST_NAME_REM) <= room) continue;
    chosen.delete(column);
    // A lesser one is not shown in place of one that is missed more.
    break;
  }
  const columns = COLUMNS.filter((column) => chosen.has(column));
  const track = (column: Column) => {
    if (column === 'tier') return `${widths.tier}rem`;
    const least = column === 'enterprise' ? 0 : widths[column];
    return `minmax(${least}${least ? 'rem' : ''}, ${widths[column]}fr)`;
  };
  return { columns, template: columns.map(track).join(' ') };
}

export const orderOf = (sort: SortOrder, column: Column): 'ascending' | 'descending' | 'none' =>
  sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : 'none';

/** The order after a press on a column: first the greatest on top, but the nearest term; then the other way round. */
export function sortAfterPress(sort: SortOrder, column: Column): SortOrder {
  const first = column === 'due' ? 'due' : `-${column}`;
  const other = column === 'due' ? '-due' : column;
  return (sort === first ? other : first) as SortOrder;
}
