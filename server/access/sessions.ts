import type { Edit } from '../redis/accessStore.ts';
import type { Directory } from './directory.ts';
import { newId } from './records.ts';
import { hashToken, mintSecret } from './secret.ts';

/** A person signs in anew after so long, ms: a working day. */
export const SESSION_MS = 12 * 3_600_000;
/** Open sessions of one person; past that the oldest ends. */
const MAX_SESSIONS = 10;

/** What lies between signing in and signing out. The secret is a new one each time, never one that a browser brought along. */
export interface Sessions {
  begin(person: string, from: string): { secret: string; edits: (person?: string) => Edit[] };
  /** The edits that end all sessions of a person. */
  ending(person: string): Edit[];
  end(id: string): Promise<void>;
  endAll(person: string): Promise<void>;
  count(person: string): number;
  /** Takes away what has ended by the clock. */
  sweep(): Promise<void>;
}

export function createSessions(directory: Directory, now: () => number): Sessions {
  const of = (person: string) => directory.list('session').filter(([, session]) => session.person === person);
  const remove = (id: string) => directory.edit('session', id, undefined);
  return {
    begin(person, from) {
      const secret = mintSecret('ws');
      const id = newId();
      return {
        secret,
        edits(whose = person) {
          const at = now();
          const open = of(whose).sort(([, a], [, b]) => a.at - b.at);
          return [
            ...open.slice(0, Math.max(0, open.length - MAX_SESSIONS + 1)).map(([old]) => remove(old)),
            directory.edit('session', id, { person: whose, hash: hashToken(secret), at, ends: at + SESSION_MS, from }),
          ];
        },
      };
    },
    ending: (person) => of(person).map(([id]) => remove(id)),
    end: (id) => directory.change(() => (directory.get('session', id) ? [remove(id)] : undefined)),
    endAll: (person) => directory.change(() => of(person).map(([id]) => remove(id))),
    count: (person) => of(person).filter(([, { ends }]) => ends > now()).length,
    async sweep() {
      const over = now();
      await directory.change(() => [
        ...directory.list('session').filter(([, { ends }]) => ends <= over).map(([id]) => remove(id)),
        ...directory.list('invite').filter(([, { ends }]) => ends <= over).map(([id]) => directory.edit('invite', id, undefined)),
      ]);
    },
  };
}
