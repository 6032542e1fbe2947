import { dayOf } from '../../../common/regionTime.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { FoldRules } from '../../alerts/fold.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { createDocumentStore } from '../../streams/counting/documentStore.ts';
import { readEntries } from '../../streams/entries.ts';
import { encodeChunk } from '../../streams/intake/chunk.ts';
import { streamKeys } from '../../streams/keys.ts';
import { observationKeys } from '../../streams/observations/keys.ts';
import type { Log } from '../../streams/telemetry.ts';
import { commitScript } from '../../streams/worker/commit.ts';
import { LeaseLost } from '../../streams/worker/lease.ts';
import type { Reducer } from '../../streams/worker/reducer.ts';
import { compilePack } from '../assess/compilePack.ts';
import type { CompiledPack } from '../assess/compiledPack.ts';
import type { KnownIndicator, RuleStore } from '../packs/ruleStore.ts';
import { AlertFeed } from './alertFeed.ts';
import { ALERTS, decodeInput, OBSERVATIONS } from './decodeInput.ts';
import { bucketParts, generationOf } from './digests.ts';
import { DocumentReader } from './documentReader.ts';
import type { Outcome } from './batch.ts';
import { Engine } from './engine.ts';
import type { BatchKnowledge, EngineEvent } from './engineEvents.ts';
import { createEngineStore, loadEngine, OFFSETS, rawKey, seenPrefix, type LoadedEngine } from './engineStore.ts';
import { engineKeys } from './keys.ts';
import type { RawObservation } from './rawBlock.ts';
import { RawWriter, type BlockWrite } from './rawWriter.ts';
import { encodeSubjectChange, rowOf } from './subjectChange.ts';

const script = commitScript('server/signals/engine/scripts/commit.lua');

/** Entries that the engine's feed keeps: a follower that is further behind loads everything again. */
const FEED_ENTRIES = 400;

/** What became of a batch, for metrics. */
export interface Decided {
  region: string;
  /** Of the stream of observations. */
  records: number;
  observed: number;
  duplicates: number;
  raised: number;
  escalated: number;
  /** Subjects that a new day, or a version that came into force, has left to be looked at. */
  waiting: number;
  commitMs: number;
}

export interface EngineReducerParts {
  region: string;
  redis: RedisClient;
  rules: RuleStore;
  /** Of the region's alerts. */
  foldRules: FoldRules;
  /** Days for which observations are kept as they came. */
  observationDays: number;
  /** False while everything is built anew from an export: then nothing is decided. */
  decides: boolean;
  now: () => number;
  log: Log;
  onDecided: (decided: Decided) => void;
}

/** What is read for a batch. */
interface EngineRead {
  digests: string[];
  alertIds: string[];
  seen: string;
  owners: (SubjectKey | null)[];
}

interface Folded {
  records: number;
  outcome: Outcome;
  blocks: BlockWrite[];
  /** Prefix of the digests of today's generation. */
  seen: string;
  words: string[];
  sources: string[];
  gone: string[];
  state: (string | number)[];
  change: string;
}

export type EngineReducer = Reducer<EngineEvent, EngineRead, Folded>;

/** How the engine commits: its inputs, its keys, its script. */
function engineCommit(
  region: string,
): Pick<EngineReducer, 'name' | 'inputs' | 'stateKey' | 'script' | 'keys' | 'commitArguments' | 'commitTail'> {
  const keys = engineKeys(region);
  const shared = streamKeys(region);
  const { observations, meta } = observationKeys(region);
  const inputs = [];
  inputs[OBSERVATIONS] = { stream: observations, offsetField: OFFSETS.observations, trim: true };
  inputs[ALERTS] = { stream: shared.changes, offsetField: OFFSETS.alerts, trim: false };
  return {
    name: `signals ${region}`,
    inputs,
    stateKey: meta,
    script,
    keys: [keys.subjects, keys.alerts, keys.words, keys.sources, keys.changes, shared.events, shared.meta],
    commitArguments({ records, outcome, blocks, seen, words, sources, gone, state, change }) {
      const { emitted, digests, owners } = outcome;
      return [
        emitted.length ? encodeChunk(emitted) : '',
        emitted.length,
        change,
        FEED_ENTRIES,
        seen,
        digests.join(''),
        records,
        state.length / 2,
        ...state,
        owners.size,
        ...[...owners].flat(),
        words.length,
        ...words,
        sources.length / 2,
        ...sources,
        blocks.length,
        ...blocks.flat(),
        gone.length,
        ...gone,
      ];
    },
    commitTail: ({ outcome }) => outcome.writes.tail,
  };
}

/** The engine of a region: registrations, observations, alerts and days in; subjects, alerts and a feed out (signals §4). */
export function createEngineReducer(parts: EngineReducerParts): EngineReducer {
  const { region, redis, rules, now, log, onDecided } = parts;
  const store = createEngineStore(redis, region);
  const shared = streamKeys(region);

  let known: ReadonlyMap<string, KnownIndicator> = new Map();
  let byNumber: KnownIndicator[] = [];
  const packs = new Map<string, CompiledPack>();

  let loaded: LoadedEngine;
  let engine: Engine;
  let alerts: AlertFeed;
  let raw: RawWriter;
  let reader: DocumentReader | undefined;
  /** Keys that have had their time, in parts. */
  let purges: string[][] = [];
  let generation = 0;
  let rawFrom = 0;
  /** The last two batches that were folded: what is read for a batch may not hold them yet. */
  let recent: { digests: ReadonlySet<string>; owners: ReadonlyMap<string, SubjectKey> }[] = [];

  async function readRules(): Promise<void> {
    known = await rules.indicators();
    byNumber = [];
    for (const one of known.values()) byNumber[one.number] = one;
  }

  async function readPack(version: string): Promise<void> {
    if (version === '' || packs.has(version)) return;
    const source = await rules.pack(version);
    await readRules();
    const compiled = compilePack(source, { region, indicators: known });
    if (!compiled.ok)
      throw new Error(
        `version ${version} of the rules of ${region} cannot be used: ${compiled.faults.map(({ path, problem }) => `${path} ${problem}`).join('; ')}`,
      );
    packs.set(version, compiled.pack);
  }

  const lastEntry = async () => (await redis.xrevrange(shared.changes, '+', '-', 'COUNT', 1))[0]?.[0];

  /** Whether the feed of alerts goes on where the engine stands. */
  async function feedGoesOn(position: string): Promise<boolean> {
    const [[next], change] = await Promise.all([
      readEntries(redis, shared.changes, position, 1),
      redis.hget(shared.meta, 'change'),
    ]);
    if (!next) return (change ?? '0-0') === position;
    const [event] = decodeInput(next, ALERTS);
    return next.previous === position && !(event!.kind === 'fed' && event!.unreadable);
  }

  async function begin(): Promise<void> {
    reader?.stop();
    reader = undefined;
    recent = [];
    const started = performance.now();
    loaded = await loadEngine(store);
    const { standing, table, names, sources, words, withTier } = loaded;
    if (standing.rebuilding && parts.decides) throw new LeaseLost(`region ${region} is being built anew`);
    await readRules();
    packs.clear();
    await readPack(standing.version);
    // While no version is in force alerts are of no use: they are read when one comes.
    const whole = standing.version !== '' && standing.whole && (await feedGoesOn(standing.alerts));
    alerts = new AlertFeed(standing.alerts, whole, await lastEntry());
    engine = new Engine({
      table,
      words,
      names,
      sources,
      standing,
      alerts,
      decides: parts.decides,
      indicator: (number) => byNumber[number]!,
      packOf: (version) => packs.get(version),
    });
    for (const key of withTier) engine.resume(key);
    raw = new RawWriter(region, words);
    generation = generationOf(standing.day);
    rawFrom = standing.rawFrom;
    purges = [];
    if (standing.day) purgeGeneration(generation - 2);
    readAlertsIfNeeded();
    log.info(
      { region, subjects: table.size, alertsAnew: !whole, ms: Math.round(performance.now() - started) },
      'signals: the engine has loaded its state',
    );
  }

  function readAlertsIfNeeded(): void {
    if (loaded.standing.version === '' || alerts.whole || reader) return;
    reader = new DocumentReader(createDocumentStore(redis, region), parts.foldRules, lastEntry);
  }

  function purgeGeneration(old: number): void {
    for (const part of bucketParts()) purges.push(part.map((bucket) => seenPrefix(region, old) + bucket));
  }

  /** Those that have not had their days yet: what is imported may have been received long ago. */
  function keepable(observations: readonly RawObservation[], day: number): RawObservation[] {
    return observations.filter(({ received }) => {
      const on = dayOf(received);
      if (on < day - parts.observationDays) return false;
      if (rawFrom === 0 || on < rawFrom) rawFrom = on;
      return true;
    });
  }

  /** Keys that go with this batch: observations that have had their days, and a part of old digests. */
  function goneNow(day: number): string[] {
    const gone: string[] = [];
    if (rawFrom === 0) rawFrom = day;
    for (; rawFrom < day - parts.observationDays; rawFrom++) gone.push(rawKey(region, rawFrom));
    if (generationOf(day) > generation) {
      generation = generationOf(day);
      purgeGeneration(generation - 2);
    }
    return gone.concat(purges.pop() ?? []);
  }

  function knowledgeFor({ digests, alertIds, seen, owners }: EngineRead): BatchKnowledge {
    const seenSet = new Set<string>();
    digests.forEach((digest, i) => {
      if (seen[i] === '1' || recent.some((batch) => batch.digests.has(digest))) seenSet.add(digest);
    });
    const ownerOf = new Map<string, SubjectKey>();
    alertIds.forEach((alertId, i) => {
      const owner = recent.find((batch) => batch.owners.has(alertId))?.owners.get(alertId) ?? owners[i];
      if (owner) ownerOf.set(alertId, owner);
    });
    return { seen: seenSet, owners: ownerOf };
  }

  return {
    ...engineCommit(region),
    decode: (entry, input) => (input === ALERTS && loaded.standing.version === '' ? [] : decodeInput(entry, input)),
    begin,
    async readForBatch(events) {
      const digests: string[] = [];
      const alertIds: string[] = [];
      let unknown = false;
      for (const event of events) {
        if (event.kind === 'observed') {
          digests.push(event.digest);
          unknown ||= !known.has(event.code);
        } else if (event.kind === 'fed' || event.kind === 'read')
          for (const { mark } of event.alerts) alertIds.push(mark.alertId);
        else if (event.kind === 'activated')
          await readPack(event.version).catch((error: unknown) =>
            log.error({ region, error }, 'signals: not activated'),
          );
      }
      if (unknown) await readRules();
      const day = Math.max(loaded.standing.day, dayOf(now()));
      const answer =
        digests.length || alertIds.length ? await store.ask(day, digests, alertIds) : { seen: '', owners: [] };
      return { digests, alertIds, ...answer };
    },
    fold(events, read) {
      const { standing, words, table } = loaded;
      let records = 0;
      // What was checked on its way in is unknown here only after damage from outside: one bad record must not stop the region.
      const usable = events.filter((event) => {
        if (event.kind === 'observed' || event.kind === 'registered' || event.kind === 'activated') records++;
        if (event.kind === 'activated') return packs.has(event.version);
        if (event.kind !== 'observed') return true;
        const indicator = known.get(event.code);
        if (!indicator) log.error({ region, code: event.code }, 'signals: an indicator that no version knows');
        else event.observation.indicator = indicator.number;
        return indicator !== undefined;
      });
      const outcome = engine.fold(usable, knowledgeFor(read), now());
      readAlertsIfNeeded();
      recent = [{ digests: new Set(outcome.digests), owners: outcome.owners }, ...recent.slice(0, 1)];
      for (const subject of outcome.subjects) {
        const bytes = table.put(subject);
        outcome.writes.add(subject.key, bytes, 0, bytes.length);
      }
      const blocks = raw.write(keepable(outcome.raw, standing.day));
      const touched = loaded.sources.takeTouched();
      const { rows } = outcome;
      for (const subject of outcome.shown) rows.add(rowOf(subject, outcome.whole.has(subject)), words);
      const fresh = words.takeNew();
      const gone = goneNow(standing.day);
      const { observed, registered, duplicates, raised, escalated, version, day } = standing;
      const meters = { observed, registered, duplicates, raised, escalated, version, day };
      const changed = rows.count > 0 || touched.length > 0 || events.some(({ kind }) => kind === 'activated');
      return {
        records,
        outcome,
        blocks,
        seen: seenPrefix(region, generationOf(standing.day)),
        words: fresh,
        sources: touched.flatMap(([name, record]) => [name, JSON.stringify(record)]),
        gone,
        state: [
          'day',
          day,
          ...Object.entries({ observed, registered, duplicates, raised, escalated, version }).flat(),
          'number',
          standing.number,
          'settledAt',
          standing.settledAt,
          'sweep',
          standing.sweep,
          'whole',
          alerts.whole ? 1 : 0,
          'rawFrom',
          rawFrom,
        ],
        change: changed ? encodeSubjectChange(rows, { meters, sources: touched }, fresh) : '',
      };
    },
    committed({ records, outcome }, _answer, commitMs) {
      const { duplicates, raw: observed, emitted } = outcome;
      onDecided({
        region,
        waiting: engine.waiting,
        records,
        observed: observed.length,
        duplicates,
        raised: emitted.filter(({ event }) => event.type === 'wage.alert.raised').length,
        escalated: emitted.filter(({ event }) => event.type === 'wage.alert.amended').length,
        commitMs,
      });
    },
    clockEvents() {
      const read = reader?.take();
      if (read?.kind === 'readAll') reader = undefined;
      if (read) return [read];
      const newDay = dayOf(now()) > loaded.standing.day;
      return newDay || engine.hasWork || purges.length ? [{ kind: 'work' }] : [];
    },
    hasOwnWork: () => reader !== undefined || engine.hasWork || purges.length > 0,
  };
}
