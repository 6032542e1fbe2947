import { packEvent, unpackEvent, type PackedEvent } from '../../alerts/document.ts';
import type { StoredEvent } from '../../alerts/state.ts';

/**
 * A chunk: the accepted events of one stream entry. Events of one request travel together, because an entry of
 * its own for each would cost more than all the rest of its way.
 */
export interface Accepted {
  alertId: string;
  event: StoredEvent;
}

export const CHUNK_EVENTS = 500;

export function encodeChunk(accepted: readonly Accepted[]): string {
  return JSON.stringify(accepted.map(({ alertId, event }) => [alertId, packEvent(event)]));
}

export function decodeChunk(payload: string): Accepted[] {
  return (JSON.parse(payload) as [string, PackedEvent][]).map(([alertId, packed]) => ({
    alertId,
    event: unpackEvent(packed),
  }));
}
