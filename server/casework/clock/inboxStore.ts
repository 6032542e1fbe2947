import type { Inbox, InboxEntry } from '../../../contract/supervision.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { inBlocks } from '../../platform/inBlocks.ts';
import { clockKeys } from './keys.ts';

const READ_AT_ONCE = 500;

/** An entry as somebody is told it; undefined where it is not for them. */
export type Telling = (entry: InboxEntry) => Promise<InboxEntry | undefined>;

export interface InboxStore {
  /** The latest entries that somebody is told, oldest first. */
  latest(limit: number, told: Telling): Promise<Inbox>;
  /** The first ones after an entry. */
  after(id: string, limit: number, told: Telling): Promise<Inbox>;
}

export function createInboxStore(redis: RedisClient, region: string): InboxStore {
  const { inbox } = clockKeys(region);
  const entryOf = ([id, [, payload]]: [string, string[]]): InboxEntry => ({
    ...(JSON.parse(payload!) as Omit<InboxEntry, 'id'>),
    id,
  });
  return {
    async latest(limit, told) {
      const items: InboxEntry[] = [];
      let before = '+';
      let newest: string | undefined;
      while (items.length < limit) {
        const part = (await redis.xrevrange(inbox, before, '-', 'COUNT', READ_AT_ONCE)).map(entryOf);
        newest ??= part[0]?.id;
        for await (const [, mine] of inBlocks(part, told)) {
          if (mine) items.push(mine);
          if (items.length === limit) break;
        }
        if (part.length < READ_AT_ONCE) break;
        before = `(${part.at(-1)!.id}`;
      }
      return { items: items.reverse(), after: newest ?? '0-0', more: false };
    },
    async after(id, limit, told) {
      const items: InboxEntry[] = [];
      let at = id;
      for (;;) {
        const part = (await redis.xrange(inbox, `(${at}`, '+', 'COUNT', READ_AT_ONCE)).map(entryOf);
        for await (const [entry, mine] of inBlocks(part, told)) {
          if (items.length === limit) return { items, after: at, more: true };
          if (mine) items.push(mine);
          at = entry.id;
        }
        if (part.length < READ_AT_ONCE) return { items, after: at, more: false };
      }
    },
  };
}
