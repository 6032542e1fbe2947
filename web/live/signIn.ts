/** Told when the server wants to know who is asking (HTTP 401, or the same on the live connection). */
const listeners = new Set<() => void>();

export function onSignInNeeded(listen: () => void): () => void {
  listeners.add(listen);
  return () => { listeners.delete(listen); };
}

export function signInNeeded(): void {
  for (const listen of listeners) listen();
}

/** Signs this browser in; the server answers with a cookie. `denied`: not with this token; `failed`: nobody knows. */
export async function signIn(token: string): Promise<'in' | 'denied' | 'failed'> {
  try {
    const answer = await fetch('/api/v1/access/session', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }), signal: AbortSignal.timeout(10_000),
    });
    if (answer.ok) return 'in';
    return answer.status < 500 ? 'denied' : 'failed';
  } catch {
    return 'failed';
  }
}

/** Where to go after signing in: a page of this site, or its start. */
export function nextPage(next: unknown, origin: string): string {
  if (typeof next !== 'string') return '/';
  try {
    const url = new URL(next, origin);
    return url.origin === origin ? url.pathname + url.search + url.hash : '/';
  } catch {
    return '/';
  }
}
