import type { CalendarYear } from '../../../contract/calendar.ts';
import type { RegionPack } from '../../../contract/region.ts';
import type { RedisEndpoint } from '../../platform/redis/target.ts';
import type { LeaseMessage } from '../worker/threadHost.ts';

/** What the thread that counts is given when it is made. */
export interface WorkerThreadData {
  endpoint: RedisEndpoint;
  /** The regions to count. */
  regions: readonly RegionPack[];
  /** The calendars that come with the program. */
  calendars: readonly CalendarYear[];
  /** Whether alerts are dispatched by the packs as they are counted: not in a rebuild. */
  dispatches: boolean;
  leaseMs: number;
  logLevel: string;
}

/** From the thread. */
export type FromWorkerThread =
  LeaseMessage | { kind: 'counted'; events: number; duplicates: number; commitMs: number } | { kind: 'stopped' };
