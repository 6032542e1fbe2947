import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Site } from '../../contract/site.ts';
import { get, startServer, type RunningServer } from '../support/server.ts';

/** A region's own lines on its walls (screens.md, "The site's own lines"); who may do what: tests/support/accessTable.ts. */
let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
});

const PATH = '/api/v1/regions/330110/site';
const put = async (site: unknown, path = PATH) => {
  const response = await fetch(server.url + path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(site),
  });
  return { status: response.status, body: (await response.json()) as { detail?: string } & Site };
};
const EMBLEM = `data:image/png;base64,${Buffer.from('\x89PNG\r\n\x1a\n').toString('base64')}`;

it('is empty at first, is what was set last', async () => {
  expect(await get<Site>(server.url, PATH)).toEqual({});
  const site: Site = {
    leader: '某甲',
    officer: '某乙',
    phone: '0571-0000 0000',
    announcement: '<b>今日</b>例会 & 16:00 “开始”',
    name: '某区人社局',
    emblem: EMBLEM,
    watermark: true,
  };
  expect(await put(site)).toEqual({ status: 200, body: site });
  expect(await get<Site>(server.url, PATH)).toEqual(site);
  // What is left out is shown no more.
  expect(await put({ announcement: '例会取消' })).toMatchObject({ status: 200 });
  expect(await get<Site>(server.url, PATH)).toEqual({ announcement: '例会取消' });
});

it.each<[what: string, site: unknown]>([
  ['a picture that browsers run', { emblem: 'data:image/svg+xml;base64,PHN2Zy8+' }],
  ['a page as a picture', { emblem: 'data:text/html;base64,PGI+' }],
  ['an address as a picture', { emblem: 'https://example.org/x.png' }],
  ['a picture that is too large', { emblem: `data:image/png;base64,${'A'.repeat(90_000)}` }],
  ['a telephone with letters', { phone: 'call me' }],
  ['two lines', { announcement: 'one\ntwo' }],
  ['an empty line', { leader: '' }],
  ['blanks', { leader: '   ' }],
  ['a long name', { officer: '某'.repeat(21) }],
  ['a null', { leader: null }],
  ['a field that there is not', { colour: 'red' }],
  ['a list', []],
])('refuses %s, and keeps what there was', async (_what, site) => {
  const before = await get<Site>(server.url, PATH);
  const { status, body } = await put(site);
  expect([400, 413]).toContain(status);
  expect(body.detail).toBeTruthy();
  expect(await get<Site>(server.url, PATH)).toEqual(before);
});

it('knows no region that is not watched here', async () => {
  expect(await put({}, '/api/v1/regions/990000/site')).toMatchObject({ status: 404 });
  expect((await fetch(`${server.url}/api/v1/regions/990000/site`)).status).toBe(404);
});
