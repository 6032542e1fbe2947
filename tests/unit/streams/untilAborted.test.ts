import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { untilAborted } from '../../../server/streams/intake/routes/allowedOnly.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Parts that come one after the other, and never end by themselves; `ended` when whoever reads them has let go. */
function endless(): { body: AsyncIterable<{ n: number }>; parts: WeakRef<object>[]; ended: () => boolean } {
  const parts: WeakRef<object>[] = [];
  let ended = false;
  async function* body() {
    try {
      for (let n = 0; ; n++) {
        const part = { n };
        parts.push(new WeakRef(part));
        await new Promise((resolve) => setImmediate(resolve));
        yield part;
      }
    } finally {
      ended = true;
    }
  }
  return { body: body(), parts, ended: () => ended };
}

describe('the parts of a body, until somebody is let in no longer', () => {
  it('are let go of one after the other: a body may be of any length', async () => {
    const { body, parts } = endless();
    let alive = Infinity;
    for await (const { n } of untilAborted(body, new AbortController().signal)) {
      if (n < 200) continue;
      collect();
      alive = parts.filter((part) => part.deref()).length;
      break;
    }
    expect(alive).toBeLessThan(10);
  });

  it('end when the signal comes, also while none comes, and the body is let go of', async () => {
    const stop = new AbortController();
    const { body, ended } = endless();
    const seen: number[] = [];
    for await (const { n } of untilAborted(body, stop.signal)) {
      seen.push(n);
      if (n === 2) stop.abort();
    }
    expect(seen).toEqual([0, 1, 2]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(ended()).toBe(true);

    const waiting = new AbortController();
    const never = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<number>>(() => undefined) }),
    };
    setTimeout(() => {
      waiting.abort();
    }, 5);
    for await (const part of untilAborted(never, waiting.signal)) expect(part).toBeUndefined();
    for await (const part of untilAborted(endless().body, AbortSignal.abort())) expect(part).toBeUndefined();
  });

  it('pass on how the body broke off', async () => {
    const broken = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject<IteratorResult<number>>(new Error('broken off')) }),
    };
    const read = async () => {
      for await (const part of untilAborted(broken, new AbortController().signal)) expect(part).toBeUndefined();
    };
    await expect(read()).rejects.toThrow('broken off');
  });
});
