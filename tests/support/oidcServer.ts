import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Provider } from 'oidc-provider';
import { hashToken, mintToken } from '../../server/access/secret.ts';
import { freePort } from '../../testing/freePort.ts';
import { startServer, type RunningServer } from './server.ts';

/** A server whose people sign in at a real OpenID provider (oidc-provider, with its own pages). */

export const OIDC_CALLBACK = '/api/v1/access/oidc/callback';

/** Who the provider lets in, with any password, and their groups. */
const GROUPS: Record<string, string[]> = {
  leader: ['staff', 'wage-leaders'],
  clerk: ['wage-liangzhu'],
  visitor: ['staff'],
};

export interface OidcServer {
  server: RunningServer;
  issuer: string;
  /** A token of an admin. */
  admin: string;
  stop(): Promise<void>;
}

/**
 * @param dir for the files of configuration
 * @param host of the provider: `localhost` is another site than that of the server
 */
export async function startOidcServer(dir: string, host: '127.0.0.1' | 'localhost'): Promise<OidcServer> {
  const [port, providerPort] = [await freePort(), await freePort()];
  const issuer = `http://${host}:${providerPort}`;
  const url = `http://127.0.0.1:${port}`;
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'wagewatch',
        client_secret: 'top-secret-of-the-client',
        redirect_uris: [url + OIDC_CALLBACK],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'groups'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, name: `${id} of the office`, groups: GROUPS[id] ?? [] }),
    }),
    pkce: { required: () => true },
    cookies: { keys: ['k'] },
  });
  const provider = createServer((request, response) => void oidc.callback()(request, response));
  await new Promise<void>((resolve) => {
    provider.listen(providerPort, '127.0.0.1', resolve);
  });
  const file = join(dir, 'oidc.json');
  writeFileSync(
    file,
    JSON.stringify({
      issuer,
      clientId: 'wagewatch',
      clientSecret: 'top-secret-of-the-client',
      label: '区统一认证',
      claim: 'groups',
      roles: [
        { value: 'wage-leaders', role: 'leader', scope: '330110' },
        { value: 'wage-liangzhu', role: 'officer', scope: '330110010' },
      ],
    }),
  );
  const admin = mintToken();
  const access = join(dir, 'access.json');
  writeFileSync(
    access,
    JSON.stringify({ tokens: [{ name: 'admin', role: 'admin', scope: '330110', hash: hashToken(admin) }] }),
  );
  const server = await startServer({ PORT: String(port), OIDC_FILE: file, PUBLIC_URL: url, ACCESS_FILE: access });
  return {
    server,
    issuer,
    admin,
    async stop() {
      await server.stop();
      provider.closeAllConnections();
      await new Promise((resolve) => {
        provider.close(resolve);
      });
    },
  };
}
