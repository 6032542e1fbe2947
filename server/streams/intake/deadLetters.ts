import { hash } from 'node:crypto';
import type { DeadLetter } from '../../../contract/rest.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { DeadLetterStore } from './deadLetterStore.ts';
import type { LetterFiles } from './letterFiles.ts';
import type { Sender } from './outside.ts';
import type { Log } from '../telemetry.ts';

/** Of the text of an event, a letter keeps so many bytes. An event of the contract is far smaller. */
export const LETTER_BYTES = 16 * 1024;
const MOVED_AT_ONCE = 100;

/** How much is kept at hand; older letters go to files, so that a broken source cannot fill Redis. */
export interface LetterLimits {
  letters: number;
  bytes: number;
}
const AT_HAND: LetterLimits = { letters: 100_000, bytes: 256 * 1024 * 1024 };

/** What is too long to be held: its beginning, and what tells it from others with the same one. */
export interface Cut {
  beginning: string;
  /** Of all of it. */
  bytes: number;
  /** SHA-256 of all of it, hexadecimal. */
  digest: string;
}

export interface RejectedEvent {
  text: string | Cut;
  problem: string;
  id?: string;
  source?: string;
  /** Whoever sent it, as far as that is kept with an event. */
  from?: Sender;
}

export interface DeadLetters {
  /** Keeps rejected events; resolves when they are kept. */
  keep(rejected: RejectedEvent[], now: number): Promise<void>;
  readonly store: DeadLetterStore;
}

/** @param files where letters beyond what is kept `atHand` go */
export function createDeadLetters(
  store: DeadLetterStore,
  files: LetterFiles,
  log: Log,
  atHand: LetterLimits = AT_HAND,
): DeadLetters {
  let moving: Promise<void> | undefined;

  /** How many of the oldest are to go next; 0 when there is room. */
  async function tooMany(): Promise<number> {
    const [count, bytes] = await Promise.all([store.count(), store.bytes()]);
    if (bytes > atHand.bytes) return MOVED_AT_ONCE;
    return Math.min(MOVED_AT_ONCE, Math.max(0, count - atHand.letters));
  }

  async function moveOldest(now: number): Promise<void> {
    for (let many = await tooMany(); many > 0; many = await tooMany()) {
      const letters = await store.oldest(many);
      if (!letters.length) return;
      const { path, dropped } = await files.append(letters, now);
      await store.remove(letters.map(({ id }) => id));
      log.warn({ path, letters: letters.length }, 'dead letters: the oldest moved to a file');
      if (dropped.length)
        log.error({ dropped }, 'dead letters: the oldest files were removed, as all together are too large');
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

function toLetter({ text, problem, id, source, from }: RejectedEvent, now: number): DeadLetter {
  const { platform, dispatch } = from ?? {};
  const marks = { ...(platform ? { platform } : {}), ...(dispatch ? { dispatch } : {}) };
  const marked = platform !== undefined || dispatch === true;
  const letter = (name: string, body: string): DeadLetter => ({
    // The same text of another sender becomes another event.
    id: hash('sha1', marked ? `${JSON.stringify(marks)} ${name}` : name, 'base64url').slice(0, 16),
    at: toRfc3339(now),
    problem,
    body,
    ...(id === undefined ? {} : { eventId: id }),
    ...(source === undefined ? {} : { source }),
    ...(marked ? { from: marks } : {}),
  });
  const truncated = (one: DeadLetter, bytes: number, digest: string): DeadLetter => ({
    ...one,
    truncated: true,
    bytes,
    digest: `sha256:${digest}`,
    note: `only the first ${LETTER_BYTES / 1024} KiB were kept: its sender must send the event again`,
  });
  if (typeof text !== 'string')
    return truncated(letter(text.digest, beginning(text.beginning)), text.bytes, text.digest);
  const bytes = Buffer.byteLength(text);
  return bytes <= LETTER_BYTES
    ? letter(text, text)
    : truncated(letter(text, beginning(text)), bytes, hash('sha256', text, 'hex'));
}

/** The first characters whose UTF-8 is not longer than a letter may be. */
function beginning(text: string): string {
  const bytes = Buffer.from(text.slice(0, LETTER_BYTES)).subarray(0, LETTER_BYTES);
  // As a stream: a character that is cut in two is left out.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
}
