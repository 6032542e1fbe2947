import type { TrailVerb } from '../../../contract/roles.ts';
import type { TrailDetail } from '../../../contract/trailKeys.ts';
import type { Principal } from './principal.ts';

/** What somebody did, as it is put on the trail. */
export interface TrailRecord {
  /** Undefined for a stranger. */
  who: Principal | undefined;
  /** Address of whoever asked. */
  from: string;
  what: TrailVerb;
  /** Alert id, enterprise, name of a person … */
  target?: string;
  /** Filters, changed fields; never a secret. */
  detail?: TrailDetail;
}

/** Keeps the trail. */
export interface TrailWriter {
  /** Resolves when it is kept; what it is about must not happen before. */
  add(record: TrailRecord): Promise<void>;
}
