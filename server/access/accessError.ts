import { HttpProblem } from '../platform/http/problem.ts';

const TITLES = {
  400: 'Not possible',
  401: 'Not let in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  422: 'Not good enough',
  429: 'Too many attempts',
  503: 'Busy',
} as const;

/** What is asked for cannot be done, for a reason that the asker may know. */
export class AccessError extends HttpProblem {
  /**
   * @param parameter the field at fault
   * @param retryMs when to come back
   */
  constructor(
    status: keyof typeof TITLES,
    detail: string,
    { parameter, retryMs }: { parameter?: string; retryMs?: number } = {},
  ) {
    super(status, TITLES[status], detail, parameter, {}, retryMs);
  }
}
