import type { Narrowed } from './context.ts';

/** How a list of alerts is counted: `whole`, `cut` (the first of so many are here), or `partly`: of a list that was kept in part it is not known how many fit. */
export interface ListCount {
  kind: 'whole' | 'cut' | 'partly';
  /** Not there where nobody knows. */
  total?: number;
}

/**
 * A list of now is narrowed by the server, which counts all that fit. A frozen one is kept as it was, its first alerts only, and
 * narrowed here: to the figure of a town or tier these are not all.
 * @param here how many alerts of the list are here @param total how many there are @param fit how many of those here fit
 */
export function listCount(
  what: Narrowed,
  frozen: boolean,
  { here, total, fit }: { here: number; total: number; fit: number },
): ListCount {
  if (here >= total) return { kind: 'whole', total: fit };
  const narrowed = Object.entries(what).some(([key, value]) => key !== 'list' && value !== undefined);
  return frozen && narrowed ? { kind: 'partly' } : { kind: 'cut', total };
}
