import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { CaseBook, nextStep, report, type Delivered, type HeldCase } from './caseBook.ts';
import { platformPage, type GatewayMessage } from './page.ts';

const MAX_BODY = 1024 * 1024;
const MOST_MESSAGES = 50;

export interface PlatformParts {
  port: number;
  /** What signs: any of them (while a secret is being changed, the new one is added first). */
  secrets: string[];
  /** Where WageWatch is, and the token of this platform there with the source that it names. */
  server: string;
  token: string;
  source: string;
  /** Accepts and handles by itself, each so many ms after the step before. */
  paceMs?: number | undefined;
  /** A file in which it keeps what it has; without one, it forgets all at its end. */
  keep?: string | undefined;
  fetch?: typeof fetch;
}

export interface ReferencePlatform {
  readonly url: string;
  readonly book: CaseBook;
  /** Messages to people that came to `/messages`, as a gateway gets them, each once; the latest 50. */
  readonly messages: readonly GatewayMessage[];
  /** Deliveries that were not signed as they should be. */
  readonly refused: number;
  /** Changes what is accepted as signed. */
  setSecrets(secrets: readonly string[]): void;
  /** Reports a step of a case back. @throws Error with what the server said */
  act(alertId: string, action: 'accepted' | 'handled', outcome?: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * A platform of ours that stands in for an outside one: takes deliveries, checks their signatures, accepts, handles, and calls back.
 * @throws Error where the file that it kept is damaged or cannot be read: which, and what to do
 */
export async function startPlatform(parts: PlatformParts): Promise<ReferencePlatform> {
  const { keep } = parts;
  const book = keep === undefined ? new CaseBook() : await readBook(keep);
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let { secrets } = parts;
  let refused = 0;
  let problem: string | undefined;

  let keeping: Promise<void> = Promise.resolve();
  const note = () => {
    if (keep === undefined) return Promise.resolve();
    // One after the other; what failed before is written with this.
    keeping = keeping.catch(() => undefined).then(() => writeKept(keep, book.kept()));
    return keeping;
  };

  const act = async (alertId: string, action: 'accepted' | 'handled', outcome?: string) => {
    const held = book.cases.get(alertId);
    if (!held) throw new Error(`${alertId} was not dispatched here`);
    const { standsBy } = held;
    await callBack(parts, held, action, outcome);
    // Something else may have come of it meanwhile.
    if (held.standsBy === standsBy && nextStep(held)) held.state = action;
    problem = undefined;
    await note();
  };
  const later = (ms: number, work: () => Promise<void>) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work().catch((error: unknown) => (problem = (error as Error).message));
    }, ms);
    timers.add(timer);
  };
  /** Goes on with a case by itself, as long as nothing else has come of it. */
  const goOn = (held: HeldCase) => {
    const { alertId, standsBy } = held;
    const { paceMs } = parts;
    if (paceMs === undefined || nextStep(held) === undefined) return;
    later(paceMs, async () => {
      const now = book.cases.get(alertId);
      const step = now?.standsBy === standsBy ? nextStep(now) : undefined;
      if (!now || !step) return;
      await act(alertId, step);
      goOn(now);
    });
  };

  const messages = new Map<string, GatewayMessage>();

  /** What was sent, if it is signed as it should be; else it is answered. */
  async function signedBody(request: IncomingMessage, response: ServerResponse): Promise<string | undefined> {
    const body = await bodyOf(request);
    const { headers } = request;
    const signed = headers as Record<string, string>;
    const isSigned = secrets.some((secret) => {
      try {
        new Webhook(secret).verify(body, signed);
        return true;
      } catch {
        return false;
      }
    });
    if (isSigned) return body;
    refused++;
    response.writeHead(401).end();
    return undefined;
  }

  async function takeMessage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await signedBody(request, response);
    if (body === undefined) return;
    const { to, text } = JSON.parse(body) as Partial<GatewayMessage>;
    messages.set(String(request.headers['webhook-id']), { to: String(to), text: String(text) });
    for (const id of messages.keys()) if (messages.size > MOST_MESSAGES) messages.delete(id);
    response.writeHead(204).end();
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await signedBody(request, response);
    if (body === undefined) return;
    const event = JSON.parse(body) as Delivered;
    const isNew = book.take(String(request.headers['webhook-id']), event, Date.now());
    const held = book.cases.get(event.data.alertId ?? '');
    // What is answered as taken is not sent again.
    if (isNew) await note();
    if (isNew && held?.standsBy === event.id) goOn(held);
    response.writeHead(204).end();
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://platform.test');
    const lang = url.searchParams.get('lang') === 'en' ? 'en' : 'zh-CN';
    if (request.method === 'POST' && url.pathname === '/deliveries') return take(request, response);
    if (request.method === 'POST' && url.pathname === '/messages') return takeMessage(request, response);
    const [, id, verb] = /^\/alerts\/([^/]+)\/(accept|handle)$/.exec(url.pathname) ?? [];
    if (request.method === 'POST' && id !== undefined) {
      // A form of its own page, and no page of another site.
      if (request.headers['sec-fetch-site'] !== 'same-origin') return void response.writeHead(403).end();
      await act(decodeURIComponent(id), verb === 'accept' ? 'accepted' : 'handled').catch(
        (error: unknown) => (problem = (error as Error).message),
      );
      return void response.writeHead(303, { location: `/?lang=${lang}` }).end();
    }
    if (request.method !== 'GET' || url.pathname !== '/') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    response.end(
      platformPage({ lang, cases: [...book.cases.values()], messages: [...messages.values()], refused, problem }),
    );
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(400);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(parts.port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    book,
    get messages() {
      return [...messages.values()];
    },
    get refused() {
      return refused;
    },
    setSecrets(now) {
      secrets = [...now];
    },
    act,
    close: () =>
      new Promise((resolve) => {
        timers.forEach(clearTimeout);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function callBack(
  parts: PlatformParts,
  held: HeldCase,
  action: 'accepted' | 'handled',
  outcome?: string,
): Promise<void> {
  const answer = await (parts.fetch ?? fetch)(new URL('/api/v1/events', parts.server), {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${parts.token}` },
    body: JSON.stringify(report(held, action, parts.source, Date.now(), outcome)),
  });
  if (answer.status !== 202) throw new Error(`${answer.status} ${(await answer.text()).slice(0, 500)}`);
  await answer.body?.cancel();
}

/** @throws Error that says which file will not do, and what to do about it */
async function readBook(file: string): Promise<CaseBook> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new CaseBook();
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  try {
    return new CaseBook(JSON.parse(text));
  } catch (error) {
    throw new Error(`${file} is damaged: remove it, and the platform begins without cases`, { cause: error });
  }
}

/** Whole or not at all. */
async function writeKept(file: string, kept: object): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(kept));
  await rename(`${file}.new`, file);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_BODY) throw new Error('too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
