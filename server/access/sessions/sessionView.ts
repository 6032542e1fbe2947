import type { Session } from '../../../contract/access.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { Principal } from '../../platform/http/principal.ts';
import type { AccessServices } from '../services.ts';

/** Whom the server takes somebody for, and how else one can sign in. */
export function sessionView(
  { access, directory, displays, oidc }: AccessServices,
  principal: Principal | undefined,
): Session {
  const session: Session = {
    open: access.open(),
    ...(access.offersPersonas() ? { personas: true } : {}),
    signIn: {
      password: directory.list('person').some(([, { password }]) => password !== undefined),
      ...(oidc ? { oidc: { label: oidc.label } } : {}),
    },
  };
  if (!principal) return session;
  const { kind, name, role, scope, unit, expires, id } = principal;
  session.principal = {
    kind,
    name,
    role,
    ...(scope ? { scope } : {}),
    ...(unit === undefined ? {} : { unit }),
    ...(expires === undefined ? {} : { expires: toRfc3339(expires) }),
  };
  if (kind === 'display') {
    const show = displays.assignment(id!)?.path;
    if (show !== undefined) session.principal.show = show;
  }
  if (kind === 'person') session.principal.password = directory.get('person', id!)?.password !== undefined;
  return session;
}
