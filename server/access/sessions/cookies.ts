import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieOf, SECURE_SESSION_COOKIE, SESSION_COOKIE } from '../../platform/http/credentials.ts';
import { TOKEN_SESSION_MS } from './sessions.ts';

/** Browsers keep no cookie longer; the session in it may end earlier. */
const LONGEST_S = TOKEN_SESSION_MS / 1000;

/**
 * Keeps what somebody was let in with in a cookie that no script can read, for so long, ms. Over TLS its name begins with
 * `__Host-`: browsers take such a one from this very host over TLS only, so that no neighbour in the domain can plant one.
 */
export function keepSession(request: FastifyRequest, reply: FastifyReply, secret: string, lastsMs: number): void {
  const seconds = Math.min(LONGEST_S, Math.max(1, Math.floor(lastsMs / 1000)));
  const name = request.overTls ? SECURE_SESSION_COOKIE : SESSION_COOKIE;
  setCookie(request, reply, name, secret, seconds);
  // That of the version before, or one that a neighbour has planted.
  if (request.overTls && cookieOf(request.headers.cookie, SESSION_COOKIE) !== undefined)
    setCookie(request, reply, SESSION_COOKIE, '', 0);
  void reply.header('cache-control', 'no-store');
}

export function dropSession(request: FastifyRequest, reply: FastifyReply): void {
  setCookie(request, reply, SESSION_COOKIE, '', 0);
  if (request.overTls) setCookie(request, reply, SECURE_SESSION_COOKIE, '', 0);
}

/** @param sameSite `Lax` where a browser comes back from another site */
export function setCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
  value: string,
  seconds: number,
  sameSite: 'Strict' | 'Lax' = 'Strict',
): void {
  const secure = request.overTls ? '; Secure' : '';
  void reply.header(
    'set-cookie',
    `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=${sameSite}${secure}`,
  );
}
