import type { Stage, Tier } from '../../../contract/codes.ts';
import { NO_TERM } from '../../../common/termBounds.ts';
import { stageTermEnd, type StageClock } from '../../alerts/stageClock.ts';
import type { AlertState } from '../../alerts/state.ts';
import type { LetterMark } from './marks.ts';
import type { NewsMarks } from './news.ts';

/** An open alert as the clock needs it: enough to reckon the term of its stage anew when the rules change. Times in epoch ms. */
export interface Case {
  alertId: string;
  stage: Stage;
  /** Since when the term of the stage runs. */
  termFrom: number;
  /** Id of the event that led into the stage. */
  stageEvent: string;
  /** Its source; undefined as long as nothing but what an earlier version kept is known of the case. */
  stageSource: string | undefined;
  /** In the stage `dispatched`, the term of handling runs. */
  handling: boolean;
  tier: Tier;
  /** NaN where none is named. */
  namedDueAt: number;
  namedBefore: boolean;
  /** Codes of the rungs that are passed in this stage. */
  passed: readonly string[];
  /** The letter that was told last, `null` where none was; undefined in what an earlier version kept, which told none. */
  told?: LetterMark | null;
  /** Which news were told last; undefined in what an earlier version kept, which told none. */
  news?: NewsMarks;
}

/** Whether an alert is a case of the clock's: it is open, and entered its stage since casework is on. @param since epoch ms */
export function isOpenCase(state: AlertState | undefined, since: number): state is AlertState {
  return state !== undefined && state.stage !== 'closed' && state.stageAt >= since;
}

/** A case as its alert stands now; `before`: as it was known, whose passed rungs stay while the stage is the same. */
export function caseOf(state: AlertState, before: Case | undefined): Case {
  const { alertId, stage, termFrom, stageEvent, stageSource, returned, takenUp, facts, namedDueAt, namedBefore } =
    state;
  return {
    alertId,
    stage,
    termFrom,
    stageEvent,
    stageSource,
    handling: returned === true || takenUp === true,
    tier: facts.tier,
    namedDueAt,
    namedBefore: namedBefore === true,
    passed: before && isSameStage(before, state) ? before.passed : [],
    ...(before && before.told === undefined ? {} : { told: before?.told ?? null }),
    ...(before?.news === undefined ? {} : { news: before.news }),
  };
}

/** Whether a case is still in the stage that it was in. Sources may use each other's ids. */
function isSameStage(before: Case, { stage, stageEvent, stageSource }: AlertState): boolean {
  if (before.stage !== stage || before.stageEvent !== stageEvent) return false;
  return before.stageSource === undefined || before.stageSource === stageSource;
}

/** When the term of its stage ends; undefined where none runs. */
export function dueAtOf(one: Case, clock: StageClock): number | undefined {
  const { stage, termFrom, handling, namedDueAt, namedBefore, tier } = one;
  const dueAt = stageTermEnd(clock, {
    stage,
    termFrom,
    namedDueAt,
    facts: { tier } as AlertState['facts'],
    ...(handling ? { returned: true } : {}),
    ...(namedBefore ? { namedBefore } : {}),
  });
  return dueAt === NO_TERM ? undefined : dueAt;
}

type PackedCase = [
  stage: Stage,
  termFrom: number,
  /** Source and id, which letter was told, and which news; of an earlier version without these, or the id alone. */
  stageEvent: [source: string, id: string, told?: LetterMark | null, news?: NewsMarks] | string,
  handling: 0 | 1,
  tier: Tier,
  namedDueAt: number | null,
  namedBefore: 0 | 1,
  ...passed: string[],
];

export function encodeCase(one: Case): string {
  const named = Number.isNaN(one.namedDueAt) ? null : one.namedDueAt;
  return JSON.stringify([
    one.stage,
    one.termFrom,
    packedEvent(one),
    one.handling ? 1 : 0,
    one.tier,
    named,
    one.namedBefore ? 1 : 0,
    ...one.passed,
  ] satisfies PackedCase);
}

function packedEvent({ stageSource, stageEvent, told, news }: Case): PackedCase[2] {
  if (stageSource === undefined) return stageEvent;
  if (told === undefined) return [stageSource, stageEvent];
  return news === undefined ? [stageSource, stageEvent, told] : [stageSource, stageEvent, told, news];
}

/** @throws SyntaxError if the text is no case */
export function decodeCase(alertId: string, text: string): Case {
  const [stage, termFrom, event, handling, tier, named, namedBefore, ...passed] = JSON.parse(text) as PackedCase;
  const [stageSource, stageEvent, told, news] = typeof event === 'string' ? [undefined, event] : event;
  return {
    alertId,
    stage,
    termFrom,
    stageEvent,
    stageSource,
    handling: handling === 1,
    tier,
    namedDueAt: named ?? NaN,
    namedBefore: namedBefore === 1,
    passed,
    ...(told === undefined ? {} : { told }),
    ...(news === undefined ? {} : { news }),
  };
}
