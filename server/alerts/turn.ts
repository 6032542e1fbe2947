import { normalName } from '../../common/identity.ts';
import type { UnitNames } from '../../common/units.ts';
import type { StageClock } from './stageClock.ts';
import type { AlertState, Turn } from './state.ts';

/** What the term of the stage is reckoned from, and whether it is that of handling although nobody has accepted again. */
export interface TermStart {
  from: number;
  takenUp: boolean;
}

/** Where the term of a stage with a unit begins: with the first turn that this unit has had. */
export function termStart(turn: Turn, { stage }: Pick<AlertState, 'stage'>, { units }: StageClock): TermStart {
  let { sentAt, handlingAt } = turn;
  // Most alerts are never handed on.
  const unit = turn.before && keyOf(turn, units);
  for (let { before } = turn; before; before = before.before) {
    if (keyOf(before, units) !== unit) continue;
    sentAt = before.sentAt;
    if (!Number.isNaN(before.handlingAt)) handlingAt = before.handlingAt;
  }
  if (Number.isNaN(handlingAt)) return { from: sentAt, takenUp: false };
  return { from: handlingAt, takenUp: stage === 'dispatched' };
}

/** Where an alert is sent. `name`: the unit's as names are compared, where that is known already. */
type SentTo = Pick<Turn, 'platform' | 'unit' | 'name'>;

/** Whether two turns are of one unit. */
export const isSameTurn = (a: SentTo, b: SentTo, units: UnitNames): boolean => keyOf(a, units) === keyOf(b, units);

/** Tells units: by code where the pack knows it, whatever it is called; else by what is written. */
function keyOf({ platform = '', unit = '', name = normalName(unit) }: SentTo, units: UnitNames): string {
  return Object.hasOwn(units, name) ? `unit ${units[name]}` : `${platform} ${name}`;
}
