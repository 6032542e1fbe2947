import { WINDOWS, type WindowName } from '../../../contract/codes.ts';
import { TURN_SECONDS } from '../../../contract/presentLimits.ts';
import { parseLang, type Lang } from '../../i18n/lang.ts';
import { isDivisionCode } from '../../../common/divisions.ts';
import { parsePanels } from '../layout/seams.ts';
import { THEMES, type Theme } from '../../styles/ink.ts';

export type Distance = 'far' | 'near';

/**
 * The whole state of a screen, as its URL says it. What the URL does not say comes from this browser's settings,
 * and what those do not say from the defaults. Pure.
 */
export interface ScreenState {
  /** A division code; empty: the region the server offers first. */
  scope: string;
  window: WindowName;
  lang: Lang;
  quality: 'auto' | 'high' | 'low';
  /** Whether the wall goes round. `auto`: unless the URL names a scope, which then holds for good. */
  rotate: 'auto' | 'on' | 'off';
  /** Colours of the screen. `auto`: as the system wishes for contrast, else the night's. */
  theme: 'auto' | Theme;
  /** From how far it is read. `auto`: by the shape of the wall. */
  distance: 'auto' | Distance;
  /** Panels that the wall is put together from, `3x1`: three beside one another; empty: one. */
  panels: string;
  sound: boolean;
  /** `auto`: by the schedule; or a fixed percentage. */
  brightness: 'auto' | number;
  /** Percentage at night. */
  night: number;
  /** Hours, region's time: night begins and ends. */
  nightFrom: number;
  nightTo: number;
  /** Shift the picture by a few pixels now and then, against burn-in. */
  shift: boolean;
  /** Seconds without a touch after which a kiosk rests. */
  rest: number;
  /** Of a display that shows a briefing: its deck (empty: the weekly one), after how many seconds it turns, and whether it follows who presents. */
  deck: string;
  turn: number;
  follow: boolean;
}

export const DEFAULTS: ScreenState = {
  scope: '',
  window: '30d',
  lang: 'zh-CN',
  quality: 'auto',
  rotate: 'auto',
  theme: 'auto',
  distance: 'auto',
  panels: '',
  sound: false,
  brightness: 'auto',
  night: 60,
  nightFrom: 22,
  nightTo: 6,
  shift: true,
  rest: 120,
  deck: '',
  turn: TURN_SECONDS,
  follow: false,
};

/**
 * Whether a wall goes round (docs/screens.md, Rotation): a scope that its URL names holds for good, unless `rotate=on` asks for the
 * round, too.
 */
export function goesRound({ rotate, scope }: Pick<ScreenState, 'rotate' | 'scope'>): boolean {
  return rotate === 'on' || (rotate === 'auto' && scope === '');
}

/** What belongs to the URL alone. */
const OF_URL = ['scope', 'window', 'deck', 'turn', 'follow'] as const;
/** What this browser keeps. */
export type Settings = Omit<ScreenState, (typeof OF_URL)[number]>;
export const MIN_BRIGHTNESS = 20;

type Raw = Record<string, unknown>;
type Codec<T> = { read: (text: string) => T | undefined; write: (value: T) => string };

const oneOf = <T extends string>(values: readonly T[]): Codec<T> => ({
  read: (text) => values.find((value) => value === text),
  write: (value) => value,
});
const flag: Codec<boolean> = {
  read: (text) => (/^(on|1|true)$/.test(text) ? true : /^(off|0|false)$/.test(text) ? false : undefined),
  write: (value) => (value ? 'on' : 'off'),
};
const onOff: Codec<'auto' | 'on' | 'off'> = {
  read(text) {
    const is = flag.read(text);
    return text === 'auto' ? 'auto' : is === undefined ? undefined : is ? 'on' : 'off';
  },
  write: (value) => value,
};
const integer = (min: number, max: number): Codec<number> => ({
  read: (text) => (/^\d{1,4}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined),
  write: String,
});
const percentage = integer(MIN_BRIGHTNESS, 100);

const CODECS: { [K in keyof ScreenState]: Codec<ScreenState[K]> } = {
  scope: { read: (text) => (isDivisionCode(text) ? text : undefined), write: (value) => value },
  window: oneOf(WINDOWS),
  lang: { read: parseLang, write: (value) => (value === 'zh-CN' ? 'zh' : value) },
  quality: oneOf(['auto', 'high', 'low']),
  rotate: onOff,
  theme: oneOf(['auto', ...THEMES]),
  distance: oneOf(['auto', 'far', 'near']),
  panels: { read: (text) => (text === '' || parsePanels(text) ? text : undefined), write: (value) => value },
  sound: flag,
  brightness: {
    read: (text) => (text === 'auto' ? 'auto' : percentage.read(text)),
    write: String,
  },
  night: percentage,
  nightFrom: integer(0, 23),
  nightTo: integer(0, 23),
  shift: flag,
  rest: integer(5, 3600),
  deck: { read: (text) => (/^[a-z][a-z0-9-]{0,40}$/.test(text) ? text : undefined), write: (value) => value },
  turn: integer(5, 3600),
  follow: flag,
};
const KEYS = Object.keys(CODECS) as (keyof ScreenState)[];

/** Whether a key of the query belongs to the screen's state. */
export function isScreenKey(key: string): boolean {
  return Object.hasOwn(CODECS, key);
}

function readKey<K extends keyof ScreenState>(key: K, raw: Raw, into: Partial<ScreenState>): void {
  const given = raw[key];
  const text: unknown = Array.isArray(given) ? given[0] : given;
  // `?sound` alone means on.
  const value = typeof text === 'string' ? CODECS[key].read(text) : text === null ? CODECS[key].read('on') : undefined;
  if (value !== undefined) into[key] = value;
}

/** What a router query says; unknown keys and values are as if absent. */
export function readQuery(query: Raw): Partial<ScreenState> {
  const result: Partial<ScreenState> = {};
  for (const key of KEYS) readKey(key, query, result);
  return result;
}

/** The settings kept in this browser, from their stored text; broken text is as if there were none. */
export function readStored(text: string | null): Partial<Settings> {
  try {
    const raw: unknown = JSON.parse(text ?? '{}');
    if (typeof raw !== 'object' || raw === null) return {};
    const settings = readQuery(raw as Raw);
    for (const key of OF_URL) delete settings[key];
    // Kept, it says no more than that this browser's walls go round: a scope in the URL still holds.
    if (settings.rotate === 'on') settings.rotate = 'auto';
    return settings;
  } catch {
    return {};
  }
}

export function writeStored(settings: Partial<Settings>): string {
  return JSON.stringify(toTexts(settings));
}

function toTexts(state: Partial<ScreenState>): Record<string, string> {
  const texts: Record<string, string> = {};
  const put = <K extends keyof ScreenState>(key: K) => {
    const value = state[key];
    if (value !== undefined) texts[key] = CODECS[key].write(value);
  };
  KEYS.forEach(put);
  return texts;
}

/** The state of a screen from its URL, its browser's settings and the defaults, in this order. */
export function resolve(query: Partial<ScreenState>, stored: Partial<Settings>): ScreenState {
  return { ...DEFAULTS, ...stored, ...query };
}

/**
 * The query that gives `state` in any browser: all that differs from the defaults, and what differs from this
 * browser's own settings (or it would not hold here).
 * @param said what the URL says so far: that stays in it, as long as it is so
 */
export function writeQuery(state: ScreenState, stored: Partial<Settings>, said: Raw = {}): Record<string, string> {
  const base = { ...DEFAULTS, ...stored };
  const before = readQuery(said);
  return toTexts(
    Object.fromEntries(
      KEYS.filter((key) => state[key] !== DEFAULTS[key] || state[key] !== base[key] || state[key] === before[key]).map(
        (key) => [key, state[key]],
      ),
    ),
  );
}
