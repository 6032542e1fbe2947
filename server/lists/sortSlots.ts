import type { SlotList } from './slotList.ts';
import type { SlotOrder } from './topSlots.ts';

/** Entries handled in one step: about a tenth of a millisecond. */
export const STEP = 4096;
/** Runs that are sorted before they are merged, and how many in one step. */
const RUN = 256;
const RUNS = 4;

/** By what slots are ordered: a value; 32 bits for those of the same value; and the order of those that share both. */
export interface SortKeys {
  /** The column as it is now: it may be replaced between two steps. */
  keys: () => Float64Array | Uint32Array;
  tieKey: (slot: number) => number;
  ties: SlotOrder;
}

/** Slots in order, with the values by which they were ordered. */
export interface SortedSlots {
  slots: Uint32Array;
  keys: Float64Array;
  tieKeys: Uint32Array;
}

/** Sorts slots in small steps, by values that are copied in the first of them: one that changes later does not move any more. */
export function* sortSlots(
  frozen: SlotList,
  { keys: columnNow, tieKey, ties }: SortKeys,
): Generator<undefined, SortedSlots> {
  const { count } = frozen;
  // Values are copied, since sorting must not see them change.
  let keys = new Float64Array(count);
  let tieKeys = new Uint32Array(count);
  let slots = new Uint32Array(count);
  for (let start = 0; start < count; start += STEP) {
    const end = Math.min(count, start + STEP);
    const column = columnNow();
    for (let i = start; i < end; i++) {
      const slot = frozen.slots[i]!;
      slots[i] = slot;
      keys[i] = column[slot]!;
      tieKeys[i] = tieKey(slot);
    }
    yield;
  }
  const compare = (a: number, b: number) =>
    keys[a]! - keys[b]! || tieKeys[a]! - tieKeys[b]! || ties(slots[a]!, slots[b]!);
  const positions = new Uint32Array(RUN);
  let otherKeys = new Float64Array(count);
  let otherTieKeys = new Uint32Array(count);
  let otherSlots = new Uint32Array(count);
  const swap = () => {
    [keys, otherKeys] = [otherKeys, keys];
    [tieKeys, otherTieKeys] = [otherTieKeys, tieKeys];
    [slots, otherSlots] = [otherSlots, slots];
  };
  for (let start = 0; start < count; start += RUN) {
    const end = Math.min(count, start + RUN);
    const run = positions.subarray(0, end - start);
    for (let i = 0; i < run.length; i++) run[i] = start + i;
    run.sort(compare);
    for (let i = 0; i < run.length; i++) {
      otherKeys[start + i] = keys[run[i]!]!;
      otherTieKeys[start + i] = tieKeys[run[i]!]!;
      otherSlots[start + i] = slots[run[i]!]!;
    }
    if ((start / RUN) % RUNS === RUNS - 1) yield;
  }
  swap();
  let done = 0;
  for (let width = RUN; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(count, start + width);
      const end = Math.min(count, middle + width);
      let a = start;
      let b = middle;
      for (let to = start; to < end;) {
        const until = Math.min(end, to + STEP - done);
        done += until - to;
        for (; to < until; to++) {
          const first = b >= end || (a < middle && compare(a, b) <= 0);
          const from = first ? a++ : b++;
          otherKeys[to] = keys[from]!;
          otherTieKeys[to] = tieKeys[from]!;
          otherSlots[to] = slots[from]!;
        }
        if (done === STEP) {
          done = 0;
          yield;
        }
      }
    }
    swap();
  }
  return { slots, keys, tieKeys };
}
