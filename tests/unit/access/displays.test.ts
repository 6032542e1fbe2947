import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RENEW_AFTER_MS, DISPLAY_TOKEN_MS } from '../../../server/access/displays/displayTokens.ts';
import type { AccessServices } from '../../../server/access/services.ts';
import type { Principal } from '../../../server/platform/http/principal.ts';
import { startAccessFixture, TOWN, type AccessFixture } from '../../support/accessServices.ts';

/** Displays and how they come in, in two processes over a real Redis. */

let fixture: AccessFixture;
let one: AccessServices;
let other: AccessServices;
let admin: Principal;
let now: number;
beforeAll(async () => {
  fixture = await startAccessFixture();
});
afterAll(() => fixture.stop());
beforeEach(async () => {
  await fixture.clear();
  now = Date.now();
  [one, other] = await Promise.all([fixture.process({ now: () => now }), fixture.process({ now: () => now })]);
  admin = await fixture.admin(one);
  await other.directory.sync();
});

const status = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { status?: number }) => error.status ?? error,
  );
async function paired(name = '大厅') {
  const { code, secret } = await one.pairings.begin('10.0.0.9', 'agent');
  const display = await one.pairings.pair(code, { name, scope: '330110', screen: 'wall' }, admin);
  const { token } = (await one.pairings.claim(secret, '10.0.0.9'))!;
  return { id: display.id, token, secret, code };
}

describe('pairing', () => {
  it('lets in the screen that shows the code, once an admin has typed it', async () => {
    const { code, secret } = await one.pairings.begin('10.0.0.9', 'agent');
    expect(await other.pairings.claim(secret, '10.0.0.9')).toBeUndefined();
    expect(await other.pairings.waiting(code)).toMatchObject({ code, from: '10.0.0.9', agent: 'agent' });
    expect(await status(one.pairings.claim(`${code}.wp_${'A'.repeat(43)}`, '10.0.0.9'))).toBe(404);
    await other.pairings.pair(code, { name: '大厅', scope: TOWN, screen: 'kiosk' }, admin);
    const claimed = (await one.pairings.claim(secret, '10.0.0.9'))!;
    expect(claimed.show).toBe(`/kiosk/${TOWN}`);
    expect(await other.access.identify(claimed.token)).toMatchObject({ kind: 'display', role: 'display', scope: TOWN });
  });

  it('makes one display where two admins type the same code at once', async () => {
    const { code } = await one.pairings.begin('10.0.0.9', '');
    const results = await Promise.all(
      [one, other].map((services, i) =>
        status(services.pairings.pair(code, { name: `hall ${i}`, scope: '330110', screen: 'wall' }, admin)),
      ),
    );
    expect(results.sort()).toEqual([409, 'done']);
    await one.directory.sync();
    expect(one.directory.list('display')).toHaveLength(1);
  });

  it('leaves the screen waiting where the name is taken, and refuses a kiosk of a region', async () => {
    await paired();
    const { code } = await one.pairings.begin('10.0.0.9', '');
    const pair = (name: string, screen: 'wall' | 'kiosk') =>
      status(one.pairings.pair(code, { name, scope: '330110', screen }, admin));
    expect([await pair('大厅', 'wall'), await pair('走廊', 'kiosk'), await pair('走廊', 'wall')]).toEqual([
      409,
      400,
      'done',
    ]);
  });

  it('gives no token to a display that is revoked meanwhile', async () => {
    const { code, secret } = await one.pairings.begin('10.0.0.9', '');
    const { id } = await one.pairings.pair(code, { name: '大厅', scope: '330110', screen: 'wall' }, admin);
    await other.directory.sync();
    await other.displays.revoke(id, admin);
    expect(await status(one.pairings.claim(secret, '10.0.0.9'))).toBe(404);
  });
});

describe('a token of a display', () => {
  it('ends at its time, for a connection that stays as well, unless it is renewed', async () => {
    const { id, token } = await paired();
    const principal = (await one.access.identify(token))!;
    expect(one.displayTokens.due(id)).toBe(false);
    now += RENEW_AFTER_MS + 1;
    expect(one.displayTokens.due(id)).toBe(true);
    const renewed = await one.displayTokens.issue(id);
    now += DISPLAY_TOKEN_MS - RENEW_AFTER_MS;
    expect([one.access.holds(principal), await one.access.identify(token)]).toEqual([false, undefined]);
    expect((await other.access.identify(renewed))?.id).toBe(id);
  });

  it('ends when a newer one has been used', async () => {
    const { id, token } = await paired();
    const renewed = await one.displayTokens.issue(id);
    expect(await one.access.identify(token)).toBeDefined();
    expect(await one.access.identify(renewed)).toBeDefined();
    await expect.poll(() => one.access.identify(token)).toBeUndefined();
  });
});

describe('a display', () => {
  it('is told in every process, shows what it is given, and is out when it is revoked', async () => {
    const { id, token } = await paired();
    const heard: unknown[] = [];
    other.displays.onCommand((display, command) => heard.push([display, command.kind]));
    expect(await status(one.displays.send(id, 'reload'))).toBe(409);
    await other.displays.keepOnline(id, { since: now, from: '10.0.0.9' });
    await one.displays.send(id, 'identify');
    expect((await one.displays.change(id, { name: '走廊', settings: { lang: 'en' } }, admin)).show).toBe(
      '/wall?lang=en&scope=330110',
    );
    await other.directory.sync();
    expect(heard).toEqual([
      [id, 'identify'],
      [id, 'show'],
    ]);
    expect(await one.displays.get(id)).toMatchObject({ name: '走廊', online: true, from: '10.0.0.9' });
    await one.displays.revoke(id, admin);
    await other.directory.sync();
    expect([await one.access.identify(token), await other.access.identify(token)]).toEqual([undefined, undefined]);
    expect(await status(one.displays.get(id))).toBe(404);
  });
});
