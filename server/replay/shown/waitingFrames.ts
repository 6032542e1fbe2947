import type { BaseLogger } from 'pino';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { isFull } from '../../platform/files/disk.ts';
import type { ShownStore } from './shownStore.ts';

/** Frames that were taken and could not be written yet; beyond this the oldest are given up. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

export interface TakenFrames {
  scope: string;
  /** The hour that they are of. */
  hour: number;
  content: Buffer;
}

/** Writes frames that were taken; where there is no room they wait, so that a full disk costs no hour. */
export class WaitingFrames {
  private readonly store: ShownStore;
  private readonly log: Pick<BaseLogger, 'error' | 'warn' | 'info'>;
  private readonly written: () => void;
  private waiting: TakenFrames[] = [];
  private failed: string | undefined;

  /** @param written called for each file */
  constructor(store: ShownStore, log: Pick<BaseLogger, 'error' | 'warn' | 'info'>, written: () => void) {
    this.store = store;
    this.log = log;
    this.written = written;
  }

  /** Why frames cannot be written now. */
  get problem(): string | undefined {
    return this.failed;
  }

  get size(): number {
    return this.waiting.length;
  }

  async write(taken: TakenFrames): Promise<void> {
    this.waiting.push(taken);
    await this.retry();
  }

  /** Writes what waits, oldest first, until something fails. */
  async retry(): Promise<void> {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      try {
        if (await this.store.write(next.scope, next.hour, next.content)) this.written();
        this.waiting.shift();
      } catch (error) {
        this.fail(error);
        return;
      }
    }
    if (this.failed !== undefined) this.log.info({}, 'kept frames: they can be written again');
    this.failed = undefined;
  }

  private fail(error: unknown): void {
    const reason = isFull(error)
      ? 'the disk of FILES_DIR is full: make room there, and what waits is written'
      : `FILES_DIR cannot be written: ${(error as Error).message}`;
    if (reason !== this.failed) this.log.error({ error }, `kept frames: ${reason}`);
    this.failed = reason;
    let bytes = this.waiting.reduce((sum, { content }) => sum + content.length, 0);
    while (bytes > MAX_WAITING_BYTES) {
      const lost = this.waiting.shift()!;
      bytes -= lost.content.length;
      this.log.warn(
        { scope: lost.scope, hour: toRfc3339(lost.hour) },
        'kept frames: given up, as too many wait to be written; this hour stays missing',
      );
    }
  }
}
