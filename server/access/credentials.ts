import type { IncomingHttpHeaders } from 'node:http';

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

/** Whether a browser's request comes from a page of this server. What is no browser names no origin. */
export function sameOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
