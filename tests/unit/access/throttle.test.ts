import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccessServices } from '../../../server/access/services.ts';
import { startAccessFixture, type AccessFixture } from '../../support/accessServices.ts';

/** Strangers lock nobody out (issue 15, point 18). */

let fixture: AccessFixture;
let services: AccessServices;
beforeAll(async () => {
  fixture = await startAccessFixture();
});
afterAll(() => fixture.stop());
beforeEach(async () => {
  await fixture.clear();
  services = await fixture.process();
});

const enter = (name: string, address: string) =>
  services.throttle.enter(name, address).then(
    () => 'in',
    (error: { status: number }) => error.status,
  );
const begin = (address: string) =>
  services.pairings.begin(address, '').then(
    () => 'in',
    (error: { status: number }) => error.status,
  );

describe('limits on signing in', () => {
  it('for a name do not hold where that person has signed in lately', async () => {
    await (await services.throttle.enter('王芳', '10.0.0.1')).succeeded();
    for (let stranger = 0; stranger < 8; stranger++)
      for (let i = 0; i < 5; i++) expect(await enter('王芳', `10.9.0.${stranger}`)).toBe('in');
    expect(await enter('王芳', '10.9.1.1')).toBe(429);
    for (let i = 0; i < 5; i++) expect(await enter('王芳', '10.0.0.1:4711')).toBe('in');
    // There, its own limit still does, and another name is not known there.
    expect(await enter('王芳', '10.0.0.1')).toBe(429);
    expect(await enter('李强', '10.0.0.1')).toBe('in');
  });

  it('do not count what nothing came of, nor what went well', async () => {
    for (let i = 0; i < 20; i++) await (await services.throttle.enter('王芳', '10.0.0.1')).refund();
    for (let i = 0; i < 20; i++) await (await services.throttle.enter('王芳', '10.0.0.1')).succeeded();
    for (let i = 0; i < 5; i++) expect(await enter('王芳', '10.0.0.1')).toBe('in');
    expect(await enter('王芳', '10.0.0.1')).toBe(429);
  });

  it('take back nothing from a count that has ended', async () => {
    const attempt = await services.throttle.enter('王芳', '10.0.0.1');
    await fixture.redis.flushall();
    await attempt.refund();
    expect(await fixture.redis.keys('*attempts*')).toEqual([]);
  });

  it('are those of a /64 of IPv6, and of an address whatever its port', async () => {
    for (let i = 0; i < 5; i++) expect(await enter('王芳', `2001:db8:1:1::${i + 1}`)).toBe('in');
    expect(await enter('王芳', '2001:db8:1:1:9::1')).toBe(429);
    expect(await enter('王芳', '2001:db8:1:2::1')).toBe('in');
    for (let i = 0; i < 5; i++) expect(await enter('李强', `203.0.113.10:${40_001 + i}`)).toBe('in');
    expect(await enter('李强', '::ffff:203.0.113.10')).toBe(429);
  });
});

describe('pairing', () => {
  it('is not used up by some addresses, and not at all where somebody has signed in', async () => {
    await services.throttle.know('10.0.0.1');
    for (let stranger = 0; stranger < 60; stranger++) for (let i = 0; i < 10; i++) await begin(`10.9.0.${stranger}`);
    expect(await begin('10.8.0.1')).toBe('in');
    expect(await begin('10.8.0.1')).toBe('in');
    // Where many ask, each gets less.
    expect(await begin('10.8.0.1')).toBe(429);
    for (let stranger = 0; stranger < 300; stranger++)
      for (let i = 0; i < 2; i++)
        await begin(`10.7.${stranger}.1`.replace(/\.(\d{3,})\./, (_all, n: string) => `.${Number(n) % 256}.`));
    for (let i = 0; i < 10; i++) expect(await begin('10.0.0.1')).toBe('in');
    expect(await begin('10.0.0.1')).toBe(429);
  });
});
