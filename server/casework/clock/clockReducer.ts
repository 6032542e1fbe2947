import type { RegionPack } from '../../../contract/region.ts';
import { INBOX_ENTRIES } from '../../../contract/supervision.ts';
import { ladderOf } from '../../../common/ladder.ts';
import { parseRfc3339 } from '../../../common/regionTime.ts';
import type { FoldRules } from '../../alerts/fold.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { createDocumentStore } from '../../streams/counting/documentStore.ts';
import { readEntries } from '../../streams/entries.ts';
import { encodeChunk } from '../../streams/intake/chunk.ts';
import { streamKeys } from '../../streams/keys.ts';
import type { Log } from '../../streams/telemetry.ts';
import { commitScript } from '../../streams/worker/commit.ts';
import { LeaseLost } from '../../streams/worker/lease.ts';
import type { Reducer } from '../../streams/worker/reducer.ts';
import { allCounted } from './allCounted.ts';
import { Candidates } from './candidates.ts';
import { encodeCase } from './case.ts';
import { CaseBook } from './caseBook.ts';
import { clockEvents, type AlertLook, type ClockEvent, type Fed } from './clockEvents.ts';
import { ALERTS_OFFSET, createClockStore, type ClockStanding } from './clockStore.ts';
import { Gate } from './gate.ts';
import { clockKeys } from './keys.ts';
import { lookAt, type Documents, type Looked } from './look.ts';

const script = commitScript('server/casework/clock/scripts/commit.lua');
/** Terms are days: what comes within this time is looked at together, ms. */
const GATHER_MS = 200;
/** Cases looked at in one batch. */
const DUE_AT_ONCE = 500;

interface Folded extends Looked {
  whole: boolean;
}

/** What has been said, for metrics. */
export interface Spoken {
  region: string;
  /** Notices, reminders, and red alerts that were dispatched. */
  told: number;
  urged: number;
  drafts: number;
  commitMs: number;
}

export interface ClockReducerParts {
  pack: RegionPack;
  redis: RedisClient;
  /** By which alerts are folded now: the same object as long as nothing of them has changed. */
  rules: () => FoldRules;
  now: () => number;
  log: Log;
  onSpoken: (spoken: Spoken) => void;
  /** How many open cases are watched. */
  onHeld: (cases: number) => void;
}

export type ClockReducer = Reducer<ClockEvent, Documents, Folded>;

/** The feed does not go on where the clock stands. */
class FeedGap extends Error {}

function clockCommit(
  region: string,
): Pick<ClockReducer, 'name' | 'inputs' | 'stateKey' | 'script' | 'keys' | 'gatherMs' | 'commitArguments'> {
  const keys = clockKeys(region);
  const shared = streamKeys(region);
  return {
    name: `clock ${region}`,
    inputs: [{ stream: shared.changes, offsetField: ALERTS_OFFSET, trim: false }],
    stateKey: keys.state,
    script,
    keys: [keys.cases, keys.inbox, keys.supervisions, keys.drafts, shared.events, shared.meta],
    gatherMs: GATHER_MS,
    commitArguments({ chunk, inbox, drafts, gone, cases, whole }) {
      return [
        chunk.length ? encodeChunk(chunk) : '',
        chunk.length,
        INBOX_ENTRIES,
        whole ? 1 : 0,
        inbox.length,
        ...inbox.map((entry) => JSON.stringify(entry)),
        drafts.length,
        ...drafts.flatMap((draft) => [draft.id, parseRfc3339(draft.at)!, JSON.stringify(draft)]),
        gone.length,
        ...gone,
        ...cases.flatMap((one) => [one.alertId, encodeCase(one)]),
      ];
    },
  };
}

/** The clock of a region: the feed of alerts and time in; reminders, urging and drafts of supervision out (docs/casework.md §3). */
export function createClockReducer(parts: ClockReducerParts): ClockReducer {
  const { pack, redis, rules, now, log, onSpoken, onHeld } = parts;
  const region = pack.code;
  const store = createClockStore(redis, region);
  const documents = createDocumentStore(redis, region);
  const { changes, meta } = streamKeys(region);
  const ladder = ladderOf(pack);
  const gate = new Gate(
    (signal) => allCounted(redis, region, signal),
    (error) => log.warn({ error, region }, 'clock: cannot tell whether all is counted'),
  );

  let standing: ClockStanding;
  let book: CaseBook;
  let current: FoldRules;
  /** Last entry of the feed that was taken in; any may come next after a gap, once. */
  let position = '0-0';
  let anyNext = false;
  let candidates: Candidates | undefined;

  async function feedGoesOn(): Promise<boolean> {
    const [[next], change] = await Promise.all([
      readEntries(redis, changes, standing.alerts, 1),
      redis.hget(meta, 'change'),
    ]);
    if (!next) return (change ?? '0-0') === standing.alerts;
    const [first] = clockEvents(next, standing.since);
    return next.previous === standing.alerts && !(first?.kind === 'fed' && first.unreadable);
  }

  function clockOf(of: FoldRules) {
    if (!of.clock) throw new Error(`the pack of ${region} has no terms`);
    return of.clock;
  }

  function follow({ id, previous, unreadable }: Fed): void {
    if (!anyNext && previous !== position) throw new FeedGap(`the feed goes on after ${previous}, not ${position}`);
    if (unreadable && !candidates) throw new FeedGap(`the entry ${id} of the feed is of another version`);
    anyNext = false;
    position = id;
  }

  return {
    ...clockCommit(region),
    decode: (entry) => clockEvents(entry, standing.since),
    async begin() {
      gate.begin();
      candidates?.stop();
      candidates = undefined;
      standing = await store.standing(now());
      if (standing.rebuilding) throw new LeaseLost(`region ${region} is being built anew`);
      position = standing.alerts;
      current = rules();
      book = new CaseBook(clockOf(current), ladder);
      const cases = await store.cases();
      for (const one of cases) book.put(one);
      const whole = standing.whole && (await feedGoesOn());
      standing.whole = whole;
      anyNext = !whole;
      if (!whole)
        candidates = new Candidates(documents, { rules: current, since: standing.since, held: [...book.ids] });
      onHeld(book.size);
      log.info({ region, cases: cases.length, alertsAnew: !whole }, 'clock: begins');
    },
    async readForBatch(events) {
      const ids = new Set<string>();
      for (const event of events) if (event.kind === 'changed' || event.kind === 'due') ids.add(event.alertId);
      const list = [...ids];
      const read = await documents.read(list);
      return new Map(list.map((alertId, i) => [alertId, read[i]!]));
    },
    fold(events, read) {
      const looks: AlertLook[] = [];
      for (const event of events)
        if (event.kind === 'fed') follow(event);
        else if (event.kind === 'whole') standing.whole = true;
        else looks.push(event);
      const looked = lookAt(looks, read, book, { pack, rules: current, since: standing.since, now: now() });
      return { ...looked, whole: standing.whole };
    },
    clockEvents() {
      if (rules() !== current) {
        current = rules();
        book.reckonAnew(clockOf(current));
      }
      const own: ClockEvent[] = [];
      if (candidates) {
        const { alertIds, last } = candidates.take();
        for (const alertId of alertIds) own.push({ kind: 'changed', alertId });
        if (last) {
          own.push({ kind: 'whole' });
          candidates = undefined;
        }
      }
      const next = book.next;
      const moment = now();
      if (next !== undefined && next < moment) gate.open(moment);
      const at = gate.openAt;
      if (at === undefined) return own;
      const due = book.takeDue(at, DUE_AT_ONCE);
      for (const alertId of due) own.push({ kind: 'due', alertId, at });
      if (due.length < DUE_AT_ONCE) gate.close();
      return own;
    },
    hasOwnWork: () => candidates?.hasMore === true || gate.openAt !== undefined,
    committed({ chunk, inbox, drafts }, _answer, commitMs) {
      onSpoken({
        region,
        told: inbox.filter(({ kind }) => kind === 'notice' || kind === 'reminder' || kind === 'red').length,
        urged: chunk.length,
        drafts: drafts.length,
        commitMs,
      });
      onHeld(book.size);
    },
  };
}
