import { isOpenCase } from './case.ts';
import { decodeDocument } from '../../alerts/document.ts';
import { foldAlert, type FoldRules } from '../../alerts/fold.ts';
import type { DocumentStore } from '../../streams/counting/documentStore.ts';

/** Alerts read and not yet taken: no more than this, however many there are. */
const MOST_WAITING = 2_000;
const AT_ONCE = 500;

/**
 * After a gap in the feed: looks through all alerts for those that the clock must know, and hands their ids over in pieces. What is
 * found here may be old by then, so each is read again. A failure comes out where pieces are taken.
 */
export class Candidates {
  private waiting: string[] = [];
  private ended = false;
  private stopped = false;
  private roomFor: (() => void) | undefined;
  private failure: Error | undefined;

  /** @param held alerts that are known already: they may be there no more */
  constructor(
    documents: Pick<DocumentStore, 'scan'>,
    parts: { rules: FoldRules; since: number; held: Iterable<string> },
  ) {
    this.waiting.push(...parts.held);
    this.read(documents, parts).catch((error: unknown) => {
      this.failure = error instanceof Error ? error : new Error(String(error));
    });
  }

  /** Whether there is something to take now. */
  get hasMore(): boolean {
    return this.failure !== undefined || this.ended || this.waiting.length > 0;
  }

  /** The next ids; `last` once there are no more. @throws what reading failed with */
  take(): { alertIds: string[]; last: boolean } {
    if (this.failure) throw this.failure;
    const alertIds = this.waiting.splice(0, AT_ONCE);
    if (this.waiting.length < MOST_WAITING) this.roomFor?.();
    return { alertIds, last: this.ended && this.waiting.length === 0 };
  }

  stop(): void {
    this.stopped = true;
    this.roomFor?.();
  }

  private async read(
    documents: Pick<DocumentStore, 'scan'>,
    { rules, since }: { rules: FoldRules; since: number },
  ): Promise<void> {
    for await (const part of documents.scan()) {
      if (this.stopped) return;
      for (const [alertId, document] of part) {
        const state = foldAlert(alertId, decodeDocument(document), rules);
        if (isOpenCase(state, since)) this.waiting.push(alertId);
      }
      if (this.waiting.length >= MOST_WAITING) await new Promise<void>((resolve) => (this.roomFor = resolve));
    }
    this.ended = true;
  }
}
