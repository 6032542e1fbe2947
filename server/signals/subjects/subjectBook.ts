import { normalName, normalUscc, searchText } from '../../../common/identity.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { Suggestion } from '../../../contract/subjects.ts';
import type { SubjectRow } from '../engine/feedRows.ts';
import { readSubjectChange, type Meters, type SubjectChange } from '../engine/subjectChange.ts';
import type { SourceRecord } from '../engine/sourceBook.ts';
import { Words } from '../engine/words.ts';
import { greatest } from './greatest.ts';
import type { Watched } from './monitor.ts';
import type { SubjectItem, SubjectPage, SubjectPlace, SubjectQuery, SubjectSelection, SubjectSort } from './query.ts';
import { cellTest } from './subjectHeat.ts';
import { ACTIVE, FOUND, PROJECT, REGISTERED, SHOWN, SubjectRecords, WATCH } from './subjectRecords.ts';

const EMPLOYER = SHOWN | REGISTERED | ACTIVE;
/** Among so many matches suggestions are chosen. */
const MOST_SUGGESTED = 2_000;

/** What every entry of the feed brings up to date besides the subjects. */
const NO_METERS: Meters = {
  observed: 0,
  registered: 0,
  duplicates: 0,
  raised: 0,
  escalated: 0,
  version: '',
  day: 0,
};

/** All subjects of a region in a serving process. Questions look at all of them; for 260,000 that takes some ms. */
export class SubjectBook {
  readonly words: Words;
  readonly sources = new Map<string, SourceRecord>();
  meters: Meters = NO_METERS;
  /** Differs after each change. */
  version = 0;
  private readonly records: SubjectRecords;

  constructor(words: Words = new Words()) {
    this.words = words;
    this.records = new SubjectRecords(words);
  }

  /** How many are shown. */
  get size(): number {
    return this.records.shown;
  }

  // What a follower asks for: nothing here depends on the clock, and there is no order to build.
  readonly now = -Infinity;
  caughtUp(): void {}
  keepOrders(): boolean {
    return false;
  }

  /**
   * Applies an entry of the engine's feed. At midnight there are hundreds of thousands of rows: no object is made of any, as what is made only
   * to be written elsewhere is what the collector has most to do with.
   * @throws Error when it cannot be read to its end
   */
  applyEntry(payload: string): void {
    const { rows, count, ...rest } = readSubjectChange(payload, this.words);
    for (let left = count; left > 0; left--) this.records.readRow(rows);
    if (!rows.isAtEnd) throw new Error(`an entry of the feed of subjects that is not its ${count} rows`);
    this.note(rest);
  }

  apply({ rows, ...rest }: SubjectChange): void {
    for (const row of rows) this.records.put(row);
    this.note(rest);
  }

  private note({ meters, sources }: Omit<SubjectChange, 'rows'>): void {
    for (const [name, record] of sources) this.sources.set(name, record);
    this.meters = meters;
    this.version++;
  }

  put(row: SubjectRow): void {
    this.records.put(row);
  }

  /** What is watched in the region, or in a town. */
  watchedIn(town?: string): Watched {
    return this.records.watchedIn(town);
  }

  get(key: SubjectKey): SubjectItem | undefined {
    const { keys, flags } = this.records;
    const n = keys.find(key);
    return n >= 0 && flags[n]! & SHOWN ? this.records.item(n) : undefined;
  }

  /** The employer with a uscc, registered and active, that alone has a name (signals §1). @param name in its normal form */
  ownerOf(name: string): SubjectKey | undefined {
    const searched = name.toLowerCase();
    const { records } = this;
    let owner: SubjectKey | undefined;
    for (const n of records.names.with(searched)) {
      if ((records.flags[n]! & EMPLOYER) !== EMPLOYER) continue;
      const key = records.keyOf(n);
      if (!key.startsWith('U:') || normalName(records.names.of(n)) !== name) continue;
      if (owner !== undefined) return undefined;
      owner = key;
    }
    return owner;
  }

  page(query: SubjectQuery): SubjectPage {
    const { sort, after, limit } = query;
    const column = this.columnOf(sort);
    const { keys } = this.records;
    /** Positive when `a` comes before `b`. */
    const before = (a: number, b: number) => column[a]! - column[b]! || keys.compare(b, a);
    const selected = this.select(query);
    const afterKey = Buffer.from(after?.key ?? '');
    const rest = after
      ? selected.filter((n) => {
          const difference = column[n]! - after.value;
          return difference < 0 || (difference === 0 && keys.compareTo(n, afterKey) > 0);
        })
      : selected;
    const first = greatest(rest, limit, before);
    const last = first.at(-1);
    return {
      total: selected.length,
      items: first.map((n) => this.records.item(n)),
      ...(last !== undefined && rest.length > limit
        ? { next: { value: column[last]!, key: this.records.keyOf(last) } }
        : {}),
    };
  }

  /**
   * Registered, active employers whose name has a text in it, by name and town, each once: those whose name begins with it first,
   * then the shorter names. @param text as names are searched; @param town undefined: of the region
   */
  suggest(text: string, town: string | undefined, most: number): Suggestion[] {
    const { records } = this;
    const townNumber = town === undefined ? undefined : records.findTown(town);
    const found = new Map<string, { name: string; town: string | undefined; begins: boolean }>();
    for (const n of records.names.with(text)) {
      if ((records.flags[n]! & (EMPLOYER | PROJECT)) !== EMPLOYER) continue;
      if (townNumber !== undefined && records.townNumberOf(n) !== townNumber) continue;
      const name = records.names.of(n);
      const at = records.townOf(n);
      found.set(`${at ?? ''} ${name}`, { name, town: at, begins: searchText(name).startsWith(text) });
      // Whoever asks for what is in thousands of names will go on typing.
      if (found.size === MOST_SUGGESTED) break;
    }
    return [...found.values()]
      .sort(
        (a, b) => Number(b.begins) - Number(a.begins) || a.name.length - b.name.length || (a.name < b.name ? -1 : 1),
      )
      .slice(0, most)
      .map(({ name, town: at }) => ({ name, ...(at === undefined ? {} : { town: at }) }));
  }

  /** Where those are for which all that is asked holds, in no order. */
  places(selection: SubjectSelection): SubjectPlace[] {
    return this.select(selection).map((n) => ({
      town: this.records.townOf(n),
      location: this.records.locationOf(n),
    }));
  }

  /** Numbers of those for which all that is asked holds. */
  private select({ town, kind, tier, watch, channel, indicator, q, cell }: SubjectSelection): number[] {
    const { records } = this;
    const { flags } = records;
    const townNumber = town === undefined ? undefined : records.findTown(town);
    // Points and indicators are of few: these alone are looked into.
    const named = [channel, indicator].filter((one) => one !== undefined);
    const numbers = named.map((one) => this.words.find(one));
    let mask = SHOWN | (watch === true ? WATCH : 0) | (named.length ? FOUND : 0);
    let wanted = mask;
    if (kind !== undefined) {
      mask |= PROJECT;
      wanted |= kind === 'project' ? PROJECT : 0;
    }
    if (watch === false) mask |= WATCH;
    const matches = this.matching(q === undefined ? '' : searchText(q), q);
    const within = cell === undefined ? undefined : cellTest(cell);
    const selected: number[] = [];
    const take = (n: number) => {
      if ((flags[n]! & mask) !== wanted) return;
      if (townNumber !== undefined && records.townNumberOf(n) !== townNumber) return;
      if (tier !== undefined && !records.isOf(n, tier)) return;
      if (matches && !matches(n)) return;
      if (within && !within(records.lng[n]!, records.lat[n]!)) return;
      if (numbers.length) {
        const { channels, indicators } = records.namesFound(n);
        if (channel !== undefined && !channels.includes(numbers[0]!)) return;
        if (indicator !== undefined && !indicators.includes(numbers.at(-1)!)) return;
      }
      selected.push(n);
    };
    for (let n = 0; n < records.keys.size; n++) take(n);
    return selected;
  }

  /** Whether a text is in the name, the project's number or the credit code; undefined where none is looked for. */
  private matching(text: string, q: string | undefined): ((n: number) => boolean) | undefined {
    if (text === '') return undefined;
    const { records } = this;
    const named = records.names.with(text);
    // Numbers of projects are written in any way; credit codes have one way of writing.
    const coded = records.keys.search(Buffer.from(normalUscc(q!)), 2);
    return (n) =>
      named.has(n) || (records.flags[n]! & PROJECT ? records.keyOf(n).toLowerCase().includes(text, 2) : coded.has(n));
  }

  private columnOf(sort: SubjectSort): Float64Array | Uint32Array {
    if (sort === 'score') return this.records.score;
    return sort === 'changed' ? this.records.changedAt : this.records.workers;
  }
}
