import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashToken, mintToken } from '../../../server/access/secret.ts';
import { startAccessFixture, type AccessFixture } from '../../support/accessServices.ts';

/** Tokens, of the store and of the access file, over a real Redis. */

const folder = mkdtempSync(join(tmpdir(), 'tokens-'));
const file = join(folder, 'access.json');
let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await startAccessFixture();
});
beforeEach(() => fixture.clear());
afterAll(async () => {
  await fixture.stop();
  rmSync(folder, { recursive: true });
});

const status = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { status?: number }) => error.status ?? error,
  );

describe('a token', () => {
  it('names whom it lets in, what that one may write, and until when', async () => {
    const now = Date.UTC(2026, 10, 21, 4);
    const services = await fixture.process({ now: () => now });
    const admin = await fixture.admin(services);
    const endless = await services.tokens.add({ name: 'wall', role: 'leader', scope: '330110' }, admin);
    expect(await services.access.identify(endless.secret)).toEqual({
      kind: 'token',
      id: expect.any(String) as string,
      credential: expect.any(String) as string,
      name: 'wall',
      role: 'leader',
      scope: '330110',
    });
    const grant = { source: 'urn:a', alerts: ['A-'], may: ['wage.alert.raised' as const] };
    const expires = '2026-12-01T08:00:00+08:00';
    const ending = await services.tokens.add(
      { name: 'sender', role: 'ingest', scope: '330110', ...grant, expires },
      admin,
    );
    expect(await services.access.identify(ending.secret)).toMatchObject({ ...grant, expires: Date.parse(expires) });
  });
});

describe('an admin token of the access file', () => {
  const write = (expires?: string) => {
    const entry = { name: 'desk', role: 'admin', scope: '330110', hash: hashToken(mintToken()) };
    writeFileSync(file, JSON.stringify({ tokens: [{ ...entry, ...(expires ? { expires } : {}) }] }));
  };

  it('lets the last admin among the people go, unless it ends by the clock', async () => {
    write('2099-01-01T00:00:00+08:00');
    const ending = await fixture.process({ file });
    const first = await fixture.admin(ending);
    expect(await status(ending.people.remove(first.id!, first))).toBe(409);
    await fixture.clear();
    write();
    const endless = await fixture.process({ file });
    const second = await fixture.admin(endless);
    expect(await status(endless.people.remove(second.id!, second))).toBe('done');
  });
});
