import { createHash } from 'node:crypto';
import * as client from 'openid-client';
import type { ShortStore } from '../store/shortStore.ts';
import { claimOf } from './oidcClaims.ts';
import type { OidcFile } from './oidcFile.ts';
import { createProvider, reasonOf } from './oidcProvider.ts';
import type { Dropped } from '../closing.ts';
import { UnknownUnit, type SignIn } from './signIn.ts';

/** Somebody may take so long at the provider, ms. */
const FLOW_MS = 10 * 60_000;
export const OIDC_CALLBACK = '/api/v1/access/oidc/callback';

/** What is kept between leaving for the provider and coming back; of no use without the browser's cookie. */
interface Flow {
  verifier: string;
  nonce: string;
  next: string;
}

/** Why nobody was let in: `denied` by the provider or its user, `no-role` by the mapping of roles and units, `failed` for reasons of the log. */
export type OidcProblem = 'denied' | 'no-role' | 'failed';

/** Signing in at the office's own provider (OpenID Connect, authorization code with PKCE). */
export interface Oidc {
  readonly label: string;
  /** Where to send the browser, and what it is to bring back in a cookie. @throws when the provider cannot be reached */
  start(next: string): Promise<{ url: string; state: string }>;
  /** @param query of the callback; @param state of the cookie */
  finish(
    query: string,
    state: string | undefined,
    from: string,
  ): Promise<{ secret: string; dropped: Dropped; next: string } | { problem: OidcProblem; reason: string }>;
}

export interface OidcParts {
  file: OidcFile;
  /** The address of this program as people's browsers know it. */
  publicUrl: string;
  short: ShortStore;
  signIn: SignIn;
}

export function createOidc({ file, publicUrl, short, signIn }: OidcParts): Oidc {
  const redirect = new URL(OIDC_CALLBACK, publicUrl);
  const provider = createProvider(file);
  const nameOf = (state: string) => createHash('sha256').update(state).digest('base64url');

  return {
    label: file.label,
    async start(next) {
      const config = await provider.configuration();
      const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
      await short.put('oidc', nameOf(state), JSON.stringify({ verifier, nonce, next } satisfies Flow), FLOW_MS);
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirect.href,
        scope: file.scopes ?? 'openid profile',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, state };
    },
    async finish(query, state, from) {
      const given = new URLSearchParams(query);
      // What another browser began, and what was finished already, is not gone on with.
      const kept =
        state !== undefined && given.get('state') === state ? await short.take('oidc', nameOf(state)) : undefined;
      if (kept === undefined) return { problem: 'failed', reason: 'no sign-in of this browser is under way' };
      const flow = JSON.parse(kept) as Flow;
      const refused = given.get('error');
      if (refused) return { problem: 'denied', reason: refused.slice(0, 100) };
      try {
        const config = await provider.configuration();
        const current = new URL(redirect);
        current.search = query;
        const checks = { pkceCodeVerifier: flow.verifier, expectedState: state!, expectedNonce: flow.nonce };
        const tokens = await provider.exchange((asking) =>
          client.authorizationCodeGrant(asking, current, { ...checks, idTokenExpected: true }),
        );
        let claims: Record<string, unknown> = { ...tokens.claims()! };
        const subject = String(claims['sub']);
        const asked = [file.claim, ...(file.unitClaim === undefined ? [] : [file.unitClaim])];
        const lacking = asked.some((claim) => claimOf(claims, claim) === undefined);
        if (lacking && config.serverMetadata().userinfo_endpoint) {
          claims = { ...(await client.fetchUserInfo(config, tokens.access_token, subject)), ...claims };
        }
        const has = new Set([claimOf(claims, file.claim)].flat().map(String));
        const grant = file.roles.find(({ value }) => has.has(value));
        if (!grant) return { problem: 'no-role', reason: `none of the values of ${file.claim} is mapped to a role` };
        const name = claimOf(claims, file.nameClaim ?? 'name');
        const { secret, dropped } = await signIn.byOidc(
          {
            issuer: file.issuer,
            subject,
            name: typeof name === 'string' && name ? name : subject,
            role: grant.role,
            scope: grant.scope,
            units: grant.unit === undefined ? textsOf(file.unitClaim, claims) : [grant.unit],
          },
          from,
        );
        return { secret, dropped, next: flow.next };
      } catch (error) {
        // Somebody whose unit is not known has no place to work in: that is for the administrator, as a role is.
        if (error instanceof UnknownUnit) return { problem: 'no-role', reason: error.message };
        return { problem: 'failed', reason: reasonOf(error) };
      }
    },
  };
}

/** What a claim says, a text or a list of texts. */
function textsOf(claim: string | undefined, claims: Readonly<Record<string, unknown>>): string[] {
  return [claim === undefined ? [] : (claimOf(claims, claim) ?? [])].flat(2).map(String);
}
