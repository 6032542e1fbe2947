import { describe, expect, it } from 'vitest';
import { DocumentCache } from '../../../server/streams/counting/documentCache.ts';
import type { Known } from '../../../server/streams/counting/foldBatch.ts';

const known = (events: number) =>
  ({ document: '', events: Array.from({ length: events }), state: undefined }) as unknown as Known;

describe('the cache of documents', () => {
  it('holds so many alerts and so many events, the ones used last', () => {
    const cache = new DocumentCache(3, 100);
    for (const id of ['a', 'b', 'c']) cache.set(id, known(10));
    cache.set('a', known(11));
    cache.set('d', known(10));
    expect(['a', 'b', 'c', 'd'].filter((id) => cache.get(id))).toEqual(['a', 'c', 'd']);
    cache.set('d', known(85));
    expect(['a', 'c', 'd'].filter((id) => cache.get(id))).toEqual(['a', 'd']);
    // One that is larger than all that may be held is held as long as it is the last.
    cache.set('e', known(500));
    expect(['a', 'd', 'e'].filter((id) => cache.get(id))).toEqual(['e']);
    cache.set('f', known(1));
    expect(['e', 'f'].filter((id) => cache.get(id))).toEqual(['f']);
  });
});
