import { MAX_EVENTS_OF_ALERT } from '../../../contract/alertLimits.ts';
import { CASE_ACTIONS, OPEN_STAGES, STAGES, type CaseAction, type Stage } from '../../../contract/codes.ts';
import type { RegionPack } from '../../../contract/region.ts';
import type { AccessRole } from '../../../contract/roles.ts';
import { contains } from '../../../common/divisions.ts';
import { unitOf } from '../../../common/units.ts';
import type { CaseState } from './caseState.ts';
import type { Refusal } from './refusal.ts';

/** Who acts. */
export interface Actor {
  /** As events name them: of a person the id, of a program what stands for one. */
  id: string;
  role: AccessRole;
  /** A region or a town; does not bind an admin. */
  scope: string;
  /** Code of their unit. */
  unit?: string | undefined;
}

/** Whose an action is (docs/casework.md §2). An extension is the officer's once, and then the leader's: see below. */
const WHO: Record<CaseAction, readonly AccessRole[]> = {
  raise: ['officer', 'admin'],
  dispatch: ['officer', 'admin'],
  transfer: ['officer', 'admin'],
  accept: ['handler', 'officer', 'admin'],
  handle: ['handler', 'officer', 'admin'],
  recover: ['handler', 'officer', 'admin'],
  audit: ['officer', 'admin'],
  close: ['officer', 'admin'],
  reopen: ['officer', 'admin'],
  amend: ['officer', 'admin'],
  note: ['handler', 'officer', 'leader', 'admin'],
  attach: ['handler', 'officer', 'leader', 'admin'],
  assign: ['handler', 'officer', 'admin'],
  extend: ['officer', 'leader', 'admin'],
  urge: ['officer', 'leader', 'admin'],
  supervise: ['leader', 'admin'],
  answer: ['handler', 'officer', 'admin'],
};

/** In which stages it can be done; `raise` has no alert yet. */
const FROM: Record<Exclude<CaseAction, 'raise'>, readonly Stage[]> = {
  dispatch: ['raised'],
  transfer: ['dispatched', 'accepted'],
  accept: ['dispatched'],
  handle: ['dispatched', 'accepted'],
  recover: STAGES.slice(1),
  audit: ['handled'],
  close: ['audited'],
  reopen: ['closed'],
  amend: STAGES,
  note: STAGES,
  attach: STAGES,
  assign: ['dispatched', 'accepted'],
  extend: ['dispatched', 'accepted'],
  urge: OPEN_STAGES,
  supervise: OPEN_STAGES,
  answer: OPEN_STAGES,
};

/** What an alert with very many events may still come to: its end. */
const ENDS: ReadonlySet<CaseAction> = new Set<CaseAction>(['audit', 'close']);

/** Why nobody of a role may do something, wherever and whenever. */
export function roleRefusal(action: CaseAction, { role }: Pick<Actor, 'role'>): Refusal | undefined {
  if (WHO[action].includes(role)) return undefined;
  const asks = action === 'extend' && role === 'handler' ? '; whoever needs more time asks for it in a note' : '';
  return {
    status: 403,
    rule: 'role',
    parameter: 'action',
    detail: `${action} is for the roles ${WHO[action].join(', ')}, not for a ${role}${asks}`,
  };
}

/** Whether an alert is somebody's to see and to work on: in their scope and, for a handler, dispatched to their unit. */
export function isTheirs(
  { unit, facts }: { unit?: string; facts: { town: string } },
  actor: Omit<Actor, 'id'>,
  pack: Pick<RegionPack, 'units'>,
): boolean {
  if (actor.role === 'admin') return true;
  if (!contains(actor.scope, facts.town)) return false;
  return actor.role !== 'handler' || (actor.unit !== undefined && unitOf(pack, unit)?.code === actor.unit);
}

/**
 * Why somebody may not do something about an alert as it is now; undefined where they may (docs/casework.md §1 and §2).
 * @param alone whether nobody else is let in who could audit it
 */
export function mayAct(
  { alert, events, handledBy, extensions }: CaseState,
  action: Exclude<CaseAction, 'raise'>,
  actor: Actor,
  pack: Pick<RegionPack, 'units'>,
  alone: () => boolean,
): Refusal | undefined {
  const ofRole = roleRefusal(action, actor);
  if (ofRole) return ofRole;
  if (!isTheirs(alert, actor, pack))
    return {
      status: 403,
      rule: 'unit',
      parameter: 'action',
      detail:
        actor.role === 'handler' && contains(actor.scope, alert.facts.town)
          ? 'a handler acts on what stands dispatched to their unit, and on nothing else'
          : `town ${alert.facts.town} is not in the scope ${actor.scope}`,
    };
  if (!FROM[action].includes(alert.stage))
    return {
      status: 422,
      rule: 'stage',
      parameter: 'action',
      detail: `${action} is for an alert that is ${FROM[action].join(', ')}; this one is ${alert.stage}`,
    };
  if (events >= MAX_EVENTS_OF_ALERT && !ENDS.has(action))
    return {
      status: 422,
      rule: 'event',
      parameter: 'action',
      detail: `the alert has ${events} events, and with ${MAX_EVENTS_OF_ALERT} or more it can only be audited and closed`,
    };
  if (action === 'extend') return extensionRefusal(extensions, actor);
  if (action === 'audit' && isOwnWork(handledBy, actor) && !alone())
    return {
      status: 403,
      rule: 'own-work',
      parameter: 'action',
      detail: 'who handled it does not audit it: somebody else must',
    };
  return undefined;
}

function extensionRefusal(extensions: number, { role }: Actor): Refusal | undefined {
  if (extensions === 0 && role === 'leader')
    return {
      status: 403,
      rule: 'extension',
      parameter: 'action',
      detail: 'a first extension is for officers; a leader gives every further one',
    };
  if (extensions > 0 && role === 'officer')
    return {
      status: 403,
      rule: 'extension',
      parameter: 'action',
      detail: `its term was extended ${extensions === 1 ? 'once' : `${extensions} times`}: a further extension is for a leader`,
    };
  return undefined;
}

/** Whether somebody would audit what they have handled themselves. */
export function isOwnWork(handledBy: string | undefined, { id }: Pick<Actor, 'id'>): boolean {
  return handledBy !== undefined && handledBy === id;
}

/** What somebody may do about an alert as it is now. */
export function actionsOf(
  state: CaseState,
  actor: Actor,
  pack: Pick<RegionPack, 'units'>,
  alone: () => boolean,
): CaseAction[] {
  return CASE_ACTIONS.filter((action) => action !== 'raise' && mayAct(state, action, actor, pack, alone) === undefined);
}
