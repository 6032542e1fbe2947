import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_COOKIE } from './credentials.ts';

/** Browsers keep no cookie longer, ms; the session in it may end earlier. */
export const LONGEST_COOKIE_MS = 400 * 86_400_000;

/** Keeps what somebody was let in with in a cookie that no script can read, for so long, ms. */
export function keepSession(request: FastifyRequest, reply: FastifyReply, secret: string, lastsMs: number): void {
  const seconds = Math.max(1, Math.floor(Math.min(LONGEST_COOKIE_MS, lastsMs) / 1000));
  void reply.header('set-cookie', cookie(request, SESSION_COOKIE, secret, seconds)).header('cache-control', 'no-store');
}

export function dropSession(request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('set-cookie', cookie(request, SESSION_COOKIE, '', 0));
}

/** @param more `Path` and `SameSite`, where they are not those of the session */
export function cookie(
  request: FastifyRequest,
  name: string,
  value: string,
  seconds: number,
  more = 'Path=/; SameSite=Strict',
): string {
  // A proxy that does TLS says so; whoever makes it up only makes a cookie that is not sent back.
  const secure = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
  const [path, site] = more.split('; ');
  return `${name}=${value}; ${path}; Max-Age=${seconds}; HttpOnly; ${site}${secure ? '; Secure' : ''}`;
}
