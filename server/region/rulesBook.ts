import type { CalendarYear } from '../../contract/calendar.ts';
import type { RegionPack } from '../../contract/region.ts';
import { foldRulesOf, type FoldRules } from '../alerts/fold.ts';

/** By which rules a region's alerts are folded now: those of its pack, with the calendars that are known now. */
export type RulesBook = (pack: RegionPack) => FoldRules;

/** @param years the calendars that are known now: the same array as long as they are the same */
export function createRulesBook(years: () => readonly CalendarYear[]): RulesBook {
  let current: readonly CalendarYear[] | undefined;
  let known = new Map<RegionPack, FoldRules>();
  return (pack) => {
    if (years() !== current) {
      current = years();
      known = new Map();
    }
    let rules = known.get(pack);
    if (!rules) known.set(pack, (rules = foldRulesOf(pack, current)));
    return rules;
  };
}
