import { forEachBit } from './bitset.ts';
import type { Position, SortKey } from './query.ts';
import { orderKeyOf } from './idStore.ts';
import type { OrderedIndex } from './orderedIndex.ts';
import type { Selection } from './selection.ts';
import type { AlertStore } from './store.ts';
import { TopSlots, type SlotOrder } from './topSlots.ts';

/** With so many unmerged changes to this share of the alerts, the order is not worth walking. */
const MAX_PENDING = 1 / 8;
/** So few are sorted sooner than found on a walk past all others. */
const SORTED_AT_ONCE = 2048;

/**
 * The first `limit` selected slots after a position, in order. Walks the kept order, testing each alert against the
 * selection; where that would pass over too many, or the order is not built yet, looks at the selected ones instead.
 */
export function pageOf(
  store: AlertStore,
  selection: Selection,
  key: SortKey,
  descending: boolean,
  after: Position | undefined,
  limit: number,
): ArrayLike<number> {
  if (selection.total === 0) return [];
  const { ids, size } = store;
  const values = sortColumn(store, key);
  const sign = descending ? -1 : 1;
  const order: SlotOrder = (a, b) => sign * (values[a]! - values[b]! || ids.compare(a, b));
  const { words, total } = selection;

  const idKey = after ? orderKeyOf(after.alertId) : 0;
  /** How an alert compares with the position, ascending. */
  const compare = (value: number, slot: number) => value - after!.value || ids.compareTo(slot, idKey, after!.alertId);
  const inclusive = after?.inclusive === true;
  const comesAfter = (slot: number) => {
    if (!after) return true;
    const difference = sign * compare(values[slot]!, slot);
    return difference > 0 || (inclusive && difference === 0);
  };
  const matches = (slot: number) => !words || (words[slot >>> 5]! & (1 << (slot & 31))) !== 0;

  const index = store.orders[key];
  store.want(index);
  const expectedSteps = (limit * size) / total;
  if (index.ready && index.pendingCount < size * MAX_PENDING + 1024 && expectedSteps < total * 2) {
    const found = walk(index, {
      order,
      matches,
      comesAfter,
      compare: after ? compare : undefined,
      inclusive,
      descending,
      limit,
      maxSteps: Math.max(4096, total * 2),
    });
    if (found) return found;
  }
  // Later alerts have later slots, mostly: so the first ones are met first, and then nearly all need one comparison.
  const top = new TopSlots(limit, order);
  let bound = Infinity;
  const length = Math.ceil(size / 32);
  for (let i = 0; i < length; i++) {
    const at = descending ? length - 1 - i : i;
    let rest = words ? words[at]! : at === length - 1 && size & 31 ? (1 << (size & 31)) - 1 : -1;
    while (rest !== 0) {
      const bit = descending ? 31 - Math.clz32(rest) : 31 - Math.clz32(rest & -rest);
      rest ^= 1 << bit;
      const slot = (at << 5) + bit;
      if (sign * values[slot]! > bound || !comesAfter(slot)) continue;
      top.offer(slot);
      if (top.bound >= 0) bound = sign * values[top.bound]!;
    }
  }
  return top.take();
}

/**
 * `limit` selected slots after the first `skip`. Walks from the nearer end of the kept order, which takes a few
 * nanoseconds an alert; what is selected thinly, or has no order yet, is sorted instead.
 */
export function pageAt(
  store: AlertStore,
  selection: Selection,
  key: SortKey,
  descending: boolean,
  skip: number,
  limit: number,
): ArrayLike<number> {
  const { words, total } = selection;
  const { ids, size } = store;
  const last = Math.min(total, skip + limit);
  if (skip >= last) return [];
  const turned = skip > total - last;
  const passed = turned ? total - last : skip;
  const down = descending !== turned;
  const values = sortColumn(store, key);
  const sign = down ? -1 : 1;
  const order: SlotOrder = (a, b) => sign * (values[a]! - values[b]! || ids.compare(a, b));

  const index = store.orders[key];
  store.want(index);
  const found: number[] = [];
  const wanted = last - skip;
  if (index.ready && index.pendingCount < size * MAX_PENDING + 1024 && total > SORTED_AT_ONCE) {
    const pending: number[] = [];
    index.forEachPending((slot) => {
      if (!words || (words[slot >>> 5]! & (1 << (slot & 31))) !== 0) pending.push(slot);
    });
    pending.sort(order);
    let before = 0;
    const over = index.passOver(down, words, passed, (slot) => {
      while (before < pending.length && order(pending[before]!, slot) < 0) before++;
      return before;
    });
    let next = over.pending;
    let place = over.passed;
    const take = (slot: number) => {
      if (place++ >= passed) found.push(slot);
      return found.length < wanted;
    };
    index.walkFrom(over.at, down, (slot) => {
      if (words && (words[slot >>> 5]! & (1 << (slot & 31))) === 0) return true;
      while (next < pending.length && order(pending[next]!, slot) < 0) if (!take(pending[next++]!)) return false;
      return take(slot);
    });
    while (next < pending.length && found.length < wanted) take(pending[next++]!);
  } else {
    const top = new TopSlots(passed + wanted, order);
    if (words)
      forEachBit(words, Math.ceil(size / 32), (slot) => {
        top.offer(slot);
      });
    else for (let slot = 0; slot < size; slot++) top.offer(slot);
    const first = top.take();
    for (let i = passed; i < first.length; i++) found.push(first[i]!);
  }
  return turned ? found.reverse() : found;
}

/** The column an order follows. */
export function sortColumn({ columns }: AlertStore, key: SortKey): Float64Array | Uint32Array {
  switch (key) {
    case 'raised':
      return columns.raisedAt;
    case 'due':
      return columns.dueAt;
    case 'amount':
      return columns.amountFen;
    case 'workers':
      return columns.workers;
    case 'changed':
      return columns.changedAt;
  }
}

interface Walk {
  order: SlotOrder;
  matches: (slot: number) => boolean;
  comesAfter: (slot: number) => boolean;
  compare: ((value: number, slot: number) => number) | undefined;
  inclusive: boolean;
  descending: boolean;
  limit: number;
  maxSteps: number;
}

/** Undefined when it would take more than `maxSteps` alerts to find `limit` of them. */
function walk(
  index: OrderedIndex,
  { order, matches, comesAfter, compare, inclusive, descending, limit, maxSteps }: Walk,
): ArrayLike<number> | undefined {
  const changed = new TopSlots(limit, order);
  index.forEachPending((slot) => {
    if (matches(slot) && comesAfter(slot)) changed.offer(slot);
  });
  const pending = changed.take();
  const found: number[] = [];
  let next = 0;
  let steps = 0;
  const isAfter = compare
    ? (value: number, slot: number) => (descending === inclusive ? compare(value, slot) > 0 : compare(value, slot) >= 0)
    : () => !descending;
  index.walk(isAfter, descending, (slot) => {
    if (!matches(slot)) return ++steps < maxSteps;
    while (next < pending.length && found.length < limit && order(pending[next]!, slot) < 0)
      found.push(pending[next++]!);
    if (found.length < limit) found.push(slot);
    return found.length < limit;
  });
  if (steps >= maxSteps) return undefined;
  while (next < pending.length && found.length < limit) found.push(pending[next++]!);
  return found;
}
