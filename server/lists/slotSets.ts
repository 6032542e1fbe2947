import { CHANNELS, INDUSTRIES, STAGES, TIERS } from '../../contract/codes.ts';
import { channelOf, industryOf, stageOf, tierOf, townOf, VERDICT_CODES, verdictOf } from './alertColumns.ts';
import { Bitset } from './bitset.ts';

/** Sets of slots by the value of a dimension, in the order of its codes, and by what an alert has. */
export class SlotSets {
  readonly byTier = TIERS.map(() => new Bitset());
  readonly byStage = STAGES.map(() => new Bitset());
  readonly byIndustry = INDUSTRIES.map(() => new Bitset());
  readonly byChannel = CHANNELS.map(() => new Bitset());
  /** None, then as VERDICT_CODES. */
  readonly byVerdict = [undefined, ...VERDICT_CODES].map(() => new Bitset());
  readonly byTown: Bitset[] = [];
  /** Alerts with a recovery. */
  readonly recovered = new Bitset();
  /** Alerts whose position lies outside the region: in no cell, so near nothing. */
  readonly outside = new Bitset();

  addTown(capacity: number): void {
    const slots = new Bitset();
    slots.grow(capacity);
    this.byTown.push(slots);
  }

  grow(capacity: number): void {
    const dimensions = [this.byTier, this.byStage, this.byIndustry, this.byChannel, this.byVerdict, this.byTown];
    for (const sets of dimensions) for (const set of sets) set.grow(capacity);
    this.recovered.grow(capacity);
    this.outside.grow(capacity);
  }

  /** Adds a slot to the sets of its dimensions. */
  add(slot: number, dims: number): void {
    this.byTier[tierOf(dims)]!.add(slot);
    this.byStage[stageOf(dims)]!.add(slot);
    this.byIndustry[industryOf(dims)]!.add(slot);
    this.byChannel[channelOf(dims)]!.add(slot);
    this.byVerdict[verdictOf(dims)]!.add(slot);
    this.byTown[townOf(dims)]!.add(slot);
  }

  /** Moves a slot from the sets of its dimensions before to those after. */
  move(slot: number, before: number, after: number): void {
    move(this.byTier, slot, tierOf(before), tierOf(after));
    move(this.byStage, slot, stageOf(before), stageOf(after));
    move(this.byIndustry, slot, industryOf(before), industryOf(after));
    move(this.byChannel, slot, channelOf(before), channelOf(after));
    move(this.byVerdict, slot, verdictOf(before), verdictOf(after));
    move(this.byTown, slot, townOf(before), townOf(after));
  }
}

function move(sets: Bitset[], slot: number, from: number, to: number): void {
  if (from === to) return;
  sets[from]!.remove(slot);
  sets[to]!.add(slot);
}
