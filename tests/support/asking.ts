import { expect } from 'vitest';
import type { AlertBrief } from '../../contract/frame.ts';
import type { AlertDetail, Problem } from '../../contract/rest.ts';
import type { Tokens } from './letIn.ts';
import { BATCH } from './server.ts';

/** What was answered; where it was refused, the body is the problem (casework names the rule, and shows the alert as it is). */
export interface Answer<T> {
  status: number;
  body: T & Problem & { rule?: string; alert?: AlertDetail; alerts?: AlertBrief[] };
}

export interface AskOptions {
  /** Else GET, or POST with a body. */
  method?: string;
  headers?: Record<string, string>;
  /** Of which server, where a test has several. */
  url?: string;
}

/**
 * The REST API as those who have these tokens ask it. What needs nobody in particular is done by `admin`.
 * @param here the address of the server, once it runs
 */
export function asking<Who extends string>(tokens: Tokens<Who> & { readonly admin: string }, here: () => string) {
  type Asker = Who | 'admin';
  const bearer = (who: Asker) => ({ authorization: `Bearer ${(tokens as Tokens<Asker>)[who]}` });

  async function ask<T>(who: Asker, path: string, body?: unknown, options: AskOptions = {}): Promise<Answer<T>> {
    const { method = body === undefined ? 'GET' : 'POST', headers = {}, url = here() } = options;
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { ...bearer(who), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as Answer<T>['body'] };
  }

  /** What is answered to a question that is not refused. */
  async function told<T>(who: Asker, path: string, body?: unknown, options?: AskOptions): Promise<T> {
    const answer = await ask<T>(who, path, body, options);
    expect(answer.status, path).toBeLessThan(300);
    return answer.body;
  }

  /** Sends events, all of which are accepted. */
  async function send(...events: object[]): Promise<void> {
    const { status } = await ask('admin', '/api/v1/events', events, { headers: { 'content-type': BATCH } });
    expect(status).toBe(202);
  }

  const detail = async (alertId: string, who: Asker = 'admin', url = here()): Promise<AlertDetail> =>
    (await ask<AlertDetail>(who, `/api/v1/alerts/${alertId}`, undefined, { url })).body;

  /** Acts on an alert as somebody who has just looked at it. @param action with its fields */
  async function act(
    who: Asker,
    alertId: string,
    action: { action: string; [field: string]: unknown },
    options?: AskOptions,
  ): Promise<Answer<AlertDetail>> {
    const { stage, eventsTotal } = await detail(alertId);
    const body = { expect: { stage, events: eventsTotal }, ...action };
    return ask<AlertDetail>(who, `/api/v1/alerts/${alertId}/actions`, body, options);
  }

  return { bearer, ask, told, send, detail, act };
}
