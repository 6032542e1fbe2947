import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Directory } from '../../../server/access/directory.ts';
import { newId, type PersonRecord } from '../../../server/access/records.ts';
import { ACCESS_KEYS as KEYS } from '../../../server/access/store/keys.ts';
import { startAccessFixture, type AccessFixture } from '../../support/accessServices.ts';

/** The records in memory, following those in a real Redis. */

let fixture: AccessFixture;
let one: Directory;
let other: Directory;
beforeAll(async () => {
  fixture = await startAccessFixture();
});
afterAll(() => fixture.stop());
beforeEach(async () => {
  await fixture.clear();
  [one, other] = (await Promise.all([fixture.process(), fixture.process()])).map(({ directory }) => directory) as [
    Directory,
    Directory,
  ];
});

const record = (name: string): PersonRecord => ({
  name,
  role: 'leader',
  scope: '330110',
  createdAt: 1,
  createdBy: 'test',
});
const names = (directory: Directory) =>
  directory
    .list('person')
    .map(([, { name }]) => name)
    .sort();

describe('a change', () => {
  it('is decided on all records as they are: of many that each rely on the count, none goes past it', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, i) => {
        const directory = i % 2 ? one : other;
        return directory.change(() => {
          if (directory.list('person').length >= 10) throw new Error('full');
          return [directory.edit('person', newId(), record(`p${i}`))];
        });
      }),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    await Promise.all([one.sync(), other.sync()]);
    expect([one.list('person').length, other.list('person').length]).toEqual([10, 10]);
  });

  it('reaches other processes, and signals only those who listen', async () => {
    const signals: string[] = [];
    other.onRead((read) => signals.push(...read));
    await one.change(() => [one.edit('person', 'abcdef', record('王芳'))]);
    await one.signal('hello');
    await other.sync();
    expect([names(other), signals]).toEqual([['王芳'], ['hello']]);
    await other.change(() => [other.edit('person', 'abcdef', undefined)]);
    await one.sync();
    expect(names(one)).toEqual([]);
  });

  it('fails as a whole, and those after it are made', async () => {
    await expect(
      one.change(() => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await one.change(() => undefined);
    await one.change(() => [one.edit('person', 'abcdef', record('王芳'))]);
    expect(names(one)).toEqual(['王芳']);
  });
});

describe('what was lost', () => {
  it('is loaded anew where the changes do not reach back, or are of another data set', async () => {
    await one.change(() => [one.edit('person', 'abcdef', record('王芳'))]);
    for (let i = 0; i < 5; i++) await one.signal(String(i));
    await fixture.redis.xtrim(KEYS.changes, 'MAXLEN', 2);
    await other.sync();
    expect(names(other)).toEqual(['王芳']);
    await fixture.redis.flushall();
    await Promise.all([one.sync(), other.sync()]);
    expect([names(one), names(other)]).toEqual([[], []]);
    await other.change(() => [other.edit('person', 'abcdef', record('李强'))]);
    await one.sync();
    expect(names(one)).toEqual(['李强']);
  });

  it('does not keep changes from being made where only the stream of them is gone', async () => {
    await one.change(() => [one.edit('person', 'abcdef', record('王芳'))]);
    await fixture.redis.del(KEYS.changes);
    const { directory } = await fixture.process();
    await directory.change(() => [directory.edit('person', 'ghijkl', record('李强'))]);
    expect(names(directory)).toEqual(['李强', '王芳']);
  });
});
