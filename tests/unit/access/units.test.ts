import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sessionView } from '../../../server/access/sessions/sessionView.ts';
import { readOidcFile } from '../../../server/access/sessions/oidcFile.ts';
import type { AccessServices } from '../../../server/access/services.ts';
import type { Principal } from '../../../server/platform/http/principal.ts';
import { PASSWORD, startAccessFixture, TOWN, type AccessFixture } from '../../support/accessServices.ts';

/** The unit that people and tokens belong to (casework §1), over a real Redis. */

const folder = mkdtempSync(join(tmpdir(), 'units-'));
let fixture: AccessFixture;
let services: AccessServices;
let admin: Principal;
beforeAll(async () => {
  fixture = await startAccessFixture();
});
beforeEach(async () => {
  await fixture.clear();
  services = await fixture.process();
  admin = await fixture.admin(services);
});
afterAll(async () => {
  await fixture.stop();
  rmSync(folder, { recursive: true });
});

/** What was wrong with it, as the asker is told. */
const fault = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { status?: number; parameter?: string; message: string }) =>
      `${error.status} ${error.parameter}: ${error.message}`,
  );
async function signedIn(grant: { role: 'handler' | 'officer' | 'leader'; scope?: string; unit?: string }) {
  const { id, code } = await services.people.add({ name: '某经办', scope: '330110', ...grant }, admin);
  const { secret } = await services.invitations.accept(code, undefined, PASSWORD, '10.0.0.2');
  return { id, secret, who: () => services.access.identify(secret) };
}

describe('the unit of a person', () => {
  it.each<[string, Parameters<AccessServices['people']['add']>[0], RegExp]>([
    ['a handler without one', { name: 'a', role: 'handler', scope: '330110' }, /^400 unit: unit is missing: a handler/],
    [
      'one that the region does not have',
      { name: 'a', role: 'officer', scope: '330110', unit: 'nobody' },
      /^400 unit: unit is nobody, but region 330110 has the units brigade, office-010, office-001$/,
    ],
    [
      'one of another town',
      { name: 'a', role: 'handler', scope: TOWN, unit: 'office-001' },
      /^400 unit: unit is office-001, which is not there for 330110010: those that are, are brigade, office-010$/,
    ],
    [
      'an admin with one',
      { name: 'a', role: 'admin', scope: '330110', unit: 'brigade' },
      /^400 unit: unit is given, but somebody of the role admin belongs to none$/,
    ],
  ])('is refused to %s', async (_what, grant, problem) => {
    expect(await fault(services.people.add(grant, admin))).toMatch(problem);
    expect(services.directory.list('person')).toHaveLength(1);
  });

  it('is told in the invitation, at sign-in and in the session, and is that of an officer or leader only where given', async () => {
    const { id, code } = await services.people.add(
      { name: '某经办', role: 'handler', scope: TOWN, unit: 'office-010' },
      admin,
    );
    expect(services.invitations.find(code)!.invite).toMatchObject({ role: 'handler', scope: TOWN, unit: 'office-010' });
    const { secret } = await services.invitations.accept(code, undefined, PASSWORD, '10.0.0.2');
    const who = (await services.access.identify(secret))!;
    expect(who).toMatchObject({ id, role: 'handler', scope: TOWN, unit: 'office-010' });
    expect(sessionView(services, who).principal).toMatchObject({ role: 'handler', unit: 'office-010' });
    // Anew, after a forgotten password.
    const again = await services.people.invite(id, admin);
    expect(services.invitations.find(again.code)!.invite.unit).toBe('office-010');

    const officer = await services.people.add({ name: '某专班', role: 'officer', scope: '330110' }, admin);
    expect(services.directory.get('person', officer.id)).not.toHaveProperty('unit');
    const leader = await services.people.add(
      { name: '某领导', role: 'leader', scope: '330110', unit: 'brigade' },
      admin,
    );
    expect(services.directory.get('person', leader.id)!.unit).toBe('brigade');
  });

  it('ends all sessions when it changes, and stays where something else does', async () => {
    const { id, who } = await signedIn({ role: 'handler', unit: 'brigade' });
    await services.people.change(id, { name: '某甲' }, admin);
    expect(await who()).toMatchObject({ name: '某甲', unit: 'brigade' });
    const before = (await who())!;
    await services.people.change(id, { unit: 'office-010' }, admin);
    expect(await who()).toBeUndefined();
    expect(services.access.holds(before)).toBe(false);
    expect(services.directory.get('person', id)!.unit).toBe('office-010');
  });

  it('can be taken from an officer, not from a handler, and goes with a role that has none', async () => {
    const { id, who } = await signedIn({ role: 'officer', unit: 'brigade' });
    expect(await fault(services.people.change(id, { role: 'handler', unit: '' }, admin))).toMatch(
      /^400 unit: .*missing/,
    );
    expect(await who()).toMatchObject({ role: 'officer', unit: 'brigade' });
    await services.people.change(id, { unit: '' }, admin);
    expect(services.directory.get('person', id)).not.toHaveProperty('unit');
    await services.people.change(id, { role: 'handler', unit: 'brigade' }, admin);
    await services.people.change(id, { role: 'admin' }, admin);
    expect(services.directory.get('person', id)).toMatchObject({ role: 'admin' });
    expect(services.directory.get('person', id)).not.toHaveProperty('unit');
  });

  it('does not go along into a scope for which it is not there', async () => {
    const { id, who } = await signedIn({ role: 'handler', unit: 'office-001' });
    expect(await fault(services.people.change(id, { scope: TOWN }, admin))).toMatch(/^400 unit: unit is office-001, /);
    expect(await who()).toMatchObject({ scope: '330110' });
    await services.people.change(id, { scope: TOWN, unit: 'office-010' }, admin);
    expect(services.directory.get('person', id)).toMatchObject({ scope: TOWN, unit: 'office-010' });
  });
});

describe('somebody of the office’s provider', () => {
  const who = { issuer: 'https://id.example', subject: 's1', name: '某人', scope: '330110' };
  it('belongs to the first unit that is told, by its code or its name; a handler of none is not let in', async () => {
    const { signIn, access, directory } = services;
    const come = async (role: 'handler' | 'officer' | 'admin', units: string[]) =>
      access.identify((await signIn.byOidc({ ...who, role, units }, '10.0.0.3')).secret);
    expect(await come('handler', ['staff', '某街道平安办', 'brigade'])).toMatchObject({ unit: 'office-010' });
    expect(await fault(signIn.byOidc({ ...who, role: 'handler', units: ['别处'] }, '10.0.0.3'))).toMatch(
      /^403 unit: .*none of 别处 is one of 330110$/,
    );
    // What they were before does not stay.
    expect(await come('officer', ['别处'])).not.toHaveProperty('unit');
    expect(await come('officer', ['brigade'])).toMatchObject({ unit: 'brigade' });
    expect(await come('admin', ['brigade'])).not.toHaveProperty('unit');
    const [, record] = directory.list('person').find(([, { oidc }]) => oidc)!;
    expect(record).not.toHaveProperty('unit');
  });

  it('has it from the mapping or from a claim, or the program does not start', () => {
    const path = join(folder, 'oidc.json');
    const read = (roles: object[], more: object = {}) => {
      const file = { issuer: 'https://id.example', clientId: 'w', label: '某', claim: 'groups', roles, ...more };
      writeFileSync(path, JSON.stringify(file));
      return () => readOidcFile(path);
    };
    const handler = { value: 'h', role: 'handler', scope: '330110' };
    expect(read([handler])).toThrow(/\/roles\/0\/unit is missing: a handler belongs to a unit/);
    expect(read([{ ...handler, unit: 'brigade' }])().roles[0]!.unit).toBe('brigade');
    expect(read([handler], { unitClaim: 'department' })().unitClaim).toBe('department');
    expect(read([{ ...handler, role: 'admin', unit: 'brigade' }])).toThrow(/\/roles\/0\/unit is given, but .*admin/);
  });
});

describe('the unit of a token', () => {
  it('is one of its region’s, and in force while the token lets in', async () => {
    const add = (grant: object) =>
      services.tokens.add({ name: 'pad', role: 'handler', scope: '330110', ...grant } as never, admin);
    expect(await fault(add({}))).toMatch(/^400 unit: .*missing/);
    expect(await fault(add({ unit: 'nobody' }))).toMatch(/^400 unit: unit is nobody/);
    expect(await fault(add({ role: 'display', unit: 'brigade' }))).toMatch(/^400 unit: unit is given/);
    const { secret, token } = await add({ unit: 'brigade' });
    expect(token).toMatchObject({ role: 'handler', unit: 'brigade' });
    expect(await services.access.identify(secret)).toMatchObject({ role: 'handler', unit: 'brigade' });
    expect(services.tokens.list()).toMatchObject([{ name: 'pad', unit: 'brigade' }]);
  });
});
