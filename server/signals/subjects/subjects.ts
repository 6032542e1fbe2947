import type { Monitor, SourceState, TownMonitor } from '../../../contract/signals.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { Suggestion } from '../../../contract/subjects.ts';
import type { RulePack } from '../../../contract/rulePack.ts';
import { compilePack } from '../assess/compilePack.ts';
import type { CompiledPack } from '../assess/compiledPack.ts';
import type { EngineStore } from '../engine/engineStore.ts';
import { splitSourceName, type SourceRecord } from '../engine/sourceBook.ts';
import type { RuleStore } from '../packs/ruleStore.ts';
import { channelRecords, monitorOf, sourceState } from './monitor.ts';
import type { Portrait } from './portrait.ts';
import type { SubjectItem, SubjectPage, SubjectPlace, SubjectQuery, SubjectSelection } from './query.ts';
import { readPortrait } from './readPortrait.ts';
import type { SubjectBook } from './subjectBook.ts';

/** How one source has spoken in one channel. */
export interface SourceHealth extends SourceRecord {
  channel: string;
  source: string;
  state: SourceState;
}

/** What is watched in a region, for whoever shows it (signals §5). Answers of a moment; nothing here waits for the engine. */
export interface Subjects {
  readonly region: string;
  /** Differs after each change of what is watched, and of the rules in force; figures by the clock (late sources, midnight) change besides. */
  readonly stamp: string;
  /** All has been loaded. */
  readonly ready: boolean;
  /** Undefined until all has been loaded. */
  page(query: SubjectQuery): SubjectPage | undefined;
  /** Where those on the watch list are for which all else that is asked holds; undefined until all has been loaded. */
  places(selection: SubjectSelection): SubjectPlace[] | undefined;
  /** Registered, active employers by a part of their name, as it is searched (common/identity); undefined until all has been loaded. */
  suggest(text: string, town: string | undefined, most: number): Suggestion[] | undefined;
  item(key: SubjectKey): SubjectItem | undefined;
  /** Undefined when there is no such subject. A name that one employer alone has is that employer. */
  portrait(key: SubjectKey): Promise<Portrait | undefined>;
  /** Figures of the region; undefined until all has been loaded, and while no version of rules is in force. @param at epoch ms, default now */
  monitor(at?: number): Monitor | undefined;
  /** Figures of a town, likewise. */
  townMonitor(town: string): TownMonitor | undefined;
  /** @param at epoch ms, default now */
  sources(at?: number): SourceHealth[];
  /** The pack in force. */
  pack(): Promise<CompiledPack | undefined>;
}

export interface SubjectsParts {
  region: string;
  /** Undefined until it has been loaded. */
  book: () => SubjectBook | undefined;
  store: EngineStore;
  rules: RuleStore;
  now: () => number;
}

export function createSubjects({
  region,
  book,
  store,
  rules,
  now,
}: SubjectsParts): Subjects & { readPack(): Promise<void> } {
  let pack: CompiledPack | undefined;
  let codes: string[] = [];
  /** The book that the stamp was last made of, and how many there have been: each counts its versions from 0. */
  let counted: SubjectBook | undefined;
  let books = 0;

  /** The book and the pack that its subjects are assessed by; undefined while there are not both. */
  function inForce(): { loaded: SubjectBook; channels: RulePack['channels'] } | undefined {
    const loaded = book();
    return loaded && loaded.meters.version !== '' && pack ? { loaded, channels: pack.source.channels } : undefined;
  }

  /** The pack in force, as the engine has it. */
  async function readPack(): Promise<void> {
    const version = book()?.meters.version ?? '';
    if (version === (pack?.version ?? '')) return;
    if (version === '') {
      pack = undefined;
      return;
    }
    const [source, known] = await Promise.all([rules.pack(version), rules.indicators()]);
    const compiled = compilePack(source, { region, indicators: known });
    if (!compiled.ok) throw new Error(`version ${version} of the rules of ${region} cannot be used`);
    codes = [];
    for (const [code, { number }] of known) codes[number] = code;
    pack = compiled.pack;
  }

  return {
    region,
    get ready() {
      return book() !== undefined;
    },
    get stamp() {
      const loaded = book();
      if (loaded !== counted) {
        counted = loaded;
        books++;
      }
      return `${books}.${loaded?.version ?? ''}.${pack?.version ?? ''}`;
    },
    page: (query) => book()?.page(query),
    // Who is asked for as not watched is not there.
    places: (selection) => (selection.watch === false ? book() && [] : book()?.places({ ...selection, watch: true })),
    suggest: (text, town, most) => book()?.suggest(text, town, most),
    item: (key) => book()?.get(key),
    async portrait(key) {
      const loaded = book();
      if (!loaded) return undefined;
      await readPack();
      const read = (one: SubjectKey) => readPortrait({ store, words: loaded.words, pack, codes }, one, now());
      const found = await read(key);
      if (found || !key.startsWith('N:')) return found;
      // A name of which nothing has come in answers as its owner, too.
      const owner = loaded.ownerOf(key.slice(2));
      return owner && read(owner);
    },
    monitor(at = now()) {
      const found = inForce();
      if (!found) return undefined;
      const { loaded, channels } = found;
      return monitorOf(loaded.watchedIn(), loaded.meters, channelRecords(loaded.sources, at), channels, at);
    },
    townMonitor(town) {
      const found = inForce();
      if (!found) return undefined;
      const { enterprises, projects, watch } = found.loaded.watchedIn(town);
      return { enterprises, projects, watch };
    },
    sources(at = now()) {
      const loaded = book();
      return [...(loaded?.sources ?? [])].map(([name, record]) => {
        const { channel, source } = splitSourceName(name);
        const told = pack?.source.channels[channel];
        return { channel, source, ...record, state: sourceState(record.lastAt, told?.everyDays, at) };
      });
    },
    async pack() {
      await readPack();
      return pack;
    },
    readPack,
  };
}
