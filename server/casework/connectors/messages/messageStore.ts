import type { InboxEntry } from '../../../../contract/supervision.ts';
import { MESSAGE_PLATFORM } from '../../../../common/messages/constants.ts';
import type { RedisClient } from '../../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../../platform/redis/script.ts';
import { countingKeys } from '../../../streams/counting/keys.ts';
import { compareStreamIds, msOfId } from '../../../streams/streamIds.ts';
import { createInboxStore } from '../../clock/inboxStore.ts';
import { deliveryKeys } from '../keys.ts';
import type { Message } from '../outcome.ts';
import { createOutbox, type Outbox } from '../outbox.ts';
import { laneOf, type Gathered, type Recipient, type ReportNews } from './gather.ts';

const script = loadScript('server/casework/connectors/messages/scripts/gather.lua');
const tellScript = loadScript('server/casework/connectors/messages/scripts/tellReport.lua');
const READ_AT_ONCE = 500;
const everything = (entry: InboxEntry) => Promise.resolve(entry);

/** What is to be told to people: entries of the inbox that were taken in and wait for others, and those after them. */
export interface ToTell {
  /** Entry of the inbox up to which all were taken in. */
  position: string;
  /** Where it is once these are taken in. */
  after: string;
  /** In order; those of `held` were taken in before. */
  entries: InboxEntry[];
  held: ReadonlySet<string>;
}

export interface MessageStore {
  /** From now on, what comes into the inbox is told; what is there is history. Where it is told already, that goes on. */
  begin(): Promise<void>;
  read(): Promise<ToTell>;
  /** @returns false where another process has done something since it was read: then nothing is written */
  write(read: ToTell, messages: readonly Gathered[], stay: readonly InboxEntry[]): Promise<boolean>;
  /** Puts the news of a report into what waits, once for each recipient, whoever else does so at the same time. */
  tellReport(to: readonly Recipient[], report: ReportNews): Promise<void>;
  /** With what waits to become a message among what waits. */
  outbox: Outbox;
  forget(): Promise<void>;
}

export function createMessageStore(redis: RedisClient, region: string): MessageStore {
  const { messages: state, heldEntries, toldReports } = deliveryKeys(region);
  const stream = countingKeys(region).outbox + MESSAGE_PLATFORM;
  const inbox = createInboxStore(redis, region);
  const outbox = createOutbox(redis, region, MESSAGE_PLATFORM, (text) => messageOf(region, text), false);
  const held = async () =>
    Object.values(await redis.hgetall(heldEntries)).map((text) => JSON.parse(text) as InboxEntry);
  return {
    async begin() {
      const { after } = await inbox.latest(1, everything);
      await redis.hsetnx(state, 'position', after);
    },
    async read() {
      const position = (await redis.hget(state, 'position')) ?? '0-0';
      const [waiting, next] = await Promise.all([held(), inbox.after(position, READ_AT_ONCE, everything)]);
      const entries = [...waiting, ...next.items].sort((a, b) => compareStreamIds(a.id, b.id));
      return { position, after: next.after, entries, held: new Set(waiting.map(({ id }) => id)) };
    },
    async write({ position, after, entries, held: before }, messages, stay) {
      const stays = new Set(stay.map(({ id }) => id));
      const gone = entries.filter(({ id }) => before.has(id) && !stays.has(id));
      const fresh = stay.filter(({ id }) => !before.has(id));
      if (position === after && !gone.length && !fresh.length) return true;
      const args = [position, after, gone.length, ...gone.map(({ id }) => id), fresh.length];
      for (const entry of fresh) args.push(entry.id, JSON.stringify(entry));
      for (const message of messages) args.push(JSON.stringify(message));
      return (await runScript(redis, script, [state, heldEntries, stream], args)) === 1;
    },
    async tellReport(to, report) {
      const args = to.flatMap((recipient) => {
        const message: Gathered = { to: recipient, red: false, entries: [], report };
        return [`${report.id} ${laneOf(message)}`, JSON.stringify(message)];
      });
      await runScript(redis, tellScript, [toldReports, stream], args);
    },
    outbox: {
      ...outbox,
      async size() {
        const [size, waiting] = await Promise.all([outbox.size(), held()]);
        const times = waiting.map(({ id }) => msOfId(id));
        if (size.oldest !== undefined) times.push(size.oldest);
        return {
          waiting: size.waiting + waiting.length,
          failed: size.failed,
          ...(times.length ? { oldest: Math.min(...times) } : {}),
        };
      },
    },
    async forget() {
      await redis.unlink(state, heldEntries, toldReports);
    },
  };
}

/** A message as it waits: what it tells, without a word of it. @throws SyntaxError if the text is none */
function messageOf(region: string, text: string): Message {
  const gathered = JSON.parse(text) as Gathered;
  const { entries, report } = gathered;
  const lane = laneOf(gathered);
  if (report) {
    const id = `message/${region}/report/${report.id}/${lane}`;
    // It tells of no alert: its failures go by the report.
    return { id, key: id, alertId: report.id, alerts: [], lane, body: text };
  }
  const [first] = entries;
  const alerts = [...new Set(entries.map(({ alertId }) => alertId))];
  const alertId = `${first!.alertId}${alerts.length > 1 ? ` +${alerts.length - 1}` : ''}`;
  const id = `message/${region}/${first!.id}`;
  return { id, key: id, alertId, alerts, lane, body: text };
}

/** What a message tells. */
export const gatheredOf = ({ body }: Pick<Message, 'body'>): Gathered => JSON.parse(body) as Gathered;
