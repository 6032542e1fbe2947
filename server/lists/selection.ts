import { eachOfEnterprise, enterpriseKeyOf } from './enterpriseSlots.ts';
import { isValidCell, getResolution } from 'h3-js';
import { HEAT_RESOLUTION } from '../../contract/codes.ts';
import { MAX_SEARCH } from '../../contract/rest.ts';
import { normalUscc, searchText } from '../../common/identity.ts';
import { DAY_MS, floorTo } from '../../common/regionTime.ts';
import { NO_TERM } from '../../common/termBounds.ts';
import { countBits, type Bitset } from './bitset.ts';
import { channelIndex, CLOSED, industryIndex, NO_CELL, stageIndex, tierIndex, verdictIndex } from './alertColumns.ts';
import { cellShape } from './geo.ts';
import { idSearch } from './idSearch.ts';
import { nearby } from './nearby.ts';
import { SlotWords } from './slotWords.ts';
import { normalise, QueryError, type AlertQuery } from './query.ts';
import type { AlertStore } from './store.ts';

/** The slots a query selects. `words` is valid until the next selection; undefined: all slots. */
export interface Selection {
  words: Int32Array | undefined;
  total: number;
}

/** Evaluates the filters of queries: sets of slots for the dimensions, then whatever must be looked at one by one. */
export class Selector {
  private readonly store: AlertStore;
  private readonly slots = new SlotWords();

  constructor(store: AlertStore) {
    this.store = store;
  }

  /** @throws QueryError for an unknown scope or cell, an empty span, or too long a search text. `region`: the table's. */
  select(query: AlertQuery, region: string, now: number): Selection {
    const { store } = this;
    const from = query.from ?? -Infinity;
    const to = query.to ?? Infinity;
    if (Number.isNaN(from)) throw new QueryError('from', 'not a time');
    if (Number.isNaN(to) || from > to) throw new QueryError('to', 'the span ends before it begins');
    const q = query.q === undefined ? '' : normalise(query.q);
    if (q.length > MAX_SEARCH) throw new QueryError('q', `longer than ${MAX_SEARCH} characters`);
    if (query.h3 !== undefined && !(isValidCell(query.h3) && getResolution(query.h3) === HEAT_RESOLUTION)) {
      throw new QueryError('h3', `not an H3 cell of resolution ${HEAT_RESOLUTION}`);
    }

    const groups = this.groups(query, region);
    const bounded = from !== -Infinity || to !== Infinity;
    const only = groups.length === 1 ? groups[0]! : undefined;
    const term = query.overdue ?? query.dueToday ?? query.dueBy ?? query.supervised;
    if (!bounded && term === undefined && !q && query.h3 === undefined && query.uscc === undefined) {
      if (groups.length === 0) return { words: undefined, total: store.size };
      if (only && only.sets.length === 1 && !only.not) {
        const set = only.sets[0]!;
        return { words: set.words, total: set.count };
      }
    }

    const { slots } = this;
    slots.begin(store.size, store.columns.capacity);
    if (query.uscc !== undefined) this.keepEnterprise(query.uscc);
    if (query.h3 !== undefined) this.keepCell(query.h3);
    // Most conditions are one set each: two at a time halve the passes over the words.
    const single = groups.filter(({ sets, not }) => sets.length === 1 && !not).map(({ sets }) => sets[0]!);
    for (let i = 0; i < single.length; i += 2) slots.keepBoth(single[i]!, single[i + 1]);
    for (const { sets, not } of groups) if (sets.length > 1 || not) slots.keepSets(sets, not);
    if (!slots.started) slots.fillAll();
    if (bounded) this.keepSpan(query.measure ?? 'raised', from, to);
    if (query.overdue === true) slots.keepRange(store.columns.dueAt, store.zones.dueAt, -Infinity, now);
    if (query.overdue === false) this.dropTerms(-Infinity, now);
    if (query.dueToday !== undefined) {
      // A term given in days ends at 24:00, which is the next midnight.
      const until = floorTo(now, DAY_MS) + DAY_MS + 1;
      if (query.dueToday) slots.keepRange(store.columns.dueAt, store.zones.dueAt, now, until);
      else this.dropTerms(now, until);
    }
    // What has no term is kept as one that ends after all others: nobody asks for that.
    if (query.dueBy !== undefined)
      slots.keepRange(store.columns.dueAt, store.zones.dueAt, -Infinity, Math.min(query.dueBy, NO_TERM));
    if (query.supervised !== undefined) {
      const { supervised } = query;
      const isSupervised = store.extras.flag('supervised');
      slots.keepIf((slot) => isSupervised(slot) === supervised);
    }
    if (q) this.keepMatches(q);
    return { words: slots.words, total: countBits(slots.words, slots.length) };
  }

  /** Conditions that are sets of slots: in any of the sets of a group (`not`: in none), for every group. */
  private groups(query: AlertQuery, region: string): Group[] {
    const { store } = this;
    const groups: Group[] = [];
    const any = <T extends string>(
      values: readonly T[] | undefined,
      sets: readonly Bitset[],
      index: (code: T) => number,
    ) => {
      if (!values || values.length === 0) return;
      const chosen = [...new Set(values)].map((value) => sets[index(value)]!);
      groups.push({ sets: chosen, not: false });
    };
    if (query.scope !== region) {
      const town = store.findTown(query.scope);
      if (town < 0) throw new QueryError('scope', `neither the region ${region} nor one of its towns`);
      groups.push({ sets: [store.sets.byTown[town]!], not: false });
    }
    any(query.tier, store.sets.byTier, tierIndex);
    any(query.stage, store.sets.byStage, stageIndex);
    any(query.industry, store.sets.byIndustry, industryIndex);
    any(query.channel, store.sets.byChannel, channelIndex);
    any(query.verdict, store.sets.byVerdict, verdictIndex);
    if (query.unit !== undefined) groups.push({ sets: [store.units.of(query.unit)], not: false });
    if (query.open !== undefined) groups.push({ sets: [store.sets.byStage[CLOSED]!], not: query.open });
    if (query.positionOutside !== undefined) groups.push({ sets: [store.sets.outside], not: !query.positionOutside });
    if (query.recovered !== undefined) groups.push({ sets: [store.sets.recovered], not: !query.recovered });
    if (query.overdue === true || query.dueToday === true || query.dueBy !== undefined)
      groups.push({ sets: [store.sets.byStage[CLOSED]!], not: true });
    if (query.measure === 'audited')
      groups.push({ sets: [store.sets.byVerdict[1]!, store.sets.byVerdict[2]!], not: false });
    if (query.measure === 'effective') groups.push({ sets: [store.sets.byVerdict[1]!], not: false });
    if (query.measure === 'falseAlarm') groups.push({ sets: [store.sets.byVerdict[2]!], not: false });
    if (query.measure === 'closed') groups.push({ sets: [store.sets.byStage[CLOSED]!], not: false });
    if (query.measure === 'recovered') groups.push({ sets: [store.sets.recovered], not: false });
    return groups;
  }

  private keepSpan(measure: NonNullable<AlertQuery['measure']>, from: number, to: number): void {
    const { columns, zones, recoveries } = this.store;
    switch (measure) {
      case 'raised':
        return this.slots.keepRange(columns.raisedAt, zones.raisedAt, from, to);
      case 'audited':
      case 'effective':
      case 'falseAlarm':
        return this.slots.keepRange(columns.verdictAt, zones.verdictAt, from, to);
      case 'closed':
        return this.slots.keepRange(columns.closedAt, zones.closedAt, from, to);
      case 'recovered':
        return this.slots.keepZones(zones.recovered, from, to, (first, last) =>
          this.slots.keepIf((slot) => recoveries.anyIn(slot, from, to), first, last),
        );
    }
  }

  /** Drops the alerts whose term runs and ends at `from` or later, and before `until`. */
  private dropTerms(from: number, until: number): void {
    const { words, length } = this.slots;
    const { dueAt } = this.store.columns;
    const closed = this.store.sets.byStage[CLOSED]!.words;
    for (let i = 0; i < length; i++) {
      let word = words[i]!;
      for (let rest = word & ~closed[i]!; rest !== 0;) {
        const bit = rest & -rest;
        rest ^= bit;
        const due = dueAt[(i << 5) + 31 - Math.clz32(bit)]!;
        if (due >= from && due < until) word ^= bit;
      }
      words[i] = word;
    }
  }

  private keepEnterprise(uscc: string): void {
    const { store } = this;
    const key = enterpriseKeyOf(store, uscc);
    if (key === undefined) return this.slots.startWith(() => undefined);
    this.slots.startWith((visit) => eachOfEnterprise(store, key, visit));
  }

  private keepCell(h3: string): void {
    const shape = cellShape(h3);
    const { lng, lat, cell } = this.store.columns;
    if (this.slots.started)
      this.slots.keepIf((slot) => cell[slot] !== NO_CELL && shape.contains(lng[slot]!, lat[slot]!));
    else {
      this.slots.startWith((visit) =>
        nearby(this.store, shape.centre, shape.radius, (slot) => {
          if (shape.contains(lng[slot]!, lat[slot]!)) visit(slot);
        }),
      );
    }
  }

  /** The enterprise whose uscc the text is, in any writing, besides those that are found by name; by spelling, 1 where it is one of them. */
  private ofCode(q: string, byName: Uint8Array | undefined): Uint8Array | undefined {
    const { enterprises } = this.store;
    const code = normalUscc(q);
    const key = code === '' ? undefined : enterprises.keyId(code);
    if (key === undefined) return byName;
    const found = byName ? byName.slice() : new Uint8Array(enterprises.size);
    for (const entry of enterprises.entriesOfKey(key)) found[entry] = 1;
    return found;
  }

  private keepMatches(q: string): void {
    const { words, length } = this.slots;
    const { columns, ids } = this.store;
    const { enterprise, project } = columns;
    const name = searchText(q);
    const byEnterprise = this.ofCode(q, name === '' ? undefined : this.store.enterpriseNames.find(name));
    const byProject = name === '' ? undefined : this.store.projectNames.find(name);
    const byId = idSearch(ids, q);
    if (!byEnterprise && !byProject && !byId) {
      words.fill(0, 0, length);
      return;
    }
    if (!byEnterprise && !byProject) {
      for (let i = 0; i < length; i++) words[i] = byId!.keep(i, words[i]!, 0);
      return;
    }
    const e = byEnterprise ?? new Uint8Array(this.store.enterprises.size);
    const p = byProject ?? new Uint8Array(this.store.projects.size);
    for (let i = 0; i < length; i++) {
      const word = words[i]!;
      if (word === 0) continue;
      let kept = 0;
      const first = i << 5;
      // Without branches on what is found, which would mostly be guessed wrong.
      if (word === -1) {
        for (let b = 0; b < 32; b++) kept |= (e[enterprise[first + b]!]! | p[project[first + b]!]!) << b;
      } else {
        for (let rest = word; rest !== 0;) {
          const b = 31 - Math.clz32(rest);
          rest ^= 1 << b;
          kept |= (e[enterprise[first + b]!]! | p[project[first + b]!]!) << b;
        }
      }
      words[i] = byId && kept !== word ? byId.keep(i, word, kept) : kept;
    }
  }
}

interface Group {
  sets: Bitset[];
  not: boolean;
}
