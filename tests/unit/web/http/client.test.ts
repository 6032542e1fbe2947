import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpError, isFinal, read, request } from '../../../../web/http/client.ts';
import { onSignInNeeded } from '../../../../web/http/signIn.ts';

let server: Server;
let url: string;
/** What the server was sent last. */
let seen: { method: string; type: string | undefined; body: string };
beforeAll(async () => {
  server = createServer((req, res) => {
    let body = '';
    req.on('data', (part: Buffer) => (body += part.toString()));
    req.on('end', () => {
      seen = { method: req.method!, type: req.headers['content-type'], body };
      const status = Number(/^\/(\d+)/.exec(req.url!)?.[1] ?? 200);
      if (req.url === '/never') return;
      res.statusCode = status;
      if (status === 429) res.setHeader('retry-after', '7');
      if (req.url === '/200/text') return res.end('<html>');
      if (status === 204) return res.end();
      if (req.url === '/502') return res.end('<html>Bad gateway</html>');
      res.end(
        JSON.stringify(
          status < 300 ? { ok: true } : { title: 'No', status, detail: `because of ${status}`, parameter: 'q' },
        ),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const failure = async (sent: Promise<unknown>): Promise<HttpError> => {
  const error: unknown = await sent.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(HttpError);
  return error as HttpError;
};

describe('a request', () => {
  it('reads JSON, sends JSON, and knows an answer without content', async () => {
    expect(await request(`${url}/200`)).toEqual({ ok: true });
    expect(seen).toEqual({ method: 'GET', type: undefined, body: '' });
    expect(await request(`${url}/204`, { method: 'POST', body: { a: 1 } })).toBeUndefined();
    expect(seen).toEqual({ method: 'POST', type: 'application/json', body: '{"a":1}' });
  });

  it("tells the server's time where that is wanted", async () => {
    let told = 0;
    await request(`${url}/200`, { onDate: (ms) => (told = ms) });
    expect(told % 1000).toBe(0);
    expect(Math.abs(told - Date.now())).toBeLessThan(60_000);
  });

  it('fails in one way, whatever went wrong', async () => {
    expect(await failure(request(`${url}/422`))).toMatchObject({
      status: 422,
      message: 'because of 422',
      parameter: 'q',
      retryMs: undefined,
    });
    expect(await failure(request(`${url}/429`))).toMatchObject({ status: 429, retryMs: 7_000 });
    expect(await failure(request(`${url}/502`))).toMatchObject({ status: 502, message: 'HTTP 502' });
    expect((await failure(request(`${url}/200/text`))).status).toBe(0);
    expect((await failure(request('http://127.0.0.1:1/'))).status).toBe(0);
    expect((await failure(request(`${url}/never`, { timeoutMs: 50 }))).status).toBe(0);
    const ended = new AbortController();
    const sent = failure(request(`${url}/never`, { signal: ended.signal }));
    ended.abort();
    expect((await sent).status).toBe(0);
    expect((await failure(request(`${url}/200`, { signal: ended.signal }))).status).toBe(0);
  });

  it('leads to signing in when it reads what is not for strangers, and not when it signs in itself', async () => {
    let asked = 0;
    const stop = onSignInNeeded(() => asked++);
    await failure(request(`${url}/401`, { method: 'POST' }));
    await failure(read(`${url}/403`));
    expect(asked).toBe(0);
    await failure(read(`${url}/401`));
    expect(asked).toBe(1);
    stop();
  });

  it('is worth repeating unless the answer is final', () => {
    expect([400, 401, 403, 404, 422].every((status) => isFinal(new HttpError(status)))).toBe(true);
    expect([0, 408, 429, 500, 503].some((status) => isFinal(new HttpError(status)))).toBe(false);
    expect(isFinal(new TypeError('a mistake of ours'))).toBe(false);
  });
});
