import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Provider } from 'oidc-provider';
import { hashToken, mintToken } from '../../server/access/secret.ts';
import { freePort } from '../../testing/freePort.ts';
import { UNIT } from './accessTable.ts';
import { startServer, type RunningServer } from './server.ts';

/** A server whose people sign in at a real OpenID provider (oidc-provider, with its own pages). */

export const OIDC_CALLBACK = '/api/v1/access/oidc/callback';

const SECRET = 'top-secret-of-the-client';

/** Who the provider lets in, with any password, and their groups. */
const GROUPS: Record<string, string[]> = {
  leader: ['staff', 'wage-leaders'],
  clerk: ['wage-liangzhu'],
  visitor: ['staff'],
  handler: ['wage-handlers'],
  stray: ['wage-handlers'],
};

/** Where they work, as the provider has it. */
const DEPARTMENTS: Record<string, string[]> = { handler: ['办公室', UNIT.name['zh-CN']], stray: ['办公室'] };

export interface OidcServer {
  server: RunningServer;
  issuer: string;
  /** A token of an admin. */
  admin: string;
  stop(): Promise<void>;
}

/** How this office's provider differs from the default. */
export interface OidcVariant {
  /** How the client is registered to say its secret; HTTP Basic, the default of the standard, if left out. */
  registered?: 'client_secret_post';
  /** The issuer as the administrator wrote it. */
  written?: (issuer: string) => string;
  /** Groups in a claim within a claim, as Keycloak has them. */
  nested?: boolean;
  clientSecret?: string;
}

/**
 * @param dir for the files of configuration
 * @param host of the provider: `localhost` is another site than that of the server
 */
export async function startOidcServer(
  dir: string,
  host: '127.0.0.1' | 'localhost',
  { registered, written = (issuer) => issuer, nested = false, clientSecret = SECRET }: OidcVariant = {},
): Promise<OidcServer> {
  const [port, providerPort] = [await freePort(), await freePort()];
  const issuer = `http://${host}:${providerPort}`;
  const url = `http://127.0.0.1:${port}`;
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'wagewatch',
        client_secret: SECRET,
        redirect_uris: [url + OIDC_CALLBACK],
        ...(registered ? { token_endpoint_auth_method: registered } : {}),
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'groups', 'realm_access', 'departments'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({
        sub: id,
        name: `${id} of the office`,
        ...(DEPARTMENTS[id] ? { departments: DEPARTMENTS[id] } : {}),
        ...(nested ? { realm_access: { roles: GROUPS[id] ?? [] } } : { groups: GROUPS[id] ?? [] }),
      }),
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
      issuer: written(issuer),
      clientId: 'wagewatch',
      clientSecret,
      label: '区统一认证',
      claim: nested ? 'realm_access.roles' : 'groups',
      roles: [
        { value: 'wage-leaders', role: 'leader', scope: '330110' },
        { value: 'wage-liangzhu', role: 'officer', scope: '330110010' },
        { value: 'wage-handlers', role: 'handler', scope: '330110' },
      ],
      unitClaim: 'departments',
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
