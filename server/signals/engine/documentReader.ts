import { decodeDocument } from '../../alerts/document.ts';
import type { FoldRules } from '../../alerts/fold.ts';
import type { DocumentStore } from '../../streams/counting/documentStore.ts';
import { alertOfDocument, type HeardAlert } from './alertMarks.ts';
import type { EngineEvent } from './engineEvents.ts';

/** Alerts read and not yet taken: no more than this, however many there are. */
const MOST_WAITING = 2_000;

/**
 * Reads all alerts from their documents, after a gap in the feed, and hands them over in pieces. A failure comes out where pieces
 * are taken.
 */
export class DocumentReader {
  private waiting: EngineEvent[] = [];
  private alerts = 0;
  private roomFor: (() => void) | undefined;
  private failure: Error | undefined;
  private stopped = false;

  /** @param end last entry of the feed, if it has one */
  constructor(documents: Pick<DocumentStore, 'scan'>, rules: FoldRules, end: () => Promise<string | undefined>) {
    this.read(documents, rules, end).catch((error: unknown) => {
      this.failure = error instanceof Error ? error : new Error(String(error));
    });
  }

  /** The next piece, if it has been read; `readAll` is the last. @throws what reading failed with */
  take(): EngineEvent | undefined {
    if (this.failure) throw this.failure;
    const event = this.waiting.shift();
    if (event?.kind === 'read') this.alerts -= event.alerts.length;
    if (this.alerts < MOST_WAITING) this.roomFor?.();
    return event;
  }

  stop(): void {
    this.stopped = true;
    this.roomFor?.();
  }

  private async read(
    documents: Pick<DocumentStore, 'scan'>,
    rules: FoldRules,
    end: () => Promise<string | undefined>,
  ): Promise<void> {
    for await (const part of documents.scan()) {
      if (this.stopped) return;
      const alerts = part
        .map(([alertId, document]) => alertOfDocument(alertId, decodeDocument(document), rules))
        .filter((alert): alert is HeardAlert => alert !== undefined);
      this.alerts += alerts.length;
      this.waiting.push({ kind: 'read', alerts });
      if (this.alerts >= MOST_WAITING) await new Promise<void>((resolve) => (this.roomFor = resolve));
    }
    this.waiting.push({ kind: 'readAll', target: await end() });
  }
}
