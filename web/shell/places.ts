import type { Session } from '../../contract/access.ts';
import { READERS } from '../../contract/roles.ts';

/** What somebody may open from the first page. */
export interface Places {
  screens: boolean;
  admin: boolean;
  /** The rules: officers, leaders and admins. */
  rules: boolean;
  signIn: boolean;
}

/** @param session undefined while it is not known, or could not be read: then all is offered, and each page says what it lacks */
export function placesFor(session: Session | undefined): Places {
  if (!session) return { screens: true, admin: true, rules: true, signIn: true };
  const { principal, open } = session;
  const role = principal?.role;
  return {
    screens: role !== undefined && role !== 'ingest',
    admin: role === 'admin',
    rules: role !== undefined && READERS.includes(role),
    signIn: !open && (principal === undefined || principal.kind === 'everybody'),
  };
}
