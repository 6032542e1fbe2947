import type { TrailVerb } from '../../../contract/roles.ts';
import type { TrailDetail } from '../../../contract/trailKeys.ts';
import type { AlertDetail } from '../../../contract/rest.ts';
import type { Principal } from '../../platform/http/principal.ts';
import type { Actor } from '../rules/mayAct.ts';

/** Whoever asks for something to be done, as far as the desk needs to know of their request. */
export interface Asker {
  principal: Principal;
  actor: Actor;
  /** How events name them. */
  named: { id: string; isPerson: boolean };
  mayRead: (division: string) => boolean;
  trail: (what: TrailVerb, target?: string, detail?: TrailDetail) => Promise<void>;
  /** A detail whose cursor is theirs. */
  signed: (detail: AlertDetail) => AlertDetail;
}
