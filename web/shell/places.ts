import type { Session } from '../../contract/access.ts';

/** What somebody may open from the first page. */
export interface Places {
  screens: boolean;
  admin: boolean;
  signIn: boolean;
}

/** @param session undefined while it is not known, or could not be read: then all is offered, and each page says what it lacks */
export function placesFor(session: Session | undefined): Places {
  if (!session) return { screens: true, admin: true, signIn: true };
  const { principal, open } = session;
  const role = principal?.role;
  return {
    screens: role !== undefined && role !== 'ingest',
    admin: role === 'admin',
    signIn: !open && (principal === undefined || principal.kind === 'everybody'),
  };
}
