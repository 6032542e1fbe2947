import { afterAll, beforeAll, expect, it } from 'vitest';
import { raised } from '../support/events.ts';
import { get, post, startServer, until, type RunningServer } from '../support/server.ts';

/** What `/docs` says of answers, beside the answers of a running program. */

interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema?: { enum?: string[] } }[];
  responses: Record<string, { content?: Record<string, unknown> }>;
}

let server: RunningServer;
let paths: Record<string, Record<string, Operation>>;
const now = Date.now();
const USCC = '91330110MA2EX0006F';
beforeAll(async () => {
  server = await startServer();
  await post(server.url, [raised(now - 60_000, { alertId: 'A-1', enterprise: { name: '某公司', uscc: USCC } })]);
  await until('it is counted', async () => (await fetch(`${server.url}/api/v1/alerts/A-1`)).ok);
  ({ paths } = await get<{ paths: typeof paths }>(server.url, '/docs/json'));
});
afterAll(() => server.stop());

/** What names something that is there; where nothing does, an answer is a refusal. */
const GIVEN: Record<string, string> = {
  ...{ code: '330110', region: '330110', scope: '330110', id: 'A-1', uscc: USCC, key: `U:${USCC}`, q: '某公司' },
  ...{ from: new Date(now - 3_600_000).toISOString(), to: new Date(now).toISOString(), term: '3d' },
};

it('every GET is answered by a status and as a media type that are described', async () => {
  const wrong: string[] = [];
  const types = new Set<string>();
  for (const [path, { get: operation }] of Object.entries(paths)) {
    if (!operation) continue;
    let url = path;
    const query = new URLSearchParams();
    for (const { name, in: where, required, schema } of operation.parameters ?? []) {
      const value = GIVEN[name] ?? schema?.enum?.[0] ?? 'x';
      if (where === 'path') url = url.replace(`{${name}}`, encodeURIComponent(value));
      else if (where === 'query' && required) query.set(name, value);
    }
    const answer = await fetch(`${server.url}${url}?${query.toString()}`);
    await answer.arrayBuffer();
    const { status } = answer;
    const type = answer.headers.get('content-type')!.split(';')[0]!;
    const { [status]: exact, [`${Math.floor(status / 100)}XX`]: any } = operation.responses;
    const described = Object.keys((exact ?? any)?.content ?? {});
    types.add(type);
    if (!described.includes(type) && !described.includes('*/*'))
      wrong.push(`${url}: ${status} ${type}, not ${described.join()}`);
  }
  expect(wrong).toEqual([]);
  expect([...types].sort()).toEqual(
    expect.arrayContaining(['application/geo+json', 'application/json', 'application/problem+json', 'text/csv']),
  );
});

it('tells of whatever is refused as a problem (RFC 9457)', () => {
  const wrong = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) =>
      Object.entries(responses)
        .filter(([status, { content }]) => path.startsWith('/api/') && /^[45]/.test(status) && content)
        .filter(([, { content }]) => Object.keys(content!).join() !== 'application/problem+json')
        .map(([status]) => `${method} ${path} ${status}`),
    ),
  );
  expect(wrong).toEqual([]);
});

it('sends the drawing of a region once, whatever has become of its tag on the way', async () => {
  const url = `${server.url}/api/v1/regions/330110/boundaries`;
  const etag = (await fetch(url)).headers.get('etag')!;
  for (const [known, status] of [
    [etag, 304],
    [`W/${etag}`, 304],
    [`"other", ${etag}`, 304],
    ['*', 304],
    ['"other"', 200],
    [etag.slice(1, -1), 200],
  ] as const)
    expect([known, (await fetch(url, { headers: { 'if-none-match': known } })).status]).toEqual([known, status]);
});
