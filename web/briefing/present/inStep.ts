import type { Presentation } from '../../../contract/presenting.ts';

/** What a page knows of a presentation, and what its presenter has done that the server has not confirmed yet. Pure. */
export interface InStep {
  heard: Presentation | undefined;
  mine: Shown;
}
/** What a presenter changes; each says how it is to be, so that it may be sent twice. */
export interface Shown {
  page?: string;
  black?: boolean;
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

/** The presenter has turned a page, or put it out. What is so already need not be said. */
export function done(state: InStep, change: Shown): InStep {
  const now = shown(state);
  const mine = { ...state.mine };
  if (change.page !== undefined && change.page !== now.page) mine.page = change.page;
  if (change.black !== undefined && change.black !== now.black) mine.black = change.black;
  return { ...state, mine };
}

/** The server has what was sent; what was done since waits still. */
export function confirmed(state: InStep, sent: Shown, presentation: Presentation | undefined): InStep {
  const next = heard(state, presentation);
  const mine: Shown = {};
  if (state.mine.page !== undefined && state.mine.page !== sent.page) mine.page = state.mine.page;
  if (state.mine.black !== undefined && state.mine.black !== sent.black) mine.black = state.mine.black;
  return { ...next, mine };
}

/** Somebody else presents now, or nobody: what was not sent is not to be. */
export const givenUp = (state: InStep): InStep => ({ ...state, mine: {} });

/** What is on show: as the presenter has it, also before the server has confirmed it. */
export function shown({ heard: now, mine }: InStep): Shown {
  return { ...(now ? { page: now.page, black: now.black } : {}), ...mine };
}

export const hasUnsent = ({ mine }: InStep): boolean => mine.page !== undefined || mine.black !== undefined;
