import { randomUUID } from 'node:crypto';
import type { EventType } from '../contract/codes.ts';
import type { WageEvent } from '../contract/events.ts';
import type { IngestAnswer } from '../contract/rest.ts';
import type { Clock } from './clock.ts';

/** What is sent: about alerts, employers and sites. */
export type AnyEvent = WageEvent<EventType>;

/** The methods of a pino logger that the demonstration uses. */
export interface DemoLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface SenderOptions {
  /** Where the server listens, without a path: `http://127.0.0.1:8080`. */
  url: string;
  fetch: typeof fetch;
  headers: Record<string, string>;
  log: DemoLog;
  clock: Clock;
  signal: AbortSignal;
}

/** The server understood and will not take it; trying again would not help. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(`the server answers ${status}${detail && `: ${detail}`}`);
    this.status = status;
  }
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const ANSWER_MS = 30_000;
const CHUNK = 64 * 1024;

/** Sends events by the public HTTP API, as anybody would (contract §1), however long the server is away. */
export class EventSender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /**
   * One event, or a batch.
   * @throws Refused
   * @returns how many the server took
   */
  async send(events: readonly AnyEvent[]): Promise<number> {
    const single = events.length === 1;
    const body = JSON.stringify(single ? events[0] : events);
    const answer = await this.#post(
      single ? 'application/cloudevents+json' : 'application/cloudevents-batch+json',
      () => ({ body }),
      ANSWER_MS,
    );
    this.#complain(answer);
    return answer.accepted;
  }

  /**
   * A stream of any length as NDJSON; begun anew when the connection breaks, for which the events must be the
   * same each time.
   * @throws Refused
   * @returns how many the server took
   */
  async stream(events: () => Iterable<AnyEvent>): Promise<number> {
    const answer = await this.#post(
      'application/x-ndjson',
      () => ({ body: ndjson(events()), duplex: 'half' }) as RequestInit,
    );
    this.#complain(answer);
    return answer.accepted;
  }

  /**
   * Does something about an alert (casework §2); sent again, it counts once.
   * @throws Refused
   */
  act(path: string, body: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    return this.#persist(path, () => ({ method: 'POST', body: JSON.stringify(body), headers }), ANSWER_MS);
  }

  /** A JSON answer, or undefined if the server has none for this path. */
  async read(path: string): Promise<unknown> {
    try {
      return await this.#persist(path, () => ({}), ANSWER_MS);
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }

  async #post(type: string, request: () => RequestInit, timeout?: number): Promise<IngestAnswer> {
    const init = () => ({ method: 'POST', ...request(), headers: { 'content-type': type } });
    return (await this.#persist('/api/v1/events', init, timeout)) as IngestAnswer;
  }

  /** Asks until there is an answer that more asking would not change. */
  async #persist(path: string, request: () => RequestInit, timeout?: number): Promise<unknown> {
    const { url, headers, log, clock, signal } = this.#options;
    const began = clock.now();
    for (let pause = FIRST_PAUSE_MS, attempt = 1; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2), attempt++) {
      signal.throwIfAborted();
      let problem: string;
      try {
        const init = request();
        const answer = await this.#options.fetch(new URL(path, url), {
          ...init,
          headers: { ...headers, ...(init.headers as Record<string, string>) },
          signal: timeout ? AbortSignal.any([signal, AbortSignal.timeout(timeout)]) : signal,
        });
        if (answer.ok) {
          const body: unknown = await answer.json();
          if (attempt > 2) log.info({ attempt, awayMs: clock.now() - began }, 'demonstration: the server is back');
          return body;
        }
        problem = await detailOf(answer);
        if (!isPassing(answer.status)) throw new Refused(answer.status, problem);
        problem = `${answer.status} ${problem}`;
      } catch (error) {
        if (error instanceof Refused || signal.aborted) throw error;
        problem = reasonOf(error);
      }
      // The second failure and then every power of two: a server that starts is no news.
      if (attempt > 1 && Number.isInteger(Math.log2(attempt)))
        log.warn({ path, attempt, problem }, 'demonstration: the server does not answer, trying again');
      await clock.sleep(pause * (0.75 + Math.random() / 2), signal);
    }
  }

  #complain({ rejected, rejectedTotal }: IngestAnswer): void {
    if (rejectedTotal)
      this.#options.log.error({ rejectedTotal, first: rejected[0] }, 'demonstration: the server rejected events');
  }
}

function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

async function detailOf(answer: Response): Promise<string> {
  try {
    const { title, detail } = JSON.parse(await answer.text()) as { title?: string; detail?: string };
    return detail ?? title ?? '';
  } catch {
    return '';
  }
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

/** Made as fast as it is read: a long history is never in memory. */
function ndjson(events: Iterable<AnyEvent>): ReadableStream<Uint8Array> {
  const iterator = events[Symbol.iterator]();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        let text = '';
        while (text.length < CHUNK) {
          const next = iterator.next();
          if (next.done) {
            if (text) controller.enqueue(encoder.encode(text));
            controller.close();
            return;
          }
          text += `${JSON.stringify(next.value)}\n`;
        }
        controller.enqueue(encoder.encode(text));
      },
    },
    { highWaterMark: 2 },
  );
}
