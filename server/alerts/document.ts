import { EVENT_TYPES } from '../../contract/codes.ts';
import type { StoredEvent } from './state.ts';

/**
 * An alert's document: its distinct events, as JSON arrays `[type, time, source, id, data]` with the type as its
 * index in `EVENT_TYPES`. It is all that is kept of an alert; everything else can be computed from it again.
 */
export type PackedEvent = [type: number, time: number, source: string, id: string, data: object];

export const TYPE_INDEX = new Map<string, number>(EVENT_TYPES.map((type, index) => [type, index]));

export function packEvent(event: StoredEvent): PackedEvent {
  return [TYPE_INDEX.get(event.type)!, event.time, event.source, event.id, event.data];
}

export function unpackEvent([type, time, source, id, data]: PackedEvent): StoredEvent {
  return { type: EVENT_TYPES[type], time, source, id, data } as StoredEvent;
}

export function encodeDocument(events: readonly StoredEvent[]): string {
  return JSON.stringify(events.map(packEvent));
}

/** A document that holds events, with others after them: writing only these again is most of what counting saves on a long life. */
export function extendDocument(document: string, added: readonly StoredEvent[]): string {
  return `${document.slice(0, -1)},${encodeDocument(added).slice(1)}`;
}

/** @throws SyntaxError if the text is no document */
export function decodeDocument(document: string): StoredEvent[] {
  return (JSON.parse(document) as PackedEvent[]).map(unpackEvent);
}
