import type { MessageSetting } from '../../../../contract/connectors.ts';
import type { RegionPack } from '../../../../contract/region.ts';
import type { InboxEntry } from '../../../../contract/supervision.ts';
import { toRfc3339 } from '../../../../common/regionTime.ts';
import { decodeDocument } from '../../../alerts/document.ts';
import { foldAlert } from '../../../alerts/fold.ts';
import type { DocumentStore } from '../../../streams/counting/documentStore.ts';
import type { Message, Outcome } from '../outcome.ts';
import { Courier, type CourierParts } from '../courier.ts';
import { postWebhook } from '../webhook.ts';
import { gather, type Gathered, type Recipient } from './gather.ts';
import { gatewayRequest } from './gatewayRequest.ts';
import { gatheredOf, type MessageStore } from './messageStore.ts';
import { quietUntil } from './quietHours.ts';
import { namesEmployers, wordsOf } from './wording.ts';

export interface MessengerParts extends Omit<CourierParts, 'outbox' | 'notBefore'> {
  setting: MessageSetting;
  store: MessageStore;
}

/** Tells people what comes into the inbox: gathers it into messages, which a courier sends as it sends events to platforms. */
export class Messenger {
  private readonly parts: MessengerParts;
  private readonly courier: Courier;
  private stopped = false;

  constructor(parts: MessengerParts) {
    this.parts = parts;
    const { quiet } = parts.setting;
    this.courier = new Courier({
      ...parts,
      outbox: parts.store.outbox,
      // What was not sent before the quiet hours began waits for their end.
      notBefore: (message, at) => (quiet && !gatheredOf(message).red && quietUntil(quiet, at)) || 0,
    });
  }

  get problem(): string | undefined {
    return this.courier.problem;
  }

  stop(): void {
    this.stopped = true;
    this.courier.stop();
  }

  async pass(): Promise<void> {
    if (this.stopped) return;
    const { store, setting, now } = this.parts;
    const read = await store.read();
    const { messages, stay } = gather(read.entries, now(), setting);
    await store.write(read, messages, stay);
    await this.courier.pass();
  }
}

export interface MessageTeller {
  setting: MessageSetting;
  pack: Pick<RegionPack, 'code' | 'towns' | 'units'>;
  documents: Pick<DocumentStore, 'read'>;
  key: string | undefined;
  now: number;
}

/**
 * Sends a message with its words. One that cannot be made is refused, and the others go on.
 * @param secrets each signs
 * @param number in place of the recipient's
 * @param limitMs for all of it
 * @throws Error where its alerts cannot be read now
 */
export async function sendToGateway(
  message: Message,
  by: MessageTeller,
  secrets: readonly string[],
  number?: string,
  limitMs?: number,
): Promise<Outcome> {
  const made = await gatewayMessage(message, by, number);
  if ('problem' in made) return { kind: 'refused', problem: made.problem };
  return postWebhook(by.setting.url, made.message, secrets, limitMs, {
    'content-type': 'application/json; charset=utf-8',
    ...made.headers,
  });
}

type Made = { headers: Record<string, string>; message: Message } | { problem: string };

async function gatewayMessage(message: Message, by: MessageTeller, number: string | undefined): Promise<Made> {
  const { setting, pack, key, now } = by;
  const gathered = gatheredOf(message);
  const { to, entries } = gathered;
  const ids = [...new Set(entries.map(({ alertId }) => alertId))];
  const cannot = (error: unknown): Made => ({ problem: `it cannot be made: ${(error as Error).message}` });
  let named: boolean;
  try {
    named = namesEmployers(setting);
  } catch (error) {
    return cannot(error);
  }
  const documents = named ? await by.documents.read(ids) : [];
  try {
    const employers = employersOf(ids, documents);
    const text = wordsOf(gathered, setting, { pack, employerOf: (alertId) => employers.get(alertId) ?? '' });
    const parts = {
      id: message.key,
      to,
      number,
      text,
      count: Math.max(1, entries.length),
      region: pack.code,
      now,
      key,
    };
    const { headers, body } = gatewayRequest(setting, parts, pack);
    return { headers, message: { ...message, body } };
  } catch (error) {
    return cannot(error);
  }
}

function employersOf(
  ids: readonly string[],
  documents: Awaited<ReturnType<DocumentStore['read']>>,
): Map<string, string> {
  const names = new Map<string, string>();
  documents.forEach((document, i) => {
    // The name does not depend on terms.
    const state = document === null ? undefined : foldAlert(ids[i]!, decodeDocument(document), { terms: {} });
    if (state) names.set(ids[i]!, state.facts.enterprise.name);
  });
  return names;
}

/** What a test sends: of an alert that is none. */
export function testOfMessages({ code, towns }: Pick<RegionPack, 'code' | 'towns'>, now: number): Message {
  const entry: InboxEntry = {
    id: `${now}-0`,
    kind: 'notice',
    at: toRfc3339(now),
    alertId: 'TEST-0000',
    tier: 'yellow',
    town: towns[0]!.code,
    stage: 'dispatched',
    dueAt: toRfc3339(now),
  };
  const to: Recipient = { role: 'officers' };
  const id = `message/${code}/test-${now}`;
  return { id, key: id, alertId: '', body: JSON.stringify({ to, red: false, entries: [entry] } satisfies Gathered) };
}
