import type { Inbox, InboxEntry } from '../../../contract/supervision.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { inBlocks } from '../../platform/inBlocks.ts';
import { clockKeys } from './keys.ts';

const READ_AT_ONCE = 500;

export interface InboxStore {
  /** The latest entries that somebody wants, oldest first. */
  latest(limit: number, wanted: (entry: InboxEntry) => Promise<boolean>): Promise<Inbox>;
  /** The first ones after an entry. */
  after(id: string, limit: number, wanted: (entry: InboxEntry) => Promise<boolean>): Promise<Inbox>;
}

export function createInboxStore(redis: RedisClient, region: string): InboxStore {
  const { inbox } = clockKeys(region);
  const entryOf = ([id, [, payload]]: [string, string[]]): InboxEntry => ({
    ...(JSON.parse(payload!) as Omit<InboxEntry, 'id'>),
    id,
  });
  return {
    async latest(limit, wanted) {
      const items: InboxEntry[] = [];
      let before = '+';
      let newest: string | undefined;
      while (items.length < limit) {
        const part = (await redis.xrevrange(inbox, before, '-', 'COUNT', READ_AT_ONCE)).map(entryOf);
        newest ??= part[0]?.id;
        for await (const [entry, isWanted] of inBlocks(part, wanted)) {
          if (isWanted) items.push(entry);
          if (items.length === limit) break;
        }
        if (part.length < READ_AT_ONCE) break;
        before = `(${part.at(-1)!.id}`;
      }
      return { items: items.reverse(), after: newest ?? '0-0', more: false };
    },
    async after(id, limit, wanted) {
      const items: InboxEntry[] = [];
      let at = id;
      for (;;) {
        const part = (await redis.xrange(inbox, `(${at}`, '+', 'COUNT', READ_AT_ONCE)).map(entryOf);
        for await (const [entry, isWanted] of inBlocks(part, wanted)) {
          if (items.length === limit) return { items, after: at, more: true };
          if (isWanted) items.push(entry);
          at = entry.id;
        }
        if (part.length < READ_AT_ONCE) return { items, after: at, more: false };
      }
    },
  };
}
