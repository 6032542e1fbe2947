import type { Problem } from '../../contract/rest.ts';
import { signInNeeded } from './signIn.ts';

/** How the pages ask their server, same origin only: one way to send, one error. */

const TIMEOUT_MS = 10_000;

/** An answer that was not 2xx, with what its problem (RFC 9457) says; or no usable answer at all. */
export class HttpError extends Error {
  /** HTTP status: 4xx will not pass by itself, 5xx may. 0: no answer came. */
  readonly status: number;
  /** The parameter or field that was wrong. */
  readonly parameter: string | undefined;
  /** From `Retry-After`, ms. */
  readonly retryMs: number | undefined;
  /** What else the problem says: members of this kind of problem alone. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(status: number, problem: Partial<Problem> = {}, retryMs?: number) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.parameter = problem.parameter;
    this.retryMs = retryMs;
    this.more = problem;
  }
}

/** Whether asking again gives the same answer: 4xx, but for "too many" and "too slow". */
export function isFinal(error: unknown): boolean {
  return (
    error instanceof HttpError &&
    error.status >= 400 &&
    error.status < 500 &&
    error.status !== 408 &&
    error.status !== 429
  );
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  body?: object;
  headers?: Record<string, string>;
  /** Ends the request from outside. */
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** Told the server's time (epoch ms) of an answer that says so. */
  onDate?: ((serverMs: number) => void) | undefined;
}

/**
 * Sends one request and reads its JSON; undefined for an answer without content.
 * @throws HttpError whatever went wrong
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const { method = 'GET', body, headers, signal, timeoutMs = TIMEOUT_MS, onDate } = options;
  // AbortSignal.any and AbortSignal.timeout are missing in the oldest browsers a wall runs in.
  const controller = new AbortController();
  const abort = () => {
    controller.abort();
  };
  const timer = setTimeout(abort, timeoutMs);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  try {
    const answer = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: controller.signal,
    });
    if (!answer.ok) throw await errorOf(answer);
    const date = Date.parse(answer.headers.get('date') ?? '');
    if (onDate && Number.isFinite(date)) onDate(date);
    return (answer.status === 204 || answer.status === 202 ? undefined : await answer.json()) as T;
  } catch (error) {
    throw error instanceof HttpError ? error : new HttpError(0, { detail: String((error as Error).message) });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** What an answer that was not 2xx says of itself. */
export async function errorOf(answer: Response): Promise<HttpError> {
  const problem = (await answer.json().catch(() => ({}))) as Partial<Problem>;
  const seconds = Number(answer.headers.get('retry-after'));
  return new HttpError(answer.status, problem, seconds > 0 ? seconds * 1_000 : undefined);
}

/**
 * Reads something that only those who are signed in may see: a 401 also leads to the page where one signs in.
 * @throws HttpError as {@link request}
 */
export async function read<T>(
  path: string,
  options?: Pick<RequestOptions, 'signal' | 'timeoutMs' | 'onDate'>,
): Promise<T> {
  try {
    return await request<T>(path, options);
  } catch (error) {
    if (error instanceof HttpError && error.status === 401) signInNeeded();
    throw error;
  }
}
