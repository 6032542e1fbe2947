import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as client from 'openid-client';
import { expect, it, onTestFinished } from 'vitest';
import { createProvider } from '../../../server/access/sessions/oidcProvider.ts';
import type { OidcFile } from '../../../server/access/sessions/oidcFile.ts';

const SECRET = 'a secret';
type Way = 'client_secret_basic' | 'client_secret_post' | 'none';

/** How a client of a token endpoint said who it is. */
function wayOf(request: IncomingMessage, body: string): Way {
  if (request.headers.authorization?.startsWith('Basic ')) return 'client_secret_basic';
  return new URLSearchParams(body).get('client_secret') === SECRET ? 'client_secret_post' : 'none';
}

/** A provider that names the ways `said`, and takes `taken` only. `seen`: the ways that were tried, in order. */
async function startProvider(said: readonly Way[] | undefined, taken: Way) {
  const seen: Way[] = [];
  const server = createServer((request, response) => {
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url?.endsWith('/openid-configuration')) {
      const methods = said === undefined ? {} : { token_endpoint_auth_methods_supported: said };
      answer(200, { issuer, token_endpoint: `${issuer}/token`, ...methods });
      return;
    }
    void text(request).then((body) => {
      const way = wayOf(request, body);
      seen.push(way);
      if (way === taken) answer(200, { access_token: 'x', token_type: 'bearer' });
      else answer(401, { error: 'invalid_client' });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function providerOf(issuer: string, more: Partial<OidcFile>) {
  const file: OidcFile = { issuer, clientId: 'wall', label: 'SSO', claim: 'r', roles: [], ...more };
  const provider = createProvider(file);
  return () => provider.exchange((configuration) => client.clientCredentialsGrant(configuration));
}

it.each<[name: string, said: Way[] | undefined, taken: Way, more: Partial<OidcFile>, tried: Way[]]>([
  ['no secret', undefined, 'none', {}, ['none']],
  [
    'a way that the file names',
    undefined,
    'client_secret_post',
    { tokenAuth: 'client_secret_post' },
    ['client_secret_post'],
  ],
  ['nothing is said', undefined, 'client_secret_basic', {}, ['client_secret_basic']],
  ['only the body is said', ['client_secret_post'], 'client_secret_post', {}, ['client_secret_post']],
  ['neither of ours is said', ['none'], 'client_secret_basic', {}, ['client_secret_basic']],
  [
    'both are said, the body is taken',
    ['client_secret_post', 'client_secret_basic'],
    'client_secret_post',
    {},
    ['client_secret_basic', 'client_secret_post'],
  ],
])('a client says its secret: %s', async (name, said, taken, more, tried) => {
  const { issuer, seen } = await startProvider(said, taken);
  const exchange = providerOf(issuer, { ...(name === 'no secret' ? {} : { clientSecret: SECRET }), ...more });
  expect(await exchange()).toMatchObject({ access_token: 'x' });
  expect(seen).toEqual(tried);
  // What worked is used from then on.
  await exchange();
  expect(seen).toEqual([...tried, taken]);
});

it('a client that the provider takes in no way is refused, after each was tried once', async () => {
  const { issuer, seen } = await startProvider(undefined, 'none');
  await expect(providerOf(issuer, { clientSecret: SECRET })()).rejects.toMatchObject({ error: 'invalid_client' });
  expect(seen).toEqual(['client_secret_basic', 'client_secret_post']);
});

it('another way is not tried where the file names one', async () => {
  const { issuer, seen } = await startProvider(undefined, 'client_secret_basic');
  const exchange = providerOf(issuer, { clientSecret: SECRET, tokenAuth: 'client_secret_post' });
  await expect(exchange()).rejects.toMatchObject({ error: 'invalid_client' });
  expect(seen).toEqual(['client_secret_post']);
});
