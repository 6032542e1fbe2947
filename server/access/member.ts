import type { AccessRole } from '../../contract/roles.ts';

/** Somebody who is let in, as far as it matters who may work on an alert. */
export interface Member {
  /** As events name them (`actorIdOf`). */
  id: string;
  name: string;
  role: AccessRole;
  scope: string;
  unit?: string;
}
