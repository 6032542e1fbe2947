import type { Stage, Tier } from '../../../contract/codes.ts';
import { NO_TERM } from '../../../common/termBounds.ts';
import { stageTermEnd, type StageClock } from '../../alerts/stageClock.ts';
import type { AlertState } from '../../alerts/state.ts';

/** An open alert as the clock needs it: enough to reckon the term of its stage anew when the rules change. Times in epoch ms. */
export interface Case {
  alertId: string;
  stage: Stage;
  stageAt: number;
  /** Id of the event that led into the stage. */
  stageEvent: string;
  returned: boolean;
  tier: Tier;
  /** NaN where none is named. */
  namedDueAt: number;
  namedBefore: boolean;
  /** Codes of the rungs that are passed in this stage. */
  passed: readonly string[];
}

/** Whether an alert is a case of the clock's: it is open, and entered its stage since casework is on. @param since epoch ms */
export function isOpenCase(state: AlertState | undefined, since: number): state is AlertState {
  return state !== undefined && state.stage !== 'closed' && state.stageAt >= since;
}

/** A case as its alert stands now; `before`: as it was known, whose passed rungs stay while the stage is the same. */
export function caseOf(state: AlertState, before: Case | undefined): Case {
  const { alertId, stage, stageAt, stageEvent, returned, facts, namedDueAt, namedBefore } = state;
  return {
    alertId,
    stage,
    stageAt,
    stageEvent,
    returned: returned === true,
    tier: facts.tier,
    namedDueAt,
    namedBefore: namedBefore === true,
    passed: before?.stageEvent === stageEvent && before.stage === stage ? before.passed : [],
  };
}

/** When the term of its stage ends; undefined where none runs. */
export function dueAtOf(one: Case, clock: StageClock): number | undefined {
  const { stage, stageAt, returned, namedDueAt, namedBefore, tier } = one;
  const dueAt = stageTermEnd(clock, {
    stage,
    stageAt,
    namedDueAt,
    facts: { tier } as AlertState['facts'],
    ...(returned ? { returned } : {}),
    ...(namedBefore ? { namedBefore } : {}),
  });
  return dueAt === NO_TERM ? undefined : dueAt;
}

type PackedCase = [
  stage: Stage,
  stageAt: number,
  stageEvent: string,
  returned: 0 | 1,
  tier: Tier,
  namedDueAt: number | null,
  namedBefore: 0 | 1,
  ...passed: string[],
];

export function encodeCase(one: Case): string {
  const named = Number.isNaN(one.namedDueAt) ? null : one.namedDueAt;
  return JSON.stringify([
    one.stage,
    one.stageAt,
    one.stageEvent,
    one.returned ? 1 : 0,
    one.tier,
    named,
    one.namedBefore ? 1 : 0,
    ...one.passed,
  ] satisfies PackedCase);
}

/** @throws SyntaxError if the text is no case */
export function decodeCase(alertId: string, text: string): Case {
  const [stage, stageAt, stageEvent, returned, tier, named, namedBefore, ...passed] = JSON.parse(text) as PackedCase;
  return {
    alertId,
    stage,
    stageAt,
    stageEvent,
    returned: returned === 1,
    tier,
    namedDueAt: named ?? NaN,
    namedBefore: namedBefore === 1,
    passed,
  };
}
