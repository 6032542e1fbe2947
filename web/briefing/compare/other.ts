import { DAY_MS, dateOf, floorTo, midnight, parseRfc3339, toRfc3339, yearEarlier } from '../../../common/regionTime.ts';
import { isDivisionCode } from '../../../common/divisions.ts';
import type { BriefingContent } from '../../../contract/briefings.ts';
import { WINDOWS, type WindowName } from '../../../contract/codes.ts';

/** How far back the same moment of another day is. */
export const BACKS = ['day', 'week', 'month', 'year'] as const;
export type Back = (typeof BACKS)[number];

/** What a briefing is compared with: another moment, window, or scope, or another briefing. */
export type Other =
  | { kind: 'back'; back: Back }
  | { kind: 'at'; at: number }
  | { kind: 'window'; window: WindowName }
  | { kind: 'scope'; scope: string }
  | { kind: 'briefing'; id: string };

/** As it stands in the address: `week`, `at:2026-11-21T09:00:00+08:00`, `window:month`, `scope:330110005`, `briefing:330110-…`. */
export function otherText(other: Other): string {
  switch (other.kind) {
    case 'back':
      return other.back;
    case 'at':
      return `at:${toRfc3339(other.at)}`;
    case 'window':
      return `window:${other.window}`;
    case 'scope':
      return `scope:${other.scope}`;
    case 'briefing':
      return `briefing:${other.id}`;
  }
}

/** What an address asks for; undefined for what is none. */
export function otherOf(text: unknown): Other | undefined {
  if (typeof text !== 'string') return undefined;
  const back = BACKS.find((one) => one === text);
  if (back) return { kind: 'back', back };
  const [kind, ...rest] = text.split(':');
  const value = rest.join(':');
  switch (kind) {
    case 'at': {
      const at = parseRfc3339(value);
      return at === undefined ? undefined : { kind, at };
    }
    case 'window': {
      const window = WINDOWS.find((one) => one === value);
      return window && { kind, window };
    }
    case 'scope':
      return isDivisionCode(value) ? { kind, scope: value } : undefined;
    case 'briefing':
      return /^\d{6}-[0-9a-f]{18}$/.test(value) ? { kind, id: value } : undefined;
    default:
      return undefined;
  }
}

/** The same time of an earlier day; of a month that is shorter, its last day. Epoch ms. */
export function backFrom(at: number, back: Back): number {
  if (back === 'day') return at - DAY_MS;
  if (back === 'week') return at - 7 * DAY_MS;
  const time = at - floorTo(at, DAY_MS);
  if (back === 'year') return yearEarlier(at) + time;
  const { year, month, day } = dateOf(at);
  const last = dateOf(midnight(year, month, 1) - DAY_MS).day;
  return midnight(year, month - 1, Math.min(day, last)) + time;
}

/**
 * What the server is asked for; undefined where another briefing is read.
 * @param live the briefing is of now: another window or scope is of now, too
 */
export function queryOf(
  other: Other,
  { scope, window, at, past }: Pick<BriefingContent, 'scope' | 'window' | 'at' | 'past'>,
  live: boolean,
): { scope: string; window: WindowName; at?: string } | undefined {
  const moment = live && !past ? {} : { at };
  switch (other.kind) {
    case 'back':
      return { scope, window, at: toRfc3339(backFrom(parseRfc3339(at)!, other.back)) };
    case 'at':
      return { scope, window, at: toRfc3339(other.at) };
    case 'window':
      return { scope, window: other.window, ...moment };
    case 'scope':
      return { scope: other.scope, window, ...moment };
    default:
      return undefined;
  }
}
