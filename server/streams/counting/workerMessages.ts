import type { FoldRules } from '../../alerts/fold.ts';
import type { RedisEndpoint } from '../../platform/redis/target.ts';
import type { LeaseMessage } from '../worker/threadHost.ts';

/** What the thread that counts is given when it is made. */
export interface WorkerThreadData {
  endpoint: RedisEndpoint;
  /** The regions to count, and the rules that their alerts are folded by. */
  regions: { region: string; rules: FoldRules }[];
  leaseMs: number;
  logLevel: string;
}

/** From the thread. */
export type FromWorkerThread =
  LeaseMessage | { kind: 'counted'; events: number; duplicates: number; commitMs: number } | { kind: 'stopped' };
