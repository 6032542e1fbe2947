import { packEvent, unpackEvent, type PackedEvent } from '../../alerts/document.ts';
import type { StoredEvent } from '../../alerts/state.ts';

/**
 * A chunk: the accepted events of one stream entry. Events of one request travel together, because an entry of
 * its own for each would cost more than all the rest of its way.
 */
export interface Accepted {
  alertId: string;
  event: StoredEvent;
  /** Of a `raised`: the program is to dispatch the alert (casework §3). It is no part of the event, and kept only until that is counted. */
  dispatch?: true;
}

export const CHUNK_EVENTS = 500;

/** What follows an event whose alert the program is to dispatch. */
const DISPATCH = 1;

export function encodeChunk(accepted: readonly Accepted[]): string {
  return JSON.stringify(
    accepted.map(({ alertId, event, dispatch }) =>
      dispatch ? [alertId, packEvent(event), DISPATCH] : [alertId, packEvent(event)],
    ),
  );
}

export function decodeChunk(payload: string): Accepted[] {
  return (JSON.parse(payload) as [string, PackedEvent, number?][]).map(([alertId, packed, mark]) => ({
    alertId,
    event: unpackEvent(packed),
    ...(mark === DISPATCH ? { dispatch: true } : {}),
  }));
}
