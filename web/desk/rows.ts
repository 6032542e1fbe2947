import { DUE_GROUPS, type DueGroup } from './lists.ts';

/** A list with heads between its rows. Pure. */

export type Row = { kind: 'head'; group: DueGroup; total: number } | { kind: 'alert'; place: number };

export interface Rows {
  length: number;
  /** Where the heads stand. */
  heads: readonly number[];
  at(index: number): Row;
  /** Where the alert of a place stands. */
  indexOf(place: number): number;
}

/**
 * So many alerts in order of their terms, with a head before each group that has any.
 * @param totals how many each group has, as the server counts; undefined: no heads
 */
export function layOut(alerts: number, totals: Readonly<Record<DueGroup, number>> | undefined): Rows {
  const heads: { at: number; group: DueGroup; total: number; first: number }[] = [];
  let first = 0;
  for (const group of totals ? DUE_GROUPS : []) {
    const total = totals![group];
    if (total <= 0 || first >= alerts) continue;
    heads.push({ at: first + heads.length, group, total, first });
    first += total;
  }
  return {
    length: alerts + heads.length,
    heads: heads.map(({ at }) => at),
    at(index) {
      let before = 0;
      for (const { at, group, total } of heads) {
        if (at === index) return { kind: 'head', group, total };
        if (at < index) before++;
      }
      return { kind: 'alert', place: index - before };
    },
    indexOf: (place) => place + heads.filter(({ first: begins }) => begins <= place).length,
  };
}
