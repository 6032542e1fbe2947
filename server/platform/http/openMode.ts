import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from './address.ts';
import { sameOrigin } from './credentials.ts';

/**
 * How a request is met while the program is open. A page of another site can make a browser on this machine ask us, also
 * under a name of its own that leads to this machine (DNS rebinding), and a proxy can bring in anybody: none of them is
 * the person at this machine.
 */
export type Admission =
  /** Comes from this machine, for this program: everybody may do everything. */
  | { as: 'everybody' }
  /** May see what strangers see: the pages, and signing in. */
  | { as: 'stranger' }
  | { as: 'refused'; status: 403 | 421; detail: string };

/** Only what is not asked for from elsewhere comes in. @param publicUrl the address that people know, if it is set */
export function admissionWhileOpen(
  method: string,
  headers: IncomingHttpHeaders,
  publicUrl: string | undefined,
): Admission {
  const { host = '' } = headers;
  if (!isOurs(host, publicUrl)) {
    const detail = `this program is not known as ${JSON.stringify(host.slice(0, 100))}: while nobody has been let in it answers to localhost${publicUrl === undefined ? '' : ` and ${publicUrl}`} only; PUBLIC_URL names another address`;
    return { as: 'refused', status: 421, detail };
  }
  if (isCrossSite(method, headers, publicUrl))
    return { as: 'refused', status: 403, detail: 'a page of another site cannot ask for this' };
  return { as: FORWARDING.some((name) => headers[name] !== undefined) ? 'stranger' : 'everybody' };
}

const FORWARDING = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'cf-connecting-ip',
  'true-client-ip',
  'via',
] as const;

function isOurs(host: string, publicUrl: string | undefined): boolean {
  const asked = hostNameOf(`http://${host}`);
  if (asked === undefined) return false;
  // Names under .localhost lead to this machine by definition (RFC 6761 §6.3).
  return isLoopback(asked) || asked.endsWith('.localhost') || asked === hostNameOf(publicUrl);
}

/** Without port, brackets and the dot at the end. */
function hostNameOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { hostname, username, password, pathname, search, hash } = new URL(url);
  if (username || password || pathname !== '/' || search || hash) return undefined;
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Asked for by a page of another site; following a link from there is not. */
function isCrossSite(method: string, headers: IncomingHttpHeaders, publicUrl: string | undefined): boolean {
  if (headers.origin !== undefined) return !sameOrigin({ origin: headers.origin, host: headers.host }, publicUrl);
  if (sameOrigin(headers, publicUrl)) return false;
  return !(headers['sec-fetch-mode'] === 'navigate' && (method === 'GET' || method === 'HEAD'));
}
