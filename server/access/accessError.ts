/** What is asked for cannot be done, for a reason that the asker may know. `status` is that of an HTTP answer. */
export class AccessError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 422 | 429 | 503;
  /** The field at fault. */
  readonly parameter: string | undefined;
  /** When to come back, ms. */
  readonly retryMs: number | undefined;

  constructor(
    status: AccessError['status'],
    detail: string,
    { parameter, retryMs }: { parameter?: string; retryMs?: number } = {},
  ) {
    super(detail);
    this.status = status;
    this.parameter = parameter;
    this.retryMs = retryMs;
  }
}
