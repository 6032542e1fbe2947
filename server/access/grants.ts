import { type AccessRole, TOWN_ROLES } from '../../contract/roles.ts';
import { AccessError } from './accessError.ts';

/** Checks that somebody of a role can have a scope. @throws AccessError 400 `scope` */
export function checkGrant(role: AccessRole, scope: string, knownScope: (scope: string) => boolean): void {
  if (scope.length === 9 && !TOWN_ROLES.includes(role)) {
    throw new AccessError(
      400,
      `${scope} is a town, but the role ${role} is for a whole region: give its 6-digit code`,
      { parameter: 'scope' },
    );
  }
  if (!knownScope(scope)) throw new AccessError(400, `scope ${scope} is not known here`, { parameter: 'scope' });
}
