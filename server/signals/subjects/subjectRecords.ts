import { INDUSTRIES, TIERS, type Tier } from '../../../contract/codes.ts';
import type { LngLat } from '../../../contract/frame.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { KeyTable } from '../assess/keyTable.ts';
import { ByteStore } from '../engine/byteStore.ts';
import { ByteReader, ByteWriter } from '../engine/bytes.ts';
import { ROW, UNCHANGED, type SubjectRow } from '../engine/feedRows.ts';
import { FindingGlance, findingNames, readFinding, writeFinding } from '../engine/findingCodec.ts';
import { readRegistration } from '../engine/registrationCodec.ts';
import type { Registration } from '../engine/subject.ts';
import type { Words } from '../engine/words.ts';
import type { Watched } from './monitor.ts';
import type { SubjectItem } from './query.ts';
import { SubjectNames } from './subjectNames.ts';

/** Flags of a subject. */
export const SHOWN = 1;
export const PROJECT = 2;
export const REGISTERED = 4;
export const ACTIVE = 8;
export const WATCH = 16;
const UNPLACED = 32;
const OF_REGISTRATION = PROJECT | REGISTERED | ACTIVE;
/** It has a finding that says something. */
export const FOUND = 64;
const NO_TIER = 255;
const NOBODY: Watched = { enterprises: 0, projects: 0, watch: 0, unplaced: 0 };

/**
 * What a serving process knows of the subjects of a region, in columns by their numbers, outside of the heap: about 200 bytes each; keys,
 * names and findings as bytes.
 */
export class SubjectRecords {
  readonly keys = new KeyTable();
  readonly names = new SubjectNames();
  flags = new Uint8Array(1024);
  score = new Float64Array(1024);
  workers = new Uint32Array(1024);
  /** Epoch ms. */
  changedAt = new Float64Array(1024);
  lng = new Float64Array(1024);
  lat = new Float64Array(1024);
  private tiers = new Uint8Array(1024);
  private town = new Uint16Array(1024);
  private industry = new Uint8Array(1024);
  private readonly contractors = new Map<number, string>();
  private readonly found = new ByteStore();
  private readonly writer = new ByteWriter();
  /** Of the finding at hand. */
  private readonly glance = new FindingGlance();
  private readonly towns: string[] = [''];
  private readonly townNumbers = new Map<string, number>([['', 0]]);
  private readonly watched = new Map<string, Watched>();
  private readonly words: Words;
  private count = 0;

  /** @param words those of the engine */
  constructor(words: Words) {
    this.words = words;
  }

  /** How many are shown. */
  get shown(): number {
    return this.count;
  }

  put({ n, key, shown, registration, name, found }: SubjectRow): void {
    const { glance, writer } = this;
    if (!this.begin(n, shown)) return;
    const registered =
      registration === UNCHANGED ? this.registeredAs(n) : this.putRegistration(n, key, registration, name);
    glance.clear();
    if (found) {
      writeFinding(writer, found, this.words);
      glance.read(new ByteReader(writer.written()), this.words);
    }
    this.end(n, registered);
  }

  /** The same of a row as the feed has it. */
  readRow(reader: ByteReader): void {
    const { glance, writer, words } = this;
    const n = reader.uint();
    const has = reader.uint();
    if (!this.begin(n, (has & ROW.shown) !== 0)) return;
    let registered = 0;
    if (has & ROW.unchanged) registered = this.registeredAs(n);
    else {
      const key = reader.text() as SubjectKey;
      const name = has & ROW.named ? reader.text() : undefined;
      const registration = has & ROW.registered ? readRegistration(reader, words) : undefined;
      registered = this.putRegistration(n, key, registration, name);
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
    this.tally(n, -1);
    if (this.flags[n]! & SHOWN) this.count--;
    if (shown) {
      this.count++;
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
    this.tally(n, 1);
  }

  private registeredAs(n: number): number {
    return this.flags[n]! & OF_REGISTRATION;
  }

  /** @param heard what it is called where it is not registered @returns the flags that it gives */
  private putRegistration(
    n: number,
    key: SubjectKey,
    registration: Registration | undefined,
    heard: string | undefined,
  ): number {
    this.keys.place(key, n);
    const project = key.startsWith('P:');
    const name = (project ? registration?.project?.name : registration?.name) ?? heard ?? key.slice(2);
    this.names.set(n, name);
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

  keyOf(n: number): SubjectKey {
    return this.keys.text(n) as SubjectKey;
  }

  locationOf(n: number): LngLat | undefined {
    return Number.isNaN(this.lng[n]!) ? undefined : { lng: this.lng[n]!, lat: this.lat[n]! };
  }

  item(n: number): SubjectItem {
    const flags = this.flags[n]!;
    const bytes = this.found.get(n);
    const found = bytes && readFinding(new ByteReader(bytes), this.words);
    return {
      key: this.keyOf(n),
      kind: flags & PROJECT ? 'project' : 'enterprise',
      name: this.names.of(n),
      contractor: this.contractors.get(n),
      town: this.townOf(n),
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

  private tally(n: number, sign: 1 | -1): void {
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

  /** -1 where nobody is in such a town. */
  findTown(town: string): number {
    return this.townNumbers.get(town) ?? -1;
  }

  /** Undefined where its town is not known. */
  townOf(n: number): string | undefined {
    return this.towns[this.town[n]!] || undefined;
  }

  townNumberOf(n: number): number {
    return this.town[n]!;
  }

  /** Whether it was found to be of a tier. */
  isOf(n: number, tier: Tier): boolean {
    return this.tiers[n] === TIERS.indexOf(tier);
  }

  private townNumber(town: string): number {
    let number = this.townNumbers.get(town);
    if (number === undefined) this.townNumbers.set(town, (number = this.towns.push(town) - 1));
    return number;
  }

  /** By the numbers of their words. @param n of one with `FOUND` */
  namesFound(n: number): ReturnType<typeof findingNames> {
    return findingNames(new ByteReader(this.found.get(n)!));
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
