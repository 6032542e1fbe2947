import { setImmediate as turn } from 'node:timers/promises';
import { createUnitFinder } from '../../../common/units.ts';
import { decodeDocument } from '../../alerts/document.ts';
import type { FoldRules } from '../../alerts/fold.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import type { Region } from '../../region/region.ts';
import { createDocumentStore } from '../../streams/counting/documentStore.ts';
import { readEntries } from '../../streams/entries.ts';
import { feedRows } from '../../streams/feed/feedRows.ts';
import { streamKeys } from '../../streams/keys.ts';
import { historyOf, type CaseHistory } from './history.ts';

/** For so long histories are made before other work gets its turn, ms. */
const TURN_MS = 8;
const ENTRIES_AT_ONCE = 64;
const DOCUMENTS_AT_ONCE = 500;

/** The histories of a region's alerts. */
export interface Histories {
  /** All, as far as they have been counted when this is asked. */
  all(): Promise<ReadonlyMap<string, CaseHistory>>;
}

/**
 * Keeps the histories of a region in memory, from when they are first asked for: one pass over the documents, and then what the change
 * feed names. Nothing is read while nobody asks. After a gap in the feed, and where the rules of the fold are others, all is read again.
 */
export function createHistories(redis: RedisClient, region: Pick<Region, 'code' | 'pack' | 'rules'>): Histories {
  const { changes, meta } = streamKeys(region.code);
  const documents = createDocumentStore(redis, region.code);
  const unitOf = createUnitFinder(region.pack);
  let known = new Map<string, CaseHistory>();
  /** Entry of the feed up to which they are complete; undefined before the first pass. */
  let position: string | undefined;
  let rules: FoldRules | undefined;

  async function take(into: Map<string, CaseHistory>, read: readonly (readonly [string, string | null])[]) {
    let began = performance.now();
    for (const [alertId, document] of read) {
      const history =
        document === null ? undefined : historyOf(alertId, decodeDocument(document), { fold: rules!, unitOf });
      if (history) into.set(alertId, history);
      else into.delete(alertId);
      if (performance.now() - began < TURN_MS) continue;
      await turn();
      began = performance.now();
    }
  }

  async function readAll(): Promise<void> {
    // What changes during the pass is named by the feed after this.
    const from = (await redis.hget(meta, 'change')) ?? '0-0';
    const all = new Map<string, CaseHistory>();
    for await (const part of documents.scan()) await take(all, part);
    [known, position] = [all, from];
  }

  /** @returns false where the feed does not go on from where it was left */
  async function follow(): Promise<boolean> {
    const touched = new Set<string>();
    let to = position!;
    for (;;) {
      const entries = await readEntries(redis, changes, to, ENTRIES_AT_ONCE);
      if (entries.length === 0) break;
      for (const { id, previous, payload } of entries) {
        const rows = previous === to ? feedRows(payload) : undefined;
        if (!rows) return false;
        for (const { alertId } of rows) touched.add(alertId);
        to = id;
      }
      await turn();
    }
    if (to === position && ((await redis.hget(meta, 'change')) ?? '0-0') !== to) return false;
    const ids = [...touched];
    for (let i = 0; i < ids.length; i += DOCUMENTS_AT_ONCE) {
      const some = ids.slice(i, i + DOCUMENTS_AT_ONCE);
      const read = await documents.read(some);
      await take(
        known,
        some.map((alertId, j) => [alertId, read[j]!] as const),
      );
    }
    position = to;
    return true;
  }

  async function catchUp(): Promise<void> {
    const others = region.rules() !== rules;
    rules = region.rules();
    if (position !== undefined && !others && (await follow())) return;
    // Should it fail half-way, the next one begins anew.
    position = undefined;
    await readAll();
    // What was counted meanwhile; a gap by now is found next time.
    await follow();
  }

  let running: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  return {
    async all() {
      // One after another: whoever asks while one is under way may know of more than that one has seen.
      waiting ??= running
        .catch(() => undefined)
        .then(() => {
          waiting = undefined;
          return (running = catchUp());
        });
      await waiting;
      return known;
    },
  };
}
