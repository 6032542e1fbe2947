import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { HttpError } from '../http/client.ts';
import { newKey } from '../http/newKey.ts';
import { signInNeeded } from '../http/signIn.ts';
import { drop, load, save, type Kept } from '../shell/kept.ts';

const AGAIN_MS = 3_000;

export type Sending<A> =
  | { kind: 'typing' }
  | { kind: 'sending' }
  /** No answer came: the same is sent again until one does. */
  | { kind: 'waiting' }
  | { kind: 'refused'; problem: HttpError }
  | { kind: 'done'; answer: A };

export interface SendingForm<T, A> {
  typed: Ref<T>;
  state: ShallowRef<Sending<A>>;
  /** When what is typed was last kept (epoch ms); `false` where this browser keeps nothing. */
  kept: Ref<number | false | undefined>;
  change(part: Partial<T>): void;
  send(): Promise<void>;
  /** A new, empty form. */
  begin(): void;
}

/**
 * A form of its own page: what is typed is kept in this browser, and what is pressed without a network is sent when it is back,
 * once. Call in `setup`.
 * @param name under which it is kept, with the person's; undefined: nothing is kept, as on a screen that many use
 * @param post sends it; the same key again does nothing again
 */
export function useSending<T extends object, A>(
  empty: T,
  name: string | undefined,
  post: (typed: T, key: string) => Promise<A>,
): SendingForm<T, A> {
  const found = name === undefined ? undefined : load<T>(name, Date.now());
  const typed = ref({ ...empty, ...found?.typed }) as Ref<T>;
  const state = shallowRef<Sending<A>>({ kind: 'typing' });
  const kept = ref<number | false | undefined>(found?.at);
  let draft: Omit<Kept<T>, 'typed'> = found ?? { at: 0 };
  let again: ReturnType<typeof setTimeout> | undefined;
  let gone = false;

  function keep(): void {
    draft.at = Date.now();
    if (name === undefined) return;
    kept.value = save(name, { ...draft, typed: typed.value }) ? draft.at : false;
  }
  function change(part: Partial<T>): void {
    if (state.value.kind === 'sending') return;
    clearTimeout(again);
    typed.value = { ...typed.value, ...part };
    // Other words are another sending.
    draft = { at: draft.at };
    state.value = { kind: 'typing' };
    keep();
  }
  async function send(): Promise<void> {
    if (state.value.kind === 'sending') return;
    clearTimeout(again);
    state.value = { kind: 'sending' };
    const key = (draft.key ??= newKey());
    draft.waiting = true;
    keep();
    try {
      const answer = await post(typed.value, key);
      if (gone) return;
      if (name !== undefined) drop(name);
      draft = { at: 0 };
      kept.value = undefined;
      state.value = { kind: 'done', answer };
    } catch (error) {
      if (gone) return;
      if (!(error instanceof HttpError)) throw error;
      if (error.status === 0 || error.status >= 500 || error.status === 429) {
        state.value = { kind: 'waiting' };
        again = setTimeout(retry, error.retryMs ?? AGAIN_MS);
        return;
      }
      draft.waiting = false;
      keep();
      if (error.status === 401) signInNeeded();
      state.value = { kind: 'refused', problem: error };
    }
  }
  function retry(): void {
    if (state.value.kind === 'waiting') void send();
  }
  addEventListener('online', retry);
  onScopeDispose(() => {
    gone = true;
    clearTimeout(again);
    removeEventListener('online', retry);
  });
  // It was on its way when this page ended: its key tells what became of it.
  if (found?.waiting) void send();

  return {
    typed,
    state,
    kept,
    change,
    send,
    begin() {
      clearTimeout(again);
      if (name !== undefined) drop(name);
      draft = { at: 0 };
      kept.value = undefined;
      typed.value = { ...empty };
      state.value = { kind: 'typing' };
    },
  };
}
