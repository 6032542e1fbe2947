import { TIERS, type Tier } from '../../../contract/codes.ts';
import type { Frame, TownRow } from '../../../contract/frame.ts';
import type { RegionAnswer } from '../../../contract/rest.ts';
import { localName } from '../../i18n/index.ts';
import type { Lang } from '../../i18n/lang.ts';
import { tiersOf } from '../parts/tiersOf.ts';

export interface TownLine {
  /** Place in the ranking, from 1; towns with equally many open alerts share one. */
  rank: number;
  code: string;
  /** Name in the pack, else the code. */
  name: string;
  open: number;
  /** Open alerts by tier, gravest first; every tier of the region. */
  tiers: { tier: Tier; open: number }[];
  successRate?: number;
}

/** Every town of the scope by open alerts, most first; among equals the graver ones, then the busier, then by code. */
export function toTowns(frame: Frame, pack: RegionAnswer | undefined, lang: Lang): TownLine[] {
  const names = new Map(pack?.towns.map((town) => [town.code, town.name]));
  const tiers = tiersOf(frame, pack);
  const rows = Object.entries(frame.byTown).sort(([codeA, a], [codeB, b]) => order(a, b) || (codeA < codeB ? -1 : 1));
  let rank = 0;
  return rows.map(([code, row], index) => {
    if (index === 0 || rows[index - 1]![1].open !== row.open) rank = index + 1;
    const line: TownLine = {
      rank,
      code,
      name: localName(names.get(code), lang) || code,
      open: row.open,
      tiers: tiers.map((tier) => ({ tier, open: row.tiers[tier] ?? 0 })),
    };
    if (row.successRate !== undefined) line.successRate = row.successRate;
    return line;
  });
}

function order(a: TownRow, b: TownRow): number {
  if (a.open !== b.open) return b.open - a.open;
  for (const tier of TIERS) {
    const difference = (b.tiers[tier] ?? 0) - (a.tiers[tier] ?? 0);
    if (difference !== 0) return difference;
  }
  return b.raised - a.raised;
}
