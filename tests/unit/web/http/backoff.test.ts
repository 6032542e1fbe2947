import { describe, expect, it } from 'vitest';
import { Backoff } from '../../../../web/http/backoff.ts';

describe('pauses', () => {
  it('grow to the cap and never beyond, for ever', () => {
    const backoff = new Backoff(400, 15_000, () => 1);
    const pauses = Array.from({ length: 2_000 }, () => backoff.next());
    expect(pauses[0]).toBe(400);
    expect(pauses.every((ms, i) => i === 0 || ms >= pauses[i - 1]!)).toBe(true);
    expect(pauses.at(-1)).toBe(15_000);
    backoff.reset();
    expect(backoff.next()).toBe(400);
    expect(new Backoff(400, 15_000, () => 0).next()).toBe(200);
  });
});
