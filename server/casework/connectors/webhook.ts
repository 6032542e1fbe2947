import { Webhook } from 'standardwebhooks';
import { HOUR_MS } from '../../../common/regionTime.ts';
import type { Message, Outcome } from './outcome.ts';

/** A platform that has not answered by then has not got it, ms. */
const LIMIT_MS = 10_000;
/** Nobody is waited for longer, whatever it asks for. */
const LONGEST_WAIT_MS = 24 * HOUR_MS;

/** Why a webhook may not go to an address, or undefined. @param hosts allowed ones, `name` or `name:port` */
export function urlFault(text: string, hosts: readonly string[]): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.hash)
    return 'must be an address that begins with http:// or https://, without user, password and #';
  // An address does not keep a port that its scheme has anyway.
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (hosts.includes(`${url.hostname}:${port}`) || hosts.includes(url.hostname)) return undefined;
  return `names the host ${url.host}, which is not in CONNECTOR_HOSTS: ${hosts.join(', ') || 'none is allowed'}`;
}

/** Headers by Standard Webhooks. @param secrets each signs: while a secret is being changed there are two */
export function signedHeaders({ key, body }: Message, secrets: readonly string[], at: Date): Record<string, string> {
  // A header has Latin letters only; with `%` as it is, two might become one.
  const sent = key.replace(/[^\x21-\x24\x26-\x7e]/gu, encodeURIComponent);
  return {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'webhook-id': sent,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(sent, at, body)).join(' '),
  };
}

/**
 * Posts an event to a platform. Never throws.
 * @param limitMs for all of it
 * @param more header fields besides, or in place of its media type
 */
export async function postWebhook(
  url: string,
  message: Message,
  secrets: readonly string[],
  limitMs = LIMIT_MS,
  more: Record<string, string> = {},
): Promise<Outcome> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...signedHeaders(message, secrets, new Date()), ...more },
      body: message.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(limitMs),
    });
    // What it says besides is of no use, and may be without end.
    await answer.body?.cancel().catch(() => undefined);
    return outcomeOf(answer);
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') return { kind: 'down', problem: `no answer within ${limitMs} ms` };
    const { cause } = error as { cause?: { code?: string; message?: string } };
    return { kind: 'down', problem: cause?.code ?? cause?.message ?? (error as Error).message };
  }
}

function outcomeOf({ status, headers }: Response): Outcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone', problem: 'it answered 410: it wants nothing any more' };
  if (status >= 300 && status < 400)
    return { kind: 'refused', problem: `it answered ${status}: redirects are not followed` };
  const problem = `it answered ${status}`;
  if (status < 500 && status !== 429 && status !== 408) return { kind: 'refused', problem };
  const retryAfterMs = waitOf(headers.get('retry-after'));
  return retryAfterMs === undefined ? { kind: 'down', problem } : { kind: 'down', problem, retryAfterMs };
}

/** `Retry-After`: seconds, or a date (RFC 9110 §10.2.3). */
function waitOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_WAIT_MS);
}
