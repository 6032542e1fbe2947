import type { RegionPack } from '../../../contract/region.ts';
import { digestOf } from '../../alerts/eventDigest.ts';
import type { FoldRules } from '../../alerts/fold.ts';
import type { StoredEvent } from '../../alerts/state.ts';
import { encodeChange } from '../../aggregations/change.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { composeScript, runScript } from '../../platform/redis/script.ts';
import { decodeChunk } from '../intake/chunk.ts';
import { encodeMark, type FullMark } from '../fullAlerts.ts';
import { streamKeys } from '../keys.ts';
import { commitScript } from '../worker/commit.ts';
import type { Reducer } from '../worker/reducer.ts';
import { autoDispatches } from './autoDispatch.ts';
import { DocumentCache } from './documentCache.ts';
import {
  distinct,
  foldBatch,
  groupByAlert,
  knownFrom,
  type Candidates,
  type Folded,
  type Candidate,
  type CountingInput,
  type Known,
  type MakeEvents,
} from './foldBatch.ts';
import { outgoingEvents, type Outgoing } from './outgoing.ts';
import type { RefoldSweep } from './refoldSweep.ts';
import { countingKeys } from './keys.ts';

const script = commitScript('server/streams/counting/scripts/commit.lua');
const readForBatch = composeScript([
  'server/streams/counting/scripts/documentParts.lua',
  'server/streams/counting/scripts/readForBatch.lua',
]);

/** Far more than the alerts of the batches that are on their way at one time. */
const CACHED_ALERTS = 10_000;
/** Events of all of them together: about 150 MB at most, whatever alerts come. */
const CACHED_EVENTS = 400_000;

/** What Redis answers about a batch: documents (null: there is none), and '1' for each event that was counted before, else '0'. */
export interface BatchAnswer {
  documents: (string | null)[];
  seen: string;
  /** Outside platforms that have a connector, and since when, epoch ms. */
  connected?: ReadonlyMap<string, number>;
  /** The region is being built anew (streams/rebuilding.ts): what comes is history, and nothing follows from it. */
  rebuilding?: boolean;
}

/** What is known of a batch before it is folded. */
export interface BatchRead {
  candidates: Candidates;
  /** What was known of its alerts without asking. */
  cached: Map<string, Known>;
  /** The other alerts, in the order of the documents in the answer. */
  asked: string[];
  answer: BatchAnswer;
}

/** What a batch comes to. */
export interface Counted {
  events: number;
  duplicates: number;
  /** Entry of the feed, '' for none. */
  change: string;
  documents: (readonly [alertId: string, document: string])[];
  /** Parts of long documents, by field. */
  parts: (readonly [field: string, part: string])[];
  /** Digests of its events (alerts/eventDigest.ts). */
  seen: string[];
  /** Alerts that take no more events. */
  full: FullMark[];
  /** What outside platforms are sent. */
  outgoing?: Outgoing[];
  /** Digest of the rules by which all alerts have been folded now; undefined where nothing is to be noted. */
  rules?: string | undefined;
}

export interface AlertReducerParts {
  region: string;
  /** As they are now. */
  rules: () => FoldRules;
  /** Folds all alerts again when the rules are others; without it none ever is. */
  sweep?: RefoldSweep;
  /** By whose rules alerts are dispatched in the commit that counts them; without it none is. */
  dispatches?: { pack: Pick<RegionPack, 'units' | 'dispatch'>; now: () => number } | undefined;
  /** Called with the token of each tenure before anything of it is counted. */
  onBegin?: (token: string) => Promise<void>;
  /** Asks Redis what a batch needs. */
  ask: (alertIds: string[], digests: ReadonlySet<string>) => Promise<BatchAnswer>;
  onCounted: (events: number, duplicates: number, commitMs: number) => void;
}

export type AlertReducer = Reducer<CountingInput, BatchRead, Counted>;

/** Nothing but the offset: what an entry of the feed without any event is committed with. */
export const NO_EVENTS: Omit<Counted, 'change'> = {
  events: 0,
  duplicates: 0,
  documents: [],
  parts: [],
  seen: [],
  full: [],
};

/** How counting commits: its inputs, its keys, its script. */
export function alertCommit(
  region: string,
): Pick<AlertReducer, 'name' | 'inputs' | 'stateKey' | 'script' | 'keys' | 'commitArguments'> {
  const keys = streamKeys(region);
  const { seen, parts, outbox } = countingKeys(region);
  return {
    name: `counting ${region}`,
    inputs: [{ stream: keys.events, offsetField: 'offset', trim: true }],
    stateKey: keys.meta,
    script,
    keys: [keys.alerts, keys.changes, keys.full, parts],
    commitArguments(counted) {
      const args: (string | number)[] = [
        counted.events,
        counted.duplicates,
        counted.change,
        seen,
        counted.seen.join(''),
        counted.rules ?? '',
        counted.full.length,
      ];
      for (const mark of counted.full) args.push(encodeMark(mark));
      const { outgoing = [] } = counted;
      args.push(outgoing.length);
      for (const { platform, entry } of outgoing) args.push(outbox + platform, entry);
      args.push(counted.parts.length);
      for (const [field, part] of counted.parts) args.push(field, part);
      for (const [alertId, document] of counted.documents) args.push(alertId, document);
      return args;
    },
  };
}

/** Asks Redis for documents and digests in one script. */
export function createAsk(redis: RedisClient, region: string): AlertReducerParts['ask'] {
  const { alerts, meta } = streamKeys(region);
  const { seen: prefix, parts, connected } = countingKeys(region);
  return async (alertIds, digests) => {
    // Digests go in one piece: two arguments for each event cost more, here and in Redis, than all else in the message.
    const [documents, seen, platforms, rebuilding] = (await runScript(
      redis,
      readForBatch,
      [alerts, parts, connected, meta],
      [prefix, [...digests].join(''), ...alertIds],
    )) as [(string | null)[], string, string[], number];
    const since = new Map<string, number>();
    for (let i = 0; i < platforms.length; i += 2) since.set(platforms[i]!, Number(platforms[i + 1]));
    return { documents, seen, connected: since, rebuilding: rebuilding === 1 };
  };
}

/** Counts alerts: accepted events in, documents and the change feed out. */
export function createAlertReducer(parts: AlertReducerParts): AlertReducer {
  const { rules, sweep, dispatches, ask, onCounted } = parts;
  const cache = new DocumentCache(CACHED_ALERTS, CACHED_EVENTS);
  /** The last two batches that were folded, newest first: what is read for a batch may not hold them yet. */
  let recent: { digests: ReadonlySet<string>; known: ReadonlyMap<string, Known> }[] = [];

  /** What is known of the alerts of a batch: from the batches just folded, from the cache, else from the answer. */
  function knownFor({ candidates, cached, asked, answer }: BatchRead): Map<string, Known> {
    const known = cached;
    answer.documents.forEach((document, i) => {
      const alertId = asked[i]!;
      if (document !== null && !recent.some((batch) => batch.known.has(alertId)))
        known.set(alertId, knownFrom(alertId, document, rules()));
    });
    for (let i = recent.length - 1; i >= 0; i--) {
      const after = recent[i]!.known;
      for (const alertId of candidates.alerts) {
        const latest = after.get(alertId);
        if (latest) known.set(alertId, latest);
      }
    }
    return known;
  }

  function makeEvents(fresh: readonly Candidate[]): MakeEvents | undefined {
    if (!dispatches) return undefined;
    const marked = new Set<unknown>();
    for (const { event, dispatch } of fresh) if (dispatch) marked.add(event);
    const now = dispatches.now();
    const how = { pack: dispatches.pack, marked: (event: unknown) => marked.has(event), now };
    return (alertId, known, added) => autoDispatches(alertId, known, added, how);
  }

  /** What is sent to platforms that have a connector; nothing in a rebuild. */
  function outgoingOf(
    groups: ReadonlyMap<string, readonly StoredEvent[]>,
    { known, made }: Folded,
    connected: BatchAnswer['connected'],
  ): Outgoing[] {
    if (!dispatches || !connected?.size) return [];
    const ours = new Set(made);
    return [...groups].flatMap(([alertId, came]) => {
      const { events, state } = known.get(alertId)!;
      const fresh = new Set(ours.size ? [...came, ...events.filter((event) => ours.has(event))] : came);
      return state ? outgoingEvents(state, events, fresh, connected, dispatches.pack) : [];
    });
  }

  return {
    ...alertCommit(parts.region),
    decode: ({ payload }) => decodeChunk(payload),
    async begin(token) {
      cache.clear();
      recent = [];
      await parts.onBegin?.(token);
      sweep?.begin();
    },
    end: () => sweep?.end(),
    async readForBatch(events) {
      const candidates = distinct(events);
      const cached = new Map<string, Known>();
      const asked: string[] = [];
      for (const alertId of candidates.alerts) {
        const known = cache.get(alertId);
        if (known) cached.set(alertId, known);
        else asked.push(alertId);
      }
      return { candidates, cached, asked, answer: await ask(asked, candidates.digests) };
    },
    fold(_events, read) {
      const { candidates, answer } = read;
      const fresh = candidates.list.filter(
        ({ digest }, i) => answer.seen[i] === '0' && !recent.some(({ digests }) => digests.has(digest)),
      );
      const groups = groupByAlert(fresh);
      const folded = foldBatch(
        groups,
        knownFor(read),
        rules(),
        candidates.refold,
        answer.rebuilding ? undefined : makeEvents(fresh),
      );
      for (const [alertId, after] of folded.known) cache.set(alertId, after);
      const made = folded.made.map(({ source, id }) => digestOf(source, id));
      const digests = made.length ? new Set([...candidates.digests, ...made]) : candidates.digests;
      recent = [{ digests, known: folded.known }, ...recent.slice(0, 1)];
      return {
        events: candidates.accepted,
        duplicates: candidates.accepted - fresh.length,
        change: folded.rows.length ? encodeChange(folded) : '',
        documents: folded.documents,
        parts: folded.parts,
        seen: [...fresh.map(({ digest }) => digest), ...made],
        full: folded.full,
        outgoing: answer.rebuilding ? [] : outgoingOf(groups, folded, answer.connected),
        rules: candidates.rules,
      };
    },
    clockEvents: () => sweep?.take() ?? [],
    hasOwnWork: () => sweep?.hasMore ?? false,
    committed: ({ events, duplicates }, _answer, commitMs) => onCounted(events, duplicates, commitMs),
  };
}
