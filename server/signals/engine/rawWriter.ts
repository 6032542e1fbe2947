import { dayOf } from '../../../common/regionTime.ts';
import { rawKey } from './engineStore.ts';
import { encodeBlock, type RawObservation } from './rawBlock.ts';
import type { Words } from './words.ts';

/** A block that is smaller is written again with what comes next: many small ones would take several times the room. */
const FULL = 512;

/** A list of blocks, where in it a block goes, and the block. */
export type BlockWrite = [list: string, place: 'last' | 'next', block: Buffer];

/** Puts observations as they came into blocks, by day of receipt. */
export class RawWriter {
  private readonly region: string;
  private readonly words: Words;
  /** What the last block of its day holds, while that is not full. */
  private tail: { day: number; held: RawObservation[] } | undefined;

  constructor(region: string, words: Words) {
    this.region = region;
    this.words = words;
  }

  write(observations: readonly RawObservation[]): BlockWrite[] {
    const byDay = new Map<number, RawObservation[]>();
    for (const one of observations) {
      const day = dayOf(one.received);
      const held = byDay.get(day);
      if (held) held.push(one);
      else byDay.set(day, [one]);
    }
    return [...byDay].map(([day, fresh]): BlockWrite => {
      const { tail } = this;
      const list = rawKey(this.region, day);
      const goesOn = tail?.day === day && tail.held.length + fresh.length <= FULL;
      const held = goesOn ? [...tail.held, ...fresh] : fresh;
      this.tail = { day, held };
      return [list, goesOn ? 'last' : 'next', encodeBlock(held, this.words)];
    });
  }
}
