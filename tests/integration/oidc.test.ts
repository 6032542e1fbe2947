import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../contract/access.ts';
import {
  OIDC_CALLBACK as CALLBACK,
  startOidcServer,
  type OidcServer,
  type OidcVariant,
} from '../support/oidcServer.ts';
import { UNIT } from '../support/accessTable.ts';
import { startServer, type RunningServer } from '../support/server.ts';

/** Signing in at a real OpenID provider (issue 5, point 2): a browser made of fetch and a jar. */

const dir = mkdtempSync(join(tmpdir(), 'oidc-'));
let office: OidcServer;
let server: RunningServer;

beforeAll(async () => {
  office = await startOidcServer(dir, '127.0.0.1');
  server = office.server;
});
afterAll(async () => {
  await office.stop();
  rmSync(dir, { recursive: true });
});

/** A browser: keeps cookies by host, follows redirects one by one. */
class Browser {
  readonly jar = new Map<string, Map<string, string>>();

  async go(url: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url);
    const cookies = this.jar.get(host) ?? new Map<string, string>();
    this.jar.set(host, cookies);
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: {
        ...(init.headers as Record<string, string>),
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value && !/max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) cookies.set(name!, value);
      else cookies.delete(name!);
    }
    return answer;
  }

  /** Goes on until a page, or until the address begins with `stop`. */
  async follow(url: string, stop: string): Promise<{ url: string; answer?: Response }> {
    for (let at = url; ;) {
      if (at.startsWith(stop)) return { url: at };
      const answer = await this.go(at);
      const next = answer.headers.get('location');
      if (!next) return { url: at, answer };
      at = new URL(next, at).href;
    }
  }
}

/** To the provider and through its pages as `login`; the address that it sends the browser back to. */
async function atProvider(browser: Browser, login: string, next = '/wall', at = server.url): Promise<string> {
  const back = at + CALLBACK;
  let here = await browser.follow(`${at}/api/v1/access/oidc/start?next=${encodeURIComponent(next)}`, back);
  for (let step = 0; here.answer && step < 5; step++) {
    const html = await here.answer.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(html)![1]!;
    const action = /<form[^>]* action="([^"]+)"/.exec(html)![1]!;
    const sent = await browser.go(new URL(action, here.url).href, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ prompt, login, password: 'x' }).toString(),
    });
    here = await browser.follow(new URL(sent.headers.get('location')!, here.url).href, back);
  }
  return here.url;
}
const session = async (browser: Browser, at = server.url) =>
  (await (await browser.go(`${at}/api/v1/access/session`)).json()) as Session;

describe('OpenID Connect', () => {
  it('signs people in with the role and scope of their groups', async () => {
    const browser = new Browser();
    expect((await session(browser)).signIn.oidc).toEqual({ label: '区统一认证' });
    const back = await atProvider(browser, 'leader', '/wall?lang=en');
    const answer = await browser.go(back);
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/wall?lang=en']);
    expect((await session(browser)).principal).toMatchObject({
      kind: 'person',
      name: 'leader of the office',
      role: 'leader',
      scope: '330110',
      password: false,
    });
    const clerk = new Browser();
    await clerk.go(await atProvider(clerk, 'clerk', '//evil.example'));
    expect((await session(clerk)).principal).toMatchObject({ role: 'officer', scope: '330110010' });
  });

  it('gives handlers the unit that their department is, and lets in none without', async () => {
    const handler = new Browser();
    expect((await handler.go(await atProvider(handler, 'handler'))).headers.get('location')).toBe('/wall');
    expect((await session(handler)).principal).toMatchObject({ role: 'handler', scope: '330110', unit: UNIT.code });
    const stray = new Browser();
    expect((await stray.go(await atProvider(stray, 'stray'))).headers.get('location')).toBe(
      '/login?problem=oidc-no-role',
    );
    expect((await session(stray)).principal).toBeUndefined();
    expect(server.output()).toContain('none of 办公室 is one of 330110');
  });

  it('does not start with a unit that its region does not have', async () => {
    const path = join(dir, 'slip.json');
    const roles = [{ value: 'x', role: 'handler', scope: '330110', unit: 'nobody' }];
    writeFileSync(path, JSON.stringify({ issuer: office.issuer, clientId: 'w', label: '某', claim: 'groups', roles }));
    await expect(startServer({ OIDC_FILE: path, PUBLIC_URL: 'http://127.0.0.1' })).rejects.toThrow(
      /slip\.json: \/roles\/0\/unit is nobody, but region 330110 has the units /,
    );
  });

  it('lets in nobody whose groups say nothing, who comes back twice, or with what another browser began', async () => {
    const visitor = new Browser();
    expect((await visitor.go(await atProvider(visitor, 'visitor'))).headers.get('location')).toBe(
      '/login?problem=oidc-no-role',
    );
    expect((await session(visitor)).principal).toBeUndefined();

    const browser = new Browser();
    const back = await atProvider(browser, 'leader');
    expect((await new Browser().go(back)).headers.get('location')).toBe('/login?problem=oidc-failed');
    const forged = new URL(back);
    forged.searchParams.set('state', 'x'.repeat(43));
    expect((await browser.go(forged.href)).headers.get('location')).toBe('/login?problem=oidc-failed');
    const again = new Browser();
    const mine = await atProvider(again, 'leader');
    const kept = new Map(again.jar.get(new URL(server.url).host));
    expect((await again.go(mine)).headers.get('location')).toBe('/wall');
    const replay = new Browser();
    replay.jar.set(new URL(server.url).host, kept);
    expect((await replay.go(mine)).headers.get('location')).toBe('/login?problem=oidc-failed');
    expect(server.output()).not.toMatch(/top-secret|code=/);
  });
});

/** Issue 16, point 33: providers as offices set them up. */
describe('a provider', () => {
  const signedIn = async (variant: OidcVariant) => {
    const folder = mkdtempSync(join(tmpdir(), 'oidc-'));
    const other = await startOidcServer(folder, '127.0.0.1', variant);
    try {
      const browser = new Browser();
      const answer = await browser.go(await atProvider(browser, 'leader', '/wall', other.server.url));
      return {
        location: answer.headers.get('location'),
        role: (await session(browser, other.server.url)).principal?.role,
        output: other.server.output(),
      };
    } finally {
      await other.stop();
      rmSync(folder, { recursive: true });
    }
  };

  it.each<[what: string, variant: OidcVariant]>([
    ['whose client is set up for the secret in the body', { registered: 'client_secret_post' }],
    ['whose issuer is written with a slash too many', { written: (issuer) => `${issuer}/` }],
    ['that nests its roles, as Keycloak does', { nested: true }],
  ])('%s lets people in', async (_what, variant) => {
    expect(await signedIn(variant)).toMatchObject({ location: '/wall', role: 'leader' });
  });

  it('that refuses the client is told in the log with its code', async () => {
    const { location, output } = await signedIn({ clientSecret: 'wrong' });
    expect(location).toBe('/login?problem=oidc-failed');
    expect(output).toMatch(/OpenID Connect: not let in/);
    expect(output).toMatch(/invalid_client/);
  });
});
