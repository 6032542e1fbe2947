import type { RegionPack } from '../../../contract/region.ts';
import type { Supervision } from '../../../contract/supervision.ts';
import { DAY_MS } from '../../../common/regionTime.ts';
import { passedNow } from '../../../common/ladder.ts';
import { decodeDocument } from '../../alerts/document.ts';
import { foldAlert, type FoldRules } from '../../alerts/fold.ts';
import type { AlertState, StoredEvent } from '../../alerts/state.ts';
import { caseOf, encodeCase, type Case, isOpenCase } from './case.ts';
import type { CaseBook } from './caseBook.ts';
import type { AlertLook } from './clockEvents.ts';
import { lastLetters, letterOf, type Letter } from './letters.ts';
import { isAfter, markOf, type LetterMark } from './marks.ts';
import { laterMarks, newsOf, standingNews, untoldNews, type News } from './news.ts';
import { newsEntry, redOf, speechOf, stageName, type Speech } from './speech.ts';

/** Documents of alerts. */
export type Documents = ReadonlyMap<string, string | null>;

/** By what alerts are looked at. */
export interface LookRules {
  pack: RegionPack;
  rules: FoldRules;
  /** Casework is on from then, epoch ms. */
  since: number;
  /** Epoch ms. */
  now: number;
}

/** What looking at alerts comes to. */
export interface Looked {
  chunk: { alertId: string; event: StoredEvent }[];
  inbox: Speech['inbox'][];
  drafts: Supervision[];
  gone: string[];
  cases: Case[];
}

/** Looks at alerts in order: keeps the book, and says what is to be said. Of several rungs that were missed the last alone speaks. */
export function lookAt(looks: readonly AlertLook[], read: Documents, book: CaseBook, by: LookRules): Looked {
  const looked: Looked = { chunk: [], inbox: [], drafts: [], gone: [], cases: [] };
  const changed = new Map<string, Case>();
  const gone = new Set<string>();
  const drop = (alertId: string) => {
    if (!book.remove(alertId)) return;
    changed.delete(alertId);
    gone.add(alertId);
  };
  const put = (one: Case) => {
    const before = book.get(one.alertId);
    book.put(one);
    if (before && encodeCase(before) === encodeCase(one)) return;
    gone.delete(one.alertId);
    changed.set(one.alertId, one);
  };
  for (const look of looks) {
    const { kind, alertId } = look;
    const found = kind === 'gone' ? undefined : openCase(alertId, read, by);
    if (!found) {
      drop(alertId);
      continue;
    }
    const { state, events } = found;
    const before = book.get(alertId);
    const letters = lastLetters(events);
    const letter = letters.at(-1);
    const all = newsOf(by.pack, events);
    const one = {
      ...caseOf(state, before),
      told: laterOf(letter && markOf(letter), before?.told),
      news: laterMarks(before?.news ?? {}, all),
    };
    const isRed = isNewlyRed(state, before, by.now);
    const fresh = letters.filter((one) => isNewLetter(one, before, by.now));
    const news = all.length ? toTell(by, found, before, isRed) : [];
    const term = kind === 'due' || isRed || fresh.length || news.length ? book.termOf(one) : undefined;
    if (isRed) looked.inbox.push(redOf(by.pack, state, term?.dueAt, by.now));
    for (const one of fresh) looked.inbox.push(letterOf(by.pack, state, one, term?.dueAt, by.now));
    for (const one of news) looked.inbox.push(newsEntry(by.pack, state, one, term?.dueAt, by.now));
    const passed = kind === 'due' && term ? passedNow(term.rungs, one.passed, look.at) : [];
    put(passed.length ? { ...one, passed: [...one.passed, ...passed.map(({ rung }) => rung.rung)] } : one);
    const last = passed.at(-1);
    if (!last) continue;
    const { inbox, urged, draft } = speechOf(by.pack, state, stageName(state, events), last, term!.dueAt, by.now);
    looked.inbox.push(inbox);
    if (urged) looked.chunk.push(urged);
    if (draft) looked.drafts.push(draft);
  }
  looked.gone = [...gone];
  looked.cases = [...changed.values()];
  return looked;
}

/** What happened longer ago is told nobody as news: a clock that has not run for days speaks of terms. */
const NEWS_MS = DAY_MS;

/** Whether a red alert has just been dispatched, or one that is with a unit has just become red. */
function isNewlyRed(state: AlertState, before: Case | undefined, now: number): boolean {
  const { stage, stageEvent, returned, facts } = state;
  if (facts.tier !== 'red' || now - state.changedAt > NEWS_MS) return false;
  // What is worked on, or was sent back, is known there: that it is red now is not.
  if (stage === 'accepted' || (stage === 'dispatched' && returned))
    return before !== undefined && before.tier !== 'red';
  if (stage !== 'dispatched') return false;
  return before?.stage !== stage || before.stageEvent !== stageEvent || before.tier !== 'red';
}

/** What was told last, once a letter has been looked at: setting events in another order brings none a second time. */
function laterOf(mark: LetterMark | undefined, told: LetterMark | null | undefined): LetterMark | null {
  if (!told || !mark) return mark ?? told ?? null;
  return isAfter(mark, told) ? mark : told;
}

/** Whether somebody has just urged, or put the alert under supervision. What an earlier version knew of is told nobody. */
function isNewLetter(letter: Letter, before: Case | undefined, now: number): boolean {
  if (now - letter.time > NEWS_MS || (before && before.told === undefined)) return false;
  return !before?.told || isAfter(markOf(letter), before.told);
}

/** The news of a case that nobody has been told and that concern somebody. Of what an earlier version knew, nothing. */
function toTell(
  { pack, now }: LookRules,
  { state, events }: OpenCase,
  before: Case | undefined,
  isRed: boolean,
): readonly News[] {
  if (before && before.news === undefined) return [];
  const fresh = untoldNews(standingNews(pack, state, events), before?.news ?? {});
  return fresh.filter(
    ({ kind, event, person, formerly }) =>
      now - event.time <= NEWS_MS &&
      // A red one that is sent somewhere is told as such; who takes a case on knows it.
      !(kind === 'sent' && isRed) &&
      !(kind === 'assigned' && person === event.by?.actor && formerly === undefined),
  );
}

interface OpenCase {
  state: AlertState;
  events: readonly StoredEvent[];
}

/** The state of an alert that is an open case here, and its events; undefined for any other. */
function openCase(alertId: string, read: Documents, { rules, since }: LookRules): OpenCase | undefined {
  const document = read.get(alertId);
  const events = document ? decodeDocument(document) : [];
  const state = foldAlert(alertId, events, rules);
  return isOpenCase(state, since) ? { state, events } : undefined;
}
