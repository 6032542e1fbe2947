import { normalName } from '../../common/identity.ts';
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
  const unit = keyOf(turn, units);
  for (let { before } = turn; before; before = before.before) {
    if (keyOf(before, units) !== unit) continue;
    sentAt = before.sentAt;
    if (!Number.isNaN(before.handlingAt)) handlingAt = before.handlingAt;
  }
  if (Number.isNaN(handlingAt)) return { from: sentAt, takenUp: false };
  return { from: handlingAt, takenUp: stage === 'dispatched' };
}

/** Tells units: by code where the pack knows it, whatever it is called; else by what is written. */
function keyOf({ platform = '', unit = '' }: Turn, units: StageClock['units']): string {
  const name = normalName(unit);
  return Object.hasOwn(units, name) ? `unit ${units[name]}` : `${platform} ${name}`;
}
