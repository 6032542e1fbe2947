import type { Session } from '../../contract/access.ts';
import { CASE_READERS, READERS } from '../../contract/roles.ts';

/** What somebody may open from the first page. */
export interface Places {
  screens: boolean;
  admin: boolean;
  /** Where cases are worked on. */
  desk: boolean;
  /** What is watched, briefings and the rules: for those who read alerts in full. */
  subjects: boolean;
  briefing: boolean;
  rules: boolean;
  /** Reports that were made; handlers read those about their unit. */
  reports: boolean;
  signIn: boolean;
  /** Whoever acts must choose who they are. */
  personas: boolean;
}

/** @param session undefined while it is not known, or could not be read: then all is offered, and each page says what it lacks */
export function placesFor(session: Session | undefined): Places {
  if (!session)
    return {
      screens: true,
      admin: true,
      desk: true,
      subjects: true,
      briefing: true,
      rules: true,
      reports: true,
      signIn: true,
      personas: false,
    };
  const { principal, open } = session;
  const role = principal?.role;
  const reader = role !== undefined && READERS.includes(role);
  return {
    screens: role !== undefined && role !== 'ingest',
    admin: role === 'admin',
    desk: role !== undefined && CASE_READERS.includes(role),
    subjects: reader,
    briefing: reader,
    rules: reader,
    reports: role !== undefined && CASE_READERS.includes(role),
    personas: session.personas === true,
    signIn: !open && (principal === undefined || principal.kind === 'everybody'),
  };
}
