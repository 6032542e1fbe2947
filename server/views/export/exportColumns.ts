import type { RegionPack } from '../../../contract/region.ts';
import { EXPORT_COLUMNS, type FieldName, type HandMadeCell } from '../../alerts/fields.ts';
import { hasTerm, isOverdue, type AlertRow } from '../../alerts/row.ts';
import { CODE_NAMES, type CodeNames, type NameLang } from '../../../common/codeNames.ts';

/** A cell of an exported table: text, a number, or a moment. */
export type Cell = string | number | { at: number } | undefined;
export interface Column<Row = AlertRow> {
  heading: string;
  /** Width in characters, for tables that have widths. */
  width: number;
  value: (row: Row) => Cell;
}

/** The columns of an export (alerts/fields.ts); money in yuan with two decimals, times in the region's. */
export function columnsOf(pack: RegionPack, lang: NameLang, now: number): Column[] {
  const names = CODE_NAMES[lang];
  const towns = new Map(pack.towns.map(({ code, name }) => [code, name[lang]]));
  const [yes, no] = lang === 'zh-CN' ? ['是', '否'] : ['yes', 'no'];
  const handMade: Record<HandMadeCell, Column['value']> = {
    town: (row) => towns.get(row.town) ?? row.town,
    'enterprise.name': (row) => row.enterprise.name,
    'enterprise.uscc': (row) => row.enterprise.uscc,
    project: (row) => row.project?.name,
    term: (row) => (hasTerm(row) ? { at: row.dueAt } : undefined),
    supervised: (row) => (row.supervised ? yes : no),
    overdue: (row) => (isOverdue(row, now) ? yes : no),
    'location.lng': (row) => row.location?.lng,
    'location.lat': (row) => row.location?.lat,
  };
  return EXPORT_COLUMNS.map(({ field, cell, width, zh, en }) => ({
    heading: lang === 'zh-CN' ? zh : en,
    width,
    value: (row) => {
      if (cell === 'code') return codeName(names, field, row);
      if (cell in handMade) return handMade[cell as HandMadeCell](row);
      const value = row[field as keyof AlertRow] as string | number | undefined;
      if (typeof value !== 'number') return value;
      return cell === 'time' ? { at: value } : cell === 'yuan' ? value / 100 : value;
    },
  }));
}

/** The name of a code, where the alert has one. */
function codeName(names: CodeNames, field: FieldName, row: AlertRow): string | undefined {
  switch (field) {
    case 'tier':
      return names.tiers[row.tier];
    case 'industry':
      return names.industries[row.industry];
    case 'channel':
      return names.channels[row.channel];
    case 'stage':
      return names.stages[row.stage];
    case 'verdict':
      return row.verdict && names.verdicts[row.verdict];
    case 'platform':
      return row.platform && names.platforms[row.platform];
    default:
      throw new RangeError(`${field} is no code with names`);
  }
}
