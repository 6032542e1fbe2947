import type { Reducer } from './reducer.ts';
import type { Span } from './commit.ts';

/** A batch for which the reducer is reading. */
interface Reading<Event, Read> {
  events: readonly Event[];
  to: readonly string[];
  read: Promise<Read>;
}

export interface PipelineParts<Event, Read, Folded> {
  reducer: Pick<Reducer<Event, Read, Folded>, 'readForBatch' | 'fold' | 'committed'>;
  /** @throws LeaseLost, OffsetMoved */
  commit: (span: Span, folded: Folded) => Promise<unknown>;
  /** Offsets that the first batch starts from, by input. */
  offsets: readonly string[];
}

/**
 * Takes batches in order, three at a time in different states: while Redis commits one, the next is folded here, and
 * what the one after needs is being read. Waiting for each commit left a quarter of the time unused.
 *
 * If a commit fails, nothing after it can succeed, because each names the offsets it starts from; the caller then drops
 * this object and what the reducer keeps in memory.
 */
export class BatchPipeline<Event, Read, Folded> {
  private readonly parts: PipelineParts<Event, Read, Folded>;
  private from: readonly string[];
  private reading: Reading<Event, Read> | undefined;
  private committing: Promise<void> = Promise.resolve();

  constructor(parts: PipelineParts<Event, Read, Folded>) {
    this.parts = parts;
    this.from = parts.offsets;
  }

  /**
   * Takes the next batch, and folds the one before.
   * @param to offsets after the batch, by input
   * @throws LeaseLost, OffsetMoved of an earlier batch
   */
  async push(to: readonly string[], events: readonly Event[]): Promise<void> {
    const read = this.parts.reducer.readForBatch(events);
    // Awaited when this batch is next: until then a failure is nobody's, and must not end the process.
    read.catch(() => undefined);
    const before = this.reading;
    this.reading = { events, to, read };
    if (before) await this.fold(before);
  }

  /** Folds the last batch and sends its commit; does not wait for that. @throws LeaseLost, OffsetMoved of an earlier batch */
  async flush(): Promise<void> {
    const { reading } = this;
    this.reading = undefined;
    if (reading) await this.fold(reading);
  }

  /** Resolves when the last commit that was sent is in. @throws LeaseLost, OffsetMoved */
  settled(): Promise<void> {
    return this.committing;
  }

  private async fold({ events, to, read }: Reading<Event, Read>): Promise<void> {
    const folded = this.parts.reducer.fold(events, await read);
    await this.committing;
    const span = { from: this.from, to };
    this.from = to;
    this.committing = this.commit(span, folded);
    this.committing.catch(() => undefined);
  }

  private async commit(span: Span, folded: Folded): Promise<void> {
    const started = performance.now();
    const answer = await this.parts.commit(span, folded);
    this.parts.reducer.committed?.(folded, answer, performance.now() - started);
  }
}
