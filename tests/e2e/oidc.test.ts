import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { takeChromium } from '../support/chromium.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trail } from '../../contract/accessAdmin.ts';
import { startOidcServer, type OidcServer } from '../support/oidcServer.ts';
import { watchPage } from '../support/harnessPage.ts';
import { axeFaults } from './support/axe.ts';
import { live } from './support/wall.ts';

/** The office's own sign-in as a person sees it: from /login to the pages of a real provider, on another site, and back. */

const dir = mkdtempSync(join(tmpdir(), 'oidc-page-'));
let office: OidcServer;
let browser: Browser;

beforeAll(async () => {
  [browser, office] = await Promise.all([takeChromium(), startOidcServer(dir, 'localhost')]);
});
afterAll(async () => {
  await browser.close();
  await office.stop();
  rmSync(dir, { recursive: true });
});

interface Visit {
  page: Page;
  faults: string[];
}
async function visit(path: string): Promise<Visit> {
  const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  // The provider's pages ask for a font of the internet.
  await page.route(/fonts\.g/, (route) => route.abort());
  const faults = watchPage(page, office.server.url);
  await page.goto(`${office.server.url}${path}`);
  await page.waitForURL('**/login**');
  await page.waitForSelector('a.office');
  return { page, faults };
}
const isAtOffice = (page: Page) => page.waitForURL(`${office.issuer}/**`);
/** Signs in at the provider and agrees to what it asks. */
async function signIn(page: Page, login: string): Promise<void> {
  await page.click('a.office');
  await isAtOffice(page);
  await page.fill('input[name="login"]', login);
  await page.fill('input[name="password"]', 'any');
  await page.click('button[type="submit"]');
  await page.waitForSelector('input[name="prompt"][value="consent"]', { state: 'attached' });
  await page.click('button[type="submit"]');
}
/** What our own pages did wrong; the provider's have a font from elsewhere, and are not ours. */
const ours = ({ faults }: Visit) =>
  faults.filter((fault) => !fault.includes(office.issuer) && !/fonts\.g|status of 401/.test(fault));
const trail = async (): Promise<Trail['items']> =>
  (
    (await (
      await fetch(`${office.server.url}/api/v1/access/trail?what=session.begin&what=session.fail`, {
        headers: { authorization: `Bearer ${office.admin}` },
      })
    ).json()) as Trail
  ).items;

describe("the office's own sign-in", () => {
  it('leads to the provider and back to where somebody wanted to go, signed in, and the trail says so', async () => {
    const seen = await visit('/kiosk/330110010');
    const { page } = seen;
    expect(await page.innerText('a.office')).toBe('区统一认证');
    expect(await axeFaults(page)).toEqual([]);
    await signIn(page, 'leader');
    await page.waitForURL('**/kiosk/330110010**');
    await live(page);
    // The cookie that was set on the way back from another site holds from the first page on.
    expect(
      await page.evaluate(
        async () => ((await (await fetch('/api/v1/access/session')).json()) as { principal: object }).principal,
      ),
    ).toMatchObject({ kind: 'person', name: 'leader of the office', role: 'leader', scope: '330110' });
    expect((await page.context().cookies()).find(({ name }) => name === 'wagewatch')).toMatchObject({
      httpOnly: true,
      sameSite: 'Strict',
    });
    expect((await trail())[0]).toMatchObject({
      what: 'session.begin',
      who: { name: 'leader of the office', role: 'leader', kind: 'person' },
      from: '127.0.0.1',
      detail: { by: 'oidc' },
    });
    await page.goto(`${office.server.url}/login`);
    await page.getByText('退出登录').click();
    await page.waitForSelector('a.office');
    expect(ours(seen)).toEqual([]);
    await page.context().close();
  });

  it('says in both languages why somebody was not let in', async () => {
    const seen = await visit('/login');
    const { page } = seen;
    const told = async (zh: string, en: string) => {
      await page.waitForURL('**/login?problem=**');
      await page.waitForSelector('.problem[role="alert"]:not(:empty)');
      expect(await page.innerText('.problem:not(:empty)')).toBe(zh);
      await page.click('footer button');
      expect(await page.innerText('.problem:not(:empty)')).toBe(en);
      expect(await axeFaults(page)).toEqual([]);
      await page.click('footer button');
    };
    // Somebody whom the provider knows, and this program has no role for.
    await signIn(page, 'visitor');
    await told('该账号尚无本系统权限，请联系管理员。', 'This account has no access here. Ask an administrator.');
    expect((await trail())[0]).toMatchObject({
      what: 'session.fail',
      who: { kind: 'stranger' },
      from: '127.0.0.1',
      detail: { why: expect.stringContaining('groups') as string },
    });
    expect((await page.context().cookies()).some(({ name }) => name === 'wagewatch')).toBe(false);

    // Somebody who turns back at the provider.
    await page.context().clearCookies();
    await page.click('a.office');
    await isAtOffice(page);
    await page.click('a[href$="/abort"]');
    await told('统一身份认证已取消或未通过。', "The office's sign-in was cancelled or refused.");
    expect((await trail())[0]).toMatchObject({ what: 'session.fail', detail: { why: 'access_denied' } });

    // An answer of the provider that nobody asked for.
    await page.goto(`${office.server.url}/api/v1/access/oidc/callback?code=x&state=y`);
    await told(
      '统一身份认证未完成，请重试或联系管理员。',
      "The office's sign-in did not work. Try again, or ask an administrator.",
    );
    expect(ours(seen)).toEqual([]);
    await page.context().close();
  });
});
