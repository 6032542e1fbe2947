import type { AlertEventType, Channel, Tier, Verdict } from '../contract/codes.ts';
import type { EventData } from '../contract/events.ts';

/** The life of one alert, from raised to closed: what is decided of it beforehand, and its steps. */

/** What is drawn first; the rest of a life follows from it. */
export interface Core {
  tier: number;
  presence: number;
  channel: Channel;
}
export interface Recovery {
  workers: number;
  amountFen: number;
}

/** What a step waits for after the one before it. */
export type Wait = 'raise' | 'amend' | 'dispatch' | 'accept' | 'handle' | 'audit' | 'recover' | 'close';
export type Step = {
  [T in AlertEventType]: {
    type: T;
    wait: Wait;
    /** The tier at this step: graver alerts are handled faster. */
    tier: Tier;
    data: EventData[T];
    /** A dispatch's term, ms: `dueAt` is so long after it. */
    termMs?: number;
  };
}[AlertEventType];

export interface LifePlan {
  alertId: string;
  core: Core;
  verdict: Verdict;
  /** What is paid in the end, or with which chance something is. */
  recovery?: Recovery | number;
  /** It comes of observations, by the rules: its facts are such as they can come of. */
  byRules?: boolean;
}
