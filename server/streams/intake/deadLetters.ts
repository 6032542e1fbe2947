import { hash } from 'node:crypto';
import { appendFile, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeadLetter } from '../../../contract/rest.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { DeadLetterStore } from './deadLetterStore.ts';
import type { Log } from '../telemetry.ts';

/** Longest text of an event that a letter keeps, in characters. */
export const LETTER_TEXT = 64 * 1024;
/** So many letters are kept at hand; older ones go to files, so that a broken source cannot fill Redis. */
const AT_HAND = 100_000;
const MOVED_AT_ONCE = 5_000;

export interface RejectedEvent {
  text: string;
  problem: string;
  id?: string;
  source?: string;
}

export interface DeadLetters {
  /** Keeps rejected events; resolves when they are kept. */
  keep(rejected: RejectedEvent[], now: number): Promise<void>;
  readonly store: DeadLetterStore;
}

/** @param folder where letters beyond `atHand` go, as NDJSON files */
export function createDeadLetters(store: DeadLetterStore, folder: string, log: Log, atHand = AT_HAND): DeadLetters {
  let moving: Promise<void> | undefined;

  async function moveOldest(now: number): Promise<void> {
    for (let over = (await store.count()) - atHand; over > 0; over -= MOVED_AT_ONCE) {
      const letters = await store.oldest(Math.min(over, MOVED_AT_ONCE));
      if (!letters.length) return;
      await mkdir(folder, { recursive: true });
      const path = join(folder, `${toRfc3339(now).slice(0, 10)}.ndjson`);
      await appendFile(path, letters.map((letter) => `${JSON.stringify(letter)}\n`).join(''));
      const file = await open(path, 'r+');
      await file.sync().finally(() => file.close());
      await store.remove(letters.map(({ id }) => id));
      log.warn({ path, letters: letters.length }, 'dead letters: the oldest moved to a file');
    }
  }

  return {
    store,
    async keep(rejected, now) {
      const letters = new Map<string, DeadLetter>();
      for (const event of rejected) {
        const letter = toLetter(event, now);
        letters.set(letter.id, letter);
      }
      await store.put([...letters.values()]);
      moving ??= moveOldest(now)
        .catch((error: unknown) => log.error({ error }, 'dead letters could not be moved to a file'))
        .finally(() => {
          moving = undefined;
        });
      await moving;
    },
  };
}

function toLetter({ text, problem, id, source }: RejectedEvent, now: number): DeadLetter {
  const letter: DeadLetter = {
    id: hash('sha1', text, 'base64url').slice(0, 16),
    at: toRfc3339(now),
    problem,
    body: text.slice(0, LETTER_TEXT),
  };
  if (id !== undefined) letter.eventId = id;
  if (source !== undefined) letter.source = source;
  if (text.length > LETTER_TEXT) letter.truncated = true;
  return letter;
}
