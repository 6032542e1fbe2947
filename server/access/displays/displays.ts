import type { Display, Pair } from '../../../contract/accessAdmin.ts';
import { IDENTIFY_S } from '../../../contract/accessLimits.ts';
import type { Command } from '../../../contract/protocol.ts';
import { AccessError } from '../accessError.ts';
import type { ChangeBy } from '../changeBy.ts';
import type { Directory } from '../directory.ts';
import { checkGrant, type Divisions } from '../grants.ts';
import { releaseName, rename, tidyName } from '../names.ts';
import type { Principal } from '../../platform/http/principal.ts';
import type { DisplayRecord } from '../records.ts';
import type { ShortStore } from '../store/shortStore.ts';
import { storedDisplay } from './displayTokens.ts';
import { displayView, showPath, type DisplayStatus } from './displayView.ts';

/** A display that says nothing for so long is offline, ms: it reports every 15 s. */
export const ONLINE_MS = 45_000;

/** What one process asks all to send to a display. */
interface Signal {
  display: string;
  command: Command;
}

export interface DisplaysParts {
  directory: Directory;
  changeBy: ChangeBy;
  short: ShortStore;
  divisions: Divisions;
  build: string;
  now: () => number;
}

/** Screens that were paired: they need nobody to sign in, for good. Errors are AccessError. */
export interface Displays {
  list(): Promise<Display[]>;
  get(id: string): Promise<Display>;
  change(id: string, changes: Partial<Pair>, by: Principal): Promise<Display>;
  revoke(id: string, by: Principal): Promise<void>;
  /** Has a display that is online do something. */
  send(id: string, kind: 'reload' | 'identify'): Promise<void>;
  /** Where a display is to be, and its name. */
  assignment(id: string): { path: string; name: string } | undefined;
  /** Keeps how a display is that is connected to this process. */
  keepOnline(id: string, status: DisplayStatus): Promise<void>;
  keepOffline(id: string, status: DisplayStatus): Promise<void>;
  /** Calls back with what any process has for a display. */
  onCommand(listener: (display: string, command: Command) => void): () => void;
}

export function createDisplays({ directory, changeBy, short, divisions, build, now }: DisplaysParts): Displays {
  const views = async (found: readonly [id: string, record: DisplayRecord][]): Promise<Display[]> => {
    const statuses = await short.statuses(found.map(([id]) => id));
    return found.map(([id, record], i) => displayView(id, record, statuses[i]!, build));
  };
  const get = async (id: string): Promise<Display> => (await views([[id, storedDisplay(directory, id)]]))[0]!;
  const assignment: Displays['assignment'] = (id) => {
    const found = directory.get('display', id);
    return found && { path: showPath(found.screen, found.scope, found.settings), name: found.name };
  };
  const signal = (display: string, command: Command) =>
    directory.signal(JSON.stringify({ display, command } satisfies Signal));

  return {
    get,
    assignment,
    list: () => views(directory.list('display').sort(([, a], [, b]) => a.name.localeCompare(b.name, 'zh-CN'))),
    async change(id, { name, scope, screen, settings }, by) {
      await changeBy(by, () => {
        const before = storedDisplay(directory, id);
        const after: DisplayRecord = {
          ...before,
          ...(name === undefined ? {} : { name: tidyName(name) }),
          ...(scope === undefined ? {} : { scope }),
          ...(screen === undefined ? {} : { screen }),
          ...(settings === undefined ? {} : { settings }),
        };
        checkShown(after.screen, after.scope, divisions);
        return [directory.edit('display', id, after), ...rename(directory, 'display', id, before.name, after.name)];
      });
      const shown = assignment(id);
      if (shown) await signal(id, { kind: 'show', ...shown });
      return get(id);
    },
    async revoke(id, by) {
      await changeBy(by, () => [
        releaseName('display', storedDisplay(directory, id).name),
        directory.edit('display', id, undefined),
      ]);
      await short.forget(id);
    },
    async send(id, kind) {
      const { online, name } = await get(id);
      if (!online) throw new AccessError(409, `${name} is offline`);
      await signal(id, kind === 'reload' ? { kind } : { kind, name, seconds: IDENTIFY_S });
    },
    keepOnline: (id, status) => short.online(id, JSON.stringify(status), ONLINE_MS),
    keepOffline: (id, status) =>
      directory.get('display', id)
        ? short.offline(id, JSON.stringify({ ...status, since: now() } satisfies DisplayStatus))
        : short.forget(id),
    onCommand: (listener) =>
      directory.onRead((signals) => {
        for (const text of signals) {
          const { display, command } = JSON.parse(text) as Signal;
          listener(display, command);
        }
      }),
  };
}

/** Checks that a display can show something. @throws AccessError 400 `scope` */
export function checkShown(screen: string, scope: string, divisions: Divisions): void {
  checkGrant({ role: 'display', scope }, divisions);
  if (screen === 'kiosk' && scope.length !== 9)
    throw new AccessError(400, `a kiosk shows one town, and ${scope} is a region`, { parameter: 'scope' });
}
