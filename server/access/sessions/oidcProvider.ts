import * as client from 'openid-client';
import type { OidcFile } from './oidcFile.ts';

/** The office's provider, as it describes itself. */
export interface OidcProvider {
  /** Looked up when first needed, and again if that failed: the provider may start after this program. */
  configuration(): Promise<client.Configuration>;
  /**
   * Asks for tokens. A client says its secret in the way that the provider takes: by HTTP Basic, which is the default
   * of the standard (OpenID Connect Core §9), else in the body. Where the provider takes both but the client is set up
   * for one, the other is tried; what worked is used from then on.
   */
  exchange<T>(ask: (configuration: client.Configuration) => Promise<T>): Promise<T>;
}

type Way = 'client_secret_basic' | 'client_secret_post' | 'none';

const authOf = (way: Way, secret: string | undefined): client.ClientAuth =>
  way === 'none'
    ? client.None()
    : way === 'client_secret_basic'
      ? client.ClientSecretBasic(secret)
      : client.ClientSecretPost(secret);

export function createProvider(file: OidcFile): OidcProvider {
  let found: Promise<client.Configuration> | undefined;
  let worked: Way | undefined;

  async function discover(): Promise<client.Configuration> {
    // Some write the issuer with a slash at the end, and some without: it is the same one.
    const other = file.issuer.endsWith('/') ? file.issuer.slice(0, -1) : `${file.issuer}/`;
    try {
      return await discoverAt(file, file.issuer);
    } catch (error) {
      return discoverAt(file, other).catch(() => {
        throw error;
      });
    }
  }
  const configuration = () => {
    found ??= discover().catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
  function waysOf({ token_endpoint_auth_methods_supported: taken }: client.ServerMetadata): Way[] {
    if (file.clientSecret === undefined) return ['none'];
    if (file.tokenAuth) return [file.tokenAuth];
    const ways: Way[] = ['client_secret_basic', 'client_secret_post'];
    const possible = taken ? ways.filter((way) => taken.includes(way)) : ways;
    return worked ? [worked] : possible.length > 0 ? possible : ways;
  }

  return {
    configuration,
    async exchange(ask) {
      const metadata = (await configuration()).serverMetadata();
      const ways = waysOf(metadata);
      for (const [i, way] of ways.entries()) {
        try {
          const asking = new client.Configuration(metadata, file.clientId, undefined, authOf(way, file.clientSecret));
          asking.timeout = TIMEOUT_S;
          if (isPlain(file)) client.allowInsecureRequests(asking);
          const answer = await ask(asking);
          worked = way;
          return answer;
        } catch (error) {
          // The code is still good: the provider looked at the client first.
          if (!isClientRefused(error) || i === ways.length - 1) throw error;
        }
      }
      throw new Error('no way to say the secret of the client');
    },
  };
}

const TIMEOUT_S = 10;
const isPlain = ({ issuer }: OidcFile) => issuer.startsWith('http://');

const discoverAt = (file: OidcFile, issuer: string) =>
  client.discovery(new URL(issuer), file.clientId, undefined, client.None(), {
    timeout: TIMEOUT_S,
    ...(isPlain(file) ? { execute: [client.allowInsecureRequests] } : {}),
  });

/** Whether the provider did not accept how the client said who it is. */
function isClientRefused(error: unknown): boolean {
  const { error: code, status } = error as { error?: unknown; status?: unknown };
  return code === 'invalid_client' || code === 'unauthorized_client' || status === 401;
}

/** What went wrong, for the log: with the codes of the library, of the provider and of what lies below. */
export function reasonOf(error: unknown): string {
  const {
    message,
    code,
    error: errorCode,
    error_description: why,
    cause,
  } = error as Error & {
    code?: string;
    error?: string;
    error_description?: string;
    cause?: { code?: string; message?: string };
  };
  const codes = [code, errorCode, cause?.code].filter((one): one is string => typeof one === 'string' && one !== '');
  const texts = [message, why, cause?.message].filter((one): one is string => typeof one === 'string' && one !== '');
  return [...new Set([...codes, ...texts])].join(': ').slice(0, 500);
}
