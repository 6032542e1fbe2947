import { INDUSTRIES, TIERS } from '../../../contract/codes.ts';
import type { LngLat } from '../../../contract/frame.ts';
import { normalName, normalUscc, searchText } from '../../../common/identity.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { Suggestion } from '../../../contract/subjects.ts';
import { KeyTable } from '../assess/keyTable.ts';
import { ByteStore } from '../engine/byteStore.ts';
import { ByteReader, ByteWriter } from '../engine/bytes.ts';
import { ROW, UNCHANGED, type SubjectRow } from '../engine/feedRows.ts';
import { FindingGlance, findingNames, readFinding, writeFinding } from '../engine/findingCodec.ts';
import { readRegistration } from '../engine/registrationCodec.ts';
import type { Finding, Registration } from '../engine/subject.ts';
import { readSubjectChange, type Meters, type SubjectChange } from '../engine/subjectChange.ts';
import type { SourceRecord } from '../engine/sourceBook.ts';
import { Words } from '../engine/words.ts';
import type { Watched } from './monitor.ts';
import type { SubjectItem, SubjectPage, SubjectPlace, SubjectQuery, SubjectSelection, SubjectSort } from './query.ts';
import { cellTest } from './subjectHeat.ts';

const SHOWN = 1;
const PROJECT = 2;
const REGISTERED = 4;
const ACTIVE = 8;
const WATCH = 16;
const UNPLACED = 32;
const OF_REGISTRATION = PROJECT | REGISTERED | ACTIVE;
const OWNS = SHOWN | REGISTERED | ACTIVE;
/** It has a finding that says something. */
const FOUND = 64;
const NO_TIER = 255;
/** Among so many matches suggestions are chosen. */
const MOST_SUGGESTED = 2_000;
const NOBODY: Watched = { enterprises: 0, projects: 0, watch: 0, unplaced: 0 };

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

/**
 * All subjects of a region in a serving process, in columns by their numbers, outside of the heap: about 200 bytes each; keys, names and
 * findings as bytes. Questions look at all of them; for 260,000 that takes some ms.
 */
export class SubjectBook {
  readonly words: Words;
  readonly sources = new Map<string, SourceRecord>();
  meters: Meters = NO_METERS;
  /** Differs after each change. */
  version = 0;
  private readonly keys = new KeyTable();
  private readonly names = new ByteStore();
  /** Names as they are searched, where that is not the name itself. */
  private readonly searched = new ByteStore();
  private readonly contractors = new Map<number, string>();
  private readonly found = new ByteStore();
  private readonly writer = new ByteWriter();
  /** Of the finding at hand. */
  private readonly glance = new FindingGlance();
  private readonly towns: string[] = [''];
  private readonly townNumbers = new Map<string, number>([['', 0]]);
  private readonly watched = new Map<string, Watched>();
  private shown = 0;
  private flags = new Uint8Array(1024);
  private tiers = new Uint8Array(1024);
  private town = new Uint16Array(1024);
  private industry = new Uint8Array(1024);
  private score = new Float64Array(1024);
  private workers = new Uint32Array(1024);
  private changedAt = new Float64Array(1024);
  private lng = new Float64Array(1024);
  private lat = new Float64Array(1024);

  constructor(words: Words = new Words()) {
    this.words = words;
  }

  /** How many are shown. */
  get size(): number {
    return this.shown;
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
    for (let left = count; left > 0; left--) this.readRow(rows);
    if (!rows.isAtEnd) throw new Error(`an entry of the feed of subjects that is not its ${count} rows`);
    this.note(rest);
  }

  apply({ rows, ...rest }: SubjectChange): void {
    for (const row of rows) this.put(row);
    this.note(rest);
  }

  private note({ meters, sources }: Omit<SubjectChange, 'rows'>): void {
    for (const [name, record] of sources) this.sources.set(name, record);
    this.meters = meters;
    this.version++;
  }

  put({ n, key, shown, registration, found }: SubjectRow): void {
    const { glance, writer } = this;
    if (!this.begin(n, shown)) return;
    const registered = registration === UNCHANGED ? this.registeredAs(n) : this.putRegistration(n, key, registration);
    glance.clear();
    if (found) {
      writeFinding(writer, found, this.words);
      glance.read(new ByteReader(writer.written()), this.words);
    }
    this.end(n, registered);
  }

  /** The same of a row as the feed has it. */
  private readRow(reader: ByteReader): void {
    const { glance, writer, words } = this;
    const n = reader.uint();
    const has = reader.uint();
    if (!this.begin(n, (has & ROW.shown) !== 0)) return;
    let registered = 0;
    if (has & ROW.unchanged) registered = this.registeredAs(n);
    else {
      const key = reader.text() as SubjectKey;
      registered = this.putRegistration(n, key, has & ROW.registered ? readRegistration(reader, words) : undefined);
    }
    glance.clear();
    if (has & ROW.found) {
      const from = reader.at;
      glance.read(reader, words);
      if (glance.says) reader.copyTo(writer, from);
    }
    this.end(n, registered);
  }

  /** Counts a subject no longer as it was. @returns whether it is shown from now on */
  private begin(n: number, shown: boolean): boolean {
    this.grow(n);
    this.count(n, -1);
    if (this.flags[n]! & SHOWN) this.shown--;
    if (shown) {
      this.shown++;
      return true;
    }
    this.flags[n] = 0;
    this.found.delete(n);
    return false;
  }

  /** Keeps the finding at hand, and counts a subject as it is now. */
  private end(n: number, registered: number): void {
    const { writer, glance } = this;
    const { says, watch, unplaced, tier } = glance;
    this.flags[n] = SHOWN | registered | (says ? FOUND : 0) | (watch ? WATCH : 0) | (unplaced ? UNPLACED : 0);
    this.tiers[n] = tier === undefined ? NO_TIER : TIERS.indexOf(tier);
    this.score[n] = glance.score;
    this.workers[n] = glance.workers;
    this.changedAt[n] = glance.changedAt;
    if (says) this.found.put(n, writer.buffer, writer.length);
    else this.found.delete(n);
    writer.clear();
    this.count(n, 1);
  }

  private registeredAs(n: number): number {
    return this.flags[n]! & OF_REGISTRATION;
  }

  /** @returns the flags that it gives */
  private putRegistration(n: number, key: SubjectKey, registration: Registration | undefined): number {
    this.keys.place(key, n);
    const project = key.startsWith('P:');
    const name = (project ? registration?.project?.name : registration?.name) ?? key.slice(2);
    const bytes = Buffer.from(name);
    if (!this.names.get(n)?.equals(bytes)) {
      this.names.put(n, bytes);
      const searched = searchText(name);
      if (searched === name) this.searched.delete(n);
      else this.searched.put(n, Buffer.from(searched));
    }
    if (project && registration) this.contractors.set(n, registration.name);
    this.town[n] = this.townNumber(registration?.town ?? '');
    this.industry[n] = registration ? INDUSTRIES.indexOf(registration.industry) + 1 : 0;
    this.lng[n] = registration?.location?.lng ?? NaN;
    this.lat[n] = registration?.location?.lat ?? NaN;
    return (project ? PROJECT : 0) | (registration ? REGISTERED : 0) | (registration?.active ? ACTIVE : 0);
  }

  /** What is watched in the region, or in a town. */
  watchedIn(town?: string): Watched {
    return this.watched.get(town ?? '') ?? NOBODY;
  }

  get(key: SubjectKey): SubjectItem | undefined {
    const n = this.keys.find(key);
    return n >= 0 && this.flags[n]! & SHOWN ? this.item(n) : undefined;
  }

  /** The employer with a uscc, registered and active, that alone has a name (signals §1). @param name in its normal form */
  ownerOf(name: string): SubjectKey | undefined {
    const searched = name.toLowerCase();
    let owner: SubjectKey | undefined;
    for (const n of this.named(searched)) {
      if ((this.flags[n]! & OWNS) !== OWNS) continue;
      const key = this.keyOf(n);
      if (!key.startsWith('U:') || normalName(this.nameOf(n)) !== name) continue;
      if (owner !== undefined) return undefined;
      owner = key;
    }
    return owner;
  }

  page(query: SubjectQuery): SubjectPage {
    const { sort, after, limit } = query;
    const column = this.columnOf(sort);
    const { keys } = this;
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
      items: first.map((n) => this.item(n)),
      ...(last !== undefined && rest.length > limit ? { next: { value: column[last]!, key: this.keyOf(last) } } : {}),
    };
  }

  private keyOf(n: number): SubjectKey {
    return this.keys.text(n) as SubjectKey;
  }

  private nameOf(n: number): string {
    return this.names.get(n)!.toString();
  }

  /** Those whose names have a text in them, as both are searched; also some that are not shown. */
  private named(text: string): Set<number> {
    const found = new Set<number>();
    const needle = Buffer.from(text);
    this.names.search(needle, (n) => this.searched.get(n) ?? found.add(n));
    this.searched.search(needle, (n) => found.add(n));
    return found;
  }

  /**
   * Registered, active employers whose name has a text in it, by name and town, each once: those whose name begins with it first,
   * then the shorter names. @param text as names are searched; @param town undefined: of the region
   */
  suggest(text: string, town: string | undefined, most: number): Suggestion[] {
    const townNumber = town === undefined ? undefined : (this.townNumbers.get(town) ?? -1);
    const mask = SHOWN | REGISTERED | ACTIVE | PROJECT;
    const found = new Map<string, { name: string; town: number; begins: boolean }>();
    for (const n of this.named(text)) {
      if ((this.flags[n]! & mask) !== (SHOWN | REGISTERED | ACTIVE)) continue;
      const at = this.town[n]!;
      if (townNumber !== undefined && at !== townNumber) continue;
      const name = this.nameOf(n);
      found.set(`${at} ${name}`, { name, town: at, begins: searchText(name).startsWith(text) });
      // Whoever asks for what is in thousands of names will go on typing.
      if (found.size === MOST_SUGGESTED) break;
    }
    return [...found.values()]
      .sort(
        (a, b) => Number(b.begins) - Number(a.begins) || a.name.length - b.name.length || (a.name < b.name ? -1 : 1),
      )
      .slice(0, most)
      .map(({ name, town: at }) => ({ name, ...(at === 0 ? {} : { town: this.towns[at]! }) }));
  }

  /** Where those are for which all that is asked holds, in no order. */
  places(selection: SubjectSelection): SubjectPlace[] {
    return this.select(selection).map((n) => ({
      town: this.towns[this.town[n]!] || undefined,
      location: this.locationOf(n),
    }));
  }

  private locationOf(n: number): LngLat | undefined {
    return Number.isNaN(this.lng[n]!) ? undefined : { lng: this.lng[n]!, lat: this.lat[n]! };
  }

  /** Numbers of those for which all that is asked holds. */
  private select({ town, kind, tier, watch, channel, indicator, q, cell }: SubjectSelection): number[] {
    const { flags, tiers, town: townOf } = this;
    const townNumber = town === undefined ? undefined : (this.townNumbers.get(town) ?? -1);
    const tierNumber = tier === undefined ? undefined : TIERS.indexOf(tier);
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
      if (townNumber !== undefined && townOf[n] !== townNumber) return;
      if (tierNumber !== undefined && tiers[n] !== tierNumber) return;
      if (matches && !matches(n)) return;
      if (within && !within(this.lng[n]!, this.lat[n]!)) return;
      if (numbers.length) {
        const { channels, indicators } = findingNames(new ByteReader(this.found.get(n)!));
        if (channel !== undefined && !channels.includes(numbers[0]!)) return;
        if (indicator !== undefined && !indicators.includes(numbers.at(-1)!)) return;
      }
      selected.push(n);
    };
    for (let n = 0; n < this.keys.size; n++) take(n);
    return selected;
  }

  /** Whether a text is in the name, the project's number or the credit code; undefined where none is looked for. */
  private matching(text: string, q: string | undefined): ((n: number) => boolean) | undefined {
    if (text === '') return undefined;
    const named = this.named(text);
    // Numbers of projects are written in any way; credit codes have one way of writing.
    const coded = this.keys.search(Buffer.from(normalUscc(q!)), 2);
    return (n) =>
      named.has(n) || (this.flags[n]! & PROJECT ? this.keyOf(n).toLowerCase().includes(text, 2) : coded.has(n));
  }

  private columnOf(sort: SubjectSort): Float64Array | Uint32Array {
    if (sort === 'score') return this.score;
    return sort === 'changed' ? this.changedAt : this.workers;
  }

  private item(n: number): SubjectItem {
    const flags = this.flags[n]!;
    const bytes = this.found.get(n);
    const found: Finding | undefined = bytes && readFinding(new ByteReader(bytes), this.words);
    return {
      key: this.keyOf(n),
      kind: flags & PROJECT ? 'project' : 'enterprise',
      name: this.nameOf(n),
      contractor: this.contractors.get(n),
      town: this.towns[this.town[n]!] || undefined,
      industry: this.industry[n] ? INDUSTRIES[this.industry[n] - 1] : undefined,
      location: this.locationOf(n),
      registered: (flags & REGISTERED) !== 0,
      active: (flags & ACTIVE) !== 0,
      score: this.score[n]!,
      tier: this.tiers[n] === NO_TIER ? undefined : TIERS[this.tiers[n]!],
      rule: found?.rule,
      watch: (flags & WATCH) !== 0,
      workers: this.workers[n]!,
      amountFen: found?.amountFen ?? 0,
      months: found?.months ?? 0,
      channels: found?.channels ?? [],
      indicators: found?.indicators ?? [],
      changedAt: this.changedAt[n]!,
      unplaced: (flags & UNPLACED) !== 0,
    };
  }

  private count(n: number, sign: 1 | -1): void {
    const flags = this.flags[n]!;
    if (!(flags & SHOWN)) return;
    const town = this.towns[this.town[n]!]!;
    for (const scope of town === '' ? [''] : ['', town]) {
      const watched = this.watched.get(scope) ?? { ...NOBODY };
      if (flags & REGISTERED && flags & ACTIVE) watched[flags & PROJECT ? 'projects' : 'enterprises'] += sign;
      if (flags & WATCH) watched.watch += sign;
      if (flags & UNPLACED) watched.unplaced += sign;
      this.watched.set(scope, watched);
    }
  }

  private townNumber(town: string): number {
    let number = this.townNumbers.get(town);
    if (number === undefined) this.townNumbers.set(town, (number = this.towns.push(town) - 1));
    return number;
  }

  private grow(n: number): void {
    if (n < this.flags.length) return;
    const size = Math.max(n + 1, Math.ceil(this.flags.length * 1.25));
    const grown = <T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(old: T, larger: T): T => {
      larger.set(old);
      return larger;
    };
    this.flags = grown(this.flags, new Uint8Array(size));
    this.tiers = grown(this.tiers, new Uint8Array(size));
    this.town = grown(this.town, new Uint16Array(size));
    this.industry = grown(this.industry, new Uint8Array(size));
    this.score = grown(this.score, new Float64Array(size));
    this.workers = grown(this.workers, new Uint32Array(size));
    this.changedAt = grown(this.changedAt, new Float64Array(size));
    this.lng = grown(this.lng, new Float64Array(size));
    this.lat = grown(this.lat, new Float64Array(size));
  }
}

/** The first `limit`, in order. @param before positive when its first argument comes before its second */
function greatest(numbers: readonly number[], limit: number, before: (a: number, b: number) => number): number[] {
  const order = (a: number, b: number) => -before(a, b);
  if (numbers.length <= 4 * limit) return [...numbers].sort(order).slice(0, limit);
  let best: number[] = [];
  for (const n of numbers) {
    if (best.length >= limit && order(n, best[limit - 1]!) > 0) continue;
    best.push(n);
    if (best.length >= 4 * limit) best = best.sort(order).slice(0, limit);
    else if (best.length === limit) best.sort(order);
  }
  return best.sort(order).slice(0, limit);
}
