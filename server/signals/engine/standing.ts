import type { Meters } from './subjectChange.ts';

/** Where the engine stands, as it is stored beside its offsets. */
export interface EngineStanding extends Meters {
  /** Number of the alert raised last. */
  number: number;
  /** Observations until then have been dealt with, of whomever; -Infinity where nothing was. */
  settledAt: number;
  /** The subject with which going over all of them goes on; NEVER where there is none to do. */
  sweep: number;
}
