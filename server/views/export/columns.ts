import type { RegionPack } from '../../../contract/region.ts';
import { hasTerm, isOverdue, type AlertRow } from '../../alerts/row.ts';
import { CODE_NAMES, type ExportLang } from './names.ts';

/** A cell of an exported table: text, a number, or a moment. */
export type Cell = string | number | { at: number } | undefined;
export interface Column {
  heading: string;
  /** Width in characters, for tables that have widths. */
  width: number;
  value: (row: AlertRow) => Cell;
}

/** The columns of an export; money in yuan with two decimals, times in the region's. */
export function columnsOf(pack: RegionPack, lang: ExportLang, now: number): Column[] {
  const names = CODE_NAMES[lang];
  const towns = new Map(pack.towns.map(({ code, name }) => [code, name[lang]]));
  const zh = lang === 'zh-CN';
  const column = (chinese: string, english: string, width: number, value: Column['value']): Column => ({
    heading: zh ? chinese : english,
    width,
    value,
  });
  return [
    column('预警编号', 'Alert', 18, (row) => row.alertId),
    column('级别', 'Tier', 8, (row) => names.tiers[row.tier]),
    column('镇街', 'Town', 14, (row) => towns.get(row.town) ?? row.town),
    column('企业', 'Employer', 36, (row) => row.enterprise.name),
    column('统一社会信用代码', 'Credit code', 22, (row) => row.enterprise.uscc),
    column('项目', 'Project', 30, (row) => row.project?.name),
    column('行业', 'Industry', 24, (row) => names.industries[row.industry]),
    column('来源', 'Source', 14, (row) => names.channels[row.channel]),
    column('环节', 'Stage', 10, (row) => names.stages[row.stage]),
    column('审核结论', 'Verdict', 10, (row) => row.verdict && names.verdicts[row.verdict]),
    column('涉及人数', 'Workers', 10, (row) => row.workers),
    column('涉及金额（元）', 'Amount (yuan)', 16, (row) => row.amountFen / 100),
    column('已追回（元）', 'Recovered (yuan)', 16, (row) => row.recoveredFen / 100),
    column('触发时间', 'Raised', 20, (row) => ({ at: row.raisedAt })),
    column('时限', 'Term', 20, (row) => (hasTerm(row.stage) ? { at: row.dueAt } : undefined)),
    column('是否超期', 'Overdue', 10, (row) => (isOverdue(row, now) ? (zh ? '是' : 'yes') : zh ? '否' : 'no')),
    column('办结时间', 'Closed', 20, (row) => (row.closedAt === undefined ? undefined : { at: row.closedAt })),
    column('最近变化', 'Changed', 20, (row) => ({ at: row.changedAt })),
    column('经度', 'Longitude', 12, (row) => row.location?.lng),
    column('纬度', 'Latitude', 12, (row) => row.location?.lat),
  ];
}
