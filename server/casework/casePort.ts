import { actorIdOf, covers, EVERYBODY, type Principal } from '../platform/http/principal.ts';
import type { Staff } from '../access/staff.ts';
import type { CasePort } from '../views/alerts/casePort.ts';
import { filesOf } from './rules/caseFiles.ts';
import { caseStateOf } from './rules/caseState.ts';
import { actionsOf, roleRefusal, type Actor } from './rules/mayAct.ts';

/** Whoever asks, as the rules see them. */
export function actorOf(principal: Principal): Actor {
  const { role, scope, unit } = principal;
  return { id: actorIdOf(principal), role, scope, unit };
}

/** Whether nobody else is let in who could audit an alert of a town: only then may who handled it. */
export function isAlone(staff: Staff, actor: Actor, town: string): boolean {
  return !staff
    .members()
    .some(
      ({ id, role, scope }) =>
        id !== actor.id && roleRefusal('audit', { role }) === undefined && covers({ role, scope }, town),
    );
}

/** What casework tells of an alert to those who read it. @param offersPersonas whether everybody must choose one before they act */
export function createCasePort(staff: Staff, offersPersonas: () => boolean): CasePort {
  return {
    actions(region, alertId, events, principal) {
      const state = caseStateOf(alertId, events, region.rules());
      if (!state || (principal === EVERYBODY && offersPersonas())) return [];
      const actor = actorOf(principal);
      return actionsOf(state, actor, region.pack, () => isAlone(staff, actor, state.alert.facts.town));
    },
    nameOf: (id) => staff.nameOf(id),
    files: filesOf,
  };
}
