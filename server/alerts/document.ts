import { ALERT_EVENT_TYPES, EVENT_TYPE_CODES } from '../../contract/codes.ts';
import type { EventMaker, StoredEvent } from './state.ts';

/**
 * An alert's document: its distinct events, as JSON arrays `[type, time, source, id, data]` with the type as its
 * number in `EVENT_TYPE_CODES`; who made it follows where that is known. It is all that is kept of an alert; everything else can
 * be computed from it again.
 */
export type PackedEvent = [type: number, time: number, source: string, id: string, data: object, by?: EventMaker];

const TYPE_OF_CODE = new Map<number, StoredEvent['type']>(
  ALERT_EVENT_TYPES.map((type) => [EVENT_TYPE_CODES[type], type]),
);

export function packEvent(event: StoredEvent): PackedEvent {
  const { time, source, id, data, by } = event;
  const type = EVENT_TYPE_CODES[event.type];
  return by === undefined ? [type, time, source, id, data] : [type, time, source, id, data, by];
}

export function unpackEvent([type, time, source, id, data, by]: PackedEvent): StoredEvent {
  const event = { type: TYPE_OF_CODE.get(type), time, source, id, data } as StoredEvent;
  if (by !== undefined) event.by = by;
  return event;
}

export function encodeDocument(events: readonly StoredEvent[]): string {
  return JSON.stringify(events.map(packEvent));
}

/**
 * The head of the document of an alert with very many events: it begins with a number, and parts follow it that are kept
 * beside it, so that a further event does not write all again. Whoever reads documents gets them whole, beginning with the number of
 * their parts.
 */
export function encodeLongHead(events: readonly StoredEvent[]): string {
  return `[0,${encodeDocument(events).slice(1)}`;
}

/** In how many parts besides its head a whole document is kept; undefined for one that is kept in one piece. */
export function partsOfDocument(document: string): number | undefined {
  return document[1] === '[' ? undefined : Number(document.slice(1, document.indexOf(',')));
}

/** A document that holds events, with others after them: writing only these again is most of what counting saves on a long life. */
export function extendDocument(document: string, added: readonly StoredEvent[]): string {
  return `${document.slice(0, -1)},${encodeDocument(added).slice(1)}`;
}

/** @throws SyntaxError if the text is no document */
export function decodeDocument(document: string): StoredEvent[] {
  const packed = JSON.parse(document) as (PackedEvent | number)[];
  return (typeof packed[0] === 'number' ? packed.slice(1) : packed).map((event) => unpackEvent(event as PackedEvent));
}
