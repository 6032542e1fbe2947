import type { FoldRules } from '../../alerts/fold.ts';
import type { RedisEndpoint } from '../../platform/redis/target.ts';
import type { LeaseMessage } from '../../streams/worker/threadHost.ts';
import type { Decided } from './engineReducer.ts';

/** What the thread of the engines is given when it is made. */
export interface EngineThreadData {
  endpoint: RedisEndpoint;
  /** Regions that are watched, and the rules by which their alerts are folded. */
  regions: { region: string; rules: FoldRules }[];
  observationDays: number;
  leaseMs: number;
  logLevel: string;
}

/** From the thread. */
export type FromEngineThread = LeaseMessage | ({ kind: 'decided' } & Decided) | { kind: 'stopped' };
