/** An answer that is a problem (RFC 9457); the error handler of the app renders it. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** The parameter or pointer at fault. */
  readonly parameter: string | undefined;
  /** Further members of the problem. */
  readonly extensions: Record<string, unknown>;
  /** When to come back, ms; told as `Retry-After`. */
  readonly retryMs: number | undefined;

  constructor(
    status: number,
    title: string,
    detail: string,
    parameter?: string,
    extensions: Record<string, unknown> = {},
    retryMs?: number,
  ) {
    super(detail);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.parameter = parameter;
    this.extensions = extensions;
    this.retryMs = retryMs;
  }
}

/** @param waitMs after how long to come back */
export function tooManyRequests(waitMs: number): HttpProblem {
  const detail = `come back in ${Math.ceil(waitMs / 1000)} s`;
  return new HttpProblem(429, 'Too many requests', detail, undefined, {}, waitMs);
}

/** What somebody was let in with has ended while their request was under way. */
export function noLongerLetIn(detail = 'what you were let in with has ended'): HttpProblem {
  return new HttpProblem(401, 'No longer let in', detail);
}
