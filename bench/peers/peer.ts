import type { Order } from '../screens/client.ts';

/** Something that takes events in and shows their figures on screens, so that all are measured by the same hand. */
export interface Peer {
  name: string;
  /** Takes a JSON array of CloudEvents by POST. */
  ingest: string;
  screens: Pick<Order, 'kind' | 'urls'>;
  /** The figure of raised alerts now. */
  raised(): Promise<number>;
  /** CPU of all its processes so far, seconds. */
  cpu(): number;
  memory(): number;
  /** Loads so many alerts of the past; undefined where it keeps no history. */
  history?: (alerts: number) => Promise<void>;
  /** Ends what keeps the figures as a power cut would, and starts it again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}
