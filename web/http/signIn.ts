/** Told when the server wants to know who is asking (HTTP 401, or the same on the live connection). */
const listeners = new Set<() => void>();

export function onSignInNeeded(listen: () => void): () => void {
  listeners.add(listen);
  return () => {
    listeners.delete(listen);
  };
}

export function signInNeeded(): void {
  for (const listen of listeners) listen();
}

const DISPLAY_KEY = 'wagewatch.display';

/** Notes that this browser is a paired display: when it is let in no longer, it asks to be paired again. */
export function rememberDisplay(name: string): void {
  try {
    localStorage.setItem(DISPLAY_KEY, name);
  } catch {
    // Storage forbidden: it will ask to sign in, which leads to pairing, too.
  }
}

/** Whether this browser was a paired display, by the name it had. */
export function wasDisplay(): string | undefined {
  try {
    return localStorage.getItem(DISPLAY_KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

export function forgetDisplay(): void {
  try {
    localStorage.removeItem(DISPLAY_KEY);
  } catch {
    // Nothing was kept, then.
  }
}

/**
 * The address of a page of this site, in the language that the address before it asked for: whoever followed an English link also
 * signs in, and goes on, in English.
 * @param before the address before it, or its query alone
 */
export function inItsLanguage(path: string, before: string): string {
  const lang = new URLSearchParams(before.split('#')[0]!.split('?')[1] ?? '').get('lang');
  const base = 'http://here';
  const url = new URL(path, base);
  if (lang === null || url.searchParams.has('lang')) return path;
  url.searchParams.set('lang', lang);
  return url.href.slice(base.length);
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
