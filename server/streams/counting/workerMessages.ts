import type { FoldRules } from '../../alerts/fold.ts';
import type { RedisEndpoint } from '../../platform/redis/target.ts';

/** What the thread that counts is given when it is made. */
export interface WorkerThreadData {
  endpoint: RedisEndpoint;
  /** The regions to count, and the rules that their alerts are folded by. */
  regions: { region: string; rules: FoldRules }[];
  leaseMs: number;
  logLevel: string;
}

/** To the thread. `stop`: finish what is at hand, give the leases back. */
export type ToWorkerThread = { kind: 'stop' };

/** From the thread. `token`: the fencing token of a region's lease, undefined when it is lost. */
export type FromWorkerThread =
  | { kind: 'lease'; region: string; token: string | undefined }
  | { kind: 'counted'; events: number; duplicates: number; commitMs: number }
  | { kind: 'stopped' };
