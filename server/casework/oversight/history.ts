import { compareEvents, applyEvent, hasEffect, startState, termEndOf, type FoldRules } from '../../alerts/fold.ts';
import { runningTerm } from '../../alerts/stageClock.ts';
import type { AlertFacts, AlertState, StoredEvent } from '../../alerts/state.ts';
import type { Stage, SupervisionLevel } from '../../../contract/codes.ts';
import type { LetterKind } from '../../../contract/letters.ts';
import { parseRfc3339 } from '../../../common/regionTime.ts';
import { NO_TERM } from '../../../common/termBounds.ts';

/**
 * What oversight must know of an alert: what each unit has done about it and when, and what was urged and supervised with its answers
 * (docs/casework.md §7 and §8). A function of the set of its events and of the rules of its region. All times in epoch ms.
 */

/** What a unit has done, or what was done to it. `unit`: code of the pack's unit, '' for one that the pack does not know. */
export type Deed =
  | { kind: 'received'; unit: string; at: number }
  /** In its own time `ms`; `late`: past the term that held. */
  | { kind: 'accepted' | 'handled'; unit: string; at: number; late: boolean; ms: number }
  /** Of who handled it. */
  | { kind: 'audited'; unit: string; at: number; returned: boolean }
  /** Its term was extended while the unit had it. */
  | { kind: 'extended'; unit: string; at: number }
  | { kind: 'recovered'; unit: string; at: number; amountFen: number; workers: number };

export interface LetterFacts {
  facts: AlertFacts;
  raisedAt: number;
  stage: Stage;
  stageAt: number;
  /** `NO_TERM` where none ran. */
  dueAt: number;
}

export interface PastLetter {
  event: string;
  source: string;
  kind: LetterKind;
  at: number;
  level?: SupervisionLevel;
  number?: string;
  text?: string;
  rung?: string;
  actor?: string;
  /** As the dispatch has it. */
  unit?: string;
  answerBy?: number;
  answer?: { at: number; text: string; actor?: string };
  /** There is nothing left to answer: the alert is closed or, of an urge, has left the stage. */
  ended: boolean;
}

export interface CaseHistory {
  alertId: string;
  deeds: readonly Deed[];
  letters: readonly PastLetter[];
  /** Code of the unit that has it now, and when the term of that ends; undefined while it is with none. */
  with?: { unit: string; dueAt: number };
  /** Where it lies now. */
  town: string;
}

export interface HistoryRules {
  fold: FoldRules;
  /** The code of the unit that a text of an event means. */
  unitOf: (text: string | undefined) => string | undefined;
}

/** With whom an alert is, since when, and since when they work on it (NaN before). */
interface Stay {
  unit: string;
  since: number;
  working: number;
}

/**
 * @param events in any order; they are put in that of contract §2
 * @param onLetter told the facts as they stood when each letter was issued
 * @returns undefined while the alert is pending
 */
export function historyOf(
  alertId: string,
  events: StoredEvent[],
  { fold, unitOf }: HistoryRules,
  onLetter?: (letter: PastLetter, facts: LetterFacts) => void,
): CaseHistory | undefined {
  if (events.length > 1) events.sort(compareEvents);
  const first = events.find((event) => event.type === 'wage.alert.raised');
  if (!first) return undefined;
  const state = startState(alertId, first);
  const codeOf = (text: string | undefined) => (text === undefined ? undefined : (unitOf(text) ?? ''));
  const deeds: Deed[] = [];
  const letters: PastLetter[] = [];
  /** The stage in which each was issued. */
  const stages: string[] = [];
  let stay: Stay | undefined;
  let handler: string | undefined;
  let raised = false;

  for (const event of events) {
    if (!hasEffect(state, event)) continue;
    const { time: at } = event;
    const before = state.stage;
    // What was done before the alert was raised has no term.
    const isCompared = (event.type === 'wage.alert.accepted' || event.type === 'wage.alert.handled') && raised;
    const dueAt = isCompared ? termEndOf(state, fold) : NO_TERM;
    const running = isCompared ? runningTerm(state) : undefined;
    raised ||= event === first;
    applyEvent(state, event);
    switch (event.type) {
      case 'wage.alert.raised':
        [stay, handler] = [undefined, undefined];
        break;
      case 'wage.alert.dispatched': {
        const unit = codeOf(event.data.unit)!;
        if (stay?.unit === unit) break;
        deeds.push({ kind: 'received', unit, at });
        stay = { unit, since: at, working: NaN };
        handler = undefined;
        break;
      }
      case 'wage.alert.accepted':
        if (!stay || before !== 'dispatched') break;
        if (running === 'accept')
          deeds.push({ kind: 'accepted', unit: stay.unit, at, late: at > dueAt, ms: at - stay.since });
        if (Number.isNaN(stay.working)) stay.working = at;
        break;
      case 'wage.alert.handled':
        if (!stay) break;
        deeds.push({
          kind: 'handled',
          unit: stay.unit,
          at,
          late: at > dueAt,
          ms: at - (Number.isNaN(stay.working) ? stay.since : stay.working),
        });
        handler = stay.unit;
        stay = undefined;
        break;
      case 'wage.alert.audited': {
        const returned = event.data.verdict === 'returned';
        if (before === 'handled' && handler !== undefined) deeds.push({ kind: 'audited', unit: handler, at, returned });
        handler = undefined;
        const unit = returned ? codeOf(state.unit) : undefined;
        stay = unit === undefined ? undefined : { unit, since: at, working: at };
        break;
      }
      case 'wage.alert.closed':
        [stay, handler] = [undefined, undefined];
        break;
      case 'wage.wages.recovered': {
        const unit = codeOf(state.unit);
        const { amountFen, workers } = event.data;
        if (unit !== undefined) deeds.push({ kind: 'recovered', unit, at, amountFen, workers });
        break;
      }
      case 'wage.case.extended':
        if (stay) deeds.push({ kind: 'extended', unit: stay.unit, at });
        break;
      case 'wage.case.urged':
      case 'wage.case.supervised': {
        const letter = letterOf(event, state);
        letters.push(letter);
        stages.push(stageKey(state));
        onLetter?.(letter, factsNow(state, raised ? termEndOf(state, fold) : NO_TERM));
        break;
      }
      case 'wage.case.answered': {
        const actor = event.by?.actor;
        const answer = { at, text: event.data.text, ...(actor === undefined ? {} : { actor }) };
        for (const letter of letters) if (!letter.answer) letter.answer = answer;
        break;
      }
      default:
    }
  }
  letters.forEach((letter, i) => {
    letter.ended = state.stage === 'closed' || (letter.kind === 'urged' && stages[i] !== stageKey(state));
  });
  return {
    alertId,
    deeds,
    letters,
    town: state.facts.town,
    ...(stay ? { with: { unit: stay.unit, dueAt: termEndOf(state, fold) } } : {}),
  };
}

const stageKey = ({ stageAt, stageSource, stageEvent }: AlertState) => `${stageAt} ${stageSource} ${stageEvent}`;

type LetterEvent = Extract<StoredEvent, { type: 'wage.case.urged' | 'wage.case.supervised' }>;

function letterOf({ type, id, source, time, data, by }: LetterEvent, { unit }: AlertState): PastLetter {
  const letter: PastLetter = {
    event: id,
    source,
    kind: type === 'wage.case.urged' ? 'urged' : 'supervised',
    at: time,
    ended: false,
  };
  if ('level' in data) {
    letter.level = data.level;
    if (data.number !== undefined) letter.number = data.number;
    const answerBy = data.dueAt === undefined ? undefined : parseRfc3339(data.dueAt);
    if (answerBy !== undefined) letter.answerBy = answerBy;
  } else if ('rung' in data && data.rung !== undefined) letter.rung = data.rung;
  if (data.text) letter.text = data.text;
  if (by?.actor !== undefined) letter.actor = by.actor;
  if (unit !== undefined) letter.unit = unit;
  return letter;
}

function factsNow({ facts, raisedAt, stage, stageAt }: AlertState, dueAt: number): LetterFacts {
  // The fold amends facts in place.
  return { facts: { ...facts }, raisedAt, stage, stageAt, dueAt };
}
