import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { MAX_GIVEN_FILES } from '../../contract/attachmentLimits.ts';
import type { AlertRef } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { AlertDetail, RecordedEvent } from '../../contract/rest.ts';
import { casesApi } from '../http/casesApi.ts';
import { HttpError } from '../http/client.ts';
import { uploadFile } from '../http/filesApi.ts';
import { newKey } from '../http/newKey.ts';
import { signInNeeded } from '../http/signIn.ts';
import type { Lang } from '../i18n/lang.ts';
import { drop, save } from '../shell/kept.ts';
import { useFiles, type Files } from '../shell/useFiles.ts';
import { draftKey, loadDraft, type Draft } from './drafts.ts';
import { faultsOf, fieldsOf, hasForm, stepsOf, type DeskAction, type Field, type FieldFault } from './fields.ts';

const AGAIN_MS = 3_000;

/** What has become of the form that is open. */
export type ActingState =
  | { kind: 'typing' }
  | { kind: 'sending' }
  /** It was pressed, and files are still on their way: it is sent when they are there. */
  | { kind: 'uploading' }
  /** No answer came: it is sent again once the server is there, if the case is still as it was. */
  | { kind: 'waiting' }
  /** The case is another than when it was typed: what has happened since. */
  | { kind: 'changed'; since: readonly RecordedEvent[] }
  | { kind: 'refused'; problem: HttpError };

export interface ActingParts {
  detail: ShallowRef<AlertDetail | undefined>;
  pack: () => Pick<RegionPack, 'units' | 'outcomes' | 'tiers'> | undefined;
  lang: () => Lang;
  /** Who acts: a draft is theirs alone. */
  who: () => string | undefined;
  /** Epoch ms, the server's. */
  now: () => number;
  /** Told of the alert as it is after an action, or as a refusal has shown it. */
  seen: (detail: AlertDetail) => void;
}

export interface Acting {
  action: Ref<DeskAction | undefined>;
  typed: Ref<Record<string, string>>;
  fields: ComputedRef<Field[]>;
  /** The files of the form. */
  files: Files;
  /** Faults of what was typed; shown once it was pressed. */
  faults: ComputedRef<Record<string, FieldFault>>;
  state: ShallowRef<ActingState>;
  /** When what is typed was last kept (epoch ms); `false` where this browser keeps nothing. */
  kept: Ref<number | false | undefined>;
  /** What was done last, for a word of thanks. */
  done: Ref<DeskAction | undefined>;
  /** Grows each time that somebody opens a form: then it takes the focus, and not when a kept draft comes back. */
  opened: Ref<number>;
  open(action: DeskAction): void;
  /** Puts the form away; what was typed stays. */
  close(): void;
  /** Throws away what was typed. */
  discard(): void;
  type(name: string, value: string): void;
  send(): Promise<void>;
  /** After a change: the same words, for the case as it is now. */
  sendAnyway(): Promise<void>;
}

/**
 * A form in place: what is typed survives a reload and a lost network, and is sent when the network is back only if the case is
 * still as it was; else whoever typed it is asked (docs/casework.md §6). Call in `setup`.
 */
export function useActing(parts: ActingParts): Acting {
  const { detail } = parts;
  const action = ref<DeskAction>();
  const typed = ref<Record<string, string>>({});
  const state = shallowRef<ActingState>({ kind: 'typing' });
  const kept = ref<number | false>();
  const done = ref<DeskAction>();
  const pressed = ref(false);
  const opened = ref(0);
  /** Steps of the form that are done: `Draft.done`. */
  const did = ref<readonly DeskAction[]>([]);
  let draft: Draft | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  /** Of which case the form is, so that an answer that comes late is not taken for another's. */
  let of: AlertRef | undefined;

  const refKey = () => detail.value && `${detail.value.region}/${detail.value.alertId}`;
  const keyOf = (alert: AlertRef) => {
    const who = parts.who();
    return who === undefined ? undefined : draftKey(who, alert);
  };
  const fields = computed(() => {
    const [now, pack] = [detail.value, parts.pack()];
    if (!action.value || !now || !pack) return [];
    const all = fieldsOf(action.value, { pack, towns: [now.town], lang: parts.lang(), typed: typed.value, now });
    // Wages that are recorded are not asked for again.
    return did.value.includes('recover') ? all.filter(({ name }) => name !== 'workers' && name !== 'amount') : all;
  });
  const files = useFiles(
    () => {
      const alert = of;
      return alert && ((file, how) => uploadFile(alert, file, how));
    },
    MAX_GIVEN_FILES,
    () => touched(),
  );
  const found = () =>
    action.value ? faultsOf(action.value, fields.value, typed.value, parts.now(), files.items.value) : {};
  const faults = computed(() => (pressed.value ? found() : {}));

  function keep(): void {
    if (!draft || !of) return;
    const key = keyOf(of);
    if (key === undefined) return;
    draft = { ...draft, typed: { ...typed.value }, files: files.done.value, done: [...did.value], at: parts.now() };
    kept.value = save(key, draft) ? draft.at : false;
  }
  function clear(): void {
    clearTimeout(again);
    draft = undefined;
    action.value = undefined;
    typed.value = {};
    files.clear();
    did.value = [];
    kept.value = undefined;
    pressed.value = false;
    state.value = { kind: 'typing' };
  }
  function forget(): void {
    const key = of && keyOf(of);
    if (key !== undefined) drop(key);
    clear();
  }
  const expectOf = ({ stage, eventsTotal = 1 }: AlertDetail) => ({ stage, events: eventsTotal });

  function open(next: DeskAction): void {
    const now = detail.value;
    if (!now || state.value.kind === 'sending') return;
    opened.value++;
    done.value = undefined;
    // What is being typed goes on, for the case as it was when it was begun.
    if (draft?.action === next && action.value === next) return;
    stopWaiting();
    pressed.value = false;
    action.value = next;
    if (draft?.action === next) {
      state.value = holds(now) ? { kind: 'typing' } : { kind: 'changed', since: since(now) };
      return;
    }
    // The same words are of use for another action where they have the same names.
    draft = { action: next, typed: { ...typed.value }, expect: expectOf(now), at: parts.now() };
    did.value = [];
    state.value = { kind: 'typing' };
  }
  function close(): void {
    if (state.value.kind === 'sending') return;
    stopWaiting();
    action.value = undefined;
    state.value = { kind: 'typing' };
  }
  /** Somebody is at it again: nothing is sent by itself any more. */
  function stopWaiting(): void {
    clearTimeout(again);
    if (draft?.waiting) {
      draft.waiting = false;
      keep();
    }
  }
  function type(name: string, value: string): void {
    if (state.value.kind === 'sending') return;
    typed.value = { ...typed.value, [name]: value };
    stopWaiting();
    if (state.value.kind !== 'changed') state.value = { kind: 'typing' };
    touched();
  }
  function touched(): void {
    // Other words, or other files, are another request.
    if (draft) delete draft.key;
    keep();
  }

  /** What happened after the events that whoever typed had seen. */
  function since(now: AlertDetail): RecordedEvent[] {
    const news = (now.eventsTotal ?? 0) - (draft?.expect.events ?? 0);
    return news > 0 ? now.events.slice(-news) : [];
  }
  const holds = (now: AlertDetail) =>
    draft !== undefined && draft.expect.stage === now.stage && draft.expect.events === now.eventsTotal;

  async function send(): Promise<void> {
    const [alert, doing, pack] = [of, action.value, parts.pack()];
    if (!alert || !doing || !pack || !draft || state.value.kind === 'sending') return;
    pressed.value = true;
    if (Object.keys(found()).length > 0) {
      state.value = { kind: 'typing' };
      return;
    }
    if (files.busy.value) {
      state.value = { kind: 'uploading' };
      return;
    }
    state.value = { kind: 'sending' };
    draft.key ??= newKey();
    draft.waiting = true;
    keep();
    try {
      let seen: AlertDetail | undefined;
      for (const step of stepsOf(doing, fields.value, typed.value, { pack, files: files.done.value })) {
        if (did.value.includes(step.action)) continue;
        const { expect, key } = draft;
        seen = await casesApi.act(alert.region, alert.alertId, { ...step, expect }, `${key}-${step.action}`);
        // Closed meanwhile, or another case: when this one is opened again, the same key tells what became of it.
        if (of !== alert) return;
        // The next step builds on this one alone. That is known without the answer, so the same request can be sent again.
        did.value = [...did.value, step.action];
        draft.expect = { ...expect, events: expect.events + 1 };
        keep();
      }
      forget();
      done.value = doing;
      if (seen) parts.seen(seen);
    } catch (error) {
      if (of !== alert) return;
      if (!(error instanceof HttpError)) throw error;
      judge(error);
    }
  }

  function judge(error: HttpError): void {
    const now = error.more['alert'] as AlertDetail | undefined;
    // Another action of it is on its way: nothing is changed yet, and it is tried again.
    const busy = error.status === 409 && !(now && !holds(now));
    if (busy || error.status === 0 || error.status >= 500 || error.status === 429) {
      state.value = { kind: 'waiting' };
      clearTimeout(again);
      again = setTimeout(() => void retry(), error.retryMs ?? AGAIN_MS);
      keep();
      return;
    }
    if (draft) draft.waiting = false;
    if (error.status === 409 && now) {
      state.value = { kind: 'changed', since: since(now) };
      parts.seen(now);
    } else if (error.status === 401) {
      state.value = { kind: 'typing' };
      signInNeeded();
    } else state.value = { kind: 'refused', problem: error };
    keep();
  }

  /** The same request with the same key: where it was done already, that is what is answered. */
  async function retry(): Promise<void> {
    if (state.value.kind !== 'waiting') return;
    state.value = { kind: 'typing' };
    await send();
  }
  // What was pressed while files were on their way.
  watch(files.busy, (busy) => {
    if (!busy && state.value.kind === 'uploading') void send();
  });
  const online = () => void retry();
  addEventListener('online', online);

  async function sendAnyway(): Promise<void> {
    const now = detail.value;
    if (!now || !draft) return;
    draft.expect = expectOf(now);
    delete draft.key;
    state.value = { kind: 'typing' };
    await send();
  }

  // Another case: its own draft, if there is one.
  watch(
    () => [refKey(), parts.who()].join(),
    () => {
      const now = detail.value;
      of = now && { region: now.region, alertId: now.alertId };
      clear();
      done.value = undefined;
      const key = of && keyOf(of);
      const found = key === undefined ? undefined : loadDraft(key);
      if (!now || !found || !hasForm(found.action)) return;
      draft = found;
      action.value = found.action;
      typed.value = { ...found.typed };
      files.restore(found.files ?? []);
      did.value = (found.done ?? []).filter(hasForm);
      kept.value = found.at;
      if (found.waiting) {
        // It was on its way when this page ended: what it came to is asked by its key.
        state.value = { kind: 'waiting' };
        void retry();
      } else if (!holds(now)) state.value = { kind: 'changed', since: since(now) };
    },
    { immediate: true },
  );
  // Somebody else has done something while this form is open: said before it is sent.
  watch(detail, (now) => {
    if (!now || !draft || !action.value || !['typing', 'uploading', 'changed'].includes(state.value.kind) || holds(now))
      return;
    if (files.items.value.length === 0 && Object.values(typed.value).every((text) => text.trim() === '')) {
      // Nothing is typed yet: the form is for the case as it is.
      draft.expect = expectOf(now);
      if (!now.actions?.includes(action.value)) forget();
      return;
    }
    state.value = { kind: 'changed', since: since(now) };
  });
  onScopeDispose(() => {
    of = undefined;
    clearTimeout(again);
    removeEventListener('online', online);
  });

  return {
    action,
    typed,
    fields,
    files,
    faults,
    state,
    kept,
    done,
    opened,
    open,
    close,
    discard: forget,
    type,
    send,
    sendAnyway,
  };
}
