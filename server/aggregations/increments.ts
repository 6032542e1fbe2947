import { MEASURES, type Measure } from '../../contract/codes.ts';

/**
 * Increments: what a change of documents adds to the cube. Times are starts of minutes (epoch ms); hours and
 * days follow from them. An increment is signed, so a change of facts is "−n in the old cell, +n in the new one".
 */

/** `tier|town|industry|channel`, codes of the facts as they stand now. */
export type CellKey = string;

/** The nine measures in the order of `MEASURES`. */
export type MeasureVector = number[];

export interface Increments {
  /** [cell, minute, measures] */
  cells: [cell: CellKey, minute: number, measures: MeasureVector][];
  /** [town, H3 cell of resolution 8, minute, ±alerts raised] */
  heat: [town: string, h3: string, minute: number, count: number][];
  /** [town, enterprise (`uscc`, else name), minute, ±recoveries] */
  paid: [town: string, enterprise: string, minute: number, count: number][];
}

export const MEASURE_INDEX = Object.fromEntries(MEASURES.map((name, i) => [name, i])) as Record<Measure, number>;

export function cellKey(tier: string, town: string, industry: string, channel: string): CellKey {
  return `${tier}|${town}|${industry}|${channel}`;
}
