import { describe, expect, it } from 'vitest';
import { inBlocks } from '../../../server/platform/inBlocks.ts';

describe('what is made of items, block by block', () => {
  it('comes in their order, a block at the same time, and no more than was asked for', async () => {
    const begun: number[] = [];
    const release: (() => void)[] = [];
    const make = (item: number) => {
      begun.push(item);
      return new Promise<number>((resolve) => release.push(() => resolve(item * 10)));
    };
    const made = inBlocks([1, 2, 3, 4, 5], make, 2);
    const first = made.next();
    expect(begun).toEqual([1, 2]);
    // The later one is done first.
    for (const done of release.splice(0).reverse()) done();
    expect((await first).value).toEqual([1, 10]);
    expect((await made.next()).value).toEqual([2, 20]);
    expect(begun).toEqual([1, 2]);
    void made.next();
    expect(begun).toEqual([1, 2, 3, 4]);
  });
  it('is nothing of nothing, and ends with what failed', async () => {
    const nothing: unknown[] = [];
    for await (const one of inBlocks([], () => Promise.resolve(1))) nothing.push(one);
    expect(nothing).toEqual([]);
    await expect(inBlocks([1], () => Promise.reject(new Error('某故障'))).next()).rejects.toThrow('某故障');
  });
});
