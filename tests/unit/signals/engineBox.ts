import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { CompiledPack } from '../../../server/signals/assess/compiledPack.ts';
import { NameIndex } from '../../../server/signals/assess/names.ts';
import { AlertFeed } from '../../../server/signals/engine/alertFeed.ts';
import type { Emitted } from '../../../server/signals/engine/alertEvents.ts';
import type { Outcome } from '../../../server/signals/engine/batch.ts';
import { Engine } from '../../../server/signals/engine/engine.ts';
import type { EngineStanding } from '../../../server/signals/engine/standing.ts';
import type { EngineEvent } from '../../../server/signals/engine/engineEvents.ts';
import { nameOwner } from '../../../server/signals/engine/engineStore.ts';
import { SourceBook } from '../../../server/signals/engine/sourceBook.ts';
import { NEVER, type Subject } from '../../../server/signals/engine/subject.ts';
import { decodeHead, decodeSubject } from '../../../server/signals/engine/subjectCodec.ts';
import { encodeSubjectChange, rowOf, rowOfHead } from '../../../server/signals/engine/subjectChange.ts';
import { SubjectTable } from '../../../server/signals/engine/subjectTable.ts';
import { Words } from '../../../server/signals/engine/words.ts';
import { SubjectBook } from '../../../server/signals/subjects/subjectBook.ts';

export interface BoxOptions {
  decides?: boolean;
  /** All alerts have been read. */
  whole?: boolean;
  /** End of the feed of alerts when the engine begins. */
  target?: string;
  /** False: all subjects are looked at in the long way. */
  quick?: boolean;
}

/** An engine without Redis: what it commits is kept here, and it can be started again from that. */
export class EngineBox {
  readonly emitted: Emitted[] = [];
  /** What a serving process shows, which has followed the feed from its beginning. */
  readonly book = new SubjectBook();
  private readonly packs: readonly CompiledPack[];
  private readonly options: BoxOptions;
  private stored = new Map<SubjectKey, Buffer>();
  private wordList: string[] = [];
  private readonly seen = new Set<string>();
  private readonly owners = new Map<string, SubjectKey>();
  private standing: EngineStanding = {
    observed: 0,
    registered: 0,
    duplicates: 0,
    raised: 0,
    escalated: 0,
    version: '',
    day: 0,
    number: 0,
    settledAt: -Infinity,
    sweep: NEVER,
  };
  private position = '0-0';
  private words = new Words();
  private table = new SubjectTable(this.words);
  private engine!: Engine;

  /** @param packs of which each has the codes of the first, in its order */
  constructor(packs: readonly CompiledPack[], options: BoxOptions = {}) {
    this.packs = packs;
    this.options = options;
    this.restart();
  }

  /** Everything in memory is lost. */
  restart(): void {
    this.words = new Words(this.wordList);
    this.table = new SubjectTable(this.words);
    const names = new NameIndex(this.table.keys);
    const subjects = [...this.stored].map(([key, bytes]) => decodeSubject(key, bytes, this.words));
    for (const subject of subjects) {
      this.table.load(subject.key, this.stored.get(subject.key)!, subject);
      nameOwner(names, subject);
    }
    this.standing = { ...this.standing };
    this.engine = new Engine({
      table: this.table,
      words: this.words,
      quick: this.options.quick ?? true,
      names,
      sources: new SourceBook(),
      standing: this.standing,
      alerts: new AlertFeed(this.position, this.options.whole ?? true, this.options.target),
      decides: this.options.decides ?? true,
      indicator: (number) => {
        const { code, kind } = this.packs[0]!.byNumber[number]!;
        return { number, kind, channel: this.packs[0]!.source.indicators[code]!.channel };
      },
      packOf: (version) => this.packs.find((pack) => pack.version === version),
    });
    for (const { key, found } of subjects) if (found?.tier !== undefined) this.engine.resume(key);
  }

  fold(events: readonly EngineEvent[], now: number): Outcome {
    const outcome = this.engine.fold(events, { seen: this.seen, owners: this.owners }, now);
    for (const [key, bytes] of outcome.writes.entries()) this.stored.set(key as SubjectKey, bytes);
    for (const subject of outcome.subjects) this.stored.set(subject.key, this.table.put(subject));
    const { rows } = outcome;
    for (const subject of outcome.shown) rows.add(rowOf(subject, outcome.whole.has(subject)), this.words);
    const fresh = this.words.takeNew();
    const { observed, registered, duplicates, raised, escalated, version, day } = this.standing;
    const meters = { observed, registered, duplicates, raised, escalated, version, day };
    this.book.applyEntry(encodeSubjectChange(rows, { meters, sources: [] }, fresh));
    this.wordList = [...this.wordList, ...fresh];
    for (const digest of outcome.digests) this.seen.add(digest);
    for (const [alertId, key] of outcome.owners) this.owners.set(alertId, key);
    for (const event of events) if (event.kind === 'fed') this.position = event.id;
    this.emitted.push(...outcome.emitted);
    return outcome;
  }

  /** Takes in events, and does all that they leave to do. */
  settle(events: readonly EngineEvent[], now: number): void {
    this.fold(events, now);
    do this.fold([{ kind: 'work' }], now);
    while (this.engine.hasWork);
  }

  subject(key: SubjectKey): Subject | undefined {
    const bytes = this.stored.get(key);
    return bytes && decodeSubject(key, bytes, this.words);
  }

  subjects(): Subject[] {
    return [...this.stored.keys()].sort().map((key) => this.subject(key)!);
  }

  /** What a serving process shows that has read what is stored. */
  loaded(): SubjectBook {
    const words = new Words(this.wordList);
    const book = new SubjectBook(words);
    for (const [key, bytes] of this.stored) book.put(rowOfHead(decodeHead(key, bytes, words)));
    return book;
  }

  get counts(): Readonly<EngineStanding> {
    return this.standing;
  }
}
