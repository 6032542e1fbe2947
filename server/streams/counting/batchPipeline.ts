import type { Terms } from '../../alerts/fold.ts';
import { encodeChange } from '../../aggregations/change.ts';
import type { RegionStore } from '../store/regionStore.ts';
import type { Accepted } from '../intake/chunk.ts';
import type { DocumentCache } from './documentCache.ts';
import { distinct, foldBatch, groupByAlert, knownFrom, type Candidates, type Known } from './foldBatch.ts';
import type { StreamTelemetry } from '../telemetry.ts';

/** A batch whose documents and repeats have been asked for. */
interface Looked {
  to: string;
  counted: number;
  candidates: Candidates;
  /** What is known of its alerts without asking: from the cache, and from the batches before it. */
  known: Map<string, Known>;
  /** The other alerts, in the order of the documents in the answer. */
  unknown: string[];
  answer: ReturnType<RegionStore['look']>;
}

export interface PipelineParts {
  store: Pick<RegionStore, 'look' | 'commit'>;
  cache: DocumentCache;
  terms: Terms;
  telemetry: StreamTelemetry;
  /** Fencing token of the lease under which all batches are committed. */
  token: string;
  /** Offset that the first batch starts from. */
  offset: string;
}

/**
 * Counts batches in order, three at a time in different states: while Redis commits one, the next is folded here, and
 * what the one after needs is being read. Waiting for each commit left a quarter of the time unused.
 *
 * What Redis answers about a batch can therefore be older than the batches before it. Those are known here: their
 * documents are handed on, their digests are in `recent`. If a commit fails, nothing after it can succeed, because each
 * names the offset it starts from; the caller then drops the cache and this object.
 */
export class BatchPipeline {
  private readonly parts: PipelineParts;
  private from: string;
  private looked: Looked | undefined;
  private committing: Promise<void> = Promise.resolve();
  /** Digests of the batches that an answer of `look` may not know yet: at most two. */
  private recent: ReadonlySet<string>[] = [];

  constructor(parts: PipelineParts) {
    this.parts = parts;
    this.from = parts.offset;
  }

  /**
   * Takes the next batch, and folds the one before.
   * @param to offset after the batch
   * @throws LeaseLost, OffsetMoved of an earlier batch
   */
  async push(to: string, batch: readonly Accepted[]): Promise<void> {
    const candidates = distinct(batch);
    const known = new Map<string, Known>();
    const unknown: string[] = [];
    for (const alertId of candidates.alerts) {
      const cached = this.parts.cache.get(alertId);
      if (cached) known.set(alertId, cached);
      else unknown.push(alertId);
    }
    const answer = this.parts.store.look(unknown, [...candidates.digests]);
    // Awaited when it is this batch's turn: until then a failure is nobody's, and must not end the process.
    answer.catch(() => undefined);
    const before = this.looked;
    this.looked = { to, counted: batch.length, candidates, known, unknown, answer };
    if (before) await this.fold(before);
  }

  /** Folds the last batch and sends its commit; does not wait for that. @throws LeaseLost, OffsetMoved of an earlier batch */
  async flush(): Promise<void> {
    const { looked } = this;
    this.looked = undefined;
    if (looked) await this.fold(looked);
  }

  /** Resolves when the last commit that was sent is in. @throws LeaseLost, OffsetMoved */
  settled(): Promise<void> {
    return this.committing;
  }

  private async fold({ to, counted, candidates, known, unknown, answer }: Looked): Promise<void> {
    const { cache, terms } = this.parts;
    const { documents, seen } = await answer;
    const fresh = candidates.list.filter(
      ({ digest }, i) => seen[i] === '0' && !this.recent.some((digests) => digests.has(digest)),
    );
    documents.forEach((document, i) => {
      const alertId = unknown[i]!;
      if (document !== null && !known.has(alertId)) known.set(alertId, knownFrom(alertId, document, terms));
    });
    const folded = foldBatch(groupByAlert(fresh), known, terms);
    for (const [alertId, after] of folded.known) {
      cache.set(alertId, after);
      if (this.looked?.candidates.alerts.has(alertId)) this.looked.known.set(alertId, after);
    }
    this.recent = [candidates.digests, ...this.recent.slice(0, 1)];

    await this.committing;
    const batch = {
      token: this.parts.token,
      from: this.from,
      to,
      counted,
      duplicates: counted - fresh.length,
      change: folded.rows.length ? encodeChange(folded) : '',
      documents: folded.documents,
      seen: fresh.map(({ digest }) => digest),
    };
    this.from = to;
    this.committing = this.commit(batch);
    this.committing.catch(() => undefined);
  }

  private async commit(batch: Parameters<RegionStore['commit']>[0]): Promise<void> {
    const started = performance.now();
    await this.parts.store.commit(batch);
    this.parts.telemetry.counted(batch.counted, batch.duplicates, performance.now() - started);
  }
}
