import type { CalendarYear } from '../../../contract/calendar.ts';
import type { RegionPack } from '../../../contract/region.ts';
import type { RedisEndpoint } from '../../platform/redis/target.ts';
import type { LeaseMessage } from '../../streams/worker/threadHost.ts';
import type { Spoken } from './clockReducer.ts';

/** What the thread of the clocks is given when it is made. */
export interface ClockThreadData {
  endpoint: RedisEndpoint;
  /** Of regions with units and terms. */
  packs: RegionPack[];
  /** Those that come with the program. */
  calendars: readonly CalendarYear[];
  leaseMs: number;
  logLevel: string;
}

/** From the thread. */
export type FromClockThread =
  LeaseMessage | ({ kind: 'spoken' } & Spoken) | { kind: 'held'; region: string; cases: number } | { kind: 'stopped' };
