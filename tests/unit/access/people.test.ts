import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccessServices } from '../../../server/access/services.ts';
import { EVERYBODY, type Principal } from '../../../server/platform/http/principal.ts';
import { PASSWORD, startAccessFixture, TOWN, type AccessFixture } from '../../support/accessServices.ts';

/** People and how they sign in, in two processes over a real Redis (issue 15, points 14, 17 to 21). */

let fixture: AccessFixture;
let one: AccessServices;
let other: AccessServices;
let admin: Principal;
beforeAll(async () => {
  fixture = await startAccessFixture();
});
afterAll(() => fixture.stop());
beforeEach(async () => {
  await fixture.clear();
  [one, other] = await Promise.all([fixture.process(), fixture.process()]);
  admin = await fixture.admin(one);
  await other.directory.sync();
});

const status = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { status?: number }) => error.status ?? error,
  );
async function person(name: string, role: 'officer' | 'leader' | 'admin', scope = '330110') {
  const { id, code } = await one.people.add({ name, role, scope }, admin);
  const { secret } = await one.invitations.accept(code, undefined, PASSWORD, '10.0.0.2');
  return { id, secret };
}
/** Sends no command of this process to Redis until the change of another is made: the order in which a race is lost. */
const inBetween = (services: AccessServices, change: () => Promise<unknown>) => {
  const plan = services.directory.change.bind(services.directory);
  let first = true;
  services.directory.change = async (edits) => {
    if (first) {
      first = false;
      await change();
    }
    return plan(edits);
  };
};

describe('the last admins', () => {
  it('are not taken away by two processes at once, however: one of them stays', async () => {
    for (const [i, away] of [
      (services: AccessServices, id: string, by: Principal) => services.people.change(id, { disabled: true }, by),
      (services: AccessServices, id: string, by: Principal) => services.people.remove(id, by),
      (services: AccessServices, id: string, by: Principal) => services.people.change(id, { role: 'officer' }, by),
      (services: AccessServices, id: string, by: Principal) =>
        services.people.change(id, { role: 'officer', scope: TOWN }, by),
    ].entries()) {
      for (let round = 0; round < 5; round++) {
        await fixture.clear();
        [one, other] = await Promise.all([fixture.process(), fixture.process()]);
        admin = await fixture.admin(one, `first ${i}`);
        const second = await fixture.admin(one, 'second');
        await other.directory.sync();
        const results = await Promise.all([
          status(away(one, second.id!, admin)),
          status(away(other, admin.id!, second)),
        ]);
        await one.directory.sync();
        const left = one.directory
          .list('person')
          .filter(([, { role, disabled, password }]) => role === 'admin' && !disabled && password !== undefined);
        expect(left, JSON.stringify(results)).toHaveLength(1);
        expect(results.filter((result) => result === 'done')).toHaveLength(1);
      }
    }
  });
});

describe('a sign-in under way', () => {
  it('does not survive a new password, in whichever process that is set', async () => {
    const { secret } = await person('陈科员', 'officer', TOWN);
    const who = (await one.access.identify(secret))!;
    await other.directory.sync();
    inBetween(one, () => other.signIn.changePassword(who, PASSWORD, 'another good one', '10.0.0.2'));
    expect(await status(one.signIn.byPassword('陈科员', PASSWORD, '10.0.0.3'))).toBe(401);
    expect(one.sessions.count(who.id!)).toBe(1);
    expect(await status(one.signIn.byPassword('陈科员', 'another good one', '10.0.0.3'))).toBe('done');
  });

  it('does not survive a new invitation taken up, being disabled, or being removed', async () => {
    for (const away of [
      async (id: string) => {
        const { code } = await other.people.invite(id, admin);
        await other.invitations.accept(code, undefined, 'another good one', '10.0.0.4');
      },
      (id: string) => other.people.change(id, { disabled: true }, admin),
      (id: string) => other.people.remove(id, admin),
    ]) {
      const { id } = await person('陈科员', 'officer', TOWN);
      await other.directory.sync();
      inBetween(one, () => away(id));
      expect(await status(one.signIn.byPassword('陈科员', PASSWORD, '10.0.0.3'))).toBe(401);
      if (one.directory.get('person', id)) await one.people.remove(id, admin);
    }
  });

  it('makes no change of password for a session that has ended, and takes no invitation that was withdrawn', async () => {
    const { id, secret } = await person('陈科员', 'officer', TOWN);
    const who = (await one.access.identify(secret))!;
    await other.directory.sync();
    inBetween(one, () => other.people.signOut(id, admin));
    expect(await status(one.signIn.changePassword(who, PASSWORD, 'another good one', '10.0.0.2'))).toBe(401);
    const { code } = await one.people.invite(id, admin);
    await other.directory.sync();
    inBetween(one, () => other.people.invite(id, admin));
    expect(await status(one.invitations.accept(code, undefined, 'another good one', '10.0.0.2'))).toBe(404);
    expect(await status(one.signIn.byPassword('陈科员', PASSWORD, '10.0.0.2'))).toBe('done');
  });

  it('by a provider makes no session for somebody who was disabled meanwhile', async () => {
    const who = { issuer: 'https://id', subject: 's1', name: '李', role: 'leader' as const, scope: '330110' };
    await one.signIn.byOidc(who, '10.0.0.5');
    const [[id]] = one.directory.list('person').filter(([, { oidc }]) => oidc) as [[string, unknown]];
    await other.directory.sync();
    inBetween(one, () => other.people.change(id, { disabled: true }, admin));
    expect(await status(one.signIn.byOidc(who, '10.0.0.5'))).toBe(403);
    expect(one.sessions.count(id)).toBe(0);
  });
});

describe('a change', () => {
  it('is not made for an admin who is one no longer', async () => {
    const second = await fixture.admin(one, 'second');
    for (const [i, change] of [
      (by: Principal) => one.people.add({ name: 'x', role: 'leader', scope: '330110' }, by),
      (by: Principal) => one.people.remove(admin.id!, by),
      (by: Principal) => one.tokens.add({ name: 'x', role: 'leader', scope: '330110' }, by),
    ].entries()) {
      const by = await fixture.admin(one, `other ${i}`);
      inBetween(one, () => other.people.signOut(by.id!, second));
      expect(await status(change(by))).toBe(401);
    }
    expect(one.directory.list('token')).toEqual([]);
  });
});

describe('closing', () => {
  it('drops what everybody made while the program was open, and keeps what closes it', async () => {
    await fixture.clear();
    [one, other] = await Promise.all([fixture.process(), fixture.process()]);
    const { secret } = await one.tokens.add({ name: 'planted', role: 'leader', scope: '330110' }, EVERYBODY);
    const planted = (await one.access.identify(secret))!;
    const session = await one.sessions.beginByToken(planted, () => true, '10.0.0.9');
    const waiting = await one.pairings.begin('10.0.0.9', 'x');
    await one.pairings.pair(waiting.code, { name: 'hall', scope: '330110', screen: 'wall' }, EVERYBODY);
    const display = (await one.pairings.claim(waiting.secret, '10.0.0.9'))!.token;
    const leader = await one.people.add({ name: '张三', role: 'leader', scope: '330110' }, EVERYBODY);
    const joined = await one.invitations.accept(leader.code, undefined, PASSWORD, '10.0.0.9');
    const officer = await one.people.add({ name: '李四', role: 'officer', scope: TOWN }, EVERYBODY);
    const link = await one.invitations.inviteAdmin('330110');
    for (const made of [secret, session, display, joined.secret]) expect(await one.access.identify(made)).toBeDefined();

    const first = await one.people.add({ name: '王主任', role: 'admin', scope: '330110' }, EVERYBODY);
    const closed = await other.invitations.accept(first.code, undefined, PASSWORD, '10.0.0.1');
    expect(closed.dropped.sort()).toEqual(['display hall', 'person 张三', 'person 李四', 'token planted']);
    await one.directory.sync();
    for (const made of [secret, session, display, joined.secret])
      expect(await one.access.identify(made)).toBeUndefined();
    for (const code of [officer.code, link.code]) expect(one.invitations.find(code)).toBeUndefined();
    expect((await one.access.identify(closed.secret))?.name).toBe('王主任');
    expect(await one.access.identify(undefined, { as: 'everybody' })).toBeUndefined();
    expect(await status(one.tokens.add({ name: 'late', role: 'leader', scope: '330110' }, EVERYBODY))).toBe(401);
    // What it made has no name left that nobody could take.
    const by = (await one.access.identify(closed.secret))!;
    expect(await status(one.tokens.add({ name: 'planted', role: 'leader', scope: '330110' }, by))).toBe('done');
  });

  it('does not miss what is made at that moment, nor take what an admin made', async () => {
    await fixture.clear();
    [one, other] = await Promise.all([fixture.process(), fixture.process()]);
    const { code } = await one.invitations.inviteAdmin('330110');
    inBetween(one, () => other.tokens.add({ name: 'at once', role: 'leader', scope: '330110' }, EVERYBODY));
    expect((await one.invitations.accept(code, 'first', PASSWORD, '10.0.0.1')).dropped).toEqual(['token at once']);
    const by = { ...(await fixture.admin(one, 'second')) };
    await one.tokens.add({ name: 'kept', role: 'leader', scope: '330110' }, by);
    await fixture.admin(one, 'third');
    expect(one.directory.list('token').map(([, { name }]) => name)).toEqual(['kept']);
    expect(await status(one.tokens.add({ name: 'Everybody', role: 'leader', scope: '330110' }, by))).toBe(400);
  });
});

describe('the last admin', () => {
  it('does not go while the others are invited only, or disabled: they let nobody in', async () => {
    await one.people.add({ name: '未来', role: 'admin', scope: '330110' }, admin);
    const second = await fixture.admin(one, 'second');
    await one.people.change(second.id!, { disabled: true }, admin);
    for (const away of [
      () => one.people.remove(admin.id!, admin),
      () => one.people.change(admin.id!, { disabled: true }, admin),
      () => one.people.change(admin.id!, { role: 'officer' }, admin),
    ])
      expect(await status(away())).toBe(409);
    await one.people.change(second.id!, { disabled: false }, admin);
    expect(await status(one.people.change(admin.id!, { disabled: true }, admin))).toBe('done');
  });
});
