import type { RegionRow } from '../alerts/row.ts';
import type { SlotOrder } from './topSlots.ts';

export interface LatestPastParts {
  /** How many a frame shows. */
  most: number;
  /** Slots of the latest raised in `after` < t ≤ `until`, newest first, at most so many. */
  raised: (after: number, until: number) => number[];
  row: (slot: number) => RegionRow;
  /** Newest first. */
  order: SlotOrder;
}

/**
 * The alerts of a scope most recently raised by a moment, asked for one moment after another: each costs what was raised since the
 * one before. A row that stays is the same object, and so is the list when nothing came.
 */
export class LatestPast {
  private readonly parts: LatestPastParts;
  private last = -Infinity;
  private known = new Map<number, RegionRow>();
  private rows: readonly RegionRow[] = [];

  constructor(parts: LatestPastParts) {
    this.parts = parts;
  }

  /** @param at epoch ms, not before the last */
  at(at: number): readonly RegionRow[] {
    const { most, raised, row, order } = this.parts;
    const come = raised(this.last, at);
    this.last = at;
    if (come.length === 0) return this.rows;
    // One that comes may be there already, if its alert has been given another time of raising meanwhile.
    const slots = [...new Set([...come, ...this.known.keys()])].sort(order).slice(0, most);
    this.known = new Map(slots.map((slot) => [slot, this.known.get(slot) ?? row(slot)]));
    return (this.rows = [...this.known.values()]);
  }
}
