import type { PresentedMoment, Presentation } from '../../../contract/presenting.ts';

/** What a page knows of a presentation, and what its presenter has done that the server has not confirmed yet. Pure. */
export interface InStep {
  heard: Presentation | undefined;
  mine: Shown;
}
/** What a presenter changes; each says how it is to be, so that it may be sent twice. */
export interface Shown {
  page?: string;
  black?: boolean;
  /** `null`: the briefing's own. */
  moment?: PresentedMoment | null;
  /** With what it is compared, as an address says it; `null`: with nothing. */
  vs?: string | null;
}
export const ALONE: InStep = { heard: undefined, mine: {} };

/** In any order, and as often as it comes: the newest of a briefing holds. */
export function heard(state: InStep, presentation: Presentation | undefined): InStep {
  const now = presentation && newer(state.heard, presentation);
  return now === undefined || now === state.heard ? state : { ...state, heard: now };
}

/** What a screen goes by that has heard both. Of two briefings that are presented it is the one that began last. */
export function newer(held: Presentation | undefined, next: Presentation): Presentation {
  if (!held) return next;
  if (held.briefing !== next.briefing) return !held.on || (next.on && next.began > held.began) ? next : held;
  return next.seq > held.seq ? next : held;
}

/** The presenter has turned a page, put it out, gone to another moment, or compares with something else. What is so already need not be said. */
export function done(state: InStep, change: Shown): InStep {
  const now = shown(state);
  // Of what is compared, and of the moment, nothing said is as `null`.
  const held = { moment: null, vs: null, ...now };
  return { ...state, mine: { ...state.mine, ...without(change, held) } };
}

/** The server has what was sent; what was done since waits still. */
export function confirmed(state: InStep, sent: Shown, presentation: Presentation | undefined): InStep {
  return { ...heard(state, presentation), mine: without(state.mine, sent) };
}

/** What is said in the one, and not the same in the other. */
function without(one: Shown, other: Shown): Shown {
  return Object.fromEntries(
    Object.entries(one).filter(
      ([key, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(other[key as keyof Shown]),
    ),
  );
}

/** Somebody else presents now, or nobody: what was not sent is not to be. */
export const givenUp = (state: InStep): InStep => ({ ...state, mine: {} });

/** What is on show: as the presenter has it, also before the server has confirmed it. */
export function shown({ heard: now, mine }: InStep): Shown {
  if (!now) return { ...mine };
  const { page, black, moment, vs } = now;
  return { page, black, ...(moment ? { moment } : {}), ...(vs === undefined ? {} : { vs }), ...mine };
}

export const hasUnsent = ({ mine }: InStep): boolean => Object.keys(mine).length > 0;
