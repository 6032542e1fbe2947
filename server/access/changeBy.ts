import type { AccessControl } from './accessControl.ts';
import { AccessError } from './accessError.ts';
import type { Directory } from './directory.ts';
import type { Principal } from '../platform/http/principal.ts';
import type { Edit } from './store/accessStore.ts';

/** A change that somebody asks for: made only while what they were let in with still holds, at the moment of the change. */
export type ChangeBy = (by: Principal, plan: () => Edit[] | undefined) => Promise<void>;

/** @throws AccessError 401 when it has ended meanwhile: then nothing was changed */
export function createChangeBy(directory: Directory, access: Pick<AccessControl, 'holds'>): ChangeBy {
  return (by, plan) =>
    directory.change(() => {
      if (!access.holds(by)) throw new AccessError(401, 'what you were let in with has ended: nothing was changed');
      return plan();
    });
}
