import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { PAGE_HEADER } from '../../../contract/accessLimits.ts';

/** Where a browser keeps its token: `HttpOnly`, so that no script of a page can read it. Over TLS under the second name. */
export const SESSION_COOKIE = 'wagewatch';
export const SECURE_SESSION_COOKIE = '__Host-wagewatch';

export interface Credentials {
  token: string | undefined;
  /**
   * A browser sends cookies by itself, also for a page of somebody else: then the origin must be ours. `old-cookie`: over
   * TLS, under the name that the version before used there, too.
   */
  by: 'header' | 'cookie' | 'old-cookie' | 'none';
}

/** The token that a request carries: `Authorization: Bearer`, else the session's cookie. Never the URL, which ends up in logs. */
export function credentialsOf({ authorization, cookie }: IncomingHttpHeaders, overTls = false): Credentials {
  if (authorization !== undefined) {
    // A header that is no Bearer is a mistake to be reported, not a reason to look for a cookie.
    return { token: /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1] ?? '', by: 'header' };
  }
  const secure = cookieOf(cookie, SECURE_SESSION_COOKIE);
  if (secure) return { token: secure, by: 'cookie' };
  const plain = cookieOf(cookie, SESSION_COOKIE);
  if (plain) return { token: plain, by: overTls ? 'old-cookie' : 'cookie' };
  return { token: undefined, by: 'none' };
}

/** The value of a cookie; undefined where there is none, or an empty one. */
export function cookieOf(cookies: string | undefined, wanted: string): string | undefined {
  for (const part of cookies?.split(';') ?? []) {
    const [name, value] = part.split('=', 2);
    if (name!.trim() === wanted && value?.trim()) return value.trim();
  }
  return undefined;
}

/**
 * Whether a browser reached us over TLS: here, or at a proxy, which says so or stands at `publicUrl`. Whoever makes it up
 * only gets a cookie that is not sent back.
 */
export function isOverTls({ socket, headers }: IncomingMessage, publicUrl: string | undefined): boolean {
  if ((socket as Partial<TLSSocket>).encrypted) return true;
  const [forwarded] = String(headers['x-forwarded-proto'] ?? '').split(',');
  if (forwarded!.trim() === 'https') return true;
  if (publicUrl === undefined || !publicUrl.startsWith('https:')) return false;
  return headers.host?.toLowerCase() === new URL(publicUrl).host;
}

/**
 * Whether a browser's request comes from a page of this server. What is no browser names no origin. A browser that says
 * itself (on HTTPS and on localhost) is believed before names of hosts are compared, which a proxy may have changed: the
 * pages of `publicUrl`, the address that people know, are ours under whatever name they reach us.
 */
export function sameOrigin(
  { origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders,
  publicUrl: string | undefined,
): boolean {
  if (typeof site === 'string') return site === 'same-origin' || site === 'none';
  if (origin === undefined) return true;
  try {
    const asked = new URL(origin);
    return asked.host === host || (publicUrl !== undefined && asked.origin === new URL(publicUrl).origin);
  } catch {
    return false;
  }
}

/**
 * Why a request that changes something is not what one of our pages asked for, or undefined (cross-site request forgery).
 * Who sends a token in a header is no browser acting on its own.
 */
export function forged(
  headers: IncomingHttpHeaders,
  by: Credentials['by'],
  publicUrl: string | undefined,
): string | undefined {
  if (by === 'header') return undefined;
  if (!sameOrigin(headers, publicUrl)) return 'a page of another site cannot ask for this';
  if (by !== 'none' && headers[PAGE_HEADER] === undefined)
    return `a browser's session must send the header ${PAGE_HEADER}`;
  return undefined;
}
