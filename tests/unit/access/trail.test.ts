import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccessServices } from '../../../server/access/services.ts';
import { ACCESS_KEYS as KEYS } from '../../../server/access/store/keys.ts';
import { checkTrail } from '../../../server/access/trail/checkTrail.ts';
import { createTrail } from '../../../server/access/trail/trail.ts';
import { createTrailStore } from '../../../server/access/trail/trailStore.ts';
import { upgradeTrail } from '../../../server/access/trail/upgradeTrail.ts';
import { startAccessFixture, type AccessFixture } from '../../support/accessServices.ts';

/** The trail on a real Redis: what was taken out, moved or changed shows, and strangers cannot fill it (issue 15, points 15, 16). */

let fixture: AccessFixture;
let one: AccessServices;
beforeAll(async () => {
  fixture = await startAccessFixture();
});
afterAll(() => fixture.stop());
beforeEach(async () => {
  await fixture.clear();
  one = await fixture.process();
});

const add = (n: number, trail = one.trail) =>
  trail.add({ who: undefined, from: '10.0.0.1', what: 'session.end', target: `t${n}` });
const fill = async (n: number) => {
  for (let i = 0; i < n; i++) await add(i);
};
type Entry = [id: string, fields: string[]];
const entries = async () => (await fixture.redis.xrange(KEYS.trail, '-', '+')) as Entry[];
/** The stream as somebody with access to Redis has made it. */
async function replace(with_: Entry[]): Promise<void> {
  await fixture.redis.del(KEYS.trail);
  for (const [id, fields] of with_) await fixture.redis.xadd(KEYS.trail, id, ...fields);
}

describe('the chain', () => {
  it('holds while it is only appended to, also by several processes', async () => {
    const other = await fixture.process();
    await Promise.all(Array.from({ length: 40 }, (_, i) => add(i, i % 2 ? one.trail : other.trail)));
    expect(await checkTrail(fixture.redis)).toEqual({ entries: 40, trimmed: 0, brokenAt: undefined });
  });

  it.each<[what: string, tamper: (all: Entry[]) => Entry[]]>([
    ['all are deleted', () => []],
    ['the oldest is deleted', (all) => all.slice(1)],
    ['the oldest five are deleted', (all) => all.slice(5)],
    ['one in the middle is deleted', (all) => [...all.slice(0, 7), ...all.slice(8)]],
    ['the newest is deleted', (all) => all.slice(0, -1)],
    [
      'all times are moved by an hour',
      (all) => all.map(([id, fields]) => [`${Number(id.split('-')[0]) - 3_600_000}-${id.split('-')[1]}`, fields]),
    ],
    ['one is moved', (all) => [[`${Number(all[0]![0].split('-')[0]) - 1}-0`, all[0]![1]], ...all.slice(1)]],
    [
      'one is changed',
      (all) =>
        all.map(([id, [e, entry, ...rest]], i) => [id, [e!, i === 3 ? entry!.replace('t3', 't9') : entry!, ...rest]]),
    ],
    ['one is added', (all) => [['1-0', all[0]![1]], ...all]],
  ])('breaks when %s', async (_what, tamper) => {
    await fill(12);
    const before = await entries();
    await replace(tamper(before));
    expect((await checkTrail(fixture.redis)).brokenAt).toBeDefined();
    await replace(before);
    expect((await checkTrail(fixture.redis)).brokenAt).toBeUndefined();
  });

  it('breaks when its state goes with it, as somebody has been let in', async () => {
    await fixture.admin(one);
    await add(1);
    await fixture.redis.del(KEYS.trail, KEYS.trailState, KEYS.trailRepeats);
    expect((await checkTrail(fixture.redis)).brokenAt).toBeDefined();
  });

  it('holds where age has taken the oldest away, and breaks when somebody takes more', async () => {
    await fill(6);
    // A day ago, by the clock that counts: the ids of entries.
    const store = createTrailStore(fixture.redis);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await store.append('{"who":{"kind":"stranger"},"from":"","what":"session.end"}', 1);
    expect(await checkTrail(fixture.redis)).toMatchObject({ trimmed: 6, brokenAt: undefined });
    await fill(4);
    expect(await checkTrail(fixture.redis)).toEqual({ entries: 5, trimmed: 6, brokenAt: undefined });
    await fixture.redis.xtrim(KEYS.trail, 'MAXLEN', 3);
    expect((await checkTrail(fixture.redis)).brokenAt).toBeDefined();
  });
});

describe('a trail of the version before', () => {
  /** As that wrote it: digests without ids. */
  async function writeBefore(n: number): Promise<void> {
    let digest = '';
    for (let i = 0; i < n; i++) {
      const entry = JSON.stringify({ who: { kind: 'stranger' }, from: '', what: 'session.end', target: `old ${i}` });
      digest = createHash('sha1')
        .update(digest + entry)
        .digest('hex');
      await fixture.redis.xadd(KEYS.trail, `${1_700_000_000_000 + i}-0`, 'e', entry, 'd', digest);
    }
    await fixture.redis.set(KEYS.trailHead, digest);
  }

  it('goes on under the same ids, by several processes at once, and is covered from then on', async () => {
    await writeBefore(1_203);
    const before = (await entries()).map(([id, [, entry]]) => [id, entry]);
    expect(await checkTrail(fixture.redis)).toMatchObject({ entries: 1_203, brokenAt: undefined });
    await Promise.all([upgradeTrail(fixture.redis), upgradeTrail(fixture.redis)]);
    expect((await entries()).map(([id, [, entry]]) => [id, entry])).toEqual(before);
    await createTrail(createTrailStore(fixture.redis), 36_500).add({ who: undefined, from: '', what: 'session.end' });
    expect(await checkTrail(fixture.redis)).toEqual({ entries: 1_204, trimmed: 0, brokenAt: undefined });
    await fixture.redis.xdel(KEYS.trail, before[0]![0]!);
    expect((await checkTrail(fixture.redis)).brokenAt).toBeDefined();
  });

  it('goes on being broken where it was', async () => {
    await writeBefore(30);
    await fixture.redis.xdel(KEYS.trail, '1700000000007-0');
    expect((await checkTrail(fixture.redis)).brokenAt).toBe('1700000000008-0');
    await upgradeTrail(fixture.redis);
    expect((await checkTrail(fixture.redis)).brokenAt).toBe('1700000000008-0');
  });
});

describe('failed sign-ins', () => {
  const fail = (target: string, from: string, refused = false) =>
    one.trail.addFailure({ target, from, why: 'wrong', refused });
  const failures = async () => (await one.trail.search({ what: ['session.fail'], limit: 200 })).items;

  it('are one entry for each name and address, which counts', async () => {
    for (let i = 0; i < 50; i++) await fail('王芳', '10.0.0.1');
    for (let i = 0; i < 50; i++) await fail(' 王芳', `[2001:db8:1:1::${i + 1}]:${4_000 + i}`);
    await fail('李强', '10.0.0.1');
    const items = await failures();
    expect(items.map(({ target, from, detail }) => [target, from, detail])).toEqual([
      ['李强', '10.0.0.1', { why: 'wrong' }],
      [' 王芳', '[2001:db8:1:1::1]:4000', { why: 'wrong', times: 50 }],
      ['王芳', '10.0.0.1', { why: 'wrong', times: 50 }],
    ]);
    expect((await checkTrail(fixture.redis)).brokenAt).toBeUndefined();
  });

  it('that are refused are one entry for an address, whatever the names', async () => {
    await fail('王芳', '10.0.0.1');
    for (let i = 0; i < 100; i++) await fail(`name ${i}`, '10.0.0.1', true);
    await fail('王芳', '10.0.0.1', true);
    expect((await failures()).map(({ target, detail }) => [target, detail?.['times']])).toEqual([
      [undefined, 100],
      ['王芳', 2],
    ]);
  });

  it('are bounded whatever the number of names and addresses', async () => {
    await Promise.all(Array.from({ length: 1_500 }, (_, i) => fail(`name ${i}`, `10.${i >> 8}.${i & 255}.1`)));
    expect(await checkTrail(fixture.redis)).toMatchObject({ entries: 501, brokenAt: undefined });
    const [last] = await failures();
    expect(last!.detail).toEqual({ why: 'more than 500 names and addresses within ten minutes', times: 1_000 });
  });
});
