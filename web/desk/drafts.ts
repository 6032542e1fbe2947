import type { Expect } from '../../contract/casework.ts';
import type { CaseAction } from '../../contract/codes.ts';
import type { Attachment } from '../../contract/events.ts';
import type { AlertRef } from '../../contract/frame.ts';
import { KEPT_MS, read, type Kept } from '../shell/kept.ts';

/** What somebody has typed into the form of a case and not sent, by field. */
export interface Draft extends Kept<Record<string, string>> {
  action: Exclude<CaseAction, 'raise'>;
  /** The files that are uploaded and wait to be named: those that were still on their way are chosen again. */
  files?: readonly Attachment[];
  /** The alert as whoever typed had seen it. */
  expect: Expect;
  /** What of it is done already: wages that are recorded are not recorded again. */
  done?: Draft['action'][];
}

const PREFIX = 'wagewatch.desk.draft.';

/** @param who id or name of the person */
export function draftKey(who: string, { region, alertId }: AlertRef): string {
  return `${PREFIX}${who}/${region}/${alertId}`;
}

/** The draft of a case, if one is kept that can be read. */
export function loadDraft(key: string, storage: Storage = localStorage): Draft | undefined {
  const draft = read<Draft>(key, storage);
  return typeof draft?.action === 'string' && draft.expect ? (draft as Draft) : undefined;
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

/** Removes drafts of cases that have long moved on. @param now epoch ms */
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
