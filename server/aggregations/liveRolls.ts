import type { WindowName } from '../../contract/codes.ts';
import { MINUTE_MS } from '../../common/regionTime.ts';
import type { MeasureVector } from './increments.ts';
import { Roll, type BucketSource, type Placed } from './roll.ts';

/** A roll that nobody asked for this long is dropped, ms. */
const IDLE_MS = 10 * MINUTE_MS;

/** Takes in increments as they fall into buckets; towns, cells and items by the numbers of a dictionary. */
export interface IncrementSink {
  add(town: number, cell: number, placed: Placed, measures: MeasureVector): void;
  addHeat(town: number, item: number, placed: Placed, count: number): void;
  addPaid(town: number, item: number, placed: Placed, count: number): void;
}

const keyOf = (town: number | undefined, window: WindowName) => `${town ?? ''} ${window}`;

/** The rolls that somebody looks at, found by where an increment lies: those of the region see all, those of a town its own. */
export class LiveRolls implements IncrementSink {
  private readonly source: BucketSource;
  private readonly rolls = new Map<string, Roll>();
  private ofRegion: Roll[] = [];
  /** By number of the town. */
  private ofTowns: (Roll[] | undefined)[] = [];

  constructor(source: BucketSource) {
    this.source = source;
  }

  get size(): number {
    return this.rolls.size;
  }

  /** A roll that somebody looks at already, as it was last asked for. */
  known(town: number | undefined, window: WindowName): Roll | undefined {
    return this.rolls.get(keyOf(town, window));
  }

  /** The roll of a town, or of the region when none is given, as it stands at `now`; made if there is none. `clock`: time of the question. */
  ask(town: number | undefined, window: WindowName, now: number, clock: number): Roll {
    const key = keyOf(town, window);
    let roll = this.rolls.get(key);
    if (!roll) {
      roll = new Roll(this.source.dictionary, window, town);
      this.rolls.set(key, roll);
      if (town === undefined) this.ofRegion.push(roll);
      else (this.ofTowns[town] ??= []).push(roll);
    }
    roll.askedAt = clock;
    roll.advance(now, this.source);
    return roll;
  }

  add(town: number, cell: number, placed: Placed, measures: MeasureVector): void {
    for (const roll of this.ofRegion) roll.add(cell, placed, measures);
    const local = this.ofTowns[town];
    if (local) for (const roll of local) roll.add(cell, placed, measures);
  }

  addHeat(town: number, item: number, placed: Placed, count: number): void {
    for (const roll of this.ofRegion) roll.addHeat(item, placed, count);
    const local = this.ofTowns[town];
    if (local) for (const roll of local) roll.addHeat(item, placed, count);
  }

  addPaid(town: number, item: number, placed: Placed, count: number): void {
    for (const roll of this.ofRegion) roll.addPaid(item, placed, count);
    const local = this.ofTowns[town];
    if (local) for (const roll of local) roll.addPaid(item, placed, count);
  }

  /** Drops the rolls that nobody has asked for of late. */
  sweep(clock: number): void {
    for (const [key, roll] of this.rolls) {
      if (roll.askedAt >= clock - IDLE_MS) continue;
      this.rolls.delete(key);
      this.ofRegion = this.ofRegion.filter((other) => other !== roll);
      this.ofTowns = this.ofTowns.map((rolls) => rolls?.filter((other) => other !== roll));
    }
  }
}
