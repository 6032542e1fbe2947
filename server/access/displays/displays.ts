import { randomInt } from 'node:crypto';
import type { Display, Pair, PairingWaiting } from '../../../contract/accessAdmin.ts';
import { IDENTIFY_S, PAIRING_LENGTH, PAIRING_LETTERS } from '../../../contract/accessLimits.ts';
import { DISPLAY_SCREENS, type DisplayScreen } from '../../../contract/roles.ts';
import type { Command, Report } from '../../../contract/protocol.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { Edit } from '../store/accessStore.ts';
import type { ShortStore } from '../store/shortStore.ts';
import { AccessError } from '../accessError.ts';
import type { Directory } from '../directory.ts';
import { checkGrant } from '../grants.ts';
import { tidy } from '../people/people.ts';
import { nameField, newId, type DisplayRecord } from '../records.ts';
import { hashToken, mintSecret } from '../secret.ts';
import type { Throttle } from '../sessions/throttle.ts';

/** A code on a screen is good for so long, ms. */
export const PAIRING_MS = 10 * 60_000;
/** New codes for one address in a minute, and for all together: no flood can use up codes or memory. */
const PER_ADDRESS = 10;
const FOR_ALL = 200;
const MINUTE_MS = 60_000;

/** A display's token ends after so long unless it is renewed; it is renewed from then on, so there are months to do it in. */
export const DISPLAY_TOKEN_MS = 180 * 86_400_000;
export const RENEW_AFTER_MS = 7 * 86_400_000;
/** A display that says nothing for so long is offline, ms: it reports every 15 s. */
export const ONLINE_MS = 45_000;

/** What is kept of a screen that waits. Digest of its secret; the display once an admin has typed the code. */
interface Waiting {
  hash: string;
  at: number;
  from: string;
  agent: string;
  display?: string;
}
/** What was last heard of a display. Times by the server's clock. */
interface Heard {
  since: number;
  from?: string;
  report?: Report & { at: number };
}
/** What one process asks all to tell a display. */
interface Signal {
  display: string;
  command: Command;
}

export interface DisplaysParts {
  directory: Directory;
  short: ShortStore;
  throttle: Throttle;
  knownScope: (scope: string) => boolean;
  build: string;
  now: () => number;
}

/** Screens that were paired: they need nobody to sign in, for good. Errors are AccessError. */
export interface Displays {
  begin(from: string, agent: string): Promise<{ code: string; secret: string; ends: number }>;
  /** @returns undefined while nobody has typed the code; else the display's new token and what to show */
  claim(secret: string): Promise<{ token: string; show: string } | undefined>;
  waiting(code: string): Promise<PairingWaiting>;
  pair(code: string, given: Pair, by: string): Promise<Display>;
  list(): Promise<Display[]>;
  get(id: string): Promise<Display>;
  change(id: string, changes: Partial<Pair>): Promise<Display>;
  revoke(id: string): Promise<void>;
  tell(id: string, kind: 'reload' | 'identify'): Promise<void>;
  /** Where a display is to be, and its name. */
  shown(id: string): { path: string; name: string } | undefined;
  /** Whether its newest token is old enough to be renewed. */
  due(id: string): boolean;
  renew(id: string): Promise<string>;
  /** A token that was given last has been used: those before end. */
  used(id: string, hash: string): void;
  /** Says what is heard of a display that is connected to this process. */
  heard(id: string, heard: Heard): Promise<void>;
  gone(id: string, heard: Heard): Promise<void>;
  onSignal(listener: (display: string, command: Command) => void): () => void;
}

export function createDisplays({ directory, short, throttle, knownScope, build, now }: DisplaysParts): Displays {
  const record = (id: string): DisplayRecord => {
    const found = directory.get('display', id);
    if (!found) throw new AccessError(404, 'there is no display of that id', { parameter: 'id' });
    return found;
  };
  const readWaiting = async (code: string): Promise<Waiting> => {
    const text = await short.get('pairing', code);
    if (text === undefined)
      throw new AccessError(404, `no screen waits under ${code}: codes are good for ten minutes`, {
        parameter: 'code',
      });
    return JSON.parse(text) as Waiting;
  };
  const freeName = (name: string, id: string): Edit => {
    const field = nameField('display', name);
    const holder = directory.field(field);
    if (holder !== undefined && holder !== id)
      throw new AccessError(409, 'a display of that name is there already', { parameter: 'name' });
    return { field, from: holder, to: id };
  };
  const checkShown = (screen: string, scope: string) => {
    checkGrant('display', scope, knownScope);
    if (screen === 'kiosk' && scope.length !== 9)
      throw new AccessError(400, `a kiosk shows one town, and ${scope} is a region`, { parameter: 'scope' });
  };
  const newToken = () => {
    const token = mintSecret('wd');
    return { token, entry: { hash: hashToken(token), issued: now(), ends: now() + DISPLAY_TOKEN_MS } };
  };
  const view = (
    id: string,
    { name, scope, screen, settings, createdAt, createdBy, tokens }: DisplayRecord,
    online: boolean,
    text: string | undefined,
  ): Display => {
    const heard = text === undefined ? undefined : (JSON.parse(text) as Heard);
    const display: Display = {
      id,
      name,
      scope,
      screen: shownScreen(screen),
      settings,
      show: showPath(screen, scope, settings),
      online,
      createdAt: toRfc3339(createdAt),
      createdBy,
    };
    if (shownScreen(screen) !== screen) display.absentScreen = screen;
    const newest = tokens.at(-1);
    if (newest) display.expires = toRfc3339(newest.ends);
    if (heard) {
      display.since = toRfc3339(heard.since);
      if (heard.from !== undefined) display.from = heard.from;
      if (heard.report) {
        display.report = { ...heard.report, at: toRfc3339(heard.report.at) };
        if (heard.report.build !== build) display.outdated = true;
      }
    }
    return display;
  };
  const views = async (found: readonly [id: string, record: DisplayRecord][]): Promise<Display[]> => {
    const heard = await short.heard(found.map(([id]) => id));
    return found.map(([id, one], i) => view(id, one, heard[i]!.online, heard[i]!.heard));
  };
  const get = async (id: string): Promise<Display> => (await views([[id, record(id)]]))[0]!;
  const signal = (display: string, command: Command) =>
    directory.signal(JSON.stringify({ display, command } satisfies Signal));

  return {
    async begin(from, agent) {
      await throttle.limit('pairing', from, PER_ADDRESS, MINUTE_MS);
      await throttle.limit('pairing', '', FOR_ALL, MINUTE_MS);
      const secret = mintSecret('wp');
      const waiting: Waiting = { hash: hashToken(secret), at: now(), from, agent: agent.slice(0, 200) };
      for (;;) {
        const code = Array.from(
          { length: PAIRING_LENGTH },
          () => PAIRING_LETTERS[randomInt(PAIRING_LETTERS.length)],
        ).join('');
        if (await short.put('pairing', code, JSON.stringify(waiting), PAIRING_MS))
          return { code, secret: `${code}.${secret}`, ends: waiting.at + PAIRING_MS };
      }
    },
    async claim(given) {
      const code = given.slice(0, PAIRING_LENGTH);
      const waiting = await readWaiting(code);
      if (hashToken(given.slice(PAIRING_LENGTH + 1)) !== waiting.hash)
        throw new AccessError(404, 'no screen waits under this secret');
      const id = waiting.display;
      if (id === undefined) return undefined;
      // Asked again, because the answer was lost: the token that was given before ends unless it is in use already.
      const { token, entry } = newToken();
      await directory.change(() => {
        const display = record(id);
        return [directory.edit('display', id, { ...display, tokens: withToken(display.tokens, entry) })];
      });
      const { screen, scope, settings } = record(id);
      return { token, show: showPath(screen, scope, settings) };
    },
    async waiting(code) {
      const { at, from, agent } = await readWaiting(code);
      return { code, at: toRfc3339(at), from, agent, expires: toRfc3339(at + PAIRING_MS) };
    },
    async pair(code, { name: given, scope, screen, settings = {} }, by) {
      const name = tidy(given);
      checkShown(screen, scope);
      const waiting = await readWaiting(code);
      if (waiting.display !== undefined)
        throw new AccessError(409, `the screen under ${code} has been paired already`, { parameter: 'code' });
      const id = newId();
      await directory.change(() => [
        { ...freeName(name, id) },
        directory.edit('display', id, { name, scope, screen, settings, tokens: [], createdAt: now(), createdBy: by }),
      ]);
      if (!(await short.replace('pairing', code, JSON.stringify({ ...waiting, display: id } satisfies Waiting)))) {
        await this.revoke(id);
        throw new AccessError(404, `no screen waits under ${code} any more`, { parameter: 'code' });
      }
      return get(id);
    },
    async list() {
      return views(directory.list('display').sort(([, a], [, b]) => a.name.localeCompare(b.name, 'zh-CN')));
    },
    get,
    async change(id, { name: given, scope, screen, settings }) {
      await directory.change(() => {
        const before = record(id);
        const after: DisplayRecord = {
          ...before,
          ...(given === undefined ? {} : { name: tidy(given) }),
          ...(scope === undefined ? {} : { scope }),
          ...(screen === undefined ? {} : { screen }),
          ...(settings === undefined ? {} : { settings }),
        };
        checkShown(after.screen, after.scope);
        const edits = [directory.edit('display', id, after)];
        if (nameField('display', after.name) !== nameField('display', before.name)) {
          edits.push(freeName(after.name, id), {
            field: nameField('display', before.name),
            from: 'any',
            to: undefined,
          });
        }
        return edits;
      });
      const { screen: shownScreen, scope: shownScope, settings: shownSettings, name } = record(id);
      await signal(id, { kind: 'show', path: showPath(shownScreen, shownScope, shownSettings), name });
      return get(id);
    },
    async revoke(id) {
      await directory.change(() => [
        directory.edit('display', id, undefined),
        { field: nameField('display', record(id).name), from: 'any', to: undefined },
      ]);
      await short.forget(id);
    },
    async tell(id, kind) {
      const { online, name } = await get(id);
      if (!online) throw new AccessError(409, `${name} is offline`);
      await signal(id, kind === 'reload' ? { kind } : { kind, name, seconds: IDENTIFY_S });
    },
    shown(id) {
      const found = directory.get('display', id);
      return found && { path: showPath(found.screen, found.scope, found.settings), name: found.name };
    },
    due(id) {
      const newest = directory.get('display', id)?.tokens.at(-1);
      // A clock that was set back must not keep it from being renewed for good.
      return newest !== undefined && Math.abs(now() - newest.issued) > RENEW_AFTER_MS;
    },
    async renew(id) {
      const { token, entry } = newToken();
      await directory.change(() => {
        const display = record(id);
        return [directory.edit('display', id, { ...display, tokens: withToken(display.tokens, entry) })];
      });
      return token;
    },
    used(id, hash) {
      void directory
        .change(() => {
          const display = directory.get('display', id);
          const at = display?.tokens.findIndex((token) => token.hash === hash) ?? -1;
          return display && at > 0
            ? [directory.edit('display', id, { ...display, tokens: display.tokens.slice(at) })]
            : undefined;
        })
        .catch(() => undefined);
    },
    heard: (id, heard) => short.online(id, JSON.stringify(heard), ONLINE_MS),
    gone: (id, heard) =>
      directory.get('display', id) ? short.offline(id, JSON.stringify({ ...heard, since: now() })) : short.forget(id),
    onSignal(listener) {
      return directory.onLook((signals) => {
        for (const text of signals) {
          const { display, command } = JSON.parse(text) as Signal;
          listener(display, command);
        }
      });
    },
  };
}

/** How many tokens of a display hold at most: the one in use, and renewed ones of which nobody knows which has arrived. */
const MAX_TOKENS = 4;

function withToken(tokens: DisplayRecord['tokens'], entry: DisplayRecord['tokens'][number]): DisplayRecord['tokens'] {
  return [...(tokens.length < MAX_TOKENS ? tokens : [tokens[0]!, ...tokens.slice(2)]), entry];
}

/** The screen that a display shows: its own, or the wall where this version has no such screen. */
function shownScreen(stored: string): DisplayScreen {
  return DISPLAY_SCREENS.find((screen) => screen === stored) ?? 'wall';
}

/** The page of a display with its query; `absent` has the wall say that it stands in for another screen. */
export function showPath(stored: string, scope: string, settings: Record<string, string>): string {
  const screen = shownScreen(stored);
  const absent = screen === stored ? {} : { absent: stored };
  const query = new URLSearchParams(screen === 'kiosk' ? settings : { ...settings, scope, ...absent }).toString();
  return `/${screen === 'kiosk' ? `kiosk/${scope}` : screen}${query ? `?${query}` : ''}`;
}
