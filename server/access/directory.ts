import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccessError } from './accessError.ts';
import type { AccessStore, Edit, Position } from './store/accessStore.ts';
import { CLOSED_FIELD, RECORD_KINDS, type RecordKind, type Records } from './records.ts';

/** How often the changes of other processes are looked for, ms: what is revoked is out well within 2 s. */
export const FOLLOW_MS = 500;

interface Held<K extends RecordKind = RecordKind> {
  raw: string;
  record: Records[K];
}

export interface DirectoryLog {
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
}

/** So often a change is decided anew, when other processes change something at the same time. */
const MAX_ATTEMPTS = 16;
/** Up to so long between two attempts, ms: at random, so that processes do not meet again. */
const RETRY_MS = 20;

/**
 * All records of access in memory, following those in Redis. While Redis does not answer, what was last known stays in
 * force, and nothing can be changed.
 */
export class Directory {
  private readonly store: AccessStore;
  private readonly log: DirectoryLog;
  private position: Position = { id: '0-0', n: 0 };
  private raw = new Map<string, string>();
  private readonly kinds = new Map(RECORD_KINDS.map((kind) => [kind, new Map<string, Held>()]));
  /** Digest of a secret → whose it is. */
  private readonly hashes = new Map<string, { kind: RecordKind; id: string }>();
  private readonly listeners = new Set<(signals: readonly string[]) => void>();
  /** Readings of the changes follow one another; one that has not begun yet serves all who want one. */
  private last: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  /** Changes of this process follow one another, so that only those of other processes can come between. */
  private changing: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private lost = false;

  constructor(store: AccessStore, log: DirectoryLog) {
    this.store = store;
    this.log = log;
  }

  /** Loads everything, and follows from then on. */
  async start(): Promise<void> {
    await this.reload();
    this.timer = setInterval(() => {
      void this.sync().then(
        () => this.notify([]),
        (error: unknown) => {
          if (!this.lost)
            this.log.warn(
              { reason: (error as Error).message },
              'access: changes cannot be read, what was known before stays in force',
            );
          this.lost = true;
          // Tokens end by the clock too.
          this.notify([]);
        },
      );
    }, FOLLOW_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.last.catch(() => undefined);
  }

  /** Calls back after each reading of the changes, with the signals that came. */
  onRead(listener: (signals: readonly string[]) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  get<K extends RecordKind>(kind: K, id: string): Records[K] | undefined {
    return this.kinds.get(kind)!.get(id)?.record as Records[K] | undefined;
  }

  list<K extends RecordKind>(kind: K): [id: string, record: Records[K]][] {
    return [...this.kinds.get(kind)!].map(([id, { record }]) => [id, record as Records[K]]);
  }

  field(name: string): string | undefined {
    return this.raw.get(name);
  }

  get closed(): boolean {
    return this.raw.has(CLOSED_FIELD);
  }

  byHash(hash: string): { kind: RecordKind; id: string } | undefined {
    return this.hashes.get(hash);
  }

  /** Takes in the changes up to now, also those of other processes. */
  sync(): Promise<void> {
    this.next ??= this.last
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.readChanges();
      });
    this.last = this.next;
    return this.next;
  }

  /**
   * Makes the edits that `plan` finds right for the records as they are, as one step: whatever any process changes between
   * the plan and the step, the plan is made anew. So a plan may rely on every record that it looks at.
   * @param plan throws what makes it impossible; undefined: nothing to do
   * @throws AccessError 503 when others change something again and again
   */
  change(plan: () => Edit[] | undefined): Promise<void> {
    const change = this.changing.then(() => this.changeNow(plan));
    this.changing = change.catch(() => undefined);
    return change;
  }

  /** An edit of a record. */
  edit<K extends RecordKind>(kind: K, id: string, to: Records[K] | undefined): Edit {
    return { field: `${kind}:${id}`, to: to === undefined ? undefined : JSON.stringify(to) };
  }

  signal(text: string): Promise<void> {
    return this.store.signal(text);
  }

  private async changeNow(plan: () => Edit[] | undefined): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (attempt > 0) await sleep(randomInt(RETRY_MS));
      await this.sync();
      const edits = plan();
      if (!edits?.length) return;
      if (await this.store.change(edits, this.position.n)) {
        await this.sync();
        return;
      }
    }
    throw new AccessError(503, 'others are changing who is let in at the same time: ask again', { retryMs: 1_000 });
  }

  private async readChanges(): Promise<void> {
    const changed = await this.store.since(this.position);
    if (!changed) {
      await this.reload();
    } else {
      this.position = changed.position;
      for (const [field, value] of changed.fields) this.set(field, value);
      if (changed.fields.size || changed.signals.length) this.notify(changed.signals);
    }
    if (this.lost) this.log.info({}, 'access: changes are read again');
    this.lost = false;
  }

  private async reload(): Promise<void> {
    const { position, records } = await this.store.load();
    this.position = position;
    for (const field of [...this.raw.keys()]) if (!records.has(field)) this.set(field, undefined);
    for (const [field, value] of records) this.set(field, value);
    this.notify([]);
  }

  private set(field: string, value: string | undefined): void {
    const [kind, id] = split(field);
    const held = kind && this.kinds.get(kind);
    if (value === undefined) this.raw.delete(field);
    else this.raw.set(field, value);
    if (!held) return;
    const before = held.get(id);
    if (before?.raw === value) return;
    if (before) for (const hash of hashesOf(before.record)) this.hashes.delete(hash);
    held.delete(id);
    if (value === undefined) return;
    const record = JSON.parse(value) as Records[RecordKind];
    held.set(id, { raw: value, record });
    for (const hash of hashesOf(record)) this.hashes.set(hash, { kind, id });
  }

  private notify(signals: readonly string[]): void {
    for (const listener of this.listeners) listener(signals);
  }
}

function split(field: string): [kind: RecordKind | undefined, id: string] {
  const colon = field.indexOf(':');
  const kind = field.slice(0, colon) as RecordKind;
  return [RECORD_KINDS.includes(kind) ? kind : undefined, field.slice(colon + 1)];
}

function hashesOf(record: Records[RecordKind]): string[] {
  if ('tokens' in record) return record.tokens.map(({ hash }) => hash);
  return 'hash' in record ? [record.hash] : [];
}
