import { WINDOWS, type WindowName } from './codes.ts';

/** A briefing of now that is presented to others has no record: scope, window and deck name it. No schemas, so that a page does not carry TypeBox. */
export interface LiveAddress {
  scope: string;
  window: WindowName;
  deck: string;
}

export const LIVE_ID_PATTERN = `^live-[0-9]{6}([0-9]{3})?-(${WINDOWS.join('|')})-[a-z][a-z0-9-]{0,40}$`;
const LIVE_ID = /^live-(\d{6}(?:\d{3})?)-([0-9a-z]+)-([a-z][a-z0-9-]{0,40})$/;

/** `live-330110-week-weekly`. */
export const liveId = ({ scope, window, deck }: LiveAddress): string => `live-${scope}-${window}-${deck}`;

/** What such an id names; undefined for that of a briefing that is kept, and for what is none. */
export function liveOf(id: string): LiveAddress | undefined {
  const [, scope = '', name = '', deck = ''] = LIVE_ID.exec(id) ?? [];
  const window = WINDOWS.find((one) => one === name);
  return window && { scope, window, deck };
}

/** All who follow one of now read it in the same stretches of the server's clock, ms: what one of them reads in a stretch all are told. */
export const STRETCH_MS = 10_000;
