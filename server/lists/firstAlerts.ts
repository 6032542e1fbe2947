import { CHANNELS, type Channel } from '../../contract/codes.ts';
import { NO_TERM } from '../../common/termBounds.ts';
import { channelOf, CLOSED, stageOf, townOf, type Columns } from './alertColumns.ts';
import { forEachBit } from './bitset.ts';
import { FirstSlots } from './firstSlots.ts';
import { compareText, type IdStore } from './idStore.ts';
import type { SlotSets } from './slotSets.ts';

/** Contract §4: `agenda` holds 30. */
export const AGENDA = 30;
/** Kept beyond that, so that lists are seldom filled anew: the earliest terms are those that end. */
const AGENDA_KEPT = 128;
/** Of these only the first is asked for. */
const KEPT = 64;

/** What the first alerts are found in. */
interface Slots {
  readonly columns: Columns;
  readonly sets: SlotSets;
  readonly ids: IdStore;
}

/** Of the alerts of one channel, epoch ms: when the last was raised, and the latest event of any kind. */
export interface LastTimes {
  raisedAt: number;
  changedAt: number;
}

/**
 * The alerts that come first in what a frame asks for (contract §4): the running terms that end first, of the region and by
 * town; the oldest open alert of a town; the last of each channel. An alert is left before any of its columns is written, and entered after.
 */
export class FirstAlerts {
  private readonly store: Slots;
  private readonly agendaRegion: FirstSlots;
  private readonly towns: { agenda: FirstSlots; open: FirstSlots }[] = [];
  private readonly channels: { raised: FirstSlots; changed: FirstSlots }[];

  constructor(store: Slots) {
    this.store = store;
    this.agendaRegion = this.newAgenda();
    this.channels = CHANNELS.map(() => ({
      raised: this.newList((slot) => -store.columns.raisedAt[slot]!),
      changed: this.newList((slot) => -store.columns.changedAt[slot]!),
    }));
  }

  addTown(): void {
    const { columns } = this.store;
    this.towns.push({ agenda: this.newAgenda(), open: this.newList((slot) => columns.raisedAt[slot]!) });
  }

  /** By the end of the term, then alertId. */
  private newAgenda(): FirstSlots {
    const { columns, ids } = this.store;
    return new FirstSlots(
      AGENDA_KEPT,
      (a, b) => columns.dueAt[a]! - columns.dueAt[b]! || (a === b ? 0 : compareText(ids.id(a), ids.id(b))),
    );
  }

  private newList(value: (slot: number) => number): FirstSlots {
    return new FirstSlots(KEPT, (a, b) => value(a) - value(b) || a - b);
  }

  enter(slot: number): void {
    const dims = this.store.columns.dims[slot]!;
    const town = this.towns[townOf(dims)]!;
    const stage = stageOf(dims);
    if (stage !== CLOSED && this.store.columns.dueAt[slot] !== NO_TERM) {
      this.agendaRegion.insert(slot);
      town.agenda.insert(slot);
    }
    if (stage !== CLOSED) town.open.insert(slot);
    const { raised, changed } = this.channels[channelOf(dims)]!;
    raised.insert(slot);
    changed.insert(slot);
  }

  leave(slot: number): void {
    const dims = this.store.columns.dims[slot]!;
    const town = this.towns[townOf(dims)]!;
    const stage = stageOf(dims);
    if (stage !== CLOSED && this.store.columns.dueAt[slot] !== NO_TERM) {
      this.agendaRegion.remove(slot);
      town.agenda.remove(slot);
    }
    if (stage !== CLOSED) town.open.remove(slot);
    const { raised, changed } = this.channels[channelOf(dims)]!;
    raised.remove(slot);
    changed.remove(slot);
  }

  /** The first `n` slots whose term runs, by its end, of a town (−1: of the region); n up to 128. */
  agenda(town: number, n: number): Uint32Array {
    const { columns, sets } = this.store;
    const list = town < 0 ? this.agendaRegion : this.towns[town]!.agenda;
    return list.first(n, (visit) => {
      const open = sets.byStage.filter((_, stage) => stage !== CLOSED).map(({ words }) => words);
      const within = sets.byTown[town]?.words;
      visitWords(
        open[0]!.length,
        (i) => union(open, i) & (within ? within[i]! : -1),
        (slot) => {
          if (columns.dueAt[slot] !== NO_TERM) visit(slot);
        },
      );
    });
  }

  /** When the oldest open alert of a town was raised; undefined where none is open. */
  oldestOpenAt(town: number): number | undefined {
    const { byStage, byTown } = this.store.sets;
    const [slot] = this.towns[town]!.open.first(1, (visit) => {
      const closed = byStage[CLOSED]!.words;
      const within = byTown[town]!.words;
      visitWords(within.length, (i) => within[i]! & ~closed[i]!, visit);
    });
    return slot === undefined ? undefined : this.store.columns.raisedAt[slot]!;
  }

  /** By channel that ever had an alert. */
  lastByChannel(): Map<Channel, LastTimes> {
    const { columns, sets } = this.store;
    const last = new Map<Channel, LastTimes>();
    CHANNELS.forEach((channel, i) => {
      const each = (visit: (slot: number) => void) =>
        forEachBit(sets.byChannel[i]!.words, sets.byChannel[i]!.words.length, visit);
      const [raised] = this.channels[i]!.raised.first(1, each);
      const [changed] = this.channels[i]!.changed.first(1, each);
      if (raised === undefined || changed === undefined) return;
      last.set(channel, { raisedAt: columns.raisedAt[raised]!, changedAt: columns.changedAt[changed]! });
    });
    return last;
  }
}

function union(sets: readonly Int32Array[], at: number): number {
  let word = 0;
  for (const set of sets) word |= set[at]!;
  return word;
}

/** Calls `visit` with the slot of every bit of the words that `word` makes. */
function visitWords(length: number, word: (i: number) => number, visit: (slot: number) => void): void {
  const one = new Int32Array(1);
  for (let i = 0; i < length; i++) {
    one[0] = word(i);
    if (one[0] !== 0) forEachBit(one, 1, (bit) => visit((i << 5) + bit));
  }
}
