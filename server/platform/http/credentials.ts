import type { IncomingHttpHeaders } from 'node:http';
import { PAGE_HEADER } from '../../../contract/accessLimits.ts';

/** Where a browser keeps its token: `HttpOnly`, so that no script of a page can read it. */
export const SESSION_COOKIE = 'wagewatch';

export interface Credentials {
  token: string | undefined;
  /** A browser sends cookies by itself, also for a page of somebody else: then the origin must be ours. */
  by: 'header' | 'cookie' | 'none';
}

/** The token that a request carries: `Authorization: Bearer`, else the session's cookie. Never the URL, which ends up in logs. */
export function credentialsOf({ authorization, cookie }: IncomingHttpHeaders): Credentials {
  if (authorization !== undefined) {
    // A header that is no Bearer is a mistake to be told, not a reason to look for a cookie.
    return { token: /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1] ?? '', by: 'header' };
  }
  for (const part of cookie?.split(';') ?? []) {
    const [name, value] = part.split('=', 2);
    if (name!.trim() === SESSION_COOKIE && value?.trim()) return { token: value.trim(), by: 'cookie' };
  }
  return { token: undefined, by: 'none' };
}

/**
 * Whether a browser's request comes from a page of this server. What is no browser names no origin. A browser that says
 * itself (on HTTPS and on localhost) is believed before names of hosts are compared, which a proxy may have changed.
 */
export function sameOrigin({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (typeof site === 'string') return site === 'same-origin' || site === 'none';
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}

/**
 * Why a request that changes something is not what one of our pages asked for, or undefined (cross-site request forgery).
 * Who sends a token in a header is no browser acting on its own.
 */
export function forged(headers: IncomingHttpHeaders, by: Credentials['by']): string | undefined {
  if (by === 'header') return undefined;
  if (!sameOrigin(headers)) return 'a page of another site cannot ask for this';
  if (by === 'cookie' && headers[PAGE_HEADER] === undefined)
    return `a browser's session must send the header ${PAGE_HEADER}`;
  return undefined;
}
