import { alertKey } from '../../common/alertRef.ts';
import { isUpper } from '../../common/divisions.ts';
import type { ExactSums } from '../../common/exactSums.ts';
import { CHANNELS, INDUSTRIES, type Tier, type WindowName } from '../../contract/codes.ts';
import type { AlertBrief, Frame, Row, Totals, TownRow } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import { put } from '../../common/mergePatch.ts';
import { toBrief, type RegionRow } from '../alerts/row.ts';
import type { OpenView } from './openView.ts';
import { channelRow, industryRow, TOTAL_ROW, tierRow, townRow, type Dictionary } from './dictionary.ts';
import { addHours, compared, isEmptyAt, rowAt } from './rows.ts';
import type { WindowSums } from './windowSums.ts';

/** Contract §4: `latest` holds the 50 most recently raised. */
export const LATEST = 50;

/** What a frame is made of, wherever it comes from: a live roll or a moment in the past. */
export interface Figures {
  pack: RegionPack;
  scope: string;
  /** Number of the scope's town; `undefined` for the region. */
  town: number | undefined;
  window: WindowName;
  /** The moment shown, epoch ms. */
  at: number;
  seq: number;
  dictionary: Dictionary;
  sums: WindowSums;
  open: OpenView;
  previous: ExactSums | undefined;
  lastYear: ExactSums | undefined;
}

/** All that a frame has of any moment: what only the present has is left out. */
export function frameOf(figures: Figures & { latest: readonly RegionRow[] }): Frame {
  const { pack, at, sums, latest } = figures;
  return { ...rowsOf(figures), heat: sums.heat.record(), latest: briefsOf(pack, latest, at) };
}

/** What a frame has of any moment but for its two long parts. */
export type FrameRows = Omit<Frame, 'heat' | 'latest'>;

export function rowsOf(figures: Figures): FrameRows {
  const { pack, scope, window, at, seq, sums, previous, lastYear } = figures;
  const tiers = pack.tiers.map((rule) => rule.tier);
  const frame: FrameRows = {
    scope,
    window,
    at: toRfc3339(at),
    seq,
    totals: totalsOf(figures),
    compare: {},
    byTier: byTier(figures, tiers),
    byTown: byTown(figures, tiers),
    byIndustry: withSomething(INDUSTRIES, sums, industryRow, (code) => figures.open.industry(code)),
    byChannel: withSomething(CHANNELS, sums, channelRow, (code) => figures.open.channel(code)),
    series: sums.series(tiers),
  };
  if (previous) frame.compare.previous = compared(previous);
  if (lastYear) frame.compare.lastYear = compared(lastYear);
  return frame;
}

function totalsOf({ sums, open }: Figures): Totals {
  const totals = rowAt(sums.rows, TOTAL_ROW, open.total) as Totals;
  totals.enterprisesPaid = sums.enterprisesPaid;
  addHours(totals);
  return totals;
}

/** Every tier of the region; another only while something is in it (its region pack once had it). */
function byTier({ dictionary, sums, open }: Figures, tiers: readonly Tier[]): Record<string, Row> {
  const rows: Record<string, Row> = {};
  const numberOf = (tier: string) => tierRow(dictionary.tiers.number(tier));
  for (const tier of tiers) rows[tier] = rowAt(sums.rows, numberOf(tier), open.tier(tier));
  for (const tier of dictionary.tiers.names) {
    if (!rows[tier] && !isEmptyAt(sums.rows, numberOf(tier), open.tier(tier))) {
      rows[tier] = rowAt(sums.rows, numberOf(tier), open.tier(tier));
    }
  }
  return rows;
}

/** Every town of the scope; in the region's frame another only while something is in it, as with tiers. */
function byTown(figures: Figures, tiers: readonly Tier[]): Record<string, TownRow> {
  const { pack, town, dictionary, sums, open } = figures;
  const rows: Record<string, TownRow> = {};
  const rowOf = (code: string, number: number): TownRow => {
    const counts: Record<string, number> = {};
    for (const tier of tiers) counts[tier] = open.townTier(code, tier);
    for (const tier of dictionary.tiers.names) {
      const count = open.townTier(code, tier);
      if (count !== 0) counts[tier] = count;
    }
    const row = rowAt(sums.rows, townRow(number), open.town(code)) as TownRow;
    row.tiers = counts;
    return row;
  };
  if (town !== undefined) return { [figures.scope]: rowOf(figures.scope, town) };
  for (const { code } of pack.towns) rows[code] = rowOf(code, dictionary.towns.number(code));
  const { names } = dictionary.towns;
  for (let number = 0; number < names.length; number++) {
    const code = names[number]!;
    if (!rows[code] && !isEmptyAt(sums.rows, townRow(number), open.town(code))) rows[code] = rowOf(code, number);
  }
  return rows;
}

function withSomething(
  codes: readonly string[],
  sums: WindowSums,
  rowOf: (index: number) => number,
  openOf: (code: string) => number,
): Record<string, Row> {
  const rows: Record<string, Row> = {};
  codes.forEach((code, index) => {
    const open = openOf(code);
    if (!isEmptyAt(sums.rows, rowOf(index), open)) rows[code] = rowAt(sums.rows, rowOf(index), open);
  });
  return rows;
}

/** Briefs of rows as they stand at `at`, by what identifies an alert in the pack's frames. */
export function briefsOf(pack: RegionPack, rows: readonly RegionRow[], at: number): Record<string, AlertBrief> {
  const briefs: Record<string, AlertBrief> = {};
  const keyOf = briefKeyOf(pack);
  for (const row of rows) put(briefs, keyOf(row), toBrief(row, at));
  return briefs;
}

/** What a brief goes by in a frame. Ids are one region's own: in the frame of a city two districts may use the same one. */
export function briefKeyOf(pack: RegionPack): (row: RegionRow) => string {
  return isUpper(pack) ? alertKey : ({ alertId }) => alertId;
}
