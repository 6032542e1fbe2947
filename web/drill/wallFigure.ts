import type { WindowName } from '../../contract/codes.ts';
import type { Frame, Row } from '../../contract/frame.ts';
import { windowed, type DrillFilter } from './query.ts';

/**
 * What the wall itself says of a list, by its live frame. A list is read at most once a second, a frame changes four times: the
 * figure over a list is the wall's wherever the wall has one, so that what was pressed and what is opened say the same at
 * every moment, and change together. Pure.
 */

/** The rows of a frame that a list is narrowed to, if by one dimension at most; undefined if by more. */
function rowsOf({ tier, industry, channel }: DrillFilter, frame: Frame): (Row | undefined)[] | undefined {
  if ([tier, industry, channel].filter(({ length }) => length > 0).length > 1) return undefined;
  const rows = [
    ...tier.map((code) => frame.byTier[code]),
    ...industry.map((code) => frame.byIndustry[code]),
    ...channel.map((code) => frame.byChannel[code]),
  ];
  return rows.length > 0 ? rows : [frame.totals];
}
const sum = (rows: readonly (Row | undefined)[], value: (row: Row) => number) =>
  rows.reduce((total, row) => total + (row ? value(row) : 0), 0);
const plain = ({ stage, verdict, h3, uscc, q }: DrillFilter) =>
  stage.length + verdict.length === 0 && !h3 && !uscc && !q;
const whole = (filter: DrillFilter) =>
  plain(filter) && filter.tier.length + filter.industry.length + filter.channel.length === 0;

/**
 * How many alerts a list has by a frame of its scope and window; undefined where no figure of the wall says so. Several codes of one
 * dimension add up: an alert has one of each.
 */
export function countOf(filter: DrillFilter, frame: Frame): number | undefined {
  const { figure, stage, h3 } = filter;
  // Figures that are withheld are no counts.
  if (frame.withheld) return undefined;
  if (h3) return figure === 'raised' && whole({ ...filter, h3: '' }) ? (frame.heat[h3] ?? 0) : undefined;
  if (stage.length > 0) {
    // `closed` counts since the beginning: no open alert is in it.
    const fits =
      whole({ ...filter, stage: [] }) && (figure === 'all' || (figure === 'open' && !stage.includes('closed')));
    return fits && frame.byStage ? stage.reduce((total, code) => total + (frame.byStage![code] ?? 0), 0) : undefined;
  }
  if (figure === 'overdue' || figure === 'dueToday') return whole(filter) ? frame.totals[figure] : undefined;
  const rows = plain(filter) ? rowsOf(filter, frame) : undefined;
  if (!rows) return undefined;
  switch (figure) {
    case 'open':
      return sum(rows, ({ open }) => open);
    case 'raised':
      return sum(rows, ({ raised }) => raised);
    case 'closed':
      return sum(rows, ({ closed }) => closed);
    case 'successRate':
      return sum(rows, ({ effective, falseAlarm }) => effective + falseAlarm);
    default:
      return undefined;
  }
}

/** What the screen has: the frame of the panels, and that of the whole region. */
export interface Frames {
  frame: Frame | undefined;
  regionFrame: Frame | undefined;
}

/** {@link countOf} by whichever frame is of the list's scope and window. A town just chosen is a row of its region's until its own frame has come. */
export function liveCount(
  filter: DrillFilter,
  scope: string,
  window: WindowName,
  { frame, regionFrame }: Frames,
): number | undefined {
  const fits = (of: Frame | undefined): of is Frame =>
    of !== undefined && (of.window === window || !windowed(filter.figure));
  const own = [frame, regionFrame].find((of) => fits(of) && of.scope === scope);
  if (own) return countOf(filter, own);
  const town = fits(regionFrame) && !regionFrame.withheld ? regionFrame.byTown[scope] : undefined;
  return town && filter.figure === 'open' && whole(filter) ? town.open : undefined;
}

/**
 * The figure of the frame that a list stands for, where the wall shows it and it is not the number of its alerts:
 * money, people, enterprises, a rate. Undefined under further filters, which the wall has no figure for.
 */
export function amountOf(filter: DrillFilter, frame: Frame | undefined): number | undefined {
  if (!frame || !plain(filter)) return undefined;
  const { figure } = filter;
  if (figure === 'enterprisesPaid') return whole(filter) ? frame.totals.enterprisesPaid : undefined;
  if (figure !== 'successRate' && figure !== 'recoveredFen' && figure !== 'recoveredWorkers') return undefined;
  const rows = rowsOf(filter, frame);
  return rows?.length === 1 ? rows[0]?.[figure] : undefined;
}
