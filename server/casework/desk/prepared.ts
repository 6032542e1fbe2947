import type { GivenAction } from '../../../contract/casework.ts';
import type { TrailDetail } from '../../../contract/trailKeys.ts';
import type { HttpProblem } from '../../platform/http/problem.ts';
import type { Region } from '../../region/region.ts';
import type { Lock } from './deskStore.ts';

/** An action that may be done: what is to be written, and the lock that keeps others away meanwhile. */
export interface Ready {
  region: Region;
  alertId: string;
  /** Undefined where an earlier request has written it already. */
  event?: { id: string };
  action: GivenAction['action'];
  /** What the trail tells besides. */
  detail: TrailDetail;
  lock: Lock;
  /** Called once it has been counted. */
  counted?: () => Promise<void>;
}
export type Prepared = Ready | { problem: HttpProblem };
