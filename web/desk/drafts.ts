import type { Expect } from '../../contract/casework.ts';
import type { CaseAction } from '../../contract/codes.ts';
import type { Attachment } from '../../contract/events.ts';
import type { AlertRef } from '../../contract/frame.ts';

/**
 * What somebody has typed into a form and not sent: it survives a reload and a lost network (docs/casework.md §6). Kept in this
 * browser alone, by person, so that nobody finds another's words on a shared desk.
 */
export interface Draft {
  action: Exclude<CaseAction, 'raise'>;
  /** As typed, by field. */
  typed: Record<string, string>;
  /** The files that are uploaded and wait to be named: those that were still on their way are chosen again. */
  files?: readonly Attachment[];
  /** The alert as whoever typed had seen it. */
  expect: Expect;
  /** What names this sending: made with the first attempt, so that a second one does nothing again. */
  key?: string;
  /** What of it is done already: wages that are recorded are not recorded again. */
  done?: Draft['action'][];
  /** It was pressed to be sent, and no answer came. */
  waiting?: boolean;
  /** Epoch ms: when it was last changed. */
  at: number;
}

const PREFIX = 'wagewatch.desk.draft.';
/** A draft is of no use when the case has long moved on. */
const KEPT_MS = 14 * 86_400_000;

/** @param who id or name of the person */
export function draftKey(who: string, { region, alertId }: AlertRef): string {
  return `${PREFIX}${who}/${region}/${alertId}`;
}

/** The draft of a case, if one is kept that can be read. */
export function loadDraft(key: string, storage: Storage = localStorage): Draft | undefined {
  try {
    const draft = JSON.parse(storage.getItem(key) ?? 'null') as Partial<Draft> | null;
    if (!draft || typeof draft.action !== 'string' || typeof draft.typed !== 'object' || !draft.expect)
      return undefined;
    return draft as Draft;
  } catch {
    // Storage forbidden, or not ours: a form then begins empty.
    return undefined;
  }
}

/** Keeps a draft. @returns whether it is kept: not where the browser forbids it or is full */
export function saveDraft(key: string, draft: Draft, storage: Storage = localStorage): boolean {
  try {
    storage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(key: string, storage: Storage = localStorage): void {
  try {
    storage.removeItem(key);
  } catch {
    // Storage forbidden: nothing was kept.
  }
}

/** The cases of which somebody's action was pressed and no answer came. @param who as in `draftKey` */
export function waitingCases(who: string, storage: Storage = localStorage): AlertRef[] {
  const mine = `${PREFIX}${who}/`;
  try {
    return Object.keys(storage)
      .filter((key) => key.startsWith(mine) && loadDraft(key, storage)?.waiting === true)
      .map((key) => ({ region: key.slice(mine.length, mine.length + 6), alertId: key.slice(mine.length + 7) }));
  } catch {
    return [];
  }
}

/** Removes drafts that are too old to be sent. @param now epoch ms */
export function dropOldDrafts(now: number, storage: Storage = localStorage): void {
  try {
    for (const key of Object.keys(storage)) {
      if (!key.startsWith(PREFIX)) continue;
      const draft = loadDraft(key, storage);
      if (!draft || now - draft.at > KEPT_MS) storage.removeItem(key);
    }
  } catch {
    // Storage forbidden: there is nothing to remove.
  }
}
