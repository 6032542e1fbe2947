import { computed, onScopeDispose, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { isPictureType, MAX_ATTACHMENT_BYTES } from '../../contract/attachmentLimits.ts';
import type { Attachment } from '../../contract/events.ts';
import { HttpError } from '../http/client.ts';
import type { Uploading } from '../http/filesApi.ts';
import { signInNeeded } from '../http/signIn.ts';
import { smallerPicture } from './smallerPicture.ts';

/** A file of a form: on its way, or uploaded and waiting to be named by what the form sends. */
export interface FileItem {
  readonly key: number;
  readonly name: string;
  readonly bytes: number;
  readonly type: string;
  /** `waiting`: no answer came, and it is sent again by itself. */
  readonly state: 'sending' | 'waiting' | 'done' | 'failed';
  /** How much of it has been sent, 0 to 1. */
  readonly share: number;
  /** What it looks like, while it is on its way: an address of this page alone. */
  readonly preview?: string;
  /** Once it is uploaded. */
  readonly file?: Attachment;
  /** Why it failed, while it has: the rule that it breaks, and the server's words. */
  readonly problem?: { rule?: unknown; status: number; detail: string };
}

export interface Files {
  items: ShallowRef<readonly FileItem[]>;
  /** Whether some are on their way, or wait for the network. */
  busy: ComputedRef<boolean>;
  /** Those that are uploaded. */
  done: ComputedRef<readonly Attachment[]>;
  /** How many were chosen beyond what one form carries: they were left out. */
  left: ShallowRef<number>;
  add(files: readonly File[]): void;
  remove(key: number): void;
  again(key: number): void;
  /** Those that were uploaded before this page was loaded. */
  restore(files: readonly Attachment[]): void;
  clear(): void;
}

const AGAIN_MS = 3_000;
/** Uploads at the same time. */
const LANES = 2;

/**
 * The files of a form. Each is uploaded as soon as it is chosen; with lost network it waits and is sent again.
 * @param to sends one to where it belongs; undefined while that is not known
 * @param most how many there may be
 * @param changed called when files come or go, to keep what is there
 */
export function useFiles(
  to: () => ((file: Blob, how: Uploading) => Promise<Attachment>) | undefined,
  most: number,
  changed: () => void,
): Files {
  const items = shallowRef<readonly FileItem[]>([]);
  const left = shallowRef(0);
  const sources = new Map<number, { blob: Blob; stop: AbortController; shrunk?: boolean }>();
  let next = 0;
  let again: ReturnType<typeof setTimeout> | undefined;

  const busy = computed(() => items.value.some(({ state }) => state === 'sending' || state === 'waiting'));
  const done = computed(() => items.value.flatMap(({ file }) => file ?? []));

  function change(key: number, more: Partial<FileItem>): void {
    items.value = items.value.map((item) => (item.key === key ? { ...item, ...more } : item));
  }
  /** Those that are on their way now. */
  const running = new Set<number>();
  function pump(): void {
    for (const { key, state } of items.value)
      if (running.size < LANES && state === 'sending' && !running.has(key) && sources.has(key)) void send(key);
  }

  async function send(key: number): Promise<void> {
    const [upload, source, item] = [to(), sources.get(key), items.value.find((one) => one.key === key)];
    if (!upload || !source || !item) return;
    running.add(key);
    try {
      if (source.blob.size > MAX_ATTACHMENT_BYTES && !(await shrink(key))) {
        change(key, { state: 'failed', problem: { rule: 'file-size', status: 413, detail: '' } });
        return;
      }
      const file = await upload(source.blob, {
        name: item.name,
        signal: source.stop.signal,
        onShare: (share) => change(key, { share }),
      });
      if (!sources.has(key)) return;
      settle(key);
      // The same file twice is one.
      if (done.value.some(({ digest }) => digest === file.digest)) remove(key);
      else change(key, { state: 'done', share: 1, file, name: file.name, bytes: file.bytes, type: file.type });
      changed();
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      // Taken away meanwhile.
      if (!sources.has(key)) return;
      await judge(key, error);
    } finally {
      running.delete(key);
      pump();
    }
  }

  async function judge(key: number, { status, more, message, retryMs }: HttpError): Promise<void> {
    const { rule } = more as { rule?: unknown };
    if (rule === 'file-pixels' && (await shrink(key))) return;
    // A full disk does not pass by itself within seconds: whoever sends it is told.
    const passes =
      status === 0 || status === 401 || status === 408 || status === 429 || (status >= 500 && status !== 507);
    if (!passes) {
      change(key, {
        state: 'failed',
        share: 0,
        problem: { rule: status === 507 ? 'file-disk' : rule, status, detail: message },
      });
      return;
    }
    change(key, { state: 'waiting', share: 0 });
    if (status === 401) signInNeeded();
    clearTimeout(again);
    again = setTimeout(retry, retryMs ?? AGAIN_MS);
  }

  /** Makes a picture smaller that is too large, once. @returns whether it was done */
  async function shrink(key: number): Promise<boolean> {
    const source = sources.get(key);
    if (!source || source.shrunk) return false;
    const smaller = await smallerPicture(source.blob);
    if (!smaller || smaller.size > MAX_ATTACHMENT_BYTES || !sources.has(key)) return false;
    Object.assign(source, { blob: smaller, shrunk: true });
    change(key, { bytes: smaller.size, state: 'sending', share: 0 });
    return true;
  }

  function retry(): void {
    items.value = items.value.map((item) => (item.state === 'waiting' ? { ...item, state: 'sending' } : item));
    pump();
  }
  addEventListener('online', retry);

  function settle(key: number): void {
    const preview = items.value.find((item) => item.key === key)?.preview;
    if (preview !== undefined) URL.revokeObjectURL(preview);
    const source = sources.get(key);
    sources.delete(key);
    source?.stop.abort();
  }
  function add(files: readonly File[]): void {
    const room = most - items.value.length;
    left.value = Math.max(0, files.length - room);
    const added = files.slice(0, Math.max(0, room)).map((file): FileItem => {
      const key = ++next;
      sources.set(key, { blob: file, stop: new AbortController() });
      const preview = isPictureType(file.type) ? { preview: URL.createObjectURL(file) } : {};
      return {
        key,
        name: file.name || 'file',
        bytes: file.size,
        type: file.type,
        state: 'sending',
        share: 0,
        ...preview,
      };
    });
    if (added.length === 0) return;
    items.value = [...items.value, ...added];
    changed();
    pump();
  }
  function remove(key: number): void {
    settle(key);
    items.value = items.value.filter((item) => item.key !== key);
    left.value = 0;
    changed();
  }
  function clear(): void {
    clearTimeout(again);
    for (const { key } of items.value) settle(key);
    items.value = [];
    left.value = 0;
  }
  onScopeDispose(() => {
    clear();
    removeEventListener('online', retry);
  });

  return {
    items,
    busy,
    done,
    left,
    add,
    remove,
    again(key) {
      const source = sources.get(key);
      if (!source) return;
      change(key, { state: 'sending', share: 0 });
      pump();
    },
    restore(files) {
      clear();
      items.value = files.map((file) => ({ ...file, key: ++next, state: 'done', share: 1, file }));
    },
    clear,
  };
}
